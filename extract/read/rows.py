"""Sheets of cells: the rows between two blank rows are a table, or lines of text where only one column is filled.

Whole reports are written into sheets: rows of prose part the tables above and below them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from extract.read.builder import Cell, DocumentBuilder

# First and last place of a merged cell, as (row, column) from 0.
Merged = tuple[tuple[int, int], tuple[int, int]]


def prose_rows(rows: Sequence[Sequence[str]]) -> frozenset[int]:
    """The rows of a block that are prose: sentences alone in their row, and what stands alone in a row next to them.

    A block of such rows alone is none: it has no table to be parted from.
    """
    alone = [sum(bool(text.strip()) for text in row) == 1 for row in rows]
    prose = {place for place, row in enumerate(rows) if alone[place] and "。" in "".join(row)}
    if not prose or all(alone):
        return frozenset()
    for order in (range(1, len(rows)), range(len(rows) - 2, -1, -1)):
        step = -order.step
        prose |= {place for place in order if _reaches_prose(place, step, alone, prose)}
    return frozenset(prose)


def _reaches_prose(place: int, step: int, alone: Sequence[bool], prose: set[int]) -> bool:
    while 0 <= place < len(alone) and alone[place]:
        if place in prose:
            return True
        place += step
    return False


def add_rows(builder: DocumentBuilder, rows: Sequence[Sequence[str]], merged: Iterable[Merged] = ()) -> None:
    """Add the rows of a sheet, table by table. `merged` must lie within the rows."""
    spans = {first: (last[0] - first[0] + 1, last[1] - first[1] + 1) for first, last in merged}
    covered = {
        (row + r, column + c) for (row, column), (height, width) in spans.items() for r in range(height) for c in range(width) if r or c
    }
    block: list[int] = []
    for number, row in enumerate([*rows, ()]):
        if any(text.strip() for text in row):
            block.append(number)
        elif block:
            _add_block(builder, rows, block, spans, covered)
            block = []


def _add_block(
    builder: DocumentBuilder,
    rows: Sequence[Sequence[str]],
    block: Sequence[int],
    spans: dict[tuple[int, int], tuple[int, int]],
    covered: set[tuple[int, int]],
) -> None:
    prose = prose_rows([rows[number] for number in block])
    if prose:
        for is_prose, places in groupby(range(len(block)), prose.__contains__):
            part = [block[place] for place in places]
            if is_prose:
                for number in part:
                    builder.add_text("".join(rows[number]))
            else:
                _add_block(builder, rows, part, spans, covered)
        return
    filled = [column for number in block for column, text in enumerate(rows[number]) if text.strip()]
    first, last = min(filled), max(filled)
    if first == last:
        for number in block:
            builder.add_text(rows[number][first])
        return
    cells = []
    for row, number in enumerate(block, 1):
        for column in range(first, min(last + 1, len(rows[number]))):
            if (number, column) not in covered:
                height, width = spans.get((number, column), (1, 1))
                cells.append(Cell(rows[number][column], row, column - first + 1, height, width))
    builder.add_grid(cells)
