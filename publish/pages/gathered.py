"""The pages that gather many bodies: made of portions of the rows (portion.py) in bundles, each only where its portion is another one.

What is made of few rows, or of counts of all, is no bundle: each of its pages is made, and written where it is another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from publish.accuracy import read_generated, read_planted, read_real
from publish.benchmark import read_benchmark
from publish.findings import Finding
from publish.pages.accuracy_page import accuracy_page
from publish.pages.changes_page import Counts, changes_feed, changes_index_page, changes_page, read_changes_of, read_counts
from publish.pages.checks_page import checks_of_year, checks_page, parted
from publish.pages.compare_page import compare_files, compare_page
from publish.pages.corrections_page import corrections_page
from publish.pages.coverage import Coverage, province_of, read_coverage
from publish.pages.data import Data, Row
from publish.pages.distribution import Groups, read_distributions
from publish.pages.feeds import region_feed
from publish.pages.findings_pages import finding_page, findings_page, read_findings
from publish.pages.index_pages import agencies_page, home_page, regions_page, year_pages, years_page
from publish.pages.indicator_pages import MOST_FIGURES, indicator_page, indicators_page
from publish.pages.languages import LANGUAGES
from publish.pages.links import rooted
from publish.pages.missing_pages import missing_in_province, missing_page
from publish.pages.page import Chrome, Page, to_html
from publish.pages.peers import Group, is_drawn, peer_groups
from publish.pages.peers_pages import Figures, group_page, groups_page, picture_files, read_figures
from publish.pages.portion import Portion, Portions
from publish.pages.query import Database
from publish.pages.reference_pages import (
    Noise,
    dictionary_page,
    methodology_page,
    not_found_page,
    prose_page,
    read_noise,
    search_page,
)
from publish.pages.region_page import region_page, region_path
from publish.pages.request_page import request_page
from publish.pages.speed_page import speed_page
from publish.pages.tree import Tree, digest
from publish.schema import load_schema


@dataclass(frozen=True, slots=True)
class Rows:
    """What pages in every language are made of besides `Data`: of a large database a slow question, so asked once for all of them."""

    coverage: Coverage
    peers: Groups
    figures: Figures
    findings: Sequence[Finding]
    failing: Sequence[Row]
    totals: Sequence[Row]
    noise: Noise
    counts: Mapping[str, int]
    corrections: Sequence[Row]
    statements: Sequence[Row]
    changes: Mapping[str, Counts]
    changes_of: Mapping[str, Mapping[str, list[Row]]]


def read_rows(source: Database, data: Data) -> Rows:
    """Read them."""
    changes = read_counts(source)
    return Rows(
        coverage=read_coverage(source, data),
        peers=read_distributions(source),
        figures=read_figures(source),
        findings=read_findings(source),
        failing=source.failing_checks(),
        totals=source.check_totals(),
        noise=read_noise(source),
        counts={table.name: source.count(table) for table in load_schema().tables},
        corrections=source.rows("select * from corrections order by date desc, report_id, indicator, measure"),
        statements=source.rows("select * from statements order by date desc, report_id, position"),
        changes=changes,
        changes_of={date: read_changes_of(source, date) for date in changes},
    )


class Gathered:
    """Writes these pages into the trees of all languages, the first of which is that at the root."""

    def __init__(self, trees: Sequence[Tree], rows: Rows, data: Data) -> None:
        self._trees = trees
        self._root = trees[0]
        self._rows = rows
        self._data = data
        self._portions = Portions(data, rows.coverage)

    def write(self, source: Database, standings: Callable[[], Mapping[str, Row]]) -> None:
        """Write all of them. `standings` waits for what is counted of each indicator."""
        data, coverage = self._data, self._rows.coverage
        for tree in self._trees:
            self._write_indexes(tree)
            self._write_changes(tree)
        self._write_reference()
        self._write_not_found()
        for region in data.listed_regions:
            self._write_region(region)
        for province in coverage.provinces():
            self._write_missing(province)
        for year in data.years:
            self._write_year(year)
        self._write_checks()
        for found in self._rows.findings:
            self._write_finding(found)
        self._write_groups()
        self._write_indicators(source, standings())

    def _pages(self, name: str, portion: Portion, told: object, pages: Callable[[Chrome], Iterable[Page]]) -> None:
        """Write the pages of a bundle in each language. They may use the portion, what is told here, and nothing else."""

        def write() -> None:
            for tree in self._trees:
                for page in pages(tree.chrome):
                    tree.add(page)

        self._root.bundle(name, digest(portion.key, told), write)

    def _write_indexes(self, tree: Tree) -> None:
        data, rows, chrome = self._data, self._rows, tree.chrome
        tree.add(home_page(data, rows.coverage, rows.findings, chrome))
        tree.add(findings_page(rows.findings, chrome))
        tree.add(agencies_page(data, chrome))
        tree.add(regions_page(data, chrome))
        tree.add(missing_page(data, rows.coverage, chrome))
        tree.add(years_page(data, chrome))
        tree.add(compare_page(data, chrome))
        tree.add(methodology_page(rows.noise, data, chrome))
        tree.add(corrections_page(rows.corrections, rows.statements, data, chrome))

    def _write_changes(self, tree: Tree) -> None:
        rows = self._rows
        tree.add(changes_index_page(rows.changes, tree.chrome))
        for date, changes in rows.changes_of.items():
            tree.add(changes_page(date, changes, rows.changes, self._data, tree.chrome))
        if not LANGUAGES[tree.chrome.words.language].folder:
            tree.write("changes/feed.xml", changes_feed(rows.changes, tree.chrome))

    def _write_reference(self) -> None:
        """Write what no report changes."""
        portion = self._portions.of()
        accuracy, speed = (read_generated(), read_real(), read_planted()), read_benchmark()

        def pages(chrome: Chrome) -> Iterable[Page]:
            yield indicators_page(portion.data, chrome)
            yield dictionary_page(load_schema().tables, portion.data, chrome)
            yield accuracy_page(*accuracy, portion.data, chrome)
            yield speed_page(speed, chrome)
            yield prose_page("about", chrome)
            yield request_page(chrome)
            yield search_page(chrome)

        self._pages("reference", portion, (accuracy, speed), pages)

    def _write_not_found(self) -> None:
        chrome = self._root.chrome
        page = not_found_page(chrome)
        html = to_html(page, chrome)
        self._root.write(page.file, (rooted(html, urlsplit(chrome.site_url).path) if chrome.site_url else html).encode("utf-8"))

    def _write_region(self, region: Row) -> None:
        """Write the page of a region, and the feed of its bodies."""
        key = region["region_id"]
        near = [row["agency_id"] for row in self._rows.coverage.near(key)]
        within = [row["agency_id"] for row in self._data.agencies_within.get(key, ())]
        portion = self._portions.of(bodies=within, regions=[key], governments=near)

        def write() -> None:
            data = portion.data
            for tree in self._trees:
                tree.add(region_page(region, data, portion.coverage, tree.chrome))
            agencies = data.agencies_within.get(key, ())
            self._root.write(f"{region_path(key)}feed.xml", region_feed(region, agencies, data, self._root.chrome))

        self._root.bundle(f"region {key}", portion.key, write)

    def _write_missing(self, province: str) -> None:
        bodies = self._rows.coverage.bodies
        governments = [key for key in bodies if province_of(key) == province]
        regions = [province, *(bodies[key]["parent_id"] for key in governments if bodies[key]["parent_id"])]
        portion = self._portions.of(regions=regions, governments=governments)
        page = missing_in_province
        self._pages(f"missing {province}", portion, None, lambda chrome: [page(province, portion.data, portion.coverage, chrome)])

    def _write_year(self, year: int) -> None:
        """Write the pages of a year, and what its reports can be compared by."""
        portion = self._portions.of(self._data.reports_by_year[year], years=[year])

        def write() -> None:
            for tree in self._trees:
                for page in year_pages(year, portion.data, portion.coverage, tree.chrome):
                    tree.add(page)
            for path, content in compare_files(portion.data):
                self._root.write(path, content)

        self._root.bundle(f"year {year}", portion.key, write)

    def _write_checks(self) -> None:
        data, rows = self._data, self._rows
        parts = parted(rows.failing, data)
        for tree in self._trees:
            tree.add(checks_page(rows.failing, parts, rows.totals, data, tree.chrome))
        for year, (failing, problems) in parts.items():
            self._write_checks_of_year(year, failing, problems)

    def _write_checks_of_year(self, year: int, failing: Sequence[Row], problems: Sequence[Row]) -> None:
        portion = self._portions.of(self._data.reports_by_year[year])
        told = [[tuple(row.values()) for row in rows] for rows in (failing, problems)]

        def write() -> None:
            ordered = portion.data.in_form_order(failing)
            for tree in self._trees:
                tree.add(checks_of_year(year, ordered, problems, portion.data, tree.chrome))

        self._root.bundle(f"checks {year}", digest(portion.key, told), write)

    def _write_finding(self, found: Finding) -> None:
        portion = self._portions.of(self._data.reports_by_id[report_id] for _, report_id, *_ in found.rows)
        name = f"finding {found.definition['finding']}"
        self._pages(name, portion, found, lambda chrome: [finding_page(found, portion.data, chrome)])

    def _write_groups(self) -> None:
        members = {group: found for group, found in peer_groups(self._data).items() if is_drawn(found)}
        for tree in self._trees:
            tree.add(groups_page(members, self._data, tree.chrome))
        for group, reports in members.items():
            self._write_group(group, reports)

    def _write_group(self, group: Group, reports: Sequence[Row]) -> None:
        """Write the page of a group, and the pictures that the pages of its bodies show."""
        portion = self._portions.of(reports)
        named = self._rows.peers.get(group, {})
        figures = {row["report_id"]: self._rows.figures[row["report_id"]] for row in reports if row["report_id"] in self._rows.figures}

        def write() -> None:
            for tree in self._trees:
                tree.add(group_page(group, reports, named, figures, portion.data, tree.chrome))
            for path, content in picture_files(group, named, portion.data, self._root.chrome.words):
                self._root.write(path, content)

        told = (tuple(group), [row["report_id"] for row in reports], named, figures)
        self._root.bundle(f"group {group.path}", digest(portion.key, told), write)

    def _write_indicators(self, source: Database, standings: Mapping[str, Row]) -> None:
        """Write the pages of the indicators one by one, so that no more than the figures of one are in memory."""
        for key, indicator in self._data.indicators.items():
            standing = standings.get(key)
            n = standing["figures"] if standing else 0
            self._write_indicator(indicator, n, source.current_figures(key) if 0 < n <= MOST_FIGURES else [], standing)

    def _write_indicator(self, indicator: Row, n: int, figures: list[Row], standing: Row | None) -> None:
        key = indicator["indicator"]
        portion = self._portions.of(self._data.reports_by_id[row["report_id"]] for row in figures)
        peers = {group: {key: named[key]} for group, named in self._rows.peers.items() if key in named}

        def pages(chrome: Chrome) -> Iterable[Page]:
            yield indicator_page(indicator, n, figures, standing, peers, portion.data, chrome)

        told = (n, [tuple(row.values()) for row in figures], standing, [(tuple(group), named) for group, named in peers.items()])
        self._pages(f"indicator {key}", portion, told, pages)
