"""Reads the built database. Everything the pages show comes through here, as plain rows."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from sys import intern
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ReportRows:
    """One document with all its rows. `figures` is keyed by (indicator, measure)."""

    report: Row
    source: Row
    agency: Row
    region: Row
    figures: Mapping[tuple[str, str], Row]
    sections: Sequence[Row]
    narrative: Sequence[Row]
    checks: Sequence[Row]
    check_cells: Mapping[tuple[str, str], Sequence[Row]]
    problems: Sequence[Row]
    noise: Sequence[Row]
    rates: Sequence[Row]
    path: str
    statements: Sequence[Row] = ()
    # The figures of the other versions of an annual report by report_id, the version that stands first.
    versions: Mapping[str, Mapping[tuple[str, str], Row]] = field(default_factory=dict)

    def value(self, indicator: str, measure: str = "total") -> Any:
        """Return a figure's value, or None where there is none."""
        figure = self.figures.get((indicator, measure))
        return None if figure is None else figure["value"]


# The rows of `Data` that belong to single bodies; all others are the same for the pages of every body.
OWN_ROWS = (
    *("agencies", "regions", "reports", "sources", "successions", "problems", "check_counts", "all_zero"),
    *("report_warnings", "peers"),
)
COMMON_ROWS = ("indicators", "measures", "formats", "rules", "noise_kinds", "rate_definitions", "warnings", "breaks", "crosswalk")


@dataclass(frozen=True)
class Data:
    """The rows that pages of many reports share, each table keyed by its id, in a fixed order. `agencies` are those with a document."""

    agencies: Mapping[str, Row]
    regions: Mapping[str, Row]
    reports: Sequence[Row]
    sources: Mapping[str, Row]
    indicators: Mapping[str, Row]
    measures: Mapping[str, Row]
    formats: Mapping[str, Row]
    rules: Mapping[str, Row]
    noise_kinds: Mapping[str, Row]
    rate_definitions: Mapping[str, Row]
    # What a reader must heed, in its order, and what it is attached to: codes by table of the database and by report.
    usage_warnings: Mapping[str, Row]
    table_warnings: Mapping[str, Sequence[str]]
    report_warnings: Mapping[str, Sequence[str]] = field(repr=False)
    # By indicator: what to heed when using it, and the years in which its series breaks.
    warnings: Mapping[str, Sequence[Row]]
    breaks: Mapping[str, Sequence[Row]]
    successions: Sequence[Row]
    crosswalk: Sequence[Row]
    problems: Sequence[Row]
    check_counts: Mapping[str, Mapping[str, int]] = field(repr=False)
    # Reports whose figures on requests are all zero: their sums hold whatever they are.
    all_zero: frozenset[str]
    # By agency_id: what the page of a body says of comparable ones; see peers.py.
    peers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """Address of each document's page by report_id: the first of a year stands at the year, others below it."""
        taken: dict[str, str] = {}
        paths = {}
        order = sorted(self.reports, key=lambda row: (-row["is_current"], row["document_type"] != "annual_report", row["report_id"]))
        for row in order:
            year_page = f"agencies/{row['agency_id']}/{row['year']}/"
            suffix = row["report_id"].removeprefix(f"{row['agency_id']}-{row['year']}").strip("-")
            paths[row["report_id"]] = year_page if year_page not in taken else f"{year_page}{suffix or row['report_id']}/"
            taken.setdefault(year_page, row["report_id"])
        return paths

    @cached_property
    def reports_by_id(self) -> Mapping[str, Row]:
        """The documents by report_id."""
        return {row["report_id"]: row for row in self.reports}

    @cached_property
    def years(self) -> Sequence[int]:
        """The report years of which something is held."""
        return sorted({row["year"] for row in self.reports})

    @cached_property
    def reports_by_year(self) -> Mapping[int, Sequence[Row]]:
        """The documents of each report year."""
        return _grouped(self.reports, "year")

    @cached_property
    def listed_below(self) -> Mapping[str, Sequence[Row]]:
        """The listed regions directly below each region."""
        return _grouped(self.listed_regions, "parent_id")

    @cached_property
    def reports_by_agency(self) -> Mapping[str, Sequence[Row]]:
        """The documents of each agency, latest year first."""
        return _grouped(self.reports, "agency_id")

    @cached_property
    def agencies_by_region(self) -> Mapping[str, Sequence[Row]]:
        """The agencies of each region."""
        return _grouped(list(self.agencies.values()), "region_id")

    @cached_property
    def agencies_within(self) -> Mapping[str, Sequence[Row]]:
        """The agencies of each region and of the regions below it: those of a region first, then by division."""
        within: defaultdict[str, list[Row]] = defaultdict(list)
        for agency in sorted(self.agencies.values(), key=lambda row: (row["region_id"], row["agency_id"])):
            region: str | None = agency["region_id"]
            while region:
                within[region].append(agency)
                region = self.regions[region]["parent_id"]
        return within

    @cached_property
    def _successions_of(self) -> Mapping[str, Sequence[Row]]:
        """The successions that a body or division has part in."""
        grouped: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.successions:
            for key in {row["predecessor"], row["successor"]}:
                grouped[key].append(row)
        return grouped

    @cached_property
    def listed_regions(self) -> Sequence[Row]:
        """The regions with an agency of ours, and the regions above them."""
        wanted: set[str] = set()
        for region_id in self.agencies_by_region:
            current: str | None = region_id
            while current and current not in wanted:
                wanted.add(current)
                current = self.regions[current]["parent_id"]
        return [row for key, row in self.regions.items() if key in wanted]

    def in_form_order(self, checks: Sequence[Row]) -> list[Row]:
        """Order checks by report, rule and then by the column and row of the form that they are about."""
        names = {name: place for place, name in enumerate([*self.measures, *self.indicators])}
        rules = {rule: place for place, rule in enumerate(self.rules)}

        def place(check: Row) -> tuple[str, int, list[tuple[int, str]]]:
            subject = [(names.get(part, len(names)), part) for part in check["subject"].split(".")]
            return check["report_id"], rules[check["rule"]], subject

        return sorted(checks, key=place)

    def other_versions(self, report: Row) -> list[str]:
        """Return the other annual reports of a report's body and year, the one that stands first; none for other documents."""
        if report["document_type"] != "annual_report":
            return []
        own = [
            row
            for row in self.reports_by_agency[report["agency_id"]]
            if row["year"] == report["year"] and row["document_type"] == "annual_report"
        ]
        following = {row["report_id"]: row["supersedes"] for row in own}
        ranked = [row["report_id"] for row in own if row["is_current"]]
        while following[ranked[-1]]:
            ranked.append(following[ranked[-1]])
        return [report_id for report_id in ranked if report_id != report["report_id"]]

    def own_of(self, agency_id: str) -> dict[str, Any]:
        """Return the rows that the pages of one body may use beside what all bodies share: its own, and the names around it."""
        reports = self.reports_by_agency.get(agency_id, ())
        ids = [row["report_id"] for row in reports]
        region_id = self.agencies[agency_id]["region_id"]
        above = [region_id]
        while self.regions[above[-1]]["parent_id"]:
            above.append(self.regions[above[-1]]["parent_id"])
        successions = list({id(row): row for key in (agency_id, *above) for row in self._successions_of.get(key, ())}.values())
        named = {row[end] for row in successions for end in ("predecessor", "successor")}
        agencies = {row["agency_id"] for row in self.agencies_by_region[region_id]} | (named & self.agencies.keys())
        return {
            "agencies": {key: self.agencies[key] for key in sorted(agencies)},
            "regions": {key: self.regions[key] for key in sorted({*above, *(named & self.regions.keys())})},
            "reports": reports,
            "sources": {row["source_id"]: self.sources[row["source_id"]] for row in reports},
            "successions": sorted(successions, key=lambda row: (row["predecessor"], row["successor"])),
            "check_counts": {key: self.check_counts[key] for key in ids if key in self.check_counts},
            "all_zero": self.all_zero.intersection(ids),
            "report_warnings": {key: self.report_warnings[key] for key in ids if key in self.report_warnings},
            "peers": {agency_id: self.peers[agency_id]} if agency_id in self.peers else {},
        }

    def with_own(self, own: Mapping[str, Any]) -> Data:
        """Return these rows with those of one body, as `own_of` gives them, in the place of its own."""
        return replace(self, **own)

    def outcomes(self, report_id: str) -> Mapping[str, int]:
        """Return how many checks of a report have each outcome."""
        return self.check_counts.get(report_id, {})


