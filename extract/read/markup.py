"""HTML: blocks become lines, data tables become grids with their spans resolved, meta tags become properties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extract.model import Document
from extract.read.builder import Cell, DocumentBuilder, visible
from extract.read.page_lines import lines_and_links
from extract.read.refusal import refusal
from extract.read.walk import count, elements, walk

_MAX_PROPERTY_CHARACTERS = 1000
_MAX_PICTURES = 500
_LEAST_PICTURE_WIDTH = 200

# The parser's time grows with the square of the nesting; browsers themselves stop at 512.
_MAX_DEPTH = 1000
_MAX_TAGS = 500_000
_TAG = re.compile(r"</?[a-z]", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def read_markup(text: str, encoding: str) -> Document:
    """Read an HTML page, or a fragment of one."""
    tree = _parse(text)
    properties = _properties(tree)
    builder = DocumentBuilder()
    pieces: list[str] = []
    for piece in walk(_written_out(tree)):
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            _add_lines(builder, pieces)
            pieces = []
            builder.add_grid(piece)
    _add_lines(builder, pieces)
    return builder.build("text/html", encoding, properties)


def _add_lines(builder: DocumentBuilder, pieces: Sequence[str]) -> None:
    for text, links in lines_and_links(pieces):
        builder.add_text(text, links=links)


def read_tables(text: str) -> list[list[Cell]]:
    """Return the data tables of a piece of HTML; a cell's line is that of its attribute `data-line`, if it has one."""
    return [piece for piece in walk(_written_out(_parse(text))) if not isinstance(piece, str)]


def _parse(text: str) -> LexborHTMLParser:
    """Parse a page, unless it is built to exhaust the parser."""
    tags = text.count("<")
    if (tags > _MAX_DEPTH and _may_be_deep(text, tags) and _is_too_deep(text)) or (
        tags > _MAX_TAGS and len(_TAG.findall(text)) > _MAX_TAGS
    ):
        raise refusal("too_much_text")
    return LexborHTMLParser(text)


def _written_out(tree: LexborHTMLParser) -> str:
    """Return the page as the parser understood it, without scripts and styles."""
    for node in reversed(tree.css(", ".join(sorted(elements("raw"))))):  # what is inside another goes first
        node.decompose()
    return tree.html or ""


@cache
def _nesting_tag() -> re.Pattern[str]:
    others = "|".join(sorted(elements("closed_by_others")))
    return re.compile(rf"<(/?)(?!(?:{others})(?![a-z0-9]))[a-z]")


def _may_be_deep(text: str, tags: int) -> bool:
    """A quick look: no more elements are open at once than tags open one, and cells and paragraphs do not add to the nesting."""
    opening = tags
    for other in ("</", "<td>", "<td ", "<p>", "<p "):
        opening -= text.count(other)
        if opening <= _MAX_DEPTH:
            return False
    return True


def _is_too_deep(text: str) -> bool:
    depth = 0
    for closes in _nesting_tag().findall(text.lower()):
        if not closes:
            depth += 1
            if depth > _MAX_DEPTH:
                return True
        elif depth:
            depth -= 1
    return False


def _properties(tree: LexborHTMLParser) -> list[tuple[str, str]]:
    """Return title, named meta tags and the canonical address, as the page spells their names, in its order.

    `pictures` counts those that stand in the place of text.
    """
    found = []
    for node in tree.css("title, meta, link"):
        attributes = node.attributes
        if node.tag == "title":
            name, value = "title", node.text()
        elif node.tag == "meta":
            name, value = attributes.get("name") or attributes.get("property"), attributes.get("content")
        else:
            name, value = "canonical" if attributes.get("rel") == "canonical" else None, attributes.get("href")
        value = _SPACES.sub(" ", visible(value or ""))
        if name and value:
            found.append((name.strip(), value[:_MAX_PROPERTY_CHARACTERS]))
    pictures = sum(_stands_alone(picture) for picture in tree.css("p img, td img")[:_MAX_PICTURES])
    if pictures:
        found.append(("pictures", str(pictures)))
    return found


def _stands_alone(picture: LexborNode) -> bool:
    """Tell a picture that takes the place of a paragraph or a table from an icon beside text."""
    width = picture.attributes.get("width")
    if width and count(width) < _LEAST_PICTURE_WIDTH:
        return False
    block = picture.parent
    while block is not None and block.tag not in elements("blocks"):
        block = block.parent
    return block is not None and not visible(block.text())
