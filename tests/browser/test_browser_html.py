"""Every page is valid as a parser sees it: what a browser makes of it is what was written, names are unique and lead somewhere."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# SVG keeps the case of its names in the browser's tree; as written there is none to compare.
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "list", "headers")


class Written(HTMLParser):
    """The elements as written, each with its depth, taking end tags at their word."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[int, str]] = []
        self.depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((self.depth, tag))
        self.depth += tag not in VOID

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((self.depth, tag))

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag not in VOID


def written(html: str) -> list[tuple[int, str]]:
    reader = Written()
    reader.feed(html)
    reader.close()
    return reader.elements


def understood(html: str) -> list[tuple[int, str]]:
    """Return the elements of the tree that a browser builds, each with its depth."""
    found: list[tuple[int, str]] = []
    waiting: list[tuple[int, LexborNode]] = [(0, LexborHTMLParser(html).root)]
    while waiting:
        depth, node = waiting.pop()
        found.append((depth, (node.tag or "").lower()))
        children = [child for child in node.iter(include_text=False) if child.tag and not child.tag.startswith(("-", "!"))]
        waiting += [(depth + 1, child) for child in reversed(children)]
    return found


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[str, str]:
    files = (file for file in sorted(built.rglob("*.html")) if "data" not in file.relative_to(built).parts)
    return {file.relative_to(built).as_posix(): file.read_text(encoding="utf-8") for file in files}


@pytest.mark.parametrize("fault", ["<p><div></div></p>", "<table><p></p><tbody></tbody></table>", "<a><a></a></a>", "<tr><td></td></tr>"])
def test_a_fault_of_nesting_is_seen(fault: str) -> None:
    html = f"<!DOCTYPE html><html><head></head><body>{fault}</body></html>"
    assert written(html) != understood(html)


def test_a_browser_understands_every_page_as_it_is_written(pages: dict[str, str]) -> None:
    for name, html in pages.items():
        pairs = zip(written(html), understood(html), strict=False)
        difference = next(((place, pair) for place, pair in enumerate(pairs) if pair[0] != pair[1]), None)
        assert difference is None and len(written(html)) == len(understood(html)), f"{name}: {difference}"


def test_names_are_unique_and_references_lead_to_one(pages: dict[str, str]) -> None:
    for name, html in pages.items():
        tree = LexborHTMLParser(html)
        ids = [node.attributes["id"] for node in tree.css("[id]")]
        assert len(ids) == len(set(ids)) and all(one and not one.isspace() for one in ids), name
        for attribute in REFERENCES:
            for node in tree.css(f"[{attribute}]"):
                for target in (node.attributes[attribute] or "").split():
                    assert target in ids, f"{name}: {attribute}={target}"


def test_every_page_says_its_language_and_every_picture_what_it_shows(pages: dict[str, str]) -> None:
    for name, html in pages.items():
        tree = LexborHTMLParser(html)
        assert tree.css_first("html").attributes.get("lang"), name
        assert tree.css_first("title").text(strip=True), name
        for picture in tree.css("img"):
            assert "alt" in picture.attributes, name
        for picture in tree.css("svg"):
            label = picture.attributes.get("aria-labelledby") or picture.attributes.get("aria-label")
            assert label or picture.attributes.get("aria-hidden") == "true", f"{name}: {picture.html[:100]}"
