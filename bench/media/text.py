"""Text copies: a cell a line, with or without blank lines; pipes; a run of words; borders lost; Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from bench.media.grid import rectangle
from bench.model import Draft, Paragraph, Sheet


def _document(draft: Draft, sheet_text: Callable[[Sheet], str], between: str) -> bytes:
    parts = [sheet_text(block) if isinstance(block, Sheet) else _paragraph(block) for block in draft.blocks]
    return (between.join(parts) + "\n").encode()


def _paragraph(paragraph: Paragraph) -> str:
    return paragraph.text


def _cells(sheet: Sheet) -> Iterator[str]:
    return (cell.text for cell in sheet.cells() if cell.text)


def lines(draft: Draft, rng: Random) -> bytes:
    """A cell a line; blank cells leave nothing behind."""
    return _document(draft, lambda sheet: "\n".join(_cells(sheet)), "\n")


def spaced(draft: Draft, rng: Random) -> bytes:
    """A cell a line with a blank line behind each; blank cells are blank lines among others."""
    return _document(draft, lambda sheet: "\n\n".join(_cells(sheet)), "\n\n")


def run(draft: Draft, rng: Random) -> bytes:
    """Each table one paragraph, its cells parted by blanks."""
    return _document(draft, lambda sheet: " ".join(_cells(sheet)), "\n")


def glued(draft: Draft, rng: Random) -> bytes:
    """Each table one run of characters: all borders lost."""
    return _document(draft, lambda sheet: "".join(_cells(sheet)), "\n")


def pipes(draft: Draft, rng: Random) -> bytes:
    """Rows between pipes, blanks kept; in some copies a row carries only the cells that begin in it."""
    ragged = rng.random() < 0.5

    def text(sheet: Sheet) -> str:
        rows = [[cell.text for cell in row] for row in sheet.rows] if ragged else rectangle(sheet)
        return "\n".join(_pipe_row(row) for row in rows)

    return _document(draft, text, "\n")


def _pipe_row(cells: list[str]) -> str:
    return "| " + " | ".join(text.replace("\n", "") for text in cells) + " |"


def markdown(draft: Draft, rng: Random) -> bytes:
    """Headings and pipe tables with the line below the first row."""
    parts = []
    for block in draft.blocks:
        if isinstance(block, Sheet):
            grid = rectangle(block)
            rule = "|" + "---|" * len(grid[0])
            parts.append("\n".join([_pipe_row(grid[0]), rule, *map(_pipe_row, grid[1:])]))
        else:
            parts.append({"title": "# ", "heading": "## "}.get(block.kind, "") + block.text)
    return ("\n\n".join(parts) + "\n").encode()
