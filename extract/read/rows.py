"""Sheets of cells: the rows between two blank rows are a table, or lines of text where only one column is filled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extract.read.builder import Cell, DocumentBuilder

# First and last place of a merged cell, as (row, column) from 0.
Merged = tuple[tuple[int, int], tuple[int, int]]


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
