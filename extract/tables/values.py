"""One parser for what stands in a statutory cell: a number, a blank, a dash or a word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from extract.model import Value

YUAN = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
COUNTING_WORDS = "件条项个次宗份人篇期户家起"
# A longer whole number counts nothing; it is a slip, or digits of several cells.
MOST_DIGITS = 15
_INTEGERS = 1 << 63
UNITS = frozenset({*YUAN, *COUNTING_WORDS, "人次", "件次", "条次", "人数", "场", "场次", "部", "——", "—"})
DASHES = frozenset("-—–－―─/／\\") | {"——", "--", "---", "―", "－－", "－"}

# How a number or a dash begins, where not with a digit.
STARTS_OF_VALUES = frozenset("+＋-－−增减") | {dash[0] for dash in DASHES}

# A change may be told by a word: 增16 is +16. Behind a character it is part of a label, as in 本年增/减.
NUMBER = r"(?:[+＋\-－−]|(?<![/／\u4e00-\u9fff])(?:增加?|减少?)(?=\d))?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_CELL = re.compile(rf"\s*(?P<number>{NUMBER})\s*(?P<unit>亿元|万元|元|[{COUNTING_WORDS}])?\s*(?P<note>[(（][^()（）]*[)）])?\s*[。;；]?\s*")
# Two amounts in one run, 11.725811.7261, or 275 and 3,114 in 2753,114: one token, which no cell can hold.
_TWO_AMOUNTS = r"\d+\.\d+(?:\.\d+)+|\d{4,}(?:,\d{3})+(?!\d)"
TOKEN = re.compile(
    rf"(?:{_TWO_AMOUNTS})|(?>{NUMBER})(?![.．、]\s*[^\d\s])\s?(?:亿元|万元|元|[{COUNTING_WORDS}](?![\u4e00-\u9fff]))?(?:[(（]其中[^()（）]*[)）])?|[—–―─/]+|(?<![\d\w])-+(?![\d])"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says. `unit` is a money unit or counting word printed inside the cell."""

    value: Value | None
    unit: str | None
    state: str  # printed, blank, dash, text


_SIGN = re.compile(r"^\D+")


def _sign(match: re.Match[str]) -> str:
    return "-" if match[0][0] in "-－−减" else "+"


BLANK = Cell(None, None, "blank")


@lru_cache(maxsize=1 << 14)
def parse_cell(text: str) -> Cell:
    """Read one cell. A sign, thousands commas, a unit and a note in brackets may stand around the number.

    >>> parse_cell("-369")
    Cell(value=-369, unit=None, state='printed')
    """
    stripped = text.strip()
    if not stripped:
        return BLANK
    if stripped in DASHES:
        return Cell(None, None, "dash")
    match = _CELL.fullmatch(stripped)
    if not match:
        return Cell(None, None, "text")
    digits = _SIGN.sub(_sign, match["number"].replace(",", ""))
    if len(digits.partition(".")[0].lstrip("+-")) > MOST_DIGITS:
        return Cell(None, None, "text")
    value: Value = Decimal(digits) if "." in digits else int(digits)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = int(value)
    return Cell(value, match["unit"], "printed")


def in_yuan(value: Value, unit: str) -> Value:
    """An amount in yuan: 215450.48 万元 is 2154504800. One that no integer of 64 bits holds is a Decimal."""
    amount = Decimal(value * YUAN[unit])
    is_whole = amount == amount.to_integral_value()
    return int(amount) if is_whole and abs(amount) < _INTEGERS else amount
