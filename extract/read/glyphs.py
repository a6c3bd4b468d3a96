"""From placed characters to lines and paragraphs of text. Pure geometry, in points; y grows downwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from extract.read.builder import join_lines

# Widths as parts of the type size.
_WORD_GAP = 0.2  # parts two numbers
_COLUMN_GAP = 1.2  # parts two columns of a table without lines
_OVERPRINT = 0.2  # a character printed twice to look bold
_SAME_LINE = 0.5
_SAME_TYPE = 0.25  # fonts of one size differ in the height of their boxes
_MARGIN_SLACK = 1.6
_INDENT = 0.9
_LOOSE_LEADING = 1.5
_SENTENCE_END = re.compile(r"[。！？；;!?]$")


class Glyph(NamedTuple):
    """A character, or a piece of text recognized in a picture, and where it stands; `right` is where the next one would begin."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    confidence: float | None = None  # of a recognizer, from 0 to 1


class TextLine(NamedTuple):
    """A printed line. `has_columns` tells of a gap wide enough to part columns."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    has_columns: bool
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the running text of a document begins and ends."""

    left: float
    right: float
    leading: float


def to_lines(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """Return the printed lines, from top to bottom."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.baseline, g.left)):
        if rows and glyph.baseline - rows[-1][0].baseline <= _SAME_LINE * min(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [line for row in rows if (line := _line(sorted(row, key=lambda g: g.left))) is not None]


def _line(row: Sequence[Glyph]) -> TextLine | None:
    text, has_columns = "", False
    previous = None
    for glyph in row:
        if previous is not None:
            if glyph.text == previous.text and glyph.left - previous.left < _OVERPRINT * glyph.size:
                continue
            gap = (glyph.left - previous.right) / glyph.size
            has_columns |= gap > _COLUMN_GAP
            if gap > _COLUMN_GAP or (gap > _WORD_GAP and _is_word(previous.text) and _is_word(glyph.text)):
                text += " "
        text += glyph.text
        previous = glyph
    if previous is None:
        return None
    first = row[0]
    size = sorted(g.size for g in row)[len(row) // 2]
    return TextLine(text, first.left, previous.right, first.baseline, size, has_columns, least(g.confidence for g in row))


def least(confidences: Iterable[float | None]) -> float | None:
    """Return the lowest confidence, None where nothing was recognized from a picture."""
    return min((confidence for confidence in confidences if confidence is not None), default=None)


def _is_word(character: str) -> bool:
    return character.isdigit() or (character.isascii() and character not in " \t")


def cell_text(glyphs: Iterable[Glyph]) -> str:
    """Return the text of a table cell: its lines joined, blanks between Chinese characters left out."""
    return join_lines("\n".join(_without_loose_blanks(line.text) for line in to_lines(glyphs)))


def _without_loose_blanks(text: str) -> str:
    return re.sub(r"(?<![\x21-\x7e０-９]) | (?![\x21-\x7e０-９])", "", text)


def margins(lines: Sequence[TextLine]) -> Margins | None:
    """Return the margins that the lines keep to; None for too few lines to tell."""
    running = [line for line in lines if not line.has_columns]
    if len(running) < 4:
        return None
    lefts, rights = sorted(line.left for line in running), sorted(line.right for line in running)
    steps = sorted(b.baseline - a.baseline for a, b in pairwise(running) if b.baseline > a.baseline)
    leading = steps[len(steps) // 2] if steps else 0.0
    return Margins(lefts[len(lefts) // 20], rights[-1 - len(rights) // 20], leading)


def continues(line: TextLine, following: TextLine, margins: Margins | None, is_next_page: bool = False) -> bool:
    """Tell whether a line runs on into the following one, so that both are one paragraph."""
    if margins is None or line.has_columns or following.has_columns or _SENTENCE_END.search(line.text):
        return False
    size = line.size
    is_full = line.right > margins.right - _MARGIN_SLACK * size
    is_indented = following.left > margins.left + _INDENT * following.size
    is_same_type = abs(size - following.size) <= _SAME_TYPE * size
    step = following.baseline - line.baseline
    is_near = is_next_page or 0 < step <= _LOOSE_LEADING * max(margins.leading, size)
    return is_full and not is_indented and is_same_type and is_near
