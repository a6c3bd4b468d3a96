"""Many reports become one SQLite database: rows by `executemany`, keys and indexes from the schema.

The same reports in the same order give the same bytes. A finished database takes the place of the one before in one step.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlite_utils

from extract.garbage import collector_held
from extract.identity.gazetteer import load_regions, load_successions
from extract.model import Report
from publish import rows
from publish.batch_database import OF_FILES
from publish.changes import ChangeFile, change_rows
from publish.checks import rules_between, store_rules
from publish.compiled import Task, compile_all
from publish.corrections import apply_corrections
from publish.coverage import fill_coverage
from publish.dictionary import fill_dictionary
from publish.expected import expected_governments
from publish.filing import Filing, filing_of, headers
from publish.filling import Filling, RowCache, by_bodies, chosen
from publish.guidance import fill_guidance
from publish.opened import read_only
from publish.pages.crew import Crew
from publish.progress import Step, quiet
from publish.rates import fill_rate_definitions
from publish.rows import report_ids
from publish.rules import load_rules
from publish.schema import Schema, Table, create_tables, insert, load_schema, tuples
from publish.searched import Searched
from publish.statements import Statement, fill_statements
from publish.stretches import Stretch
from publish.validate import NONE

__all__ = ["DatabaseError", "build_database", "report_ids"]

_PAGE_SIZE = 4096
# Each of the database and its temporary tables is held in memory up to this size while it is built.
_CACHE_KIB = 60_000
_COPYING_CACHE_KIB = 2_000
_MAPPED = 256 * 1024 * 1024  # bytes
# So many rows of an index are looked at to tell how its keys are spread.
_ANALYZED = 1000


# Which rows of these tables are not held against the schema batch by batch: none, or what holds bodies against each other.
_BETWEEN = f"rule in ({', '.join(map(repr, sorted(rules_between())))})"
_UNVERIFIED = {**dict.fromkeys((*OF_FILES, "figures"), NONE), "checks": _BETWEEN, "check_cells": _BETWEEN}


@dataclass(frozen=True, slots=True)
class Built:
    """A finished database: the stretches of its reports, none without a cache, and which rows are still to be held against the schema:
    a condition by table, for a table without one all.
    """

    stretches: Sequence[Stretch]
    unverified: Mapping[str, str]


class DatabaseError(Exception):
    """The rows do not fit together. The message names the table and the first row at fault."""


def _verify_order(connection: sqlite3.Connection, table: Table) -> None:
    this, following = (", ".join(f"{name}.{column}" for column in table.primary_key) for name in ("a", "b"))
    pairs = f"{table.name} a join {table.name} b on b.rowid = a.rowid + 1"
    for row in connection.execute(f"select {following} from {pairs} where ({following}) < ({this}) limit 1"):
        raise DatabaseError(f"{table.name}: the row {row} is filed after one with a later key")


def _verify_all(connection: sqlite3.Connection, schema: Schema) -> None:
    for table, rowid, parent, _ in connection.execute("pragma foreign_key_check"):
        # A table without row numbers can't say which row it is.
        row = rowid and connection.execute(f"select * from {table} where rowid = ?", (rowid,)).fetchone()
        raise DatabaseError(f"{table}: {f'the row {row[:4]}' if row else 'a row'} refers to a row of {parent} that is not there")
    for table in schema.tables:
        if table.filed_in_order:
            _verify_order(connection, table)
    (verdict,) = connection.execute("pragma integrity_check").fetchone()
    if verdict != "ok":
        raise DatabaseError(f"the database is damaged: {verdict}")


def _verify(database: Path) -> None:
    """Raise DatabaseError when a foreign key hangs in the air, rows are not filed as the schema says, or the file is damaged."""
    with closing(read_only(database)) as connection:
        # Every page is looked at several times. Of a large database no more than this counts as memory.
        connection.execute(f"pragma mmap_size = {_MAPPED}")
        _verify_all(connection, load_schema())


def _years_held(reports: Sequence[Report], filing: Filing) -> set[int]:
    """Return the years of which an annual report is held."""
    named = zip(filing.report_ids, reports, strict=True)
    return {report.identity.year for report_id, report in named if report_id in filing.current and report.identity and report.identity.year}


def _documents(reports: Sequence[Report], filing: Filing) -> Counter[str]:
    """Count the documents of each body by agency_id."""
    named = zip(filing.report_ids, reports, strict=True)
    return Counter(r.identity.agency.agency_id for report_id, r in named if report_id and r.identity and r.identity.agency)


def _fill(
    db: sqlite_utils.Database,
    schema: Schema,
    reports: Sequence[Report],
    corrections: Sequence[dict[str, Any]],
    changes: Sequence[ChangeFile],
    statements: Sequence[Statement],
    searched: Mapping[tuple[str, int], Searched],
    progress: Step,
    executor: Executor | None,
    cache: Path | None,
    filled: Callable[[sqlite3.Connection], object],
) -> Built:
    connection = db.conn
    create_tables(db, schema)
    insert(connection, schema, "regions", tuples(schema, "regions", load_regions()))
    insert(connection, schema, "successions", tuples(schema, "successions", load_successions()))
    fill_dictionary(connection)
    known = headers(reports)
    filing, agencies = filing_of(known), rows.agencies_of(known)
    expected = expected_governments(_years_held(known, filing), searched)
    insert(connection, schema, "agencies", rows.agency_rows({**expected.agencies, **agencies}, _documents(known, filing)))
    fill_rate_definitions(connection)
    store_rules(connection, load_rules())
    filling, kept, done = Filling(connection, schema, filing, agencies), RowCache(cache), 0

    def tasks() -> Iterator[tuple[Sequence[Report], Task, Path | None]]:
        for batch in by_bodies(known, filing):
            task = filling.task(batch, known)
            path = kept.path(reports, batch, task)
            if path:
                filling.stretches.add((report_id for _, report_id in batch if report_id), path.name)
            yield chosen(reports, batch), task, path

    for compiled in compile_all(tasks(), executor):
        filling.file(compiled)
        done += compiled.documents
        progress(done, len(reports))
    kept.drop_unused()
    filled(connection)
    with collector_held():
        filling.finish(db)
        fill_coverage(connection, expected.due, searched)
        fill_statements(connection, statements)
        insert(connection, schema, "changes", change_rows(changes))
        fill_guidance(connection)
        apply_corrections(connection, corrections)
    return Built(list(filling.stretches), _UNVERIFIED if filling.sound else {})


def build_database(
    reports: Sequence[Report],
    path: Path,
    corrections: Sequence[dict[str, Any]] = (),
    *,
    changes: Sequence[ChangeFile] = (),
    statements: Sequence[Statement] = (),
    searched: Mapping[tuple[str, int], Searched] | None = None,
    progress: Step = quiet,
    executor: Executor | None = None,
    cache: Path | None = None,
    crew: Crew | None = None,
    filled: Callable[[sqlite3.Connection], object] = lambda connection: None,
) -> Built:
    """Write the database of these reports, given in the catalogue's order, with the corrections that `read_corrections` read,
    the record of changes, what bodies say of their figures and what was searched for. `progress` hears how many files are filed.
    The executor's processes make rows of reports, which are kept in the folder `cache` from one build to the next. A `crew`, where there
    is one, holds the finished database against its keys and order while other work goes on that only reads it, and says so at its end.
    `filled` is given the draft when all that bodies and their reports say is in it.

    Raises CorrectionError, CoverageError, DatabaseError or StatementError, and then `path` is as before.
    """
    path = Path(path)
    draft, finished = (path.with_name(f".{path.name}.{what}") for what in ("draft", "new"))
    for each in (draft, finished):
        each.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(draft)) as connection:
            connection.executescript(
                f"pragma page_size = {_PAGE_SIZE}; pragma journal_mode = off; pragma synchronous = off; "
                f"pragma main.cache_size = -{_CACHE_KIB}; pragma temp.cache_size = -{_CACHE_KIB}"
            )
            schema = load_schema()
            database, recorded = sqlite_utils.Database(connection), (corrections, changes, statements, searched or {})
            built = _fill(database, schema, reports, *recorded, progress, executor, cache, filled)
            connection.commit()
            # What a reader's SQLite plans with: without it, it takes every table for equally long.
            connection.executescript(f"pragma analysis_limit = {_ANALYZED}; analyze")
            connection.commit()
            # The copy is held in memory up to that size too, which takes longer than to write it.
            connection.execute(f"pragma main.cache_size = -{_COPYING_CACHE_KIB}")
            connection.execute("vacuum into ?", (str(finished),))
        draft.unlink()
        if crew is None:
            _verify(finished)
        finished.replace(path)
        if crew:
            crew.do(_verify, path)
        return built
    finally:
        for each in (draft, finished):
            each.unlink(missing_ok=True)
