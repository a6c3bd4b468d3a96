"""One way through a page: what its reader sees as pieces of text and breaks, and each data table as its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml
from selectolax.lexbor import LexborNode

from extract.read.builder import MAX_CELL_CHARACTERS, Cell, Spanning, place, visible

# The edge of a block or a line break among the pieces. No text of a page holds it: the parser replaces it.
_BREAK = "\0"
_TEXT = "-text"
_CELLS = frozenset(("td", "th"))
# Rows and cells that are hidden are not read; other hidden blocks may be shown by a script later.
_HIDEABLE = _CELLS | {"tr"}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CJK = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SPACES = re.compile(r"\s+")

# Pieces of text and breaks in order, and in the place of each data table its cells.
Pieces = list[str | list[Cell]]


@cache
def elements(kind: str) -> frozenset[str]:
    """Return the element names that `elements.yml` lists under `kind`."""
    text = Path(__file__).with_name("elements.yml").read_text("utf-8")
    return frozenset(yaml.load(text, Loader=yaml.CSafeLoader)[kind])


def count(value: str | None) -> int:
    """Return the number that an attribute gives, 1 where it gives none."""
    digits = re.match(r"\s*(\d{1,7})", value or "")
    return int(digits[1]) if digits else 1


def lines_of(pieces: Sequence[str]) -> str:
    """Join the pieces between two breaks to a line. Line breaks of the page's source are no blanks between Chinese characters."""
    text = "".join(pieces).strip(_BREAK)
    if text.isalnum():
        return text
    lines = filter(None, map(str.strip, text.split(_BREAK)))
    return _SPACES.sub(_one_space, _BREAK.join(lines)).replace(_BREAK, "\n")


def _one_space(gap: re.Match[str]) -> str:
    before, after = gap.string[gap.start() - 1], gap.string[gap.end()]
    breaks = "\n" in gap[0] or "\r" in gap[0]
    return "" if breaks and (_CJK.match(before) or _CJK.match(after)) else " "


def walk(root: LexborNode) -> Pieces:
    """Walk what a reader of the page sees. Every element is met once; a table is known to hold data at its end."""
    page = _Page()
    blocks, unseen = elements("blocks"), elements("unseen")
    stack: list[LexborNode | str] = [root]  # nodes to come to, and names of the blocks to leave before them
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            page.leave(node)
            continue
        if (following := node.next) is not None:
            stack.append(following)
        tag = node.tag
        if tag == _TEXT:
            page.text(node)
        elif tag not in unseen and not (tag in _HIDEABLE and _HIDDEN.search(node.attributes.get("style") or "")):
            if tag in blocks:
                page.enter(node, tag)
                stack.append(tag)
            if (child := node.first_child) is not None:
                stack.append(child)
    return page.pieces


@dataclass(slots=True)
class _Table:
    """What is known of a table while its elements go by: the parser puts every cell into a row. Places count pieces."""

    start: int
    is_layout: bool = False
    texts: list[str] = field(default_factory=list)  # since the last cell began
    rows: list[list[tuple[LexborNode, slice]]] = field(default_factory=list)
    captions: list[slice] = field(default_factory=list)

    def end_texts(self) -> None:
        """A cell as long as an article tells that a table only lays out the page."""
        if sum(map(len, self.texts)) > MAX_CELL_CHARACTERS:
            self.is_layout |= sum(map(len, map(visible, self.texts))) > MAX_CELL_CHARACTERS
        self.texts.clear()


class _Page:
    """The pieces met so far, and the elements that are open."""

    def __init__(self) -> None:
        self.pieces: Pieces = []
        self._tables: list[_Table] = []
        self._starts: list[tuple[LexborNode, int]] = []  # of open cells and captions: where their pieces begin
        self._preformatted = 0

    def text(self, node: LexborNode) -> None:
        text = node.text_content or ""
        if self._tables:
            self._tables[-1].texts.append(text)
        if self._preformatted and node.parent.tag == "pre":
            self.pieces += (piece for line in text.splitlines() for piece in (line, _BREAK))
        else:
            self.pieces.append(text)

    def enter(self, node: LexborNode, tag: str) -> None:
        """Begin a block."""
        if tag == "table":
            self._tables.append(_Table(len(self.pieces)))
        elif tag == "pre":
            self._preformatted += 1
        elif tag == "caption":
            self._starts.append((node, len(self.pieces)))
        elif self._tables and tag in _HIDEABLE:
            table = self._tables[-1]
            if tag == "tr":
                table.rows.append([])
            else:
                table.end_texts()
                self._starts.append((node, len(self.pieces)))
        self.pieces.append(_BREAK)

    def leave(self, tag: str) -> None:
        """End a block."""
        self.pieces.append(_BREAK)
        if tag == "table":
            self._leave_table(self._tables.pop())
        elif tag == "pre":
            self._preformatted -= 1
        elif tag == "caption":
            _, start = self._starts.pop()
            for table in self._tables:
                table.captions.append(slice(start, len(self.pieces)))
        elif self._tables and tag in _CELLS:
            node, start = self._starts.pop()
            self._tables[-1].rows[-1].append((node, slice(start, len(self.pieces))))

    def _leave_table(self, table: _Table) -> None:
        """Tell a table that holds data: a row of two cells, no such table inside, and no cell as long as an article."""
        table.end_texts()
        is_data = max(map(len, table.rows), default=0) > 1 and not table.is_layout
        if is_data:
            captions = [piece for caption in table.captions for piece in self.pieces[caption]]
            rows = [[_spanning(node, self.pieces[cell]) for node, cell in row] for row in table.rows]
            self.pieces[table.start :] = [*captions, place(rows)]
        if self._tables:
            self._tables[-1].is_layout |= is_data or table.is_layout


def _spanning(node: LexborNode, pieces: Pieces) -> Spanning:
    attributes = node.attributes
    if not attributes:
        return Spanning(lines_of(pieces))
    return Spanning(lines_of(pieces), *(count(attributes.get(name)) for name in ("rowspan", "colspan", "data-line")))
