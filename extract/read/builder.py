"""The document that a reader makes of a medium without lines of its own: one line a block of text, one line a table cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from extract.model import Document, Grid, GridCell, maker
from extract.read.encoding import CHINESE
from extract.read.refusal import refusal

# Characters that only steer the setting of the text and would part a number or a label.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_MAX_SPAN = 200
# A cell with more text than this holds an article: its table only lays out the page.
MAX_CELL_CHARACTERS = 500
_MAX_CELLS = 100_000


class Cell(NamedTuple):
    """A table cell and its place; row and column count from 1. `line` only where the medium has lines of its own."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    line: int | None = None
    confidence: float | None = None  # of a recognizer, from 0 to 1


# A cell as a table row lists it: its text, how many rows and columns it reaches over, and its line, if it says so.
Spanning = tuple[str, int, int, int | None]

_PLACE = itemgetter(1, 2)  # row and column
_cell, _grid_cell = maker(Cell), maker(GridCell)


class DocumentBuilder:
    """Collects lines and grids in reading order."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._grids: list[Grid] = []
        self._recognized: list[tuple[int, float | None]] = []
        self._links: list[tuple[int, int]] = []

    def add_text(self, text: str, confidence: float | None = None, links: int = 0) -> None:
        """Add a block of text; its line breaks become lines, blank lines are left out. Only recognized text has a confidence.

        `links` says of how many links the text consists, 0 where it is more than links.
        """
        for line in (text,) if text.isalnum() else filter(None, map(str.strip, _INVISIBLE.sub("", text).splitlines())):
            self._lines.append(line)
            if confidence is not None:
                self._recognized.append((len(self._lines), confidence))
            if links:
                self._links.append((len(self._lines), links))

    def add_grid(self, cells: Iterable[Cell], page: int | None = None, method: str = "direct") -> None:
        """Add a table, row by row; every cell, blank ones too, stands on a line of its own."""
        ordered, before = sorted(cells, key=_PLACE), len(self._lines)
        if not ordered:
            return
        texts = [text if (text := cell[0]).isalnum() else _joined(text) for cell in ordered]
        self._lines += texts
        if method == "ocr":
            self._recognized += ((number, cell.confidence) for number, cell in enumerate(ordered, before + 1))
        numbered = enumerate(zip(texts, ordered, strict=True), before + 1)
        placed = tuple([_grid_cell((text, number, *cell[1:5])) for number, (text, cell) in numbered])  # row, column and their spans
        self._grids.append(Grid(len(self._grids) + 1, placed, before + 1, len(self._lines), page, method))

    def has_chinese(self) -> bool:
        """Tell whether anything Chinese was added."""
        return any(map(CHINESE.search, self._lines))

    def build(self, media_type: str, encoding: str | None = None, properties: Iterable[tuple[str, str]] = ()) -> Document:
        """Return the document."""
        return Document(
            media_type, encoding, tuple(self._lines), tuple(self._grids), tuple(properties), tuple(self._recognized), tuple(self._links)
        )


def place(rows: Sequence[Sequence[Spanning]]) -> list[Cell]:
    """Give each cell its row and column: a cell takes the first place of its row that no cell from above reaches into.

    Raises UnreadableFile for a table of more places than any report has.
    """
    cells = []
    taken: set[tuple[int, int]] = set()  # the places that cells from above reach into
    more_places = 0  # than cells
    for row, spanning in enumerate(rows, 1):
        column = 1
        for text, row_span, column_span, line in spanning:
            while taken and (row, column) in taken:
                column += 1
            if row_span == 1 == column_span:
                cells.append(_cell((text, row, column, 1, 1, line, None)))
                column += 1
                continue
            height = min(max(row_span, 1), len(rows) - row + 1, _MAX_SPAN)
            width = min(max(column_span, 1), _MAX_SPAN)
            cells.append(_cell((text, row, column, height, width, line, None)))
            more_places += height * width - 1
            if len(cells) + more_places > _MAX_CELLS:
                raise refusal("too_much_text")
            if height > 1:
                taken.update((r, c) for r in range(row + 1, row + height) for c in range(column, column + width))
            column += width
        if len(cells) + more_places > _MAX_CELLS:
            raise refusal("too_much_text")
    return cells


def visible(text: str) -> str:
    """Return `text` without invisible characters and without blanks at its ends."""
    if text.isalnum():
        return text
    return _INVISIBLE.sub("", text).strip()


def join_lines(text: str) -> str:
    """Join the lines of a cell: a label that was broken over two lines is one label, but two numbers stay two numbers."""
    return text if text.isalnum() else _joined(text)


@lru_cache(maxsize=1 << 12)
def _joined(text: str) -> str:
    joined = ""
    for line in filter(None, map(visible, text.splitlines())):
        joined += (" " if joined and _is_latin_or_digit(joined[-1]) and _is_latin_or_digit(line[0]) else "") + line
    return joined


def _is_latin_or_digit(character: str) -> bool:
    return character.isdigit() or (character.isascii() and character.isalnum())
