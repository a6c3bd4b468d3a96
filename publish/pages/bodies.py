"""The pages of the reporting bodies: nearly all of the site, so made in parallel and only where they may be other pages than before.

A body's pages are a function of its `Body`, which holds the rows that they may use and no others. The key of a body digests all of
that, so where it is that of the last build, the files that stand are those that making them again would give. Where a body's rows
come from what they came from in the last build (origins.py), its key is that of the last build, and the rows are not read.
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
from publish.pages.made import MadeBody
from publish.pages.origins import Origin, Origins
from publish.pages.page import Chrome, Page
from publish.pages.query import Database, Plain
from publish.pages.report_page import has_source, is_report, report_page
from publish.pages.source_page import source_page, source_text
from publish.pages.tree import Tree, digest, page_files, write_file
from publish.pages.workbook import workbook
from publish.progress import Step, quiet

# Bodies and reports that one process makes at a time.
_CHUNK = 24


@dataclass(frozen=True, slots=True)
class Body:
    """A body with what its pages may use: `data` without the rows of others, the public lines of its documents by report_id."""

    agency_id: str
    data: Data
    lines: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Task:
    """What another process must know to make the pages of a body. `origin` is that of its rows; `before` is of the last build."""

    agency_id: str
    own: Mapping[str, Any]
    lines: Mapping[str, Sequence[str]]
    origin: Origin | None
    before: MadeBody | None


def _lines_of(lines: Mapping[str, Sequence[str]], report_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Return the lines of some documents, to be sent to another process; those that are kept in files are read only there."""
    return lines.of(report_ids) if isinstance(lines, PublicLines) else {report_id: lines[report_id] for report_id in report_ids}


def _lines_version(lines: Mapping[str, Sequence[str]], report_id: str) -> object:
    return lines.version(report_id) if isinstance(lines, PublicLines) else tuple(lines[report_id])


def version_of(code: str, data: Data, chrome: Chrome) -> str:
    """Return a digest of all that every page depends on: `code` (with templates and words), addresses, the rows that all bodies share."""
    return digest(code, chrome.datasette, chrome.site_url, chrome.repeats, {name: getattr(data, name) for name in COMMON_ROWS})


def _key(body: Body, documents: Origin | Sequence[Mapping[str, Plain]]) -> str:
    """Return a digest of a body. `documents` are the rows of its documents, or what these come from."""
    own = {name: getattr(body.data, name) for name in OWN_ROWS}
    own["all_zero"] = sorted(own["all_zero"])
    lines = [_lines_version(body.lines, report["report_id"]) for report in body.data.reports]
    return digest(body.agency_id, own, documents, lines)


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


def _write_body(body: Body, task: Task, source: Database, out: Path, chrome: Chrome) -> tuple[MadeBody, bool]:
    """Write the files of a body, unless they stand as they are; return what they are made of, and whether they were written."""
    rows_from = _key(body, task.origin) if task.origin else ""
    if task.before and rows_from and task.before.rows_from == rows_from:
        return task.before, False
    plain = [source.plain(report) for report in body.data.reports]
    key = _key(body, plain)
    if task.before and task.before.key == key:
        return MadeBody(rows_from, key, task.before.pages), False
    pages = []
    documents = [source.report(body.data, report, rows) for report, rows in zip(body.data.reports, plain, strict=True)]
    for address, path, content in _make(body, documents, chrome):
        write_file(out, path, content)
        if address is not None:
            pages.append(address)
    return MadeBody(rows_from, key, pages), True


@lru_cache(maxsize=1)
def _common(database: Path, version: str) -> Data:
    """Return the rows that are the same for all bodies, read once in each process; `version` tells two databases at one place apart."""
    with closing(Database(database)) as source:
        return source.common()


def _write_chunk(
    database: Path, version: str, out: Path, chrome: Chrome, tasks: Sequence[Task]
) -> Sequence[tuple[str, tuple[MadeBody, bool]]]:
    """Write the files of some bodies; return of each what they are made of, and whether they were written."""
    common = _common(database, version)
    with closing(Database(database)) as source, collected_once():
        bodies = [Body(task.agency_id, common.with_own(task.own), task.lines) for task in tasks]
        return [(task.agency_id, _write_body(body, task, source, out, chrome)) for body, task in zip(bodies, tasks, strict=True)]


def write_bodies(
    database: Path, tree: Tree, data: Data, lines: Mapping[str, Sequence[str]], origins: Origins, progress: Step = quiet
) -> Sequence[str]:
    """Write the pages and files of every body into the tree that don't stand; return the bodies of which they were written.

    `progress` hears of how many bodies.
    """
    before = tree.before.made.bodies if tree.before else {}
    written: list[str] = []

    def task(agency_id: str) -> Task:
        own = data.own_of(agency_id)
        ids = [row["report_id"] for row in own["reports"]]
        return Task(agency_id, own, _lines_of(lines, ids), origins.of(ids), before.get(agency_id))

    def done(result: Sequence[tuple[str, tuple[MadeBody, bool]]]) -> None:
        for agency_id, (made, anew) in result:
            tree.made.bodies[agency_id] = made
            tree.pages.extend(made.pages)
            if anew:
                written.append(agency_id)
        progress(len(tree.made.bodies), len(data.agencies))

    crew = Crew(tree.executor, done)
    for chunk in _chunks(data):
        crew.do(_write_chunk, database, tree.made.version, tree.out, tree.chrome, [task(agency_id) for agency_id in chunk])
    crew.finish()
    return written


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
