"""All labels of all forms in one place: what a printed label may be, and how to find labels inside glued text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from extract.choice import any_of
from extract.forms import Table, load_forms
from extract.forms.labels import key_of

# Between two characters of a label a copy may have put these, or blanks; they are no part of a key.
_BETWEEN = frozenset("“”\"'‘’「」、,，;；/／·.．:：")
_LONG_ENOUGH_FOR_AN_ANCHOR = 7
_LONG_ENOUGH_TO_STAND_IN_GLUED_TEXT = 3
# A separator before a label can only end its number, even where that is not the form's: of glued digits the last one is taken.
_SOME_NUMBER = re.compile(r"(\d)[.、．]$")
# What may stand between a label and its number: (1)“国家秘密”数.
_OPENING = ' \t\r\n\u3000“"‘「『'
_ENDS_OF_NUMBERS = frozenset("0123456789一二三四五六七八九十).、．")
# Column labels that are one only with a year before them: 2016年度.
_YEARLY = frozenset({"年", "年度"})
_YEAR = re.compile(r"(?:19|20)\d\d\s*$")


@dataclass(frozen=True, slots=True)
class Found:
    """A label found inside a text: `start:end` are its characters, numbering included."""

    key: str
    number: str | None
    start: int
    end: int


@dataclass(frozen=True)
class Vocabulary:
    """Every key of every form and what it can be. `prefixes` serves to join labels that a line break cut in two."""

    tables: tuple[Table, ...]
    headings: frozenset[str]
    columns: frozenset[str]
    rows: frozenset[str]
    keys: frozenset[str]
    prefixes: frozenset[str]
    numbers: dict[str, frozenset[str]]
    anchors: re.Pattern[str]
    # What is looked for inside glued text: the first characters of labels, the labels, and how these begin.
    _first: re.Pattern[str]
    _glued: frozenset[str]
    _glued_prefixes: frozenset[str]
    _longest_prefix: int

    def find(self, text: str, start: int = 0) -> Found | None:
        """The first label at or after `start`, the longest where several begin at one place."""
        for match in self._first.finditer(text, start):
            end = self._end_of_label(text, match.start())
            if end:
                key = key_of(text[match.start() : end])
                found = self._with_numbering(text, start, key, match.start(), end)
                if key not in _YEARLY or found.start < match.start():
                    return found
        return None

    def may_end_inside_a_label(self, text: str) -> bool:
        """Tell whether a label, its number or the year before it may begin in a text and go on behind it."""
        if text.rstrip(_OPENING)[-1:] in _ENDS_OF_NUMBERS:
            return True
        end = "".join(character for character in text if character not in _BETWEEN and not character.isspace())
        return any(end[place:] in self._glued_prefixes for place in range(max(0, len(end) - self._longest_prefix), len(end)))

    def _end_of_label(self, text: str, start: int) -> int | None:
        """Where the longest label that begins at `start` ends, None where none does."""
        longest, label = None, ""
        for place in range(start, len(text)):
            character = text[place]
            if character in _BETWEEN or character.isspace():
                continue
            label += character
            if label in self._glued:
                longest = place + 1
            if label not in self._glued_prefixes:
                break
        return longest

    def _with_numbering(self, text: str, floor: int, key: str, start: int, end: int) -> Found:
        """Take the label's own number, or the year before 年度, and no other digits from the text before it."""
        if key.startswith("年"):
            year = _YEAR.search(text[floor:start])
            return Found(key, None, floor + year.start() if year else start, end)
        before = text[floor:start].rstrip(_OPENING)
        for number in self.numbers.get(key, ()):
            for shape in (f"({number})", f"({number}", f"{number}.", f"{number}、", f"{number})"):
                if before.endswith(shape):
                    return Found(key, number, floor + len(before) - len(shape), end)
        other = _SOME_NUMBER.search(before)
        return Found(key, other.group(1), floor + other.start(1), end) if other else Found(key, None, start, end)


def _prefixes(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key[:length] for key in keys for length in range(1, len(key)))


@cache
def load_vocabulary() -> Vocabulary:
    """Build the vocabulary of all forms once."""
    tables = tuple(table for form in load_forms() for table in form.tables)
    headings = frozenset().union(*(table.heading | table.corner for table in tables))
    columns = frozenset(key for table in tables for label in table.header for key in label)
    rows = frozenset(key for table in tables for row in table.rows for key in row.keys)
    keys = headings | columns | rows
    numbers: dict[str, set[str]] = defaultdict(set)
    for table in tables:
        for row in table.rows:
            for key in row.keys if row.number else ():
                numbers[key].add(row.number)
    glued = keys - {key for key in headings if len(key) < _LONG_ENOUGH_TO_STAND_IN_GLUED_TEXT}
    return Vocabulary(
        tables=tables,
        headings=headings,
        columns=columns,
        rows=rows,
        keys=keys,
        prefixes=_prefixes(keys),
        numbers={key: frozenset(sorted(value)) for key, value in numbers.items()},
        anchors=re.compile(any_of(key for key in keys if len(key) >= _LONG_ENOUGH_FOR_AN_ANCHOR)),
        _first=re.compile("[" + "".join(re.escape(first) for first in sorted({key[0] for key in glued})) + "]"),
        _glued=glued,
        _glued_prefixes=_prefixes(glued),
        _longest_prefix=max(map(len, glued)) - 1,
    )
