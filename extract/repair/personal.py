"""Names and telephone numbers of staff in footers and contact lines.

A number is masked only behind a word for telephone: with a colon (or behind 联系电话, which no table counts) any number of seven
digits or more, else only what has the shape of a telephone number: an area code, a mobile number. So no figure of a table is meant.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate, chain
from pathlib import Path
from typing import NamedTuple

import yaml

from extract.choice import any_of
from extract.model import Text
from extract.repair.edits import MASK, Act, Edit, Outcome, cover, rewrite

_LOOSE, _TIGHT = r"\s?[-—–]{0,2}\s?", "[-—–]{0,2}"
_EXTENSION = r"(?:\s?(?:转|-)\s?\d{1,5})?"
_MAILBOX = re.compile(r"(?<!\d)\d{7,12}(?=@)")
# Blanks within an entry of a footer: bounded, since a hostile text may hold a million.
_GAP = r"\s{0,8}"
# A label alone on its line is no longer than this.
_LONGEST_LABEL = 16


def _shaped(gap: str) -> str:
    """With area code (0755-23727930, (0591)23165250), mobile (13800138000), or beginning with 400 or 800."""
    area, mobile, shared = (
        rf"\(?0[1-9]\d{{1,2}}\)?{gap}\d{{3,4}}{gap}\d{{3,5}}",
        rf"1[3-9]\d{gap}\d{{4}}{gap}\d{{4}}",
        rf"[48]00{gap}\d{{3,4}}{gap}\d{{3,4}}",
    )
    return rf"(?:\+?86{gap})?(?:{area}|{mobile}|{shared})"


class _Personal(NamedTuple):
    label: re.Pattern[str]
    lone_label: re.Pattern[str]
    name: re.Pattern[str]
    not_a_name: re.Pattern[str]
    surname: re.Pattern[str]
    telephone: re.Pattern[str]
    further: re.Pattern[str]


@cache
def _personal() -> _Personal:
    data = yaml.load((Path(__file__).parent / "personal.yml").read_text("utf-8"), yaml.CSafeLoader)
    labels = [data[key] for key in ("name_labels", "footer_labels", "telephone_labels", "contact_labels")]
    names, footers, telephones, contacts = map(any_of, labels)
    ending = rf"{_EXTENSION}(?!\d|[.,]\d|\s?(?:{any_of(data['units'])}))"
    shaped, local = _shaped(_LOOSE) + ending, rf"[2-9]\d{{2,3}}{_LOOSE}\d{{4}}{ending}"
    next_entry = rf"$|[,;、。)(/|\]\[】【<\s]|{names}|[\u4e00-\u9fff]{{0,2}}(?:{telephones})|{any_of(data['next_entries'])}"
    return _Personal(
        label=re.compile(any_of(chain(*labels))),
        lone_label=re.compile(rf"(?:{names}|[\u4e00-\u9fff]{{0,4}}(?:{telephones})){_GAP}:|{footers}|{contacts}"),
        name=re.compile(
            rf"(?:(?:{names}){_GAP}(?:\([^()]{{0,6}}\))?{_GAP}:|(?:{footers})[ \t]){_GAP}"
            rf"([\u4e00-\u9fff·]{{2,4}}?|[\u4e00-\u9fff]\s{{1,2}}[\u4e00-\u9fff])(?={_GAP}(?:{next_entry}))"
        ),
        not_a_name=re.compile(data["not_a_name"]),
        surname=re.compile(f"[{data['surnames']}]|{any_of(data['compound_surnames'])}"),
        telephone=re.compile(
            rf"(?:{telephones})(?:(?:及|和|/|、)?(?:{telephones}))?{_GAP}(?:\([^()\d]{{0,8}}\))?{_GAP}"
            rf"(?:(?::|是|为){_GAP}({shaped}|{local})|({_shaped(_TIGHT)}{ending}))"
            rf"|(?:{contacts})[ \t]{{1,8}}({local})"
        ),
        further=re.compile(rf"{_GAP}[、,/;或及和]{_GAP}({shaped}|{local})"),
    )


def may_hold_personal_data(texts: Sequence[str]) -> list[int]:
    """Return which of the texts, in simplified characters, hold a label: one look at all of them. No label goes over a line break."""
    ends = list(accumulate(len(text) + 1 for text in texts))
    return sorted({bisect_right(ends, found.start()) for found in _personal().label.finditer("\n".join(texts))})


def lone_label(text: str) -> str:
    """Return the label if the line or cell is nothing but one: what it labels stands in the next; otherwise ""."""
    return _lone_label(text.strip()) if len(text) <= _LONGEST_LABEL else ""


@lru_cache(maxsize=1 << 14)
def _lone_label(label: str) -> str:
    return f"{label} " if _personal().lone_label.fullmatch(label) else ""


def mask_personal_data(text: Text, label: str = "") -> Outcome:
    """Cover each name and number with ■, in what is read as in what the public sees of the source.

    `label` is what `lone_label` returned for the line or cell before.
    """
    spans = _spans(text.clean, label) if label or _personal().label.search(text.clean) else []
    if not spans:
        return text, ()
    masked = rewrite(cover(text, spans), [Edit(start, end, MASK * (end - start)) for start, end in spans])
    return masked, [Act("personal_data", len(spans))]


def _spans(text: str, label: str) -> list[tuple[int, int]]:
    personal = _personal()
    text = label + text
    spans: set[tuple[int, int]] = set()
    for found in personal.name.finditer(text):
        sure = found.start() >= len(label) and ":" in text[found.start() : found.start(1)]
        if not personal.not_a_name.fullmatch(found[1]) and (sure or personal.surname.match(found[1])):
            spans.add(found.span(1))
    for first in personal.telephone.finditer(text):
        spans.add(first.span(first.lastindex))
        further = personal.further.match(text, first.end())
        while further:
            spans.add(further.span(1))
            further = personal.further.match(text, further.end())
    # A mailbox is often named by the telephone number.
    numbers = {text[start:end] for start, end in spans}
    spans.update(mailbox.span() for mailbox in _MAILBOX.finditer(text) if mailbox[0] in numbers)
    return sorted((start - len(label), end - len(label)) for start, end in spans if start >= len(label))
