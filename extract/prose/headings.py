"""Find the headings of the six sections, on lines of their own or inside a line that holds a whole report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from extract.prose.data import either, load
from extract.prose.flow import Paragraph

# Marks of Markdown around a title.
MARKS = "#*> "
# 一、概述
SHORTEST_HEADING = 4
DIGITS = {character: value for value, character in enumerate("一二三四五六七八九十", 1)}


class Heading(NamedTuple):
    """The characters `start:end` of paragraph number `paragraph` (from 0), which open a section of this role."""

    paragraph: int
    start: int
    end: int
    role: str
    text: str


def find_headings(paragraphs: Sequence[Paragraph]) -> list[Heading]:
    """Return the headings in reading order, without those of a table of contents."""
    rules = load("headings")
    found = _with_numbering(paragraphs, rules["numbering"])
    for numbering in rules["fallback"]:
        if _roles(found) >= rules["enough_roles"]:
            break
        other = _with_numbering(paragraphs, numbering)
        if _roles(other) >= rules["enough_roles"]:
            found = other
    return _without_contents_list(found, paragraphs, rules["contents_list"])


def _roles(headings: Sequence[Heading]) -> int:
    return len({heading.role for heading in headings})


def _with_numbering(paragraphs: Sequence[Paragraph], numbering: str) -> list[Heading]:
    found: list[Heading] = []
    previous = 0
    for index, paragraph in enumerate(paragraphs):
        if paragraph.text.isascii():
            continue
        alone = _alone(index, paragraph.text, numbering, previous)
        headings = [alone] if alone else _inside(index, paragraph.text, numbering)
        found += headings
        for heading in headings:
            previous = _ordinal(heading.text) or previous
    return found


def _alone(index: int, text: str, numbering: str, previous: int) -> Heading | None:
    """Return the heading that the whole paragraph is, or None. `previous` is the number of the heading before it."""
    rules = load("headings")
    if len(text) > rules["longest_heading"] + 4:
        return None
    number, title, role = _number_and_title(text, numbering)
    if number is None:
        known = role is not None and title not in rules["needs_number"]
        return Heading(index, 0, len(text), role, text.strip(MARKS)) if known else None
    if role is None:
        if numbering != rules["numbering"] or not title or _forbidden().search(title) or _inside(index, text, numbering):
            return None
        ordinal = _ordinal(number)
        if ordinal is None or ordinal <= previous:  # a list within a section counts from 1 again
            return None
        role = next((rule["role"] for rule in rules["keywords"] if re.search(rule["pattern"], title)), rules["unnamed"])
    return Heading(index, 0, len(text), role, text.strip(MARKS))


def _inside(index: int, text: str, numbering: str) -> list[Heading]:
    """Return the numbered headings that text follows at once, or that stand within the paragraph."""
    found: list[Heading] = []
    enumerated = False
    for match in _running(numbering).finditer(text):
        followed = _enumerates("after").match(text, match.end())
        enumerated = bool(followed or (enumerated and _enumerates("before").search(text[max(0, match.start() - 4) : match.start()])))
        if not enumerated and match.lastgroup is not None:
            found.append(Heading(index, match.start(), match.end(), match.lastgroup, match.group().strip()))
    return found


def _without_contents_list(headings: list[Heading], paragraphs: Sequence[Paragraph], shortest: int) -> list[Heading]:
    """Leave out the titles, one behind the other, that stand before a second heading of the first one's role."""
    for count in range(1, len(headings)):
        if count >= shortest and headings[count].role == headings[0].role:
            return headings[count:]
        if not _adjacent(headings[count - 1], headings[count], paragraphs):
            break
    return headings


def _adjacent(first: Heading, second: Heading, paragraphs: Sequence[Paragraph]) -> bool:
    """Say whether nothing but dots and a page number stands between two headings."""
    text = paragraphs[first.paragraph].text
    if first.paragraph == second.paragraph:
        between = text[first.end : second.start]
    elif second.paragraph == first.paragraph + 1 and second.start == 0:
        between = text[first.end :]
    else:
        return False
    return not between.strip(" .…·-—0123456789")


def _ordinal(text: str) -> int | None:
    """Return the value of the Chinese numeral at the start of a heading, None when there is none."""
    match = re.match(r"\W*第?([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)", text)
    tens, ten, units = match.groups()
    if not (tens or ten or units):
        return None
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[units] if units else 0) if ten else DIGITS[tens or units]


@lru_cache(maxsize=1 << 12)
def _number_and_title(text: str, numbering: str) -> tuple[str | None, str, str | None]:
    """Return the number of a line, its text, and the role of the section of which this is the title: most reports print the same ones."""
    number, title = _numbered(numbering).fullmatch(text).groups()
    match = _title().fullmatch(title)
    return number, title, match.lastgroup if match else None


def _titles() -> str:
    rules = load("headings")
    groups = []
    for role, patterns in rules["titles"].items():
        expression = either(sorted(patterns, key=len, reverse=True))
        for name, part in rules["parts"].items():
            expression = expression.replace(f"<{name}>", part)
        groups.append(f"(?P<{role}>{expression})")
    return either(groups)


@cache
def _title() -> re.Pattern[str]:
    return re.compile(_titles())


@cache
def _running(numbering: str) -> re.Pattern[str]:
    return re.compile(f"{numbering}\\s{{0,2}}{_titles()}")


@cache
def _numbered(numbering: str) -> re.Pattern[str]:
    return re.compile(f"[{MARKS}]*({numbering})?\\s*(.*?)[*:。\\s]*")


@cache
def _enumerates(side: str) -> re.Pattern[str]:
    expression = load("headings")[f"enumerates_{side}"]
    return re.compile(f"{expression}$" if side == "before" else expression)


@cache
def _forbidden() -> re.Pattern[str]:
    return re.compile(either(load("headings")["not_headings"]))
