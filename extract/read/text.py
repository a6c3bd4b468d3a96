"""Plain text: the document's lines are the file's own, its tables what pipes or tabulators draw."""

from __future__ import annotations

from extract.model import Document
from extract.read.pipes import find_grids


def read_text(text: str, encoding: str) -> Document:
    """Read a plain text. Lines are counted as `str.splitlines` counts them."""
    lines = tuple(text.splitlines())
    return Document("text/plain", encoding, lines, find_grids(lines))
