"""The files of one table in the data package, put together from pieces (publish/pieces.py).

A piece of a table of what reports say is a stretch of reports, known by what their rows depend on, so that its rows are not even read
where it is kept; a piece of any other table is known by its rows. These are cut where the key of a row says so, so that a row more moves
no cut. Files whose pieces are those of the build before are the files of that build (publish/kept_files.py).
"""

from __future__ import annotations

import hashlib
import marshal
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from hashlib import file_digest
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from zlib import crc32

from publish.kept_files import Files, Measured, keep_files, names_kept, place_files
from publish.opened import read_only
from publish.parquet import FilesByYear, ParquetFile, arrow_schema
from publish.pieces import DamagedPieceError, KeptPieces, Piece, piece_of
from publish.rows import Row
from publish.schema import Table, load_schema
from publish.stretches import Stretch

# Tables whose rows a stretch of reports has to itself, the longest first, with the digest of a Stretch that tells when they are others.
STRETCHED: Mapping[str, str] = {
    "figures": "figures",
    "checks": "checks",
    "narrative_figures": "figures",
    "check_cells": "checks",
    "requests": "figures",
    "sections": "figures",
    "rates": "figures",
    "proactive": "figures",
    "remedies": "figures",
    "reports": "figures",
}
BY_YEAR = "figures"  # the table that is also written a file a year
_FETCHED = 1_000  # rows read at a time
_MOST = 25_000  # rows of a piece that is cut by keys, and at most one key's more
_KEYS = 1_024  # keys of such a piece, on average


