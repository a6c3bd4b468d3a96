"""The output directory of the site."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from copy import copy
from dataclasses import replace
from io import BytesIO
from itertools import islice
from pathlib import Path

from publish.pages.crew import Crew, collected_once
from publish.pages.escape import Markdown
from publish.pages.languages import LANGUAGES, in_trees, move_links
from publish.pages.made import Before, Made, MadeBundle
from publish.pages.page import Chrome, Page, in_language, to_html

# Pages that one process makes at a time.
_BATCH = 24
# So few pages are made at once before another process could begin.
_FEW = 3
_INDEX = "index.html"  # the file of a directory page


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


def write_file(out: Path, path: str, content: bytes) -> None:
    """Write a file below `out` unless it holds these bytes already."""
    target = os.path.join(out, path)
    try:
        _write_new(target, content)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        _write_new(target, content)
    except FileExistsError:
        file = Path(target)
        if file.stat().st_size != len(content) or file.read_bytes() != content:
            file.write_bytes(content)


def _write_new(target: str, content: bytes) -> None:
    with open(target, "xb") as file:
        file.write(content)


def _write_pages(out: Path, chrome: Chrome, pages: Sequence[tuple[str, Page]]) -> None:
    """Write pages, each with its language."""
    with collected_once():
        for language, page in pages:
            own = in_language(chrome, language)
            for path, content in page_files(localized(page, language), own):
                write_file(out, path, content)


class Tree:
    """The output directory, and the addresses of the directory pages in it, for the sitemap.

    Pages are made by `executor`, where there is one; `finish` must be called after the last. What `before` holds isn't made again, and
    then doesn't lie in the directory. `made` notes what all files are made of; `version` digests what every page depends on.
    """

    def __init__(self, out: Path, chrome: Chrome, version: str, executor: Executor | None = None, before: Before | None = None) -> None:
        self.out = out
        self.chrome = chrome
        self.executor = executor
        self.before = before if before and before.made.version == version else None
        self.made = Made(version)
        self.pages: list[str] = []
        self._crew = Crew(executor)
        self._batch: list[tuple[str, Page]] = []

    def in_language(self, language: str) -> Tree:
        """Return the same tree for pages in a language."""
        twin = copy(self)
        twin.chrome = in_language(self.chrome, language)
        return twin

    def write(self, path: str, content: bytes) -> None:
        """Write a file."""
        if not self.note([path], hashlib.sha256(content).hexdigest()):
            write_file(self.out, path, content)

    def note(self, paths: Iterable[str], key: str) -> bool:
        """Note what files are made of; tell whether all stand as they are."""
        paths = list(paths)
        self.made.files.update(dict.fromkeys(paths, key))
        return self.before is not None and all(self.before.holds(path, key) for path in paths)

    def add(self, page: Page) -> None:
        """Write a page where the tree of its language has it and, beside a directory's page, its Markdown."""
        language = self.chrome.words.language
        folder = LANGUAGES[language].folder
        if page.is_directory:
            self.pages.append(folder + page.path)
        names = [page.file, *([f"{page.path}index.md"] if page.is_directory and page.markdown is not None else [])]
        if not self.note((folder + name for name in names), digest(language, page)):
            self._batch.append((language, page))
            if len(self._batch) >= _BATCH:
                self._hand_over()

    def bundle(self, name: str, key: str, make: Callable[[], object]) -> None:
        """Have `make` add pages and write files that are made together, unless all stand as they are: `key` digests all that they are
        made of.
        """
        held = self.before.made.bundles.get(name) if self.before else None
        if self.before and held and held.key == key:
            self.made.files.update((path, self.before.made.files[path]) for path in held.paths)
            self.pages.extend(path.removesuffix(_INDEX) for path in held.paths if os.path.basename(path) == _INDEX)
        else:
            noted = len(self.made.files)
            make()
            new = islice(reversed(self.made.files), len(self.made.files) - noted)
            held = MadeBundle(key, list(new)[::-1])
        self.made.bundles[name] = held

    def _hand_over(self) -> None:
        if self._batch:
            self._crew.do(_write_pages, self.out, self.chrome, tuple(self._batch))
            self._batch.clear()

    def finish(self) -> None:
        """Wait until all pages stand."""
        if len(self._batch) <= _FEW:
            _write_pages(self.out, self.chrome, self._batch)
            self._batch.clear()
        self._hand_over()
        self._crew.finish()
