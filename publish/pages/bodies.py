"""The pages of the reporting bodies: nearly all of the site, so made in parallel and kept from build to build.

A body's pages are a function of its `Body`, which holds the rows that they may use and no others. The key of a body digests all of
that and the code, so the files kept under it are those that making them again would give. Where a body's rows come from what they
came from in the last build (origins.py), its key is that of the last build, and the rows are not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from publish.filing import PublicLines
from publish.pages.agency_page import agency_page
from publish.pages.cards_page import cards_page, has_cards
from publish.pages.crew import Crew, collected_once
from publish.pages.data import COMMON_ROWS, OWN_ROWS, Data, ReportRows
from publish.pages.figure_card import figure_sentences
from publish.pages.figure_files import FigureLine, as_csv, as_json, figure_lines
from publish.pages.origins import Origin, Origins
from publish.pages.page import Chrome, Page
from publish.pages.query import Database, Plain
from publish.pages.report_page import has_source, is_report, report_page
from publish.pages.source_page import source_page, source_text
from publish.pages.store import Store
from publish.pages.tree import Tree, digest, page_files, place_files, write_file
from publish.pages.workbook import workbook
from publish.progress import Step, quiet

# Bodies and reports that one process makes at a time.
_CHUNK = 24
# Under this name the store notes the keys of the bodies.
_KEYS = "bodies"

# A digest of what the rows of a body come from, and the key of the body.
Known = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Body:
    """A body with what its pages may use: `data` without the rows of others, the public lines of its documents by report_id."""

    agency_id: str
    data: Data
    lines: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Task:
    """What another process must know to make the pages of a body. `origin` is that of its rows; `known` is of the last build."""

    agency_id: str
    own: Mapping[str, Any]
    lines: Mapping[str, Sequence[str]]
    origin: Origin | None
    known: Known | None


def _lines_of(lines: Mapping[str, Sequence[str]], report_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return the lines of some documents, to be sent to another process; those that are kept in files are read only there."""
    return lines.of(report_ids) if isinstance(lines, PublicLines) else {report_id: lines[report_id] for report_id in report_ids}


def _lines_version(lines: Mapping[str, Sequence[str]], report_id: str) -> object:
    return lines.version(report_id) if isinstance(lines, PublicLines) else tuple(lines[report_id])


def version_of(code: str, data: Data, chrome: Chrome) -> str:
    """Return a digest of all that every page depends on: `code` (with templates and words), addresses, the rows that all bodies share."""
    return digest(code, chrome.datasette, chrome.site_url, chrome.repeats, {name: getattr(data, name) for name in COMMON_ROWS})


def _key(body: Body, documents: Origin | Sequence[Mapping[str, Plain]], store: Store) -> str:
    """Return a digest of a body. `documents` are the rows of its documents, or what these come from."""
    own = {name: getattr(body.data, name) for name in OWN_ROWS}
    own["all_zero"] = sorted(own["all_zero"])
    lines = [_lines_version(body.lines, report["report_id"]) for report in body.data.reports]
    return digest(store.version, body.agency_id, own, documents, lines)


def _document_files(
    rows: ReportRows, lines_of_figures: Sequence[FigureLine], body: Body, chrome: Chrome
) -> Iterator[Page | tuple[str, bytes]]:
    yield report_page(rows, body.data, chrome)
    if rows.figures:
        sentences = figure_sentences(rows, body.data, chrome)
        yield f"{rows.path}figures.csv", as_csv(lines_of_figures)
        yield f"{rows.path}figures.json", as_json(lines_of_figures, sentences if chrome.repeats else None)
        if has_cards(rows):
            yield cards_page(rows, sentences, body.data, chrome)
    if has_source(rows.report):
        lines = body.lines[rows.report["report_id"]]
        yield source_page(rows, lines, chrome)
        yield f"{rows.path}source.txt", source_text(lines)


def _body_files(body: Body, documents: Sequence[ReportRows], chrome: Chrome) -> Iterator[Page | tuple[str, bytes]]:
    books = {rows.path: workbook([rows], body.data, chrome) for rows in documents if rows.figures and chrome.repeats}
    yield from ((f"{path}figures.xlsx", book) for path, book in books.items())
    figures: list[FigureLine] = []
    for rows in documents:
        lines = figure_lines(rows.figures.values(), rows.report["year"], body.data)
        yield from _document_files(rows, lines, body, chrome)
        if is_report(rows.report) and rows.report["is_current"]:
            figures += lines
    current = [rows for rows in documents if is_report(rows.report) and rows.report["is_current"]]
    page = agency_page(body.data.agencies[body.agency_id], current, body.data, chrome)
    yield page
    if figures:
        yield f"{page.path}figures.csv", as_csv(figures)
        yield f"{page.path}figures.json", as_json(figures)
    if figures and chrome.repeats:
        held = [rows for rows in current if rows.figures]
        book = books[held[0].path] if len(held) == 1 else workbook(held, body.data, chrome)
        yield f"{page.path}figures.xlsx", book