def cut(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Part rows into runs that begin at keys, whatever stands before. Rows of one key, their first column, stay together."""
    run: list[Row] = []
    for key, of_key in groupby(rows, itemgetter(0)):
        if run and (crc32(str(key).encode()) % _KEYS == 0 or len(run) >= _MOST):
            yield run
            run = []
        run += of_key
    if run:
        yield run


def _select(table: Table, where: str = "") -> str:
    return f"select {', '.join(table.column_names)} from {table.in_order} {where} order by {', '.join(table.primary_key)}"


def _rows(cursor: sqlite3.Cursor) -> Iterator[Row]:
    while some := cursor.fetchmany(_FETCHED):
        yield from some


def _name(version: str, table: Table, told: bytes) -> str:
    return hashlib.sha256(f"{version}\0{table.name}\0".encode() + told).hexdigest()


def _keep_rows(kept: KeptPieces, version: str, table: Table, rows: Sequence[Row]) -> str:
    """See to it that the piece of these rows is kept; return its name, "" where there are no rows."""
    if not rows:
        return ""
    name = _name(version, table, marshal.dumps(rows, 2))
    kept.keep(name, partial(piece_of, table, rows))
    return name


def _note(version: str, table: Table, stretch: Stretch) -> str:
    """Return the name under which it is noted which piece is that of a stretch."""
    return _name(version, table, getattr(stretch, STRETCHED[table.name]).encode())


def _keep_stretch(connection: sqlite3.Connection, kept: KeptPieces, version: str, table: Table, stretch: Stretch) -> str:
    note = _note(version, table, stretch)
    name = kept.piece_noted(note)
    if name is None:
        rows = connection.execute(_select(table, "where report_id between ? and ?"), (stretch.first, stretch.last)).fetchall()
        name = _keep_rows(kept, version, table, rows)
        kept.note(note, name)
    return name


def missing_stretches(cache: Path, version: str, stretches: Sequence[Stretch]) -> Iterator[tuple[str, Stretch]]:
    """Yield the tables and stretches whose pieces are not in the cache."""
    kept = KeptPieces(cache)
    for name in STRETCHED:
        table = load_schema().table(name)
        yield from ((name, stretch) for stretch in stretches if kept.piece_noted(_note(version, table, stretch)) is None)


def keep_stretch(database: Path, cache: Path, version: str, name: str, stretch: Stretch) -> None:
    """See to it that the piece of a stretch is in the cache."""
    with closing(read_only(database)) as connection:
        _keep_stretch(connection, KeptPieces(cache), version, load_schema().table(name), stretch)


def _names(connection: sqlite3.Connection, kept: KeptPieces, version: str, table: Table, stretches: Sequence[Stretch]) -> Iterator[str]:
    """Yield the names of the pieces of a table in the order of the primary key, each kept by then."""
    if stretches and table.name in STRETCHED:
        for stretch in stretches:
            yield _keep_stretch(connection, kept, version, table, stretch)
    else:
        for rows in cut(_rows(connection.execute(_select(table)))):
            yield _keep_rows(kept, version, table, rows)


class _TextFile:
    """A text file in the making, hashed while it is written: `before`, some lines, `between`, some lines, `after`; `empty` without any."""

    def __init__(self, path: Path, before: bytes, between: bytes, after: bytes, empty: bytes) -> None:
        self._path, self._next, self._between, self._after = path, before, between, after
        self._end, self._digest, self._bytes = empty, hashlib.sha256(), 0
        # What stands there may be a kept file of another build.
        path.unlink(missing_ok=True)
        self._file = path.open("wb")

    def _put(self, part: bytes) -> None:
        self._digest.update(part)
        self._bytes += len(part)
        self._file.write(part)

    def add(self, lines: bytes) -> None:
        self._put(self._next)
        self._put(lines)
        self._next, self._end = self._between, self._after

    def closed(self) -> Measured:
        self._put(self._end)
        self._file.close()
        return {"path": self._path.name, "bytes": self._bytes, "hash": f"sha256:{self._digest.hexdigest()}"}


class _Texts:
    """The CSV and JSON files of a table in the making."""

    def __init__(self, table: Table, folder: Path) -> None:
        head = (",".join(table.column_names) + "\n").encode()
        self._csv = _TextFile(folder / f"{table.name}.csv", head, b"", b"", head)
        self._json = _TextFile(folder / f"{table.name}.json", b"[\n", b",\n", b"\n]\n", b"[]\n")

    def add(self, piece: Piece) -> None:
        self._csv.add(piece.csv)
        self._json.add(piece.json)

    def closed(self) -> Files:
        return {"csv": [self._csv.closed()], "json": [self._json.closed()]}


class _Columns:
    """The Parquet files of a table in the making. `years` are those of the reports where there is to be a file a year too."""

    def __init__(self, table: Table, folder: Path, years: Mapping[str, int] | None) -> None:
        self._folder, self._path, schema = folder, folder / f"{table.name}.parquet", arrow_schema(table)
        self._path.unlink(missing_ok=True)
        self._whole = ParquetFile(self._path, schema)
        self._by_year = None if years is None else FilesByYear(folder / table.name, table.name, schema, years)

    def add(self, piece: Piece) -> None:
        rows = piece.arrow
        self._whole.add(rows)
        if self._by_year:
            self._by_year.add(rows)

    def closed(self) -> Files:
        self._whole.close()
        years = self._by_year.closed() if self._by_year else []
        return {"parquet": [_measured(path, self._folder) for path in (self._path, *years)]}


def _measured(path: Path, folder: Path) -> Measured:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "hash": f"sha256:{digest}"}


def _years(connection: sqlite3.Connection, table: Table) -> Mapping[str, int] | None:
    return dict(connection.execute("select report_id, year from reports")) if table.name == BY_YEAR else None


def _write_from(names: Sequence[str], make: Callable[[], _Texts | _Columns], kept: KeptPieces) -> Files:
    made = make()
    for name in names:
        made.add(kept.piece(name))
    return made.closed()


def write_table(
    database: Path, folder: Path, cache: Path, version: str, stretches: Sequence[Stretch], name: str, kinds: Sequence[str]
) -> tuple[Files, set[str]]:
    """Write a table of the database as `texts`, CSV and JSON, as `columns`, Parquet, or both. Return what datapackage.json says of the
    files of each format, and the names in the cache of what they are made of. `version` is the program's.
    """
    table, kept = load_schema().table(name), KeptPieces(cache)
    with closing(read_only(database)) as connection:
        years = _years(connection, table)
        names = [piece for piece in _names(connection, kept, version, table, stretches) if piece]
    makers = {"texts": partial(_Texts, table, folder), "columns": partial(_Columns, table, folder, years)}
    files: dict[str, Sequence[Measured]] = {}
    for kind in kinds:
        key = _name(version, table, repr((kind, names, years and sorted(years.items()))).encode())
        placed = place_files(cache, key, folder)
        if placed is None:
            try:
                placed = _write_from(names, makers[kind], kept)
            except DamagedPieceError:
                return write_table(database, folder, cache, version, stretches, name, kinds)
            keep_files(cache, key, folder, placed)
        files |= placed
        kept.used |= names_kept(key, placed)
    return files, kept.used
