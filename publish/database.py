"""Many reports become one SQLite database: rows by `executemany`, keys and indexes from the schema.

The same reports in the same order give the same bytes. A finished database takes the place of the one before in one step.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, islice
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, TypeVar

import sqlite_utils

from extract.identity.gazetteer import load_regions, load_successions
from extract.model import Problem, Report
from publish import rows
from publish.changes import ChangeFile, change_rows
from publish.checks import run_checks
from publish.corrections import apply_corrections
from publish.coverage import fill_coverage
from publish.dictionary import fill_dictionary
from publish.filing import Filing, filing_of, headers
from publish.guidance import fill_guidance
from publish.progress import Step, quiet
from publish.rates import fill_rates
from publish.rows import Row, report_ids
from publish.schema import Schema, create_indexes, create_tables, load_schema
from publish.statements import Statement, fill_statements
from publish.wide import fill_wide

__all__ = ["DatabaseError", "build_database", "report_ids"]

_PAGE_SIZE = 4096
# Each of the database and its temporary tables is held in memory up to this size while it is built.
_CACHE_KIB = 200_000
T = TypeVar("T")

_OF_SOURCES = ("sources", "evidence", "noise", "problems")
_OF_REPORTS = ("reports", "figures", "sections", "narrative_figures")
# So many reports are held in memory at a time.
_BATCH = 256


class DatabaseError(Exception):
    """The rows do not fit together. The message names the table and the first row at fault."""


def _insert(connection: sqlite3.Connection, schema: Schema, table: str, values: Iterable[Row]) -> None:
    places = ", ".join("?" * len(schema.table(table).columns))
    connection.executemany(f"insert into {table} values ({places})", values)


def _tuples(schema: Schema, table: str, values: Iterable[object]) -> Iterator[Row]:
    """Rows of a table from objects whose fields bear the names of its columns."""
    return map(attrgetter(*schema.table(table).column_names), values)


def _unidentified(report: Report) -> tuple[Problem, ...]:
    """A file whose body or year is not known says so, whatever else is wrong with it."""
    if report.problems:
        return ()
    zh = "未能从这份文件中认定发布机关或报告年度，暂不收入数据。"
    return (Problem("unidentified", zh, "The reporting body or the year could not be told from this file, so its figures are not used."),)


def _fill_sources(connection: sqlite3.Connection, schema: Schema, reports: Sequence[Report], filing: Filing) -> Iterator[int]:
    """Fill the tables that hold what was done with the files, in the order of their ids; yield how many files are done each time."""
    for batch in _batches(sorted(range(len(reports)), key=filing.source_ids.__getitem__)):
        filed: dict[str, list[Row]] = {name: [] for name in _OF_SOURCES}
        for place in batch:
            report, source_id, report_id = reports[place], filing.source_ids[place], filing.report_ids[place]
            filed["sources"].append(rows.source_row(source_id, report))
            filed["evidence"] += rows.evidence_rows(source_id, report)
            filed["noise"] += rows.noise_rows(source_id, report)
            problems = (*report.problems, *(rows.unique_figures(report)[1] if report_id else _unidentified(report)))
            filed["problems"] += rows.problem_rows(source_id, report_id, report.source.path, problems)
        _insert_sorted(connection, schema, filed)
        yield len(batch)


def _fill_reports(connection: sqlite3.Connection, schema: Schema, reports: Sequence[Report], filing: Filing) -> Iterator[int]:
    """Fill the tables that hold what the reports say, in the order of their ids; yield how many reports are done each time."""
    named = [(report_id, place) for place, report_id in enumerate(filing.report_ids) if report_id]
    for batch in _batches(sorted(named)):
        filed: dict[str, list[Row]] = {name: [] for name in _OF_REPORTS}
        for report_id, place in batch:
            report = reports[place]
            figures, _ = rows.unique_figures(report)
            standing = (report_id in filing.current, filing.supersedes.get(report_id))
            filed["reports"].append(rows.report_row(report_id, filing.source_ids[place], report, figures, *standing))
            filed["figures"] += rows.figure_rows(report_id, figures)
            filed["sections"] += rows.section_rows(report_id, report)
            filed["narrative_figures"] += rows.narrative_rows(report_id, report)
        _insert_sorted(connection, schema, filed)
        yield len(batch)


def _insert_sorted(connection: sqlite3.Connection, schema: Schema, filed: Mapping[str, list[Row]]) -> None:
    for table, values in filed.items():
        _insert(connection, schema, table, sorted(values, key=_key_of(schema, table)))


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(items)
    return iter(lambda: list(islice(remaining, _BATCH)), [])


def _key_of(schema: Schema, table: str) -> Callable[[Row], object]:
    """Return what a table's rows are sorted by: its primary key."""
    names = schema.table(table).column_names
    return itemgetter(*map(names.index, schema.table(table).primary_key))


def _verify(connection: sqlite3.Connection) -> None:
    """Raise DatabaseError when a foreign key hangs in the air or the file is damaged."""
    for table, rowid, parent, _ in connection.execute("pragma foreign_key_check"):
        row = connection.execute(f"select * from {table} where rowid = ?", (rowid,)).fetchone()
        raise DatabaseError(f"{table}: the row {row[:4]} refers to a row of {parent} that is not there")
    (verdict,) = connection.execute("pragma integrity_check").fetchone()
    if verdict != "ok":
        raise DatabaseError(f"the database is damaged: {verdict}")


def _fill(
    db: sqlite_utils.Database,
    schema: Schema,
    reports: Sequence[Report],
    corrections: Sequence[dict[str, Any]],
    changes: Sequence[ChangeFile],
    statements: Sequence[Statement],
    progress: Step,
) -> None:
    connection = db.conn
    create_tables(db, schema)
    _insert(connection, schema, "regions", _tuples(schema, "regions", load_regions()))
    _insert(connection, schema, "successions", _tuples(schema, "successions", load_successions()))
    fill_dictionary(connection)
    known = headers(reports)
    filing = filing_of(known)
    _insert(connection, schema, "agencies", rows.agency_rows(known))
    done, total = 0, len(reports) + sum(1 for report_id in filing.report_ids if report_id)
    for filed in chain(_fill_sources(connection, schema, reports, filing), _fill_reports(connection, schema, reports, filing)):
        done += filed
        progress(done, total)
    run_checks(connection)
    fill_wide(connection)
    fill_rates(connection)
    fill_coverage(connection)
    fill_statements(connection, statements)
    _insert(connection, schema, "changes", change_rows(changes))
    fill_guidance(connection)
    apply_corrections(connection, corrections)
    create_indexes(db, schema)


def build_database(
    reports: Sequence[Report],
    path: Path,
    corrections: Sequence[dict[str, Any]] = (),
    *,
    changes: Sequence[ChangeFile] = (),
    statements: Sequence[Statement] = (),
    progress: Step = quiet,
) -> None:
    """Write the database of these reports, given in the catalogue's order, with the corrections that `read_corrections` read,
    the record of changes and what bodies say of their figures. `progress` hears how many files and reports are filed.

    Raises DatabaseError, CorrectionError or StatementError, and then `path` is as before.
    """
    path = Path(path)
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(draft)) as connection:
            connection.executescript(
                f"pragma page_size = {_PAGE_SIZE}; pragma journal_mode = off; pragma synchronous = off; "
                f"pragma main.cache_size = -{_CACHE_KIB}; pragma temp.cache_size = -{_CACHE_KIB}"
            )
            _fill(sqlite_utils.Database(connection), load_schema(), reports, corrections, changes, statements, progress)
            connection.commit()
            _verify(connection)
            connection.execute("vacuum")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
