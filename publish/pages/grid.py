"""Markdown tables from cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from publish.pages.escape import Markdown, escape


def table(
    head: Sequence[object], rows: Iterable[Sequence[object]], *, numeric_from: int | None = None, numeric: Iterable[int] = ()
) -> Markdown:
    """Return a Markdown table. Columns from `numeric_from` on, and those in `numeric`, hold numbers and stand on the right."""
    right = set(numeric) | (set(range(numeric_from, len(head))) if numeric_from is not None else set())
    lines = [
        _line(head),
        "|" + "|".join(" ---: " if column in right else " --- " for column in range(len(head))) + "|",
        *(_line(row) for row in rows),
    ]
    return Markdown("\n".join(lines))


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(escape("" if cell is None else cell) for cell in cells) + " |"
