"""A repaired document as running text: without spaces and line breaks, each character knowing its line."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from extract.model import RepairedDocument

# Where a heading cannot run on: layout, list marks and punctuation. Dots and dashes inside numbers stay.
TOKEN_ENDS = re.compile(r"[\s>|•·:,。;!?【】\[\]＞◎★●]+")


class Token(NamedTuple):
    """A stretch of a line without spaces, with the 1-based number of its line. `first` if the line begins with it."""

    text: str
    line: int
    first: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """All lines joined without spaces. `starts[i]` is where line `numbers[i]` begins in `text`."""

    text: str
    starts: tuple[int, ...]
    numbers: tuple[int, ...]

    def line_at(self, index: int) -> int:
        """Return the line of the character at `index`."""
        return self.numbers[max(bisect_right(self.starts, index) - 1, 0)] if self.numbers else 1


def without_blanks(text: str) -> str:
    """Return a text without blanks."""
    return text if text.isalnum() else "".join(text.split())


def flow_of(document: RepairedDocument) -> Flow:
    """Join the clean lines of a document."""
    parts, starts, numbers, length = [], [], [], 0
    for number, line in enumerate(document.lines, 1):
        part = without_blanks(line.clean)
        if part:
            parts.append(part)
            starts.append(length)
            numbers.append(number)
            length += len(part)
    return Flow("".join(parts), tuple(starts), tuple(numbers))


def tokens_of(document: RepairedDocument, limit: int) -> list[Token]:
    """Return the first `limit` tokens of a document: what a heading at its top can be made of."""
    tokens: list[Token] = []
    for number, line in enumerate(document.lines, 1):
        clean = line.clean
        parts = [clean] if clean.isalnum() else [part for part in TOKEN_ENDS.split(clean) if part]
        tokens += [Token(part, number, first=i == 0) for i, part in enumerate(parts)]
        if len(tokens) >= limit:
            break
    return tokens[:limit]
