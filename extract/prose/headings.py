"""Find the headings of the six sections, on lines of their own or inside a line that holds a whole report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extract.model import Span, Text
from extract.prose.data import either, load
from extract.prose.flow import Paragraph

MARKS = r"[#*>\s]*"
DIGITS = {character: value for value, character in enumerate("一二三四五六七八九十", 1)}


@dataclass(frozen=True, slots=True)
class Heading:
    """The characters `start:end` of paragraph number `paragraph` (from 0), which open a section of this role."""

    paragraph: int
    start: int
    end: int
    role: str
    text: str


def find_headings(paragraphs: Sequence[Paragraph]) -> list[Heading]:
    """Return the headings in reading order, without those of a table of contents."""
    rules = load("headings")
    for numbering in (rules["numbering"], *rules["fallback"]):
        found = _with_numbering(paragraphs, numbering)
        if len({heading.role for heading in found}) >= (1 if numbering == rules["numbering"] else 3):
            return _without_contents_list(found, paragraphs, rules["contents_list"])
    return []


def uncovered(lines: Sequence[Text], table_spans: Sequence[Span]) -> list[Span]:
    """Return the spans without the headings that they cover: one that juts out of a table, or that no table can hold.

    A table ends before such a heading; what its span covers behind it, without a digit in it, is no table.
    """
    kept: list[Span] = []
    for span in table_spans:
        line = lines[span.line - 1].clean
        start = span.start
        for match in _running(load("headings")["numbering"]).finditer(line):
            juts = match.start() < span.start < match.end() or match.start() < span.end < match.end()
            inside = span.start <= match.start() and match.end() <= span.end
            if juts or (inside and _never_a_label().search(match.group())):
                kept += _table_part(span, start, match.start(), line)
                start = max(start, match.end())
        kept += _table_part(span, start, span.end, line)
    return kept


def _table_part(span: Span, start: int, end: int, line: str) -> list[Span]:
    if start >= end or (start > span.start and not any(character.isdigit() for character in line[start:end])):
        return []
    return [Span(span.line, start, end)]


def _with_numbering(paragraphs: Sequence[Paragraph], numbering: str) -> list[Heading]:
    found: list[Heading] = []
    previous = 0
    for index, paragraph in enumerate(paragraphs):
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
    number, title = _numbered(numbering).fullmatch(text).groups()
    role = _role_of_title(title)
    if number is None:
        known = role is not None and title not in rules["needs_number"]
        return Heading(index, 0, len(text), role, text) if known else None
    if role is None:
        if numbering != rules["numbering"] or not title or _forbidden().search(title) or _running(numbering).search(text):
            return None
        ordinal = _ordinal(number)
        if ordinal not in (1, previous + 1):
            return None
        role = next((rule["role"] for rule in rules["keywords"] if re.search(rule["pattern"], title)), rules["unnamed"])
    return Heading(index, 0, len(text), role, text)


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


def _without_contents_list(headings: list[Heading], paragraphs: Sequence[Paragraph], length: int) -> list[Heading]:
    run = 1
    while run < len(headings) and _adjacent(headings[run - 1], headings[run], paragraphs):
        run += 1
    later = {heading.role for heading in headings[run:]}
    first = headings[:run]
    if run >= length and sum(heading.role in later for heading in first) >= length:
        return headings[run:]
    return headings


def _adjacent(first: Heading, second: Heading, paragraphs: Sequence[Paragraph]) -> bool:
    if first.paragraph == second.paragraph:
        return not paragraphs[first.paragraph].text[first.end : second.start].strip(" .…·0123456789")
    return second.paragraph == first.paragraph + 1 and second.start == 0 and first.end == len(paragraphs[first.paragraph].text)


def _ordinal(text: str) -> int | None:
    """Return the value of the Chinese numeral at the start of a heading, None when there is none."""
    match = re.match(r"\W*第?([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)", text)
    tens, ten, units = match.groups()
    if not (tens or ten or units):
        return None
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[units] if units else 0) if ten else DIGITS[tens or units]


def _role_of_title(title: str) -> str | None:
    match = _title().fullmatch(title)
    return match.lastgroup if match else None


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
    return re.compile(f"{MARKS}({numbering})?\\s*(.*?)[*:。\\s]*")


@cache
def _enumerates(side: str) -> re.Pattern[str]:
    expression = load("headings")[f"enumerates_{side}"]
    return re.compile(f"{expression}$" if side == "before" else expression)


@cache
def _never_a_label() -> re.Pattern[str]:
    return re.compile(load("headings")["never_a_label"])


@cache
def _forbidden() -> re.Pattern[str]:
    return re.compile(either(load("headings")["not_headings"]))
