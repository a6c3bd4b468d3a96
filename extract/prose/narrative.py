"""The counted figures of the prose: what the text outside the tables says it counted, with the sentence that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extract.model import NarrativeFigure, RepairedDocument, Section, Span
from extract.prose.data import either, load
from extract.prose.flow import Paragraph
from extract.prose.meaning import indicator_of
from extract.prose.numbers import REACH, Quantity, quantities
from extract.prose.sections import prose_of

SENTENCE = re.compile(r"[^。!?！？]+[。!?！？]*[”’」)]?")
CLAUSE_ENDS = "。!?！？,;、:()|"
SHORTEST_LEAD = 2
LONGEST_LEAD = 40
CONTEXT = 400
# A text without full stops must not repeat itself for each of its figures.
LONGEST_SENTENCE = 1200
# How near an address or a telephone number makes a number part of it.
NEAR = 100
TAIL = re.compile(r"[^。!?！？,;、:()“”|\d]{0,12}(?=[。!?！？,;、:()“”|\d]|$)")


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The part of a paragraph that belongs to one section, from character `start` of the paragraph on."""

    text: str
    start: int
    paragraph: Paragraph
    role: str


def read_narrative(document: RepairedDocument, sections: Sequence[Section], table_spans: Sequence[Span]) -> tuple[NarrativeFigure, ...]:
    """Return the counted figures in reading order. What stands before the first section has the role `overview`."""
    found: list[NarrativeFigure] = []
    for stretch in _stretches(prose_of(document, table_spans), sections):
        for sentence_start, sentence, quantity in _counted(stretch, document):
            lead, phrase = _phrase(stretch.text, sentence_start, quantity)
            found.append(
                NarrativeFigure(
                    position=len(found) + 1,
                    role=stretch.role,
                    value=quantity.value,
                    unit=quantity.unit,
                    approximate=quantity.approximate,
                    phrase=phrase,
                    sentence=sentence,
                    line=stretch.paragraph.line_of(stretch.start + quantity.start),
                    indicator=indicator_of(
                        before=stretch.text[max(sentence_start, quantity.start - CONTEXT) : quantity.start],
                        clause=lead,
                        after=stretch.text[quantity.end : quantity.end + REACH],
                        context=stretch.text[max(0, quantity.start - CONTEXT) : quantity.end + REACH],
                        unit=quantity.unit,
                        role=stretch.role,
                    ),
                )
            )
    return tuple(found)


def _stretches(prose: Sequence[Paragraph], sections: Sequence[Section]) -> Iterator[_Stretch]:
    """Yield the prose cut at the sections' headings, which are left out themselves."""
    openings = list(_openings(prose, sections))
    role = "overview"
    upcoming = 0
    for index, paragraph in enumerate(prose):
        start = 0
        while upcoming < len(openings) and openings[upcoming][0] == index:
            _, opening, end, next_role = openings[upcoming]
            if opening > start:
                yield _Stretch(paragraph.text[start:opening], start, paragraph, role)
            start, role = end, next_role
            upcoming += 1
        if start < len(paragraph.text):
            yield _Stretch(paragraph.text[start:], start, paragraph, role)


def _openings(prose: Sequence[Paragraph], sections: Sequence[Section]) -> Iterator[tuple[int, int, int, str]]:
    """Yield the paragraph, the first and the last character of each section's heading, and its role."""
    index = offset = 0
    for section in sections:
        heading = section.heading or ""
        for candidate in range(index, len(prose)):
            paragraph = prose[candidate]
            place = paragraph.text.find(heading, offset if candidate == index else 0)
            if section.line_start in paragraph.lines and place >= 0:
                index, offset = candidate, place + len(heading)
                yield candidate, place, offset, section.role
                break


def _counted(stretch: _Stretch, document: RepairedDocument) -> Iterator[tuple[int, str, Quantity]]:
    """Yield the start and the text of its sentence, and the quantity, for each counted figure."""
    text = stretch.text
    if len(text) <= load("non_figures")["longest_paragraph"] and _rule("paragraphs").search(text):
        return
    names: list[tuple[int, int]] | None = None
    sentence: re.Match[str] | None = None
    addresses = False
    for quantity in quantities(text):
        if names is None:
            names = [match.span() for match in _names().finditer(text) if _is_name(match.group())]
        if not _stands_free(quantity, text, names) or _is_list_digit(stretch, quantity, document):
            continue
        while sentence is None or sentence.end() <= quantity.start:
            sentence = SENTENCE.search(text, sentence.end() if sentence else 0)
            if sentence is None:
                return
            addresses = bool(_rule("sentences").search(sentence.group()))
        if not (addresses and _rule("sentences").search(text, max(sentence.start(), quantity.start - NEAR), quantity.end + NEAR)):
            yield sentence.start(), _sentence(text, sentence, quantity), quantity


def _sentence(text: str, sentence: re.Match[str], quantity: Quantity) -> str:
    """Return the sentence of a quantity, of an endless one the part around it."""
    if sentence.end() - sentence.start() <= LONGEST_SENTENCE:
        return sentence.group().strip()
    start = max(sentence.start(), quantity.start - LONGEST_SENTENCE // 2)
    return text[start : min(sentence.end(), quantity.end + LONGEST_SENTENCE // 2)].strip()


def _is_name(found: str) -> bool:
    """Say whether a stretch between straight quotation marks, which pair up wrongly once one is lost, is short enough for a name."""
    return found[0] != '"' or len(found) <= load("non_figures")["longest_quoted"]


def _stands_free(quantity: Quantity, text: str, names: Sequence[tuple[int, int]]) -> bool:
    """Say whether nothing around the quantity makes it a name, a rank, a range or another number that counts nothing."""
    if any(start < quantity.end and quantity.start < end for start, end in names):
        return False
    before = text[max(0, quantity.start - REACH) : quantity.start]
    return not _rule("before").search(before) and not _rule("after").match(text, quantity.end)


def _is_list_digit(stretch: _Stretch, quantity: Quantity, document: RepairedDocument) -> bool:
    line, column = stretch.paragraph.place_of(stretch.start + quantity.start)
    text = document.lines[line - 1]
    place = text.origin[column] if text.origin else column
    return bool(_rule("list_digits").match(text.raw, place))


def _phrase(text: str, sentence_start: int, quantity: Quantity) -> tuple[str, str]:
    """Return the words of the clause before the figure, and the phrase that holds the figure."""
    earliest = max(sentence_start, quantity.start - LONGEST_LEAD)
    start = quantity.start
    while start > earliest and (text[start - 1] not in CLAUSE_ENDS or len(text[start : quantity.start].strip(CLAUSE_ENDS)) < SHORTEST_LEAD):
        start -= 1
    tail = TAIL.match(text, quantity.end)
    end = tail.end() if tail else quantity.end
    return text[start : quantity.start], text[start:end].strip(" ,;、:()|")


@cache
def _names() -> re.Pattern[str]:
    rules = load("non_figures")
    return re.compile(either([*rules["phrases"], *rules["names"]]))


@cache
def _rule(name: str) -> re.Pattern[str]:
    value = load("non_figures")[name]
    expression = value if isinstance(value, str) else either(value)
    return re.compile(f"{expression}$" if name == "before" else expression)
