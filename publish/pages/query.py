"""Reads the built database. Everything the pages show comes through here, as plain rows."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from sys import intern
from typing import Any, TypeVar

from publish.opened import read_only
from publish.pages.data import Data, ReportRows, Row, grouped_by
from publish.schema import Table

T = TypeVar("T")

# The rows of a document by its report_id, and of its file by its source_id.
_OF_REPORT = {
    "figures": "select * from figures where report_id = ?",
    "sections": "select * from sections where report_id = ? order by position",
    "narrative_figures": "select * from narrative_figures where report_id = ? order by position",
    "checks": "select checks.*, severity, title_zh, title_en from checks join rules using (rule) where report_id = ?",
    "check_cells": "select * from check_cells where report_id = ? order by rule, subject, position",
    "problems": "select * from problems where report_id = ? order by position",
    "rates": "select rates.* from rates join rate_definitions using (rate) where report_id = ? order by rate_definitions.rowid",
    "statements": "select * from statements where report_id = ? order by position",
}
_NOISE = "select * from noise where source_id = ? order by position"

# Of all figures and checks: counted by the numbers of the narrow tables before their words are looked up, in a tenth of the time.
_STANDINGS = """
with counted as (
  select cell, kind, count(*) as n from figure_values
  where report in (
    select report from report_numbers join reports using (report_id) where is_current and document_type = 'annual_report')
  group by kind, cell)
select indicator, sum(n) as figures, sum(n * (check_status = 'inconsistent')) as inconsistent,
  sum(n * (state = 'inferred' or reading = 'split')) as inferred, sum(n * (state = 'missing')) as missing,
  sum(n * (state = 'blank')) as blank
from counted join figure_cells using (cell) join figure_kinds using (kind) group by indicator"""
_CHECK_KINDS = "select distinct severity, outcome from verdicts join rules using (rule) order by severity, outcome"
_CHECK_COUNTS = """
with kinds as materialized (
  select verdict, dense_rank() over (order by severity, outcome) as kind from verdicts join rules using (rule)),
counted as (select report, {sums} from check_results join kinds using (verdict) group by report)
select report_id, counted.* from counted join report_numbers using (report)"""
_CHECK_TOTALS = """
with counted as (select verdict, count(*) as n from check_results group by verdict)
select rule, outcome, sum(n) as n from counted join verdicts using (verdict) group by rule, outcome order by rule, outcome"""
_FAILING_CHECKS = """
select report_id, rule, subject, severity, coalesce(v.sentence_zh, f.sentence_zh) as sentence_zh,
  coalesce(v.sentence_en, f.sentence_en) as sentence_en, fragment
