"""The counted figures of the prose: what the text outside the tables says it counted, with the sentence that says so."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from extract.model import NarrativeFigure, RepairedDocument
from extract.prose.data import either, load
from extract.prose.flow import Paragraph
from extract.prose.headings import Heading
from extract.prose.meaning import indicator_of
from extract.prose.numbers import REACH, Quantity, quantities

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


class _Stretch(NamedTuple):
    """The part of a paragraph that belongs to one section, from character `start` of the paragraph on."""

    text: str
    start: int
    paragraph: Paragraph
    role: str

    def shown(self, start: int, end: int) -> str:
        """Return the characters `start:end` of this stretch as readers see them."""
        return self.paragraph.shown[self.start + start : self.start + end]


def read_narrative(document: RepairedDocument, prose: Sequence[Paragraph], headings: Sequence[Heading]) -> tuple[NarrativeFigure, ...]:
    """Return the counted figures in reading order. What stands before the first section has the role `overview`."""
    found: list[NarrativeFigure] = []
    for stretch in _stretches(prose, headings):
        for sentence_start, sentence, quantity in _counted(stretch, document):
            lead, phrase = _phrase(stretch, sentence_start, quantity)
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


def _stretches(prose: Sequence[Paragraph], headings: Sequence[Heading]) -> Iterator[_Stretch]:
    """Yield the prose cut at the sections' headings, which are left out themselves."""
    upcoming = deque(headings)
    role = "overview"
    for index, paragraph in enumerate(prose):
        start = 0
        while upcoming and upcoming[0].paragraph == index:
            heading = upcoming.popleft()
            if heading.start > start:
                yield _Stretch(paragraph.text[start : heading.start], start, paragraph, role)
            start, role = heading.end, heading.role
        if start < len(paragraph.text):
            yield _Stretch(paragraph.text[start:], start, paragraph, role)


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
            yield sentence.start(), _sentence(stretch, sentence, quantity), quantity


def _sentence(stretch: _Stretch, sentence: re.Match[str], quantity: Quantity) -> str:
    """Return the sentence of a quantity, of an endless one the part around it."""
    if sentence.end() - sentence.start() <= LONGEST_SENTENCE:
        return stretch.shown(*sentence.span()).strip()
    start = max(sentence.start(), quantity.start - LONGEST_SENTENCE // 2)
    return stretch.shown(start, min(sentence.end(), quantity.end + LONGEST_SENTENCE // 2)).strip()


def _is_name(found: str) -> bool:
    """Say whether a stretch between straight quotation marks, which pair up wrongly once one is lost, can be a name."""
    return found[0] != '"' or bool(_rule("straight_quotes").fullmatch(found))


def _stands_free(quantity: Quantity, text: str, names: Sequence[tuple[int, int]]) -> bool:
    """Say whether nothing around the quantity makes it a name, a rank, a range or another number that counts nothing."""
    nearest = bisect_left(names, (quantity.end,)) - 1
    if nearest >= 0 and names[nearest][1] > quantity.start:
        return False
    before = text[max(0, quantity.start - REACH) : quantity.start]
    return not (_rule("before_ends").search(before) and _rule("before").search(before)) and not _rule("after").match(text, quantity.end)


def _is_list_digit(stretch: _Stretch, quantity: Quantity, document: RepairedDocument) -> bool:
    line, column = stretch.paragraph.place_of(stretch.start + quantity.start)
    text = document.lines[line - 1]
    place = text.origin[column] if text.origin else column
    return bool(_rule("list_digits").match(text.raw, place))


def _phrase(stretch: _Stretch, sentence_start: int, quantity: Quantity) -> tuple[str, str]:
    """Return the words of the clause before the figure, and the phrase that holds the figure."""
    text = stretch.text
    earliest = max(sentence_start, quantity.start - LONGEST_LEAD)
    ends = (place + 1 for place in range(quantity.start - 1, earliest - 1, -1) if text[place] in CLAUSE_ENDS)
    start = next((end for end in ends if len(text[end : quantity.start].strip(CLAUSE_ENDS)) >= SHORTEST_LEAD), earliest)
    tail = TAIL.match(text, quantity.end)
    end = tail.end() if tail else quantity.end
    return text[start : quantity.start], stretch.shown(start, end).strip(" ,;、:()|，；：（）")


@cache
def _names() -> re.Pattern[str]:
    rules = load("non_figures")
    return re.compile(either([*rules["phrases"], *rules["names"]]))


@cache
def _rule(name: str) -> re.Pattern[str]:
    value = load("non_figures")[name]
    expression = value if isinstance(value, str) else either(value)
    return re.compile(f"{expression}$" if name.startswith("before") else expression)