def _make(body: Body, documents: Sequence[ReportRows], chrome: Chrome) -> Iterator[tuple[str | None, str, bytes]]:
    """Yield the files of a body: path and content, and before them the address of the directory page that a file is."""
    for item in _body_files(body, documents, chrome):
        if isinstance(item, Page):
            for path, content in page_files(item, chrome):
                yield item.path if item.is_directory and path == item.file else None, path, content
        else:
            yield None, *item


def _write_kept(key: str, out: Path, store: Store) -> Sequence[str] | None:
    """Put the files under the key of a body into the tree and return the addresses of its pages; None where some are not there."""
    held = store.recall(key)
    return held[0] if held and place_files(out, held[1], store) else None


def _write_body(
    body: Body, task: Task, source: Database, out: Path, chrome: Chrome, store: Store | None
) -> tuple[Sequence[str], Known | None]:
    """Write the files of a body, from the store where they are there, else made and then kept.

    Return the addresses of its pages, and what the next build may know.
    """
    rows_from = _key(body, task.origin, store) if store and task.origin else ""
    if store and rows_from and task.known and task.known[0] == rows_from:
        written = _write_kept(task.known[1], out, store)
        if written is not None:
            return written, task.known
    plain = [source.plain(report) for report in body.data.reports]
    key = _key(body, plain, store) if store else ""
    known = (rows_from, key) if rows_from else None
    written = _write_kept(key, out, store) if store else None
    if written is not None:
        return written, known
    pages, files = [], []
    documents = [source.report(body.data, report, rows) for report, rows in zip(body.data.reports, plain, strict=True)]
    for address, path, content in _make(body, documents, chrome):
        files.append((path, write_file(out, path, content, store)))
        if address is not None:
            pages.append(address)
    if store:
        store.remember(key, pages, files)
    return pages, known


@lru_cache(maxsize=1)
def _common(database: Path, version: str) -> Data:
    """Return the rows that are the same for all bodies, read once in each process; `version` tells two databases at one place apart."""
    with closing(Database(database)) as source:
        return source.common()


def _write_chunk(
    database: Path, version: str, out: Path, chrome: Chrome, store: Store | None, tasks: Sequence[Task]
) -> tuple[Sequence[str], Mapping[str, Known | None]]:
    """Write the files of some bodies; return the addresses of their directory pages, and what is known of each for the next build."""
    pages: list[str] = []
    known: dict[str, Known | None] = {}
    common = _common(database, version)
    with closing(Database(database)) as source, collected_once():
        for task in tasks:
            body = Body(task.agency_id, common.with_own(task.own), task.lines)
            own_pages, known[task.agency_id] = _write_body(body, task, source, out, chrome, store)
            pages += own_pages
    return pages, known


def write_bodies(
    database: Path,
    tree: Tree,
    version: str,
    data: Data,
    lines: Mapping[str, Sequence[str]],
    origins: Origins,
    progress: Step = quiet,
) -> None:
    """Write the pages and files of every body into the tree. `progress` hears of how many bodies."""
    before = tree.store.noted(_KEYS) if tree.store else {}
    after: dict[str, Known | None] = {}

    def task(agency_id: str) -> Task:
        own = data.own_of(agency_id)
        ids = [row["report_id"] for row in own["reports"]]
        known = before.get(agency_id)
        return Task(agency_id, own, _lines_of(lines, ids), origins.of(ids), known and (known[0], known[1]))

    def written(result: tuple[Sequence[str], Mapping[str, Known | None]]) -> None:
        tree.pages.extend(result[0])
        after.update(result[1])
        progress(len(after), len(data.agencies))

    crew = Crew(tree.executor, written)
    for chunk in _chunks(data):
        crew.do(_write_chunk, database, version, tree.out, tree.chrome, tree.store, [task(agency_id) for agency_id in chunk])
    crew.finish()
    if tree.store:
        tree.store.note(_KEYS, after)


def _chunks(data: Data) -> Iterator[list[str]]:
    """Yield the ids of all bodies in parts of about as much work."""
    chunk: list[str] = []
    work = 0
    for agency_id in data.agencies:
        chunk.append(agency_id)
        work += 1 + len(data.reports_by_agency.get(agency_id, ()))
        if work >= _CHUNK:
            yield chunk
            chunk, work = [], 0
    if chunk:
        yield chunk
