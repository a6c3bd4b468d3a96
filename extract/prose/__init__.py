"""Read the prose of a report: its sections and the counted figures that stand outside the statutory tables."""

from __future__ import annotations

from collections.abc import Sequence, Set

from extract.model import NarrativeFigure, RepairedDocument, Section, Span
from extract.prose.narrative import read_narrative
from extract.prose.sections import divide, read_sections

__all__ = ["read_prose"]


def read_prose(
    document: RepairedDocument, table_spans: Sequence[Span], table_lines: Set[int] = frozenset()
) -> tuple[tuple[Section, ...], tuple[NarrativeFigure, ...]]:
    """Return the sections and the counted figures of what stands outside `table_spans` and `table_lines`, both in reading order."""
    prose, headings = divide(document, table_spans, table_lines)
    return read_sections(document, prose, headings), read_narrative(document, prose, headings)
