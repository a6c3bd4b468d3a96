"""The output directory of the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from publish.pages.escape import Markdown
from publish.pages.languages import LANGUAGES, in_trees, move_links
from publish.pages.page import Chrome, Page, to_html


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
    file = out / path
    try:
        if file.stat().st_size == len(content) and file.read_bytes() == content:
            return
        file.write_bytes(content)
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


@dataclass
class Tree:
    """The output directory, and the addresses of the directory pages in it, for the sitemap."""

    out: Path
    chrome: Chrome
    pages: list[str] = field(default_factory=list)

    def write(self, path: str, content: bytes) -> None:
        """Write a file unless it holds these bytes already."""
        write_file(self.out, path, content)

    def add(self, page: Page) -> None:
        """Write a page where the tree of its language has it and, beside a directory's page, its Markdown."""
        page = localized(page, self.chrome.words.language)
        for path, content in page_files(page, self.chrome):
            self.write(path, content)
        if page.is_directory:
            self.pages.append(page.path)
