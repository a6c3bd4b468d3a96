"""Some rows of a table as they stand in its CSV, JSON and Parquet files, kept from one build to the next under a digest of these
rows; a file is its pieces one after the other.

CSV is also opened in spreadsheets, which run a cell that begins with = + - or @ as a formula; such a *text* cell gets an apostrophe
before it, unless it is a plain number or a dash. JSON and Parquet hold every text exactly as it is.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring
from pathlib import Path

import pyarrow as pa

from extract.cached import NOT_KEPT, put
from publish.coded import Column, coded
from publish.packed import Packed
from publish.parquet import arrow_schema, arrow_table
from publish.rows import Row
from publish.schema import Table

# What spreadsheets take for the start of a formula, with the full-width forms that East Asian editions accept too.
_FORMULA_START = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
_TO_QUOTE = re.compile(r'[,"\r\n]')
_HARMLESS = re.compile(r"[+\-]?\d[\d,.]*%?|-+")


def spreadsheet_safe(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula."""
    return "'" + text if _FORMULA_START.match(text) and not _HARMLESS.fullmatch(text) else text


def _csv_text(value: str | int | float | None) -> str:
    """A value as the standard library's csv writes it, if it is safe for spreadsheets."""
    if value is None:
        return ""
    if value.__class__ is not str:
        return repr(value)
    text = spreadsheet_safe(value)
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text


def _csv_lines(columns: Sequence[Column]) -> str:
    return "".join(map("{}\n".format, map(",".join, zip(*(column.told(_csv_text) for column in columns), strict=True))))


def _json_text(value: str | int | float | None) -> str:
    if value.__class__ is str:
        return encode_basestring(value)
    return "null" if value is None else repr(value)


def _json_lines(names: Sequence[str], columns: Sequence[Column]) -> str:
    line = "{" + ", ".join(f"{encode_basestring(name)}: %s" for name in names) + "}"
    return ",\n".join(map(line.__mod__, zip(*(column.told(_json_text) for column in columns), strict=True)))


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of a table, at least one: lines of its CSV file, lines of its JSON file (the last without a comma), Arrow's columns."""

    _csv: Packed
    _json: Packed
    _arrow: Packed

    @property
    def csv(self) -> bytes:
        """Lines of CSV."""
        return self._csv.told()

    @property
    def json(self) -> bytes:
        """Objects of a JSON list."""
        return self._json.told()

    @property
    def arrow(self) -> pa.Table:
        """The rows for Parquet."""
        return pa.ipc.open_stream(self._arrow.told()).read_all()


def piece_of(table: Table, rows: Sequence[Row]) -> Piece:
    """Tell some rows of a table, at least one, in each format."""
    columns, schema, sink = list(coded(table, rows)), arrow_schema(table), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as stream:
        stream.write_table(arrow_table(schema, columns))
    texts = (_csv_lines(columns).encode(), _json_lines(table.column_names, columns).encode())
    return Piece(*map(Packed.of, texts), Packed.of(sink.getvalue()))


class DamagedPieceError(Exception):
    """A piece that was kept can't be read. It is removed, so that it is made again by whoever asks for it next."""


class KeptPieces:
    """A folder of pieces, each under a digest of its rows, and of what is known of them. The folder can be deleted at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.used: set[str] = set()

    def keep(self, name: str, make: Callable[[], Piece]) -> None:
        """See to it that a piece is kept."""
        self.used.add(name)
        path = self._folder / name
        if not path.exists():
            put(path, make())

    def piece(self, name: str) -> Piece:
        """Return a piece that was kept. Raises DamagedPieceError."""
        path = self._folder / name
        try:
            with path.open("rb") as file:
                return pickle.load(file)
        except NOT_KEPT as error:
            path.unlink(missing_ok=True)
            raise DamagedPieceError(name) from error

    def piece_noted(self, note: str) -> str | None:
        """Return the name of the piece that was noted here, "" for that of no rows, if the piece is kept; else None."""
        try:
            with (self._folder / note).open("rb") as file:
                name = pickle.load(file)
        except NOT_KEPT:
            return None
        if name and not (self._folder / name).exists():
            return None
        self.used |= {note, name}
        return name

    def note(self, note: str, name: str) -> None:
        """Note which piece is the one of certain inputs."""
        self.used.add(note)
        put(self._folder / note, name)
