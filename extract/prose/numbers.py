"""Parse the quantities that prose prints: digits, multiplier, approximating words and measure word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from extract.model import Value
from extract.prose.data import load

# How far back the words before a number matter to it.
REACH = 24
# The units whose figures can be below zero.
SHARES = frozenset({"%", "‰", "个百分点", "百分点"})
# A longer row of digits is no count: the cells of a table run together, a code.
MOST_DIGITS = 15
# A list of a report has no more items.
MOST_ITEMS = 20


class Quantity(NamedTuple):
    """The characters `start:end` of a text are a number with what belongs to it. `unit` is the measure word as printed, or None."""

    start: int
    end: int
    value: Value
    unit: str | None
    approximate: bool


def quantities(text: str) -> Iterator[Quantity]:
    """Yield what reads as a quantity: a number with a measure word, or beside a noun that counts (访问量达8.5万)."""
    for match in _number().finditer(text):
        unit = match["unit"]
        if len(match["digits"]) > MOST_DIGITS:
            continue
        before = text[max(0, match.start() - REACH) : match.start()]
        digits = _digits(match, before)
        if unit is not None:
            if not _unit_holds(unit, digits, before, match["multiplier"] is not None):
                continue
        elif noun := _counted_before(before, text, match.end()):
            unit = load("quantities")["counted_before"]["unit"].get(noun[-2:])
        elif not (match["multiplier"] or match["about"] or match["plus"]) or not _after_noun().match(text, match.end()):
            continue
        sign = _sign(before, unit)
        if digits and sign:
            start = match.end("digits") - len(digits)
            yield Quantity(start, match.end(), _value(match, digits, sign), unit, _approximate(match, before, text))


def _digits(match: re.Match[str], before: str) -> str | None:
    """Return the digits of the number itself, None when they cannot be told from the number of a list's item.

    Where a sentence begins, the 2.12 before a measure word that counts no parts is item 2., which begins with 12; before one
    that does, it could be either.
    """
    digits = match["digits"]
    item, _, rest = digits.partition(".")
    if rest and len(item) <= 2 and int(item) <= MOST_ITEMS and (not before.strip() or before.rstrip()[-1] in "。;!?"):
        return None if match["multiplier"] or match["unit"] in _decimal_units() or rest[0] == "0" else rest
    return digits


def _sign(before: str, unit: str | None) -> int:
    """Return the sign of a number: a hyphen is one before a share (增长-5.2%), else a sign of a range or a name, which is 0."""
    if not before.endswith("-"):
        return 1
    return -1 if unit in SHARES and not before[-2:-1].isascii() else 0


def _unit_holds(unit: str, digits: str | None, before: str, multiplied: bool) -> bool:
    """Say whether a measure word can count the number before it."""
    condition = _conditions().get(unit)
    if digits is None or (condition and not condition.search(before)):
        return False
    return "." not in digits or multiplied or unit in _decimal_units()


def _value(match: re.Match[str], digits: str, sign: int) -> Value:
    if digits.isdecimal() and not match["multiplier"]:
        return sign * int(digits)
    multipliers = load("quantities")["multipliers"]
    value = sign * Decimal(digits.replace(",", ""))
    if match["multiplier"]:
        value *= multipliers[match["multiplier"]]
    if match["rest"]:
        value += Decimal(match["rest"]) * multipliers[match["rest_multiplier"]]
    return int(value) if value == value.to_integral_value() else value


def _approximate(match: re.Match[str], before: str, text: str) -> bool:
    if match["about"] or match["plus"] or match["about_multiplier"] or _after().match(text, match.end()):
        return True
    return bool(_before().search(before)) and not _before_unless().search(before)


def _counted_before(before: str, text: str, end: int) -> str | None:
    """Return the counting noun that stands before the number, if the number ends what is said of it."""
    match = _before_noun().search(before)
    if match is None or _noun_unless().search(before[: match.end("noun")]) or not _clause_ends().match(text, end):
        return None
    return before[: match.end("noun")]


@cache
def _number() -> re.Pattern[str]:
    rules = load("quantities")
    unless = rules["multiplier_unless"]
    ordered = sorted(rules["multipliers"], key=len, reverse=True)
    multipliers = "|".join(word + (f"(?!{unless})" if word in "百千" else "") for word in ordered)
    units = []
    for measure in sorted(_measures(), key=lambda measure: len(measure["word"]), reverse=True):
        unless = f"(?!{measure['unless']})" if "unless" in measure else ""
        units.append(re.escape(measure["word"]) + unless)
    first = "".join(sorted({measure["word"][0] for measure in _measures()}))
    inside = rules["approximate"]["inside"]
    return re.compile(
        # What must not stand before a number is looked at behind its first digit, so that the search leaps from digit to digit.
        r"(?P<digits>\d(?<![\d万亿千百].)(?<!\d[.,:/].)(?:\d{0,2}+(?:,\d{3})+(?:\.\d++)?+|\d*+(?:\.\d++)?+))(?![.,:/]?\d)"
        rf"\s*(?:(?P<about_multiplier>{inside})(?=[万亿]))?(?P<multiplier>{multipliers})?"
        r"(?:(?<=[亿万])(?P<rest>\d+(?:\.\d+)?)(?P<rest_multiplier>[万千]))?(?P<plus>\+(?!\s*[\dA-Za-z]))?"
        rf"\s*(?P<about>{inside})?\s*(?P<unit>(?=[{first}])(?:{'|'.join(units)}))?"
    )


@cache
def _measures() -> list[dict[str, str]]:
    return [{"word": measure} if isinstance(measure, str) else measure for measure in load("quantities")["measures"]]


@cache
def _conditions() -> dict[str, re.Pattern[str]]:
    return {measure["word"]: re.compile(measure["after"]) for measure in _measures() if "after" in measure}


@cache
def _decimal_units() -> frozenset[str]:
    return frozenset(load("quantities")["measures_decimal"]) | {measure["word"] for measure in _measures() if measure.get("decimal")}


@cache
def _after() -> re.Pattern[str]:
    return re.compile(load("quantities")["approximate"]["after"])


@cache
def _before() -> re.Pattern[str]:
    return re.compile(load("quantities")["approximate"]["before"])


@cache
def _before_unless() -> re.Pattern[str]:
    return re.compile(load("quantities")["approximate"]["before_unless"])


@cache
def _before_noun() -> re.Pattern[str]:
    rule = load("quantities")["counted_before"]
    return re.compile(f"(?P<noun>{rule['noun']}){rule['link']}$")


@cache
def _noun_unless() -> re.Pattern[str]:
    return re.compile(f"{load('quantities')['counted_before']['noun_unless']}$")


@cache
def _clause_ends() -> re.Pattern[str]:
    return re.compile(load("quantities")["counted_before"]["ends"])


@cache
def _after_noun() -> re.Pattern[str]:
    return re.compile(load("quantities")["counted_after"])
