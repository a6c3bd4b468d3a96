"""Markdown: as plain text; its headings and emphasis stay in the lines, and are taken from the cells of its tables."""

from __future__ import annotations

from extract.model import Document
from extract.read.text import tables_of


def read_markdown(text: str, encoding: str) -> Document:
    """Read a Markdown text. Lines are counted as `str.splitlines` counts them."""
    lines = tuple(text.splitlines())
    return Document("text/markdown", encoding, lines, tables_of(text, lines))