def _held(agencies: Mapping[str, Row]) -> dict[str, Row]:
    """Keep the bodies with a document of ours: the others have no page."""
    return {key: row for key, row in agencies.items() if row["n_documents"]}


def _grouped(rows: Sequence[Row], key: str) -> Mapping[str, Sequence[Row]]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row[key]].append(row)
    return grouped


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


# The columns of some rows, and the rows.
Plain = tuple[Sequence[str], Sequence[tuple[Any, ...]]]


def _named(cursor: sqlite3.Cursor) -> list[Row]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


class Database:
    """The finished database, opened read-only."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)

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
            warnings=_grouped(
                self.rows("select * from indicator_warnings join usage_warnings using (warning) order by position"), "indicator"
            ),
            breaks=_grouped(self.rows("select * from series_breaks order by first_year, series_break"), "indicator"),
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
        """Read the rows that pages of many reports share."""
        counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for row in self.rows(
            "select report_id, severity, outcome, count(*) as n from checks join rules using (rule) group by report_id, severity, outcome"
        ):
            counts[row["report_id"]][f"{row['severity']}_{row['outcome']}"] = row["n"]
        return replace(
            self.common(),
            agencies=_held(self._keyed("agencies", "agency_id", "agency_id")),
            regions=self._keyed("regions", "region_id", "region_id"),
            reports=self.rows("select * from reports order by agency_id, year desc, report_id"),
            sources=self._keyed("sources", "source_id", "path"),
            successions=self.rows("select * from successions order by predecessor, successor"),
            problems=self.rows("select * from problems order by path, position"),
            check_counts=counts,
            report_warnings=self._codes("report_warnings", "report_id"),
            all_zero=frozenset(
                row["report_id"]
                for row in self.rows(
                    "select report_id from figures join indicators using (indicator) where block = 'requests'"
                    " group by report_id having max(abs(value)) = 0"
                )
            ),
        )

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
        counted = self.rows(
            "select indicator, count(*) as figures, sum(check_status = 'inconsistent') as inconsistent,"
            " sum(state = 'inferred' or reading = 'split') as inferred, sum(state = 'missing') as missing, sum(state = 'blank') as blank"
            " from figures join reports using (report_id) where is_current and document_type = 'annual_report' group by indicator"
        )
        return {row["indicator"]: row for row in counted}

    def failing_checks(self) -> list[Row]:
        """Read the checks that do not add up."""
        return self.rows("select checks.*, rules.severity from checks join rules using (rule) where outcome = 'fail'")

    def check_totals(self) -> list[Row]:
        """Count the checks by rule and outcome."""
        return self.rows("select rule, outcome, count(*) as n from checks group by rule, outcome")

    def noise(self) -> list[Row]:
        """Read the noise ledger of all files."""
        return self.rows("select * from noise order by source_id, position")

    def count(self, table: str) -> int:
        """Count the rows of a table of the schema."""
        return int(self._connection.execute(f"select count(*) from [{table}]").fetchone()[0])
