"""The static site: every page from the finished database, through the Markdown templates of site/.

    rows (query) → page as a value (report_page, agency_page, …) → Markdown → HTML (page) → files (here)

A page is made by a pure function of rows; only this module and `query` touch the disk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from publish.pages.agency_page import agency_page
from publish.pages.changes_page import changes_feed, changes_index_page, changes_page, read_changes_of, read_counts
from publish.pages.checks_page import checks_page
from publish.pages.corrections_page import corrections_page
from publish.pages.feeds import feed, robots, sitemap
from publish.pages.figure_files import as_csv, as_json, figure_records
from publish.pages.index_pages import agencies_page, home_page, missing_page, region_page, regions_page, year_page, years_page
from publish.pages.indicator_pages import indicator_page, indicators_page
from publish.pages.page import Chrome, Page, to_html
from publish.pages.query import Data, Database, ReportRows, Row
from publish.pages.reference_pages import dictionary_page, downloads_page, methodology_page, not_found_page, prose_page, search_page
from publish.pages.report_page import has_source, is_report, report_page
from publish.pages.source_page import source_page, source_text
from publish.pages.words import SITE, load_words
from publish.schema import load_schema

__all__ = ["build_site"]


class _Tree:
    """The output directory. A file is written only when its bytes differ."""

    def __init__(self, out: Path, chrome: Chrome) -> None:
        self.out = out
        self.chrome = chrome
        self.pages: list[str] = []

    def write(self, path: str, content: bytes) -> None:
        """Write a file unless it holds these bytes already."""
        file = self.out / path
        if file.is_file() and file.read_bytes() == content:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def add(self, page: Page) -> None:
        """Write a page and, beside a directory's page, its Markdown."""
        self.write(page.file, to_html(page, self.chrome).encode("utf-8"))
        if page.is_directory:
            self.pages.append(page.path)
            if page.markdown is not None:
                self.write(f"{page.path}index.md", page.markdown.encode("utf-8"))


def build_site(
    database: Path, reports_text: Mapping[str, Sequence[str]], out: Path, *, datasette: str | None, site_url: str | None = None
) -> None:
    """Write the pages of the site into `out`.

    `reports_text` holds the public lines of each document by report_id. `datasette` is where Datasette answers, before the
    name of the database: an address, or "" beside the site; None leaves its links out. `site_url` is the public address of
    the site, which sitemap and feed repeat.
    """
    chrome = Chrome(load_words(), None if datasette is None else f"{_folder(datasette)}gongkai/", _folder(site_url) if site_url else None)
    tree = _Tree(out, chrome)
    source = Database(database)
    try:
        data = source.shared()
        _write_documents(tree, source, data, reports_text)
        _write_indexes(tree, data)
        _write_reference(tree, source, data)
        _write_changes(tree, source, data)
    finally:
        source.close()
    for asset in sorted((SITE / "assets").iterdir()):
        tree.write(f"assets/{asset.name}", asset.read_bytes())
    tree.write("sitemap.xml", sitemap(tree.pages, chrome))
    tree.write("feed.xml", feed(data, chrome))
    tree.write("robots.txt", robots(chrome))


def _folder(address: str) -> str:
    return f"{address.rstrip('/')}/" if address else ""


def _write_documents(tree: _Tree, source: Database, data: Data, reports_text: Mapping[str, Sequence[str]]) -> None:
    current: defaultdict[str, list[ReportRows]] = defaultdict(list)
    for rows in source.reports(data):
        _write_document(tree, rows, data, reports_text)
        if is_report(rows.report) and rows.report["is_current"]:
            current[rows.report["agency_id"]].append(rows)
    for key, agency in data.agencies.items():
        tree.add(agency_page(agency, current[key], data, tree.chrome))
        records = [record for rows in current[key] for record in figure_records(rows.figures.values(), rows.report["year"], data)]
        if records:
            tree.write(f"agencies/{key}/figures.csv", as_csv(records))
            tree.write(f"agencies/{key}/figures.json", as_json(records))


def _write_document(tree: _Tree, rows: ReportRows, data: Data, reports_text: Mapping[str, Sequence[str]]) -> None:
    tree.add(report_page(rows, data, tree.chrome))
    if rows.figures:
        records = figure_records(rows.figures.values(), rows.report["year"], data)
        tree.write(f"{rows.path}figures.csv", as_csv(records))
        tree.write(f"{rows.path}figures.json", as_json(records))
    if has_source(rows.report):
        lines = reports_text[rows.report["report_id"]]
        tree.add(source_page(rows, lines, tree.chrome))
        tree.write(f"{rows.path}source.txt", source_text(lines))


def _write_indexes(tree: _Tree, data: Data) -> None:
    tree.add(home_page(data, tree.chrome))
    tree.add(agencies_page(data, tree.chrome))
    tree.add(regions_page(data, tree.chrome))
    for region in data.listed_regions:
        tree.add(region_page(region, data, tree.chrome))
    tree.add(missing_page(data, tree.chrome))
    tree.add(years_page(data, tree.chrome))
    for year in data.years:
        tree.add(year_page(year, data, tree.chrome))


def _write_changes(tree: _Tree, source: Database, data: Data) -> None:
    counted = read_counts(source)
    tree.add(changes_index_page(counted, tree.chrome))
    for date in counted:
        tree.add(changes_page(date, read_changes_of(source, date), counted, data, tree.chrome))
    tree.write("changes/feed.xml", changes_feed(counted, tree.chrome))


def _write_reference(tree: _Tree, source: Database, data: Data) -> None:
    chrome = tree.chrome
    tree.add(indicators_page(data, chrome))
    figures: defaultdict[str, list[Row]] = defaultdict(list)
    for row in source.current_figures():
        figures[row["indicator"]].append(row)
    for key, indicator in data.indicators.items():
        tree.add(indicator_page(indicator, figures[key], data, chrome))
    tree.add(checks_page(data.in_form_order(source.failing_checks()), source.check_totals(), data, chrome))
    tables = load_schema().tables
    tree.add(dictionary_page(tables, data, chrome))
    tree.add(methodology_page(source.noise(), data, chrome))
    tree.add(downloads_page(tables, {one.name: source.count(one.name) for one in tables}, chrome))
    tree.add(search_page(chrome))
    for name in ("about", "request"):
        tree.add(prose_page(name, chrome))
    corrections = source.rows("select * from corrections order by date desc, report_id, indicator, measure")
    statements = source.rows("select * from statements order by date desc, report_id, position")
    tree.add(corrections_page(corrections, statements, data, chrome))
    tree.add(not_found_page(chrome))
