"""The rows that pages are made of, as the database holds them, and what follows from them alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

Row = Mapping[str, Any]


def grouped_by(rows: Sequence[Row], key: str) -> Mapping[str, Sequence[Row]]:
    """Return rows by the value of one of their columns."""
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row[key]].append(row)
    return grouped


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
COMMON_ROWS = (
    *("indicators", "measures", "formats", "rules", "noise_kinds", "rate_definitions", "usage_warnings", "table_warnings"),
    *("warnings", "breaks", "crosswalk"),
)


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
        return grouped_by(self.reports, "year")

    @cached_property
    def listed_below(self) -> Mapping[str, Sequence[Row]]:
        """The listed regions directly below each region."""
        return grouped_by(self.listed_regions, "parent_id")

    @cached_property
    def reports_by_agency(self) -> Mapping[str, Sequence[Row]]:
        """The documents of each agency, latest year first."""
        return grouped_by(self.reports, "agency_id")

    @cached_property
    def agencies_by_region(self) -> Mapping[str, Sequence[Row]]:
        """The agencies of each region."""
        return grouped_by(list(self.agencies.values()), "region_id")

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
    def successions_of(self) -> Mapping[str, Sequence[Row]]:
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
        successions = list({id(row): row for key in (agency_id, *above) for row in self.successions_of.get(key, ())}.values())
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

    def names_only(self) -> Data:
        """Return these rows without those that no name and no address comes from."""
        return replace(self, sources={}, problems=(), check_counts={}, all_zero=frozenset(), report_warnings={}, peers={})

    def with_own(self, own: Mapping[str, Any]) -> Data:
        """Return these rows with those of one body, as `own_of` gives them, in the place of its own."""
        return replace(self, **own)

    def outcomes(self, report_id: str) -> Mapping[str, int]:
        """Return how many checks of a report have each outcome."""
        return self.check_counts.get(report_id, {})
