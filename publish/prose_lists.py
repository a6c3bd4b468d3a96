"""What the figures of one sentence say of each other: parts of a total, shares of it, growth against the year before.

Works on the stored sentence and its figures, each with its phrase; nothing is read from the text anew but what stands between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from publish.exact import Number

_DIGITS = re.compile(r"\d[\d,]*(?:[.．]\d+)?(?=\D*$)")
_BRACKETS = re.compile(r"《[^》]*》|“[^”]*”|「[^」]*」|[(（][^()（）]*[)）]")
_SHARE_CLAUSE = re.compile(r"[,，(（]?\s*占[^,，;；、。()（）]{0,20}?[%％][)）]?")
# The marks between the parts of a list, from the weakest to the strongest.
_MARKS = {"、": 1, ",": 2, "，": 2, ";": 3, "；": 3}
_ENDS = "。!！?？"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the prose. `start` and `end` are the place of its digits in the sentence."""

    position: int
    value: Number
    unit: str | None
    approximate: bool
    indicator: str | None
    phrase: str
    start: int = 0
    end: int = 0

    @property
    def is_rate(self) -> bool:
        """Whether it is a percentage."""
        return self.unit in ("%", "％")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A total and its parts. `whole` says whether they are all its parts; `exact` whether each of them is counted exactly."""

    total: Figure
    parts: tuple[Figure, ...]
    whole: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Share:
    """A part, the rate printed beside it with its decimals, and the total it is a share of; None when that is not known."""

    part: Figure
    rate: Figure
    decimals: int
    total: Figure | None


@dataclass(frozen=True, slots=True)
class Growth:
    """A figure and its growth in percent against the year before (negative when it fell), with the decimals printed."""

    figure: Figure
    rate: Figure
    percent: Number
    decimals: int


@cache
def _data() -> dict[str, Any]:
    return yaml.load(Path(__file__).with_name("prose_lists.yml").read_text("utf-8"), yaml.CSafeLoader)


@cache
def _cues() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<cue{place}>{cue['cue']})" for place, cue in enumerate(_data()["list_cues"])))


@cache
def _growth() -> re.Pattern[str]:
    words = _data()["growth"]
    return re.compile(f"{words['what']}{words['against']}(?:(?P<rose>{words['rose']})|(?P<fell>{words['fell']}))(?:了|约|达)?\\s*$")


@cache
def _telling() -> re.Pattern[str]:
    return re.compile(f"{_cues().pattern}|占|{_data()['growth']['against']}")


@cache
def _share() -> re.Pattern[str]:
    return re.compile(rf"[^,，;；、。]{{0,12}}[,，(（]?\s*{_data()['share']}")


def may_tell(sentence: str) -> bool:
    """Say whether a sentence has any of the words by which its figures speak of each other."""
    return _telling().search(sentence) is not None


def placed(sentence: str, figures: Sequence[Figure]) -> tuple[Figure, ...]:
    """Return the figures with the places of their digits; none when one of them cannot be found."""
    found: list[Figure] = []
    phrase_start, end = 0, 0
    for figure in figures:
        digits = _DIGITS.search(figure.phrase)
        at = sentence.find(figure.phrase, phrase_start) if digits else -1
        while digits and at >= 0 and at + digits.end() <= end:
            at = sentence.find(figure.phrase, at + 1)
        if digits is None or at < 0:
            return ()
        phrase_start, end = at, at + digits.end()
        values = (figure.position, figure.value, figure.unit, figure.approximate, figure.indicator, figure.phrase)
        found.append(Figure(*values, at + digits.start(), end))
    return tuple(found)


def _blanked(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: " " * len(match.group()), text)


def _list_end(text: str, start: int, opened: bool) -> int:
    """Return where the list that begins at `start` ends: at the bracket that closes it, or with the sentence."""
    stops = "".join(_ENDS) + (")）" if opened else "")
    return next((place for place in range(start, len(text)) if text[place] in stops), len(text))


def _items(text: str, start: int, end: int, figures: Sequence[Figure]) -> list[list[Figure]] | None:
    """Return the figures of each item of the list `start:end`, items without any after the last counted one left out."""
    inside = [figure for figure in figures if start <= figure.start < end and text[figure.start] != " " and not figure.is_rate]
    if not inside:
        return None
    mark = next((_MARKS[text[place]] for place in range(inside[0].end, end) if text[place] in _MARKS), 0)
    end = next((place for place in range(inside[0].end, end) if _MARKS.get(text[place], 0) > mark), end)
    cuts = [place for place in range(inside[0].end, end) if _MARKS.get(text[place]) == mark]
    bounds = [start, *cuts, end]
    items = [[figure for figure in inside if low <= figure.start < high] for low, high in pairwise(bounds)]
    while items and not items[-1]:
        items.pop()
    return items


def _total_before(sentence: str, cue: re.Match[str], figures: Sequence[Figure]) -> Figure | None:
    before = [figure for figure in figures if figure.end <= cue.start() and not figure.is_rate]
    if not before or before[-1].approximate or not before[-1].unit:
        return None
    way = _SHARE_CLAUSE.sub("", sentence[before[-1].end : cue.start()])
    long = len(way) > _data()["longest_way_to_cue"] or any(mark in way for mark in ";；" + _ENDS)
    return None if long else before[-1]


def breakdowns(sentence: str, figures: Sequence[Figure]) -> Iterator[Breakdown]:
    """Yield the totals that a sentence parts into at least four figures of the same unit."""
    text = _blanked(sentence, _SHARE_CLAUSE)
    parted: set[int] = set()
    outer, reach = None, 0
    for cue in _cues().finditer(sentence):
        total = _total_before(sentence, cue, figures)
        if total is None or total.position in parted:
            continue
        if cue.start() < reach and total is not outer:
            continue  # A list inside a list: which of the later parts belong to which cannot be told.
        outer, reach = total, next((place for place in range(cue.end(), len(text)) if text[place] in ";；"), len(text))
        opened = sentence[: cue.start()].rstrip()[-1:] in ("(", "（")
        listed = text[: cue.end()] + _blanked(text[cue.end() :], _BRACKETS)
        end = _list_end(listed, cue.end(), opened)
        items = _items(listed, cue.end(), end, figures)
        if not items or _cues().search(listed, cue.end(), end):
            continue
        parts = tuple(figure for item in items for figure in item if figure.unit == total.unit)
        if len(parts) < _data()["parts_needed"]:
            continue
        counted = all(len(item) == 1 and item[0].unit == total.unit and not item[0].approximate for item in items)
        shared = all(_SHARE_CLAUSE.match(sentence, figure.end + len(figure.unit or "")) for figure in parts)
        said = next(entry["whole"] for place, entry in enumerate(_data()["list_cues"]) if cue[f"cue{place}"])
        rest = re.search(_data()["rest"], parts[-1].phrase) is not None
        parted.add(total.position)
        yield Breakdown(total, parts, said or rest or shared, counted)


def _decimals(figure: Figure, sentence: str) -> int:
    return len(sentence[figure.start : figure.end].replace("．", ".").partition(".")[2])


def agrees(printed: Number, exact: Number, decimals: int) -> bool:
    """Say whether a printed rate is the exact one rounded or cut off at its last decimal."""
    return abs(exact - printed) < 10**-decimals


def _pairs(sentence: str, figures: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    for part, rate in pairwise(figures):
        if rate.is_rate and not part.is_rate and _share().fullmatch(sentence[part.end : rate.start]):
            yield part, rate


def shares(sentence: str, figures: Sequence[Figure], before: Sequence[Figure] = ()) -> Iterator[Share]:
    """Yield the parts with a rate beside them (34件，占9.5%). `before` are the figures of the sentence before.

    The total is that of the list; else the figure before, of the same unit, with which most of the rates agree, at least two.
    """
    pairs = list(_pairs(sentence, figures))
    if not pairs:
        return
    listed = {part.position: each.total for each in breakdowns(sentence, figures) for part in each.parts}
    parts = {part.position for part, _ in pairs}
    candidates = [f for f in (*before, *figures) if f.position not in parts and not f.is_rate and not f.approximate and f.value]
    agreeing = {
        total.position: sum(
            total.position < part.position and agrees(rate.value, 100 * part.value / total.value, _decimals(rate, sentence))
            for part, rate in pairs
            if part.unit == total.unit
        )
        for total in candidates
    }
    usual = max(candidates, key=lambda total: agreeing[total.position], default=None)
    if usual is not None and (agreeing[usual.position] < 2 or 2 * agreeing[usual.position] <= len(pairs)):
        usual = None
    for part, rate in pairs:
        fits = usual is not None and usual.unit == part.unit and usual.position < part.position
        total = listed.get(part.position) or (usual if fits else None)
        exact = not (part.approximate or rate.approximate) and total is not None and total.value
        yield Share(part, rate, _decimals(rate, sentence), total if exact else None)


def growths(sentence: str, figures: Sequence[Figure]) -> Iterator[Growth]:
    """Yield the figures that state an indicator and, in the clause behind, how much they grew against the year before."""
    for figure, rate in pairwise(figures):
        if not rate.is_rate or figure.indicator is None or figure.approximate or rate.approximate:
            continue
        clauses = re.split(r"[,，;；(（]", sentence[figure.end : rate.start])
        match = _growth().fullmatch(clauses[-1].strip())
        if match and len(clauses) == 2:
            yield Growth(figure, rate, rate.value if match["rose"] else -rate.value, _decimals(rate, sentence))
