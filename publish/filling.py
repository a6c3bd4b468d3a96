"""Documents to rows, a few bodies at a time, so that no more of them than that is ever in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import TypeVar

import sqlite_utils

from extract.model import Agency, Figure, Problem, Report
from publish import rows
from publish.checks import Checking
from publish.filing import Filing
from publish.narrow import Narrow
from publish.rates import rate_rows
from publish.rows import Row
from publish.rules import load_rules
from publish.schema import Schema, create_indexes
from publish.sheets import Sheet
from publish.wide_rows import wide_rows

T = TypeVar("T")
Filed = dict[str, list[Row]]
Agencies = Mapping[str, Agency]

_OF_SOURCES = ("sources", "evidence", "noise", "problems")
_OF_REPORTS = ("reports", "sections", "narrative_figures", "rates", "requests", "proactive", "remedies")
_OF_FILES = (*_OF_SOURCES, *_OF_REPORTS)
# So many reports are held in memory at a time, and the rest of a division's.
_BATCH = 256
_CODE = 6  # digits of a division's code, with which the id of a body begins


def insert(connection: sqlite3.Connection, schema: Schema, table: str, values: Iterable[Row]) -> None:
    """Add rows to a table of the schema."""
    places = ", ".join("?" * len(schema.table(table).columns))
    connection.executemany(f"insert into {table} values ({places})", values)


def _unidentified(report: Report) -> tuple[Problem, ...]:
    """A file whose body or year is not known says so, whatever else is wrong with it."""
    if report.problems:
        return ()
    zh = "未能从这份文件中认定发布机关或报告年度，暂不收入数据。"
    return (Problem("unidentified", zh, "The reporting body or the year could not be told from this file, so its figures are not used."),)


def _key_of(schema: Schema, table: str) -> Callable[[Row], object]:
    """Return what a table's rows are sorted by: its primary key."""
    names = schema.table(table).column_names
    return itemgetter(*map(names.index, schema.table(table).primary_key))


class Filling:
    """Fills what files and reports say, a few bodies at a time. `agencies` are the bodies as `agencies` has them."""

    def __init__(
        self, connection: sqlite3.Connection, schema: Schema, reports: Sequence[Report], filing: Filing, agencies: Agencies
    ) -> None:
        self._connection, self._schema = connection, schema
        self._reports, self._filing, self._agencies = reports, filing, agencies
        self._narrow = Narrow(connection, [report_id for report_id in filing.report_ids if report_id])
        self._checking = Checking(connection, load_rules(), self._narrow)

    def _sheet(self, report_id: str, report: Report, figures: Sequence[Figure]) -> Sheet:
        identity = report.identity
        assert identity and identity.agency and identity.year
        agency, current = self._agencies[identity.agency.agency_id], report_id in self._filing.current
        what = (report.format, identity.scope, identity.document_type)
        return Sheet(report_id, agency, identity.year, *what, current, figures)

    def _file_source(self, place: int, report: Report, more: Sequence[Problem], filed: Filed) -> None:
        source_id, report_id = self._filing.source_ids[place], self._filing.report_ids[place]
        filed["sources"].append(rows.source_row(source_id, report))
        filed["evidence"] += rows.evidence_rows(source_id, report)
        filed["noise"] += rows.noise_rows(source_id, report)
        filed["problems"] += rows.problem_rows(source_id, report_id, report.source.path, (*report.problems, *more))

    def _file_report(self, place: int, report: Report, sheet: Sheet, filed: Filed) -> None:
        report_id, filing = sheet.report_id, self._filing
        standing = (sheet.is_current, filing.supersedes.get(report_id))
        row = rows.report_row(report_id, filing.source_ids[place], report, sheet.figures, len(sheet.inconsistent), standing)
        filed["reports"].append(row)
        filed["sections"] += rows.section_rows(report_id, report)
        filed["narrative_figures"] += rows.narrative_rows(report_id, report)
        filed["rates"] += rate_rows(sheet)
        for table, wide in wide_rows(sheet).items():
            filed[table] += wide

    def fill(self, batch: Sequence[tuple[int, str | None]]) -> None:
        """File the documents at these places of the catalogue, with their report_ids: all of some bodies, or such as have none."""
        filed: Filed = {name: [] for name in _OF_FILES}
        sheets, read = [], []
        for place, report_id in batch:
            report = self._reports[place]
            if report_id is None:
                self._file_source(place, report, _unidentified(report), filed)
                continue
            figures, twice = rows.unique_figures(report)
            self._file_source(place, report, twice, filed)
            sheets.append(self._sheet(report_id, report, figures))
            read.append((place, report))
        self._checking.check(sheets)
        self._narrow.add_figures(sheets)
        for (place, report), sheet in zip(read, sheets, strict=True):
            self._file_report(place, report, sheet, filed)
        for table, values in filed.items():
            insert(self._connection, self._schema, table, sorted(values, key=_key_of(self._schema, table)))

    def finish(self, db: sqlite_utils.Database) -> None:
        """Add what needs all documents: the checks between bodies and texts, the numbers' meanings, the indexes."""
        self._narrow.write_figure_numbers()
        self._checking.finish()
        self._narrow.write_verdicts()
        create_indexes(db, self._schema)
        self._checking.tell()


def by_bodies(reports: Sequence[Report], filing: Filing) -> Iterator[list[tuple[int, str | None]]]:
    """Part all documents into batches that hold a body's documents together, in the order of report_id from batch to batch;
    those of no known body come last."""
    named = []
    for place, (header, report_id) in enumerate(zip(reports, filing.report_ids, strict=True)):
        identity = header.identity
        if report_id and identity and identity.agency:
            named.append((identity.agency.agency_id[:_CODE], report_id, place))
    batch: list[tuple[int, str | None]] = []
    # A body's reports may stand among those of another (440115-2019, 440115-200512-2020), but only of the same division.
    for _, of_division in groupby(sorted(named), key=itemgetter(0)):
        batch += [(place, report_id) for _, report_id, place in of_division]
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    yield batch
    yield from _batches((place, None) for place, report_id in enumerate(filing.report_ids) if report_id is None)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(items)
    return iter(lambda: list(islice(remaining, _BATCH)), [])
