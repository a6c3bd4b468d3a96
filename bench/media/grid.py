"""A sheet's spanned cells as a rectangle of texts."""

from __future__ import annotations

from bench.model import Cell, Sheet


def placed(sheet: Sheet) -> list[tuple[int, int, Cell]]:
    """Every cell with the row and the column in which it begins, as a browser places it."""
    taken: set[tuple[int, int]] = set()
    found = []
    for row, cells in enumerate(sheet.rows):
        column = 0
        for cell in cells:
            while (row, column) in taken:
                column += 1
            found.append((row, column, cell))
            taken |= {(r, c) for r in range(row, row + cell.row_span) for c in range(column, column + cell.column_span)}
            column += cell.column_span
    return found


def rectangle(sheet: Sheet) -> list[list[str]]:
    """The texts of a sheet in a full grid; where a cell spans further, the rest is empty."""
    cells = placed(sheet)
    width = max(column + cell.column_span for _, column, cell in cells)
    grid = [[""] * width for _ in sheet.rows]
    for row, column, cell in cells:
        grid[row][column] = cell.text
    return grid
