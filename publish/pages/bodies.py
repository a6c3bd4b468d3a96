"""The pages of the reporting bodies: nearly all of the site, so made in parallel and kept from build to build.

A body's pages are a function of its `Body`, which holds the rows that they may use and no others. The key of a body digests all of
that and the code, so the files kept under it are those that making them again would give. The store can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import closing
from dataclasses import dataclass, fields
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path

from publish.pages.agency_page import agency_page
from publish.pages.figure_files import as_csv, as_json, figure_records
from publish.pages.page import Chrome, Page
from publish.pages.query import OWN_ROWS, Data, Database, ReportRows
from publish.pages.report_page import has_source, is_report, report_page
from publish.pages.source_page import source_page, source_text
from publish.pages.tree import page_files, write_file
from publish.progress import Step, quiet

_CHUNK = 16
_CHUNKS_AHEAD = 4
# Pages are repetitive: the fastest level already makes them a fifth.
_COMPRESSION = 1


@dataclass(frozen=True, slots=True)
class Store:
    """Where the files of bodies are kept, and what they depend on besides the body: code, templates, words, shared rows."""

    folder: Path
    version: str


@dataclass(frozen=True, slots=True)
class Body:
    """A body with what its pages may use: `data` without the rows of others, the public lines of its documents by report_id."""

    agency_id: str
    data: Data
    lines: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Made:
    """The files of a body, and the addresses of the directory pages among them."""

    pages: Sequence[str]
    files: Sequence[tuple[str, bytes]]


def _digest(*parts: object) -> str:
    """Return a digest of plain values that depends on nothing but their content."""
    buffer = BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    # Without the memo, equal values give equal bytes whether or not they are the same object.
    pickler.fast = True
    pickler.dump(parts)
    return hashlib.sha256(buffer.getbuffer()).hexdigest()


def _values(rows: ReportRows) -> dict[str, object]:
    return {each.name: getattr(rows, each.name) for each in fields(rows)}


def open_store(folder: Path, code: str, data: Data, chrome: Chrome) -> Store:
    """Return the store for these rows that all bodies share. `code` is the version of code, templates and words."""
    shared = {each.name: getattr(data, each.name) for each in fields(data) if each.name not in OWN_ROWS}
    return Store(folder, _digest(code, chrome.datasette, chrome.site_url, shared))


def _key(body: Body, documents: Sequence[ReportRows], store: Store) -> str:
    own = {name: getattr(body.data, name) for name in OWN_ROWS}
    own["all_zero"] = sorted(own["all_zero"])
    lines = [body.lines.get(rows.report["report_id"]) for rows in documents]
    return _digest(store.version, body.agency_id, own, [_values(rows) for rows in documents], lines)


def _document_files(rows: ReportRows, body: Body, chrome: Chrome) -> Iterator[Page | tuple[str, bytes]]:
    yield report_page(rows, body.data, chrome)
    if rows.figures:
        records = figure_records(rows.figures.values(), rows.report["year"], body.data)
        yield f"{rows.path}figures.csv", as_csv(records)
        yield f"{rows.path}figures.json", as_json(records)
    if has_source(rows.report):
        lines = body.lines[rows.report["report_id"]]
        yield source_page(rows, lines, chrome)
        yield f"{rows.path}source.txt", source_text(lines)


def _body_files(body: Body, documents: Sequence[ReportRows], chrome: Chrome) -> Iterator[Page | tuple[str, bytes]]:
    for rows in documents:
        yield from _document_files(rows, body, chrome)
    current = [rows for rows in documents if is_report(rows.report) and rows.report["is_current"]]
    page = agency_page(body.data.agencies[body.agency_id], current, body.data, chrome)
    yield page
    records = [record for rows in current for record in figure_records(rows.figures.values(), rows.report["year"], body.data)]
    if records:
        yield f"{page.path}figures.csv", as_csv(records)
        yield f"{page.path}figures.json", as_json(records)


def _make(body: Body, documents: Sequence[ReportRows], chrome: Chrome) -> _Made:
    pages, files = [], []
    for item in _body_files(body, documents, chrome):
        if isinstance(item, Page):
            files.extend(page_files(item, chrome))
            if item.is_directory:
                pages.append(item.path)
        else:
            files.append(item)
    return _Made(pages, files)


def _kept(body: Body, documents: Sequence[ReportRows], chrome: Chrome, store: Store) -> _Made:
    """Return the files of a body from the store, where they are there, else made and then kept."""
    key = _key(body, documents, store)
    path = store.folder / key[:2] / key
    try:
        return pickle.loads(zlib.decompress(path.read_bytes()))
    except (OSError, zlib.error, pickle.PickleError, EOFError, AttributeError):
        made = _make(body, documents, chrome)
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}")
    scratch.write_bytes(zlib.compress(pickle.dumps(made, pickle.HIGHEST_PROTOCOL), _COMPRESSION))
    scratch.replace(path)
    return made


def _write_chunk(database: Path, out: Path, chrome: Chrome, store: Store | None, bodies: Sequence[Body]) -> list[str]:
    """Write the files of some bodies; return the addresses of their directory pages."""
    pages: list[str] = []
    with closing(Database(database)) as source:
        for body in bodies:
            documents = list(source.reports(body.data))
            made = _make(body, documents, chrome) if store is None else _kept(body, documents, chrome, store)
            pages += made.pages
            for path, content in made.files:
                write_file(out, path, content)
    return pages


def _in_turn(
    executor: Executor | None, work: Callable[[Sequence[Body]], list[str]], chunks: Iterable[Sequence[Body]]
) -> Iterator[list[str]]:
    """Yield the results of `work` in order, with few chunks under way at a time, so that memory does not grow with their number."""
    if executor is None:
        yield from map(work, chunks)
        return
    waiting: deque[Future[list[str]]] = deque()
    for chunk in chunks:
        waiting.append(executor.submit(work, chunk))
        if len(waiting) >= _CHUNKS_AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def write_bodies(
    database: Path,
    out: Path,
    chrome: Chrome,
    data: Data,
    lines: Mapping[str, Sequence[str]],
    executor: Executor | None = None,
    store: Store | None = None,
    progress: Step = quiet,
) -> list[str]:
    """Write the pages and files of every body; return the addresses of the directory pages. `progress` hears of how many bodies."""

    def body(agency_id: str) -> Body:
        own = data.reports_by_agency.get(agency_id, ())
        return Body(agency_id, data.of_body(agency_id), {row["report_id"]: lines[row["report_id"]] for row in own})

    bodies = map(body, data.agencies)
    chunks = iter(lambda: list(islice(bodies, _CHUNK)), [])
    work = partial(_write_chunk, database, out, chrome, store)
    addresses: list[str] = []
    for done, pages in enumerate(_in_turn(executor, work, chunks), 1):
        addresses += pages
        progress(min(done * _CHUNK, len(data.agencies)), len(data.agencies))
    return addresses
