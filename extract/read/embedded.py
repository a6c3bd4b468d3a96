"""HTML tables inside plain text and Markdown, as converters of PDF and Word write them; the lines stay those of the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from extract.model import Grid, GridCell
from extract.read.builder import Cell, join_lines

_TABLE_TAG = re.compile(r"<(/?)table\b", re.IGNORECASE)
_CELL_TAG = re.compile(r"<(t[dh])\b", re.IGNORECASE)
# What may stand between a cell's tag and its first character.
_BEFORE_CONTENT = re.compile(r"[^<>]*>(?:\s+|<(?!/?t[dhr]\b)[^<>]*>)*", re.IGNORECASE)


def find_grids(text: str) -> list[Grid]:
    """Return the data tables of `text`, unnumbered, each cell with the line its content begins on."""
    regions = list(_regions(text))
    if not regions:
        return []
    from extract.read.markup import read_tables

    starts = [0, *accumulate(map(len, text.splitlines(keepends=True)))]
    pieces = ("".join(_with_lines(text, start, end, starts)) for start, end in regions)
    return [_grid(cells) for piece in pieces for cells in read_tables(piece)]


def _regions(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each outermost table; one that is not closed goes on to the next, or to the end."""
    depth, start = 0, 0
    for tag in _TABLE_TAG.finditer(text):
        if not tag[1]:
            start = tag.start() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield start, tag.start()
    if depth:
        yield start, len(text)


def _with_lines(text: str, start: int, end: int, starts: list[int]) -> Iterator[str]:
    """Yield the HTML with an attribute `data-line` in the tag of every cell."""
    done = start
    for tag in _CELL_TAG.finditer(text, start, end):
        content = _BEFORE_CONTENT.match(text, tag.end(), end)
        line = bisect_right(starts, min(content.end() if content else tag.end(), end - 1))
        yield f'{text[done : tag.end()]} data-line="{line}"'
        done = tag.end()
    yield text[done:end]


def _grid(cells: list[Cell]) -> Grid:
    placed = [GridCell(join_lines(c.text), c.line or 1, c.row, c.column, c.row_span, c.column_span) for c in cells]
    lines = [cell.line for cell in placed]
    return Grid(0, tuple(placed), min(lines), max(lines))
