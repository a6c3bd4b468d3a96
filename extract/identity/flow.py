"""A repaired document as running text: without spaces and line breaks, each character knowing its line."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from extract.model import RepairedDocument, maker

# Where a heading cannot run on: layout, list marks and punctuation. Dots and dashes inside numbers stay.
TOKEN_ENDS = re.compile(r"[\s>|•·:,。;!?【】\[\]＞◎★●]+")


class Token(NamedTuple):
    """A stretch of a line without spaces, with the 1-based number of its line. `first` if the line begins with it."""

    text: str
    line: int
    first: bool


_token = maker(Token)


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
    cleans = [line.clean for line in document.lines]
    lines = [clean if clean.isalnum() else "".join(clean.split()) for clean in cleans]
    numbers = tuple([number for number, line in enumerate(lines, 1) if line])
    parts = [line for line in lines if line]
    starts = accumulate(map(len, parts[:-1]), initial=0) if parts else ()
    return Flow("".join(parts), tuple(starts), numbers)


def tokens_of(document: RepairedDocument, limit: int) -> list[Token]:
    """Return the first `limit` tokens of a document: what a heading at its top can be made of."""
    tokens: list[Token] = []
    for number, line in enumerate(document.lines, 1):
        clean = line.clean
        if clean.isalnum():
            tokens.append(_token((clean, number, True)))
        else:
            parts = [part for part in TOKEN_ENDS.split(clean) if part]
            tokens += [_token((part, number, i == 0)) for i, part in enumerate(parts)]
        if len(tokens) >= limit:
            break
    return tokens[:limit]
