"""The static site: every page from the finished database, through the Markdown templates of site/.

    rows (query) → page as a value (report_page, agency_page, …) → Markdown → HTML (page) → files (here)

A page is made by a pure function of rows; only this module, `query`, `bodies` and `tree` touch the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from publish.accuracy import read_generated, read_planted, read_real
from publish.benchmark import read_benchmark
from publish.findings import Finding
from publish.fingerprint import code_version
from publish.pages import parts
from publish.pages.accuracy_page import accuracy_page
from publish.pages.bodies import version_of, write_bodies
from publish.pages.changes_page import Counts, changes_feed, changes_index_page, changes_page, read_changes_of, read_counts
from publish.pages.checks_page import checks_pages
from publish.pages.compare_page import compare_files, compare_page
from publish.pages.corrections_page import corrections_page
from publish.pages.coverage import Coverage, read_coverage
from publish.pages.data import Data, Row
from publish.pages.distribution import Groups, read_distributions
from publish.pages.feeds import feed, region_feed, robots, sitemap
from publish.pages.findings_pages import findings_pages, read_findings
from publish.pages.index_pages import agencies_page, home_page, regions_page, year_pages, years_page
from publish.pages.indicator_pages import MOST_FIGURES, indicator_page, indicators_page
from publish.pages.languages import LANGUAGES
from publish.pages.links import rooted
from publish.pages.made import Before, Made, body_folder
from publish.pages.missing_pages import missing_pages
from publish.pages.numbers import Number
from publish.pages.origins import Origins
from publish.pages.page import Chrome, to_html
from publish.pages.peers import peers_of_bodies
from publish.pages.peers_pages import group_pages, picture_files, read_figures
from publish.pages.query import Database
from publish.pages.reference_pages import dictionary_page, downloads_page, methodology_page, not_found_page, prose_page, search_page
from publish.pages.region_page import region_page, region_path
from publish.pages.request_page import request_page
from publish.pages.search_files import segments_in
from publish.pages.search_index import index_files, section_documents
from publish.pages.search_names import name_documents
from publish.pages.speed_page import speed_page
from publish.pages.tree import Tree
from publish.pages.words import SITE, load_words
from publish.progress import Step, quiet
from publish.renewal import Renewal
from publish.schema import load_schema
from publish.site_zip import NAME, fits, write_zip
from publish.stretches import Stretch

__all__ = ["Site", "build_site"]


@dataclass(frozen=True, slots=True)
class Site:
    """What the files of a site were made of and, where it stands beside the tree before, what that one needs to become it."""

    made: Made
    renewal: Renewal | None


def build_site(
    database: Path,
    reports_text: Mapping[str, Sequence[str]],
    out: Path,
    *,
    datasette: str | None,
    site_url: str | None = None,
    executor: Executor | None = None,
    before: Before | None = None,
    stretches: Sequence[Stretch] = (),
    progress: Step = quiet,
) -> Site:
    """Write the pages of the site into `out`.

    `reports_text` holds the public lines of each document by report_id. `datasette` is where Datasette answers, before the
    name of the database: an address, or "" beside the site; None leaves its links out. `site_url` is the public address of
    the site, which sitemap and feed repeat. The pages of bodies are made by `executor`, where there is one. With the tree `before`,
    only files that it lacks or that may be others than it has are written; `stretches`, which the making of the database told, then
    save reading what they are made of. `progress` hears of how many bodies.
    """
    if before and (before.folder / NAME).exists():
        # A zip is of a whole tree, which is then a small one.
        before = None
    chrome = Chrome(load_words(), None if datasette is None else f"{_folder(datasette)}gongkai/", _folder(site_url) if site_url else None)
    with closing(Database(database)) as source:
        data = source.shared()
        chrome = replace(chrome, repeats=len(data.reports) <= parts.MOST_REPEATED)
        data = replace(data, peers=peers_of_bodies(data))
        tree = Tree(out, chrome, version_of(code_version(), data, chrome), executor, before)
        trees = [tree.in_language(language) for language in LANGUAGES]
        with _beside(executor) as do:
            bodies = do(write_bodies, database, tree, data, reports_text, Origins(source, stretches), progress)
            rows = _read_rows(source, data)
            for each in trees:
                _write_language(each, rows, data)
            _write_indicators(trees, source, rows, data)
            _write_once(tree, source, rows, data)
            written = [body_folder(agency_id) for agency_id in bodies.result()]
        zipped = fits(out / "data", *_folders_of_bodies(tree, set(written)))
        for each in trees:
            each.add(downloads_page(load_schema().tables, dict(rows.counts), each.chrome, zipped, list(data.usage_warnings.values())))
        tree.finish()
    for asset in sorted((SITE / "assets").iterdir()):
        tree.write(f"assets/{asset.name}", asset.read_bytes())
    # Browsers ask for it at the root, whatever a page says.
    tree.write("favicon.ico", (SITE / "favicon.ico").read_bytes())
    for name, content in sitemap(tree.pages, chrome).items():
        tree.write(name, content)
    tree.write("feed.xml", feed(data, chrome))
    tree.write("robots.txt", robots(chrome))
    if zipped and tree.before:
        # The tree before had outgrown its zip, and this one has not.
        options = {"datasette": datasette, "site_url": site_url, "executor": executor, "stretches": stretches, "progress": progress}
        return build_site(database, reports_text, out, **options)
    if zipped:
        write_zip(out)
    renewal = Renewal(["data", *written], list(tree.before.gone(tree.made))) if tree.before else None
    return Site(tree.made, renewal)


def _folders_of_bodies(tree: Tree, written: Container[str]) -> Iterator[Path]:
    """Yield where the files of each body stand: in this tree or that before it."""
    for agency_id in tree.made.bodies:
        folder = body_folder(agency_id)
        yield (tree.out if folder in written or tree.before is None else tree.before.folder) / folder


@contextmanager
def _beside(executor: Executor | None) -> Iterator[Callable[..., Future[Any]]]:
    """Yield what does a task while this thread does others, where processes work for both; else at once."""
    if executor is None:
        yield _done
        return
    # Its processes are started before there is a second thread.
    executor.submit(int).result()
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit


def _done(task: Callable[..., object], *given: object) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(task(*given))
    return future


def _folder(address: str) -> str:
    return f"{address.rstrip('/')}/" if address else ""


@dataclass(frozen=True, slots=True)
class _Rows:
    """What pages in every language are made of besides `Data`: of a large database a slow question, so asked once for all of them."""

    coverage: Coverage
    peers: Groups
    figures: Mapping[str, Sequence[Number | None]]
    findings: Sequence[Finding]
    standings: Mapping[str, Row]
    failing: list[Row]
    totals: list[Row]
    noise: Sequence[Row]
    counts: Mapping[str, int]
    corrections: Sequence[Row]
    statements: Sequence[Row]
    changes: Mapping[str, Counts]
    changes_of: Mapping[str, Mapping[str, list[Row]]]


def _read_rows(source: Database, data: Data) -> _Rows:
    changes = read_counts(source)
    return _Rows(
        coverage=read_coverage(source, data),
        peers=read_distributions(source),
        figures=read_figures(source),
        findings=read_findings(source),
        standings=source.standings(),
        failing=data.in_form_order(source.failing_checks()),
        totals=source.check_totals(),
        noise=source.noise(),
        counts={table.name: source.count(table) for table in load_schema().tables},
        corrections=source.rows("select * from corrections order by date desc, report_id, indicator, measure"),
        statements=source.rows("select * from statements order by date desc, report_id, position"),
        changes=changes,
        changes_of={date: read_changes_of(source, date) for date in changes},
    )


def _write_language(tree: Tree, rows: _Rows, data: Data) -> None:
    """Write the pages that every language has and that need no page of a body."""
    _write_indexes(tree, rows, data)
    _write_reference(tree, rows, data)
    for page in group_pages(rows.peers, rows.figures, data, tree.chrome):
        tree.add(page)
    _write_changes(tree, rows, data)
    tree.add(search_page(tree.chrome))
    tree.add(compare_page(data, tree.chrome))


def _write_indexes(tree: Tree, rows: _Rows, data: Data) -> None:
    tree.add(home_page(data, rows.coverage, rows.findings, tree.chrome))
    for page in findings_pages(rows.findings, data, tree.chrome):
        tree.add(page)
    tree.add(agencies_page(data, tree.chrome))
    tree.add(regions_page(data, tree.chrome))
    for region in data.listed_regions:
        tree.add(region_page(region, data, rows.coverage, tree.chrome))
    for page in missing_pages(data, rows.coverage, tree.chrome):
        tree.add(page)
    tree.add(years_page(data, tree.chrome))
    for year in data.years:
        for page in year_pages(year, data, rows.coverage, tree.chrome):
            tree.add(page)


def _write_changes(tree: Tree, rows: _Rows, data: Data) -> None:
    tree.add(changes_index_page(rows.changes, tree.chrome))
    for date, changes in rows.changes_of.items():
        tree.add(changes_page(date, changes, rows.changes, data, tree.chrome))
    if not LANGUAGES[tree.chrome.words.language].folder:
        tree.write("changes/feed.xml", changes_feed(rows.changes, tree.chrome))


def _write_indicators(trees: Sequence[Tree], source: Database, rows: _Rows, data: Data) -> None:
    """Write the pages of each indicator in all languages, so that no more than the figures of one are in memory."""
    for key, indicator in data.indicators.items():
        standing = rows.standings.get(key)
        n = standing["figures"] if standing else 0
        figures = source.current_figures(key) if 0 < n <= MOST_FIGURES else []
        for tree in trees:
            tree.add(indicator_page(indicator, n, figures, standing, rows.peers, data, tree.chrome))


def _write_reference(tree: Tree, rows: _Rows, data: Data) -> None:
    chrome = tree.chrome
    tree.add(indicators_page(data, chrome))
    for page in checks_pages(rows.failing, rows.totals, data, chrome):
        tree.add(page)
    tree.add(dictionary_page(load_schema().tables, data, chrome))
    tree.add(methodology_page(rows.noise, data, chrome))
    tree.add(accuracy_page(read_generated(), read_real(), read_planted(), data, chrome))
    tree.add(speed_page(read_benchmark(), chrome))
    tree.add(prose_page("about", chrome))
    tree.add(request_page(chrome))
    tree.add(corrections_page(rows.corrections, rows.statements, data, chrome))


def _write_once(tree: Tree, source: Database, rows: _Rows, data: Data) -> None:
    """Write what stands once: the page for what is not there, and the files that scripts read in every language."""
    chrome = tree.chrome
    sections = source.each("select report_id, position, heading, text from sections order by report_id, position")
    searched = {"names": name_documents(data, rows.coverage), "sections": section_documents(sections, data)}
    for path, content in chain(
        index_files(searched, segments_in(tree)), compare_files(data), picture_files(rows.peers, data, chrome.words)
    ):
        tree.write(path, content)
    for region in data.listed_regions:
        key = region["region_id"]
        tree.write(f"{region_path(key)}feed.xml", region_feed(region, data.agencies_within.get(key, ()), data, chrome))
    not_found = not_found_page(chrome)
    html = to_html(not_found, chrome)
    tree.write(not_found.file, (rooted(html, urlsplit(chrome.site_url).path) if chrome.site_url else html).encode("utf-8"))
