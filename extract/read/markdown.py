"""Markdown: the document's lines are the file's own, its tables the pipe tables."""

from __future__ import annotations

from extract.model import Document
from extract.read.pipes import find_grids


def read_markdown(text: str, encoding: str) -> Document:
    """Read a Markdown text. Lines are counted as `str.splitlines` counts them."""
    lines = tuple(text.splitlines())
    return Document("text/markdown", encoding, lines, find_grids(lines))
