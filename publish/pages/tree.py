"""The output directory of the site."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from copy import copy
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from publish.pages.crew import Crew, collected_once
from publish.pages.escape import Markdown
from publish.pages.languages import LANGUAGES, in_trees, move_links
from publish.pages.page import Chrome, Page, in_language, to_html
from publish.pages.store import Store

# Pages that one process makes at a time.
_BATCH = 24
# So few pages are made at once before another process could begin.
_FEW = 3


def digest(*parts: object) -> str:
    """Return a digest of plain values that depends on nothing but their content."""
    buffer = BytesIO()
    pickler = pickle.Pickler(buffer, pickle.HIGHEST_PROTOCOL)
    # Without the memo, equal values give equal bytes whether or not they are the same object.
    pickler.fast = True
    pickler.dump(parts)
    return hashlib.sha256(buffer.getbuffer()).hexdigest()


def page_files(page: Page, chrome: Chrome) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a page with their paths from the root: its HTML and, beside a directory's page, its Markdown."""
    yield page.file, to_html(page, chrome).encode("utf-8")
    if page.is_directory and page.markdown is not None:
        yield f"{page.path}index.md", page.markdown.encode("utf-8")


def localized(page: Page, language: str) -> Page:
    """Return a page that was made with the words of a language where it stands in that language's tree."""
    folder = LANGUAGES[language].folder
    if not folder:
        return page
    return replace(
        page,
        path=folder + page.path,
        markdown=Markdown(move_links(page.markdown or "", page.path, folder)),
        crumbs=tuple((label, path and (folder + path if in_trees(path) else path)) for label, path in page.crumbs),
        # The description for machines stands once, on the page at the root.
        json_ld=None,
    )


def write_file(out: Path, path: str, content: bytes, store: Store | None) -> str:
    """Write a file below `out` unless it holds these bytes already, as the kept one where there is a store; return their digest."""
    name = hashlib.sha256(content).hexdigest()
    target = os.path.join(out, path)
    if store is not None:
        if not store.place(name, target):
            store.put(name, content, target)
        return name
    _write_changed(Path(target), content)
    return name


def _write_changed(file: Path, content: bytes) -> None:
    try:
        if file.stat().st_size == len(content) and file.read_bytes() == content:
            return
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def place_files(out: Path, files: Sequence[tuple[str, str]], store: Store) -> bool:
    """Put kept files into the tree; tell whether all were there."""
    return all(store.place(name, os.path.join(out, path)) for path, name in files)


def _write_pages(out: Path, chrome: Chrome, store: Store | None, pages: Sequence[tuple[str, Page, str]]) -> None:
    """Write pages, each with its language and, where there is a store, its key, under which its files are kept."""
    with collected_once():
        for language, page, key in pages:
            own = in_language(chrome, language)
            files = page_files(localized(page, language), own)
            for number, (path, content) in enumerate(files):
                if store is None:
                    write_file(out, path, content, None)
                else:
                    store.put(f"{key}.{number}", content, os.path.join(out, path))


class Tree:
    """The output directory, and the addresses of the directory pages in it, for the sitemap.

    Pages are made by `executor`, where there is one, and kept in `store`; `finish` must be called after the last.
    """

    def __init__(self, out: Path, chrome: Chrome, executor: Executor | None = None, store: Store | None = None) -> None:
        self.out = out
        self.chrome = chrome
        self.executor = executor
        self.store = store
        self.pages: list[str] = []
        self._crew = Crew(executor)
        self._batch: list[tuple[str, Page, str]] = []

    def in_language(self, language: str) -> Tree:
        """Return the same tree for pages in a language."""
        twin = copy(self)
        twin.chrome = in_language(self.chrome, language)
        return twin

    def write(self, path: str, content: bytes) -> None:
        """Write a file."""
        write_file(self.out, path, content, self.store)

    def add(self, page: Page) -> None:
        """Write a page where the tree of its language has it and, beside a directory's page, its Markdown."""
        language = self.chrome.words.language
        folder = LANGUAGES[language].folder
        if page.is_directory:
            self.pages.append(folder + page.path)
        key = digest(self.store.version, language, page) if self.store else ""
        if not self._is_kept(folder, page, key):
            self._batch.append((language, page, key))
            if len(self._batch) >= _BATCH:
                self._hand_over()

    def _is_kept(self, folder: str, page: Page, key: str) -> bool:
        """Put the files of a page into the tree if the store has them; tell whether it had."""
        if self.store is None:
            return False
        names = [page.file, *([f"{page.path}index.md"] if page.is_directory and page.markdown is not None else [])]
        files = [(f"{folder}{name}", f"{key}.{number}") for number, name in enumerate(names)]
        return place_files(self.out, files, self.store)

    def _hand_over(self) -> None:
        if self._batch:
            self._crew.do(_write_pages, self.out, self.chrome, self.store, tuple(self._batch))
            self._batch.clear()

    def finish(self) -> None:
        """Wait until all pages stand."""
        if len(self._batch) <= _FEW:
            _write_pages(self.out, self.chrome, self.store, self._batch)
            self._batch.clear()
        self._hand_over()
        self._crew.finish()
