"""HTML: blocks become lines, data tables become grids with their spans resolved, meta tags become properties."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from selectolax.lexbor import LexborHTMLParser, LexborNode

from extract.model import Document
from extract.read.builder import MAX_CELL_CHARACTERS, Cell, DocumentBuilder, Spanning, place, visible
from extract.read.refusal import refusal

_CELLS = frozenset(("td", "th"))
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_MAX_PROPERTY_CHARACTERS = 1000
_MAX_PICTURES = 500
_LEAST_PICTURE_WIDTH = 200

# The parser's time grows with the square of the nesting; browsers themselves stop at 512.
_MAX_DEPTH = 1000
_MAX_TAGS = 500_000
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_CJK = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SPACES = re.compile(r"\s+")

# Text pieces of a page in order; None is the edge of a block or a line break.
_Piece = str | None


def read_markup(text: str, encoding: str) -> Document:
    """Read an HTML page, or a fragment of one."""
    if _is_excessive(text):
        raise refusal("too_much_text")
    tree = LexborHTMLParser(text)
    builder = DocumentBuilder()
    pieces: list[_Piece] = []
    for piece in _flow(tree.root, _data_tables(tree.root)):
        if isinstance(piece, LexborNode):
            builder.add_text(_lines(pieces))
            pieces = []
            builder.add_grid(place(_rows(piece)))
        else:
            pieces.append(piece)
    builder.add_text(_lines(pieces))
    return builder.build("text/html", encoding, _properties(tree))


@cache
def _elements(kind: str) -> frozenset[str]:
    """Return the element names that `elements.yml` lists under `kind`."""
    text = Path(__file__).with_name("elements.yml").read_text("utf-8")
    return frozenset(yaml.load(text, Loader=yaml.CSafeLoader)[kind])


def read_tables(text: str) -> list[list[Cell]]:
    """Return the data tables of a piece of HTML; a cell's line is that of its attribute `data-line`, if it has one."""
    if _is_excessive(text):
        raise refusal("too_much_text")
    root = LexborHTMLParser(text).root
    data_tables = _data_tables(root)
    return [place(_rows(table)) for table in root.css("table") if table.mem_id in data_tables]


def _is_excessive(text: str) -> bool:
    """Tell a page that is built to exhaust the parser, without parsing it."""
    depth = 0
    for count, tag in enumerate(_TAG.finditer(text)):
        if tag[2].lower() not in _elements("closed_by_others"):
            depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > _MAX_DEPTH or count > _MAX_TAGS:
            return True
    return False


def _flow(root: LexborNode, data_tables: frozenset[int]) -> Iterator[_Piece | LexborNode]:
    """Walk what a reader of the page sees: text, block edges, and data tables as whole nodes."""
    stack: list[LexborNode | None] = [root]
    while stack:
        node = stack.pop()
        if node is None:
            yield None
        elif node.is_text_node:
            yield from _text(node)
        elif node.is_element_node and not _is_unseen(node):
            if node.mem_id in data_tables:
                for caption in node.css("caption"):
                    yield from _flow(caption, data_tables)
                yield node
                continue
            if node.tag in _elements("blocks"):
                yield None
                stack.append(None)
            stack.extend(reversed(_children(node)))


def _children(node: LexborNode) -> list[LexborNode]:
    children = []
    child = node.first_child
    while child is not None:
        children.append(child)
        child = child.next
    return children


def _is_unseen(node: LexborNode) -> bool:
    """Tell what never shows, and rows and cells that are hidden; other hidden blocks may be shown by a script later."""
    if node.tag in _elements("unseen"):
        return True
    return node.tag in ("tr", "td", "th") and bool(_HIDDEN.search(node.attributes.get("style") or ""))


def _text(node: LexborNode) -> Iterator[_Piece]:
    text = node.text_content or ""
    if node.parent is not None and node.parent.tag == "pre":
        for line in text.splitlines():
            yield line
            yield None
    else:
        yield text


def _lines(pieces: Iterable[_Piece]) -> str:
    """Join the pieces between two breaks to a line. Line breaks of the page's source are no blanks between Chinese characters."""
    lines, line = [], []
    for piece in (*pieces, None):
        if piece is None:
            text = "".join(line)
            lines.append(_SPACES.sub(_one_space, text.strip()))
            line = []
        else:
            line.append(piece)
    return "\n".join(lines)


def _one_space(gap: re.Match[str]) -> str:
    before, after = gap.string[gap.start() - 1], gap.string[gap.end()]
    breaks = "\n" in gap[0] or "\r" in gap[0]
    return "" if breaks and (_CJK.match(before) or _CJK.match(after)) else " "


@dataclass(slots=True)
class _Table:
    """What is known of a table while its elements go by."""

    cells_in_row: int = 0
    characters_in_cell: int = 0
    columns: int = 0
    is_layout: bool = False

    def meet(self, node: LexborNode) -> None:
        if node.tag == "tr":
            self.cells_in_row = 0
        elif node.tag in _CELLS:
            self.cells_in_row += 1
            self.columns = max(self.columns, self.cells_in_row)
            self.characters_in_cell = 0
        elif node.is_text_node:
            self.characters_in_cell += len(visible(node.text_content or ""))
            self.is_layout |= self.characters_in_cell > MAX_CELL_CHARACTERS


def _data_tables(root: LexborNode) -> frozenset[int]:
    """Return the tables that hold data: a row of two cells, no such table inside, and no cell as long as an article."""
    found: set[int] = set()
    open_tables: list[_Table] = []
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, is_leaving = stack.pop()
        if is_leaving:
            table = open_tables.pop()
            is_data = table.columns > 1 and not table.is_layout
            if is_data:
                found.add(node.mem_id)
            if open_tables:
                open_tables[-1].is_layout |= is_data or table.is_layout
            continue
        if open_tables:
            open_tables[-1].meet(node)
        if node.tag == "table":
            open_tables.append(_Table())
            stack.append((node, True))
        stack.extend((child, False) for child in reversed(_children(node)) if not _is_unseen(child))
    return frozenset(found)


def _rows(table: LexborNode) -> list[list[Spanning]]:
    """Return the rows of a data table as the page lists them. The parser has put every row into a part of the table."""
    rows = [row for part in _children(table) for row in _children(part) if row.tag == "tr" and not _is_unseen(row)]
    return [[_cell(cell) for cell in _children(row) if cell.tag in _CELLS and not _is_unseen(cell)] for row in rows]


def _cell(cell: LexborNode) -> Spanning:
    attributes = cell.attributes
    text = _lines(_flow(cell, frozenset()))
    return Spanning(text, _count(attributes.get("rowspan")), _count(attributes.get("colspan")), _count(attributes.get("data-line")))


def _count(value: str | None) -> int:
    digits = re.match(r"\s*(\d{1,7})", value or "")
    return int(digits[1]) if digits else 1


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
    if width and _count(width) < _LEAST_PICTURE_WIDTH:
        return False
    block = picture.parent
    while block is not None and block.tag not in _elements("blocks"):
        block = block.parent
    return block is not None and not visible(block.text())
