"""Plain text: the document's lines are the file's own, its tables what pipes, tabulators or HTML inside it draw."""

from __future__ import annotations

from dataclasses import replace

from extract.model import Document, Grid
from extract.read import embedded, pipes


def read_text(text: str, encoding: str) -> Document:
    """Read a plain text. Lines are counted as `str.splitlines` counts them."""
    lines = tuple(text.splitlines())
    return Document("text/plain", encoding, lines, tables_of(text, lines))


def tables_of(text: str, lines: tuple[str, ...]) -> tuple[Grid, ...]:
    """Return the tables of a text in order."""
    grids = sorted([*pipes.find_grids(text, lines), *embedded.find_grids(text)], key=lambda grid: grid.first_line)
    return tuple(replace(grid, number=number) for number, grid in enumerate(grids, 1))