from check_findings f join verdicts v using (verdict) join rules using (rule) join report_numbers using (report)"""
# A report is left at its first figure that is not zero: its rows are looked through in order, since each of many cells would be a search.
_ALL_ZERO = """
with cells as materialized (select cell from figure_cells join indicators using (indicator) where block = 'requests')
select report_id from report_numbers n
where not exists (select 1 from figure_values v where v.report = n.report and value <> 0 and +cell in cells)
and exists (select 1 from figure_values v where v.report = n.report and value = 0 and +cell in cells)"""


# The columns of some rows, and the rows.
Plain = tuple[Sequence[str], Sequence[tuple[Any, ...]]]


def _named(cursor: sqlite3.Cursor) -> list[Row]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _held(agencies: Mapping[str, Row]) -> dict[str, Row]:
    """Keep the bodies with a document of ours: the others have no page."""
    return {key: row for key, row in agencies.items() if row["n_documents"]}


class Database:
    """The finished database, opened read-only."""

    def __init__(self, path: Path) -> None:
        self._connection = read_only(path)

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return the rows of a query as plain dictionaries."""
        return _named(self._connection.execute(sql, values))

    def each(self, sql: str) -> Iterator[Row]:
        """Yield the rows of a query one at a time."""
        cursor = self._connection.execute(sql)
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)

    def tuples(self, sql: str, *values: object) -> Iterator[Any]:
        """Yield the rows of a query one at a time, as sequences."""
        return self._connection.execute(sql, values)

    def _keyed(self, table: str, key: str, order: str) -> dict[str, Row]:
        return {row[key]: row for row in self.rows(f"select * from {table} order by {order}")}

    def common(self) -> Data:
        """Read the rows that are the same for every body, and no others."""
        return Data(
            agencies={},
            regions={},
            reports=(),
            sources={},
            indicators=self._keyed("indicators", "indicator", "position"),
            measures=self._keyed("measures", "measure", "position"),
            formats=self._keyed("formats", "format", "first_year, format"),
            rules=self._keyed("rules", "rule", "position"),
            noise_kinds=self._keyed("noise_kinds", "kind", "kind"),
            rate_definitions=self._keyed("rate_definitions", "rate", "rowid"),
            usage_warnings=self._keyed("usage_warnings", "warning", "position"),
            table_warnings=self._codes("table_warnings", "table_name"),
            warnings=grouped_by(
                self.rows("select * from indicator_warnings join usage_warnings using (warning) order by position"), "indicator"
            ),
            breaks=grouped_by(self.rows("select * from series_breaks order by first_year, series_break"), "indicator"),
            successions=(),
            crosswalk=self.rows("select * from crosswalk order by from_indicator, to_indicator"),
            problems=(),
            check_counts={},
            all_zero=frozenset(),
            report_warnings={},
        )

    def _codes(self, table: str, key: str) -> dict[str, list[str]]:
        codes: defaultdict[str, list[str]] = defaultdict(list)
        for name, warning in self._connection.execute(f"select {key}, warning from {table} order by {key}, warning"):
            codes[name].append(intern(warning))
        return dict(codes)

    def shared(self) -> Data:
        """Read the rows that pages of many reports share, but for `check_counts`, a slow question."""
        return replace(
            self.common(),
            agencies=_held(self._keyed("agencies", "agency_id", "agency_id")),
            regions=self._keyed("regions", "region_id", "region_id"),
            reports=self.rows("select * from reports order by agency_id, year desc, report_id"),
            sources=self._keyed("sources", "source_id", "path"),
            successions=self.rows("select * from successions order by predecessor, successor"),
            problems=self.rows("select * from problems order by path, position"),
            check_counts={},
            report_warnings=self._codes("report_warnings", "report_id"),
            all_zero=frozenset(report_id for (report_id,) in self.tuples(_ALL_ZERO)),
        )

    def check_counts(self) -> dict[str, dict[str, int]]:
        """Count the checks of each report by severity and outcome."""
        kinds = [f"{severity}_{outcome}" for severity, outcome in self.tuples(_CHECK_KINDS)]
        sums = ", ".join(f"sum(kind = {number})" for number, _ in enumerate(kinds, 1))
        counted = self.tuples(_CHECK_COUNTS.format(sums=sums)) if kinds else ()
        return {report_id: {kind: n for kind, n in zip(kinds, counts, strict=True) if n} for report_id, _, *counts in counted}

    def _figures(self, report_id: str) -> dict[tuple[str, str], Row]:
        return {(row["indicator"], row["measure"]): row for row in self.rows(_OF_REPORT["figures"], report_id)}

    def plain(self, report: Row) -> Mapping[str, Plain]:
        """Read all rows of one document, without names: to tell whether anything is another thing than before."""
        asked = {name: (query, report["report_id"]) for name, query in _OF_REPORT.items()} | {"noise": (_NOISE, report["source_id"])}
        told = {}
        for name, (query, key) in asked.items():
            cursor = self._connection.execute(query, (key,))
            told[name] = ([column[0] for column in cursor.description], cursor.fetchall())
        return told

    def report(self, data: Data, report: Row, plain: Mapping[str, Plain]) -> ReportRows:
        """Return one document of `data` with all its rows, which `plain` has read."""
        key = report["report_id"]
        agency = data.agencies[report["agency_id"]]
        rows = {name: [dict(zip(names, row, strict=True)) for row in held] for name, (names, held) in plain.items()}
        cells: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
        for cell in rows["check_cells"]:
            cells[cell["rule"], cell["subject"]].append(cell)
        return ReportRows(
            report=report,
            source=data.sources[report["source_id"]],
            agency=agency,
            region=data.regions[agency["region_id"]],
            figures={(row["indicator"], row["measure"]): row for row in rows["figures"]},
            sections=rows["sections"],
            narrative=rows["narrative_figures"],
            checks=data.in_form_order(rows["checks"]),
            check_cells=cells,
            problems=rows["problems"],
            noise=rows["noise"],
            rates=rows["rates"],
            path=data.paths[key],
            statements=rows["statements"],
            versions={other: self._figures(other) for other in data.other_versions(report)},
        )

    def current_figures(self, indicator: str) -> list[Row]:
        """Read the figures of an indicator in current annual reports, in a fixed order."""
        return self.rows(
            "select figures.*, reports.agency_id, reports.year, reports.scope, reports.format from figures join reports using (report_id)"
            " where figures.indicator = ? and reports.is_current and reports.document_type = 'annual_report'"
            " order by year desc, agency_id, report_id, measure",
            indicator,
        )

    def standings(self) -> dict[str, Row]:
        """Count the figures of each indicator in current annual reports: all, and those that do not stand as a printed number does."""
        return {row["indicator"]: row for row in self.rows(_STANDINGS)}

    def failing_checks(self) -> list[Row]:
        """Read the checks that do not add up."""
        return self.rows(_FAILING_CHECKS)

    def check_totals(self) -> list[Row]:
        """Count the checks by rule and outcome."""
        return self.rows(_CHECK_TOTALS)

    def count(self, table: Table) -> int:
        """Count the rows of a table of the schema."""
        return int(self._connection.execute(f"select count(*) from [{table.rows_of or table.name}]").fetchone()[0])


def asked(database: Path, question: Callable[[Database], T]) -> T:
    """Ask a database one thing: what takes long, another process may ask."""
    with closing(Database(database)) as source:
        return question(source)
