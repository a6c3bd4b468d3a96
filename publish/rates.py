"""The rates of the current annual reports, from the definitions of `rates.yml`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import yaml

from publish.exact import Number, exact_sum
from publish.rows import Row
from publish.sheets import Sheet, places
from publish.terms import expand, form_cells

RATES_FILE = Path(__file__).with_name("rates.yml")
SIDES = ("numerator", "denominator")
# Below this many outcomes there is no percentage (design.md, Words).
SMALLEST_BASE_OF_A_SHARE = 30
Signed = tuple[int, int]  # coefficient, place in a vector


@cache
def load_rates() -> dict[str, Any]:
    """Return the parsed `rates.yml`: its sets and its rates."""
    return yaml.load(RATES_FILE.read_text("utf-8"), yaml.CSafeLoader)


def written_out(terms: list[str], sets: dict[str, list[str]]) -> str:
    """Return the terms of a side as a formula, sets written out: granted.total + partially_granted.total."""
    names = []
    for term in terms:
        start, _, rest = term.partition("{")
        name, _, end = rest.partition("}")
        names += [start + member + end for member in sets[name]] if rest else [term]
    return " + ".join(names).replace("+ -", "- ")


def fill_rate_definitions(connection: sqlite3.Connection) -> None:
    """Fill `rate_definitions`."""
    data = load_rates()
    for rate in data["rates"]:
        formulas = [written_out(rate[side], data["sets"]) for side in SIDES]
        definition = (rate["rate"], rate["label_zh"], rate["label_en"], *formulas, rate["caveat_zh"], rate["caveat_en"])
        connection.execute("insert into rate_definitions values (?, ?, ?, ?, ?, ?, ?)", definition)


@cache
def _rates_of(form: str) -> tuple[tuple[str, tuple[Signed, ...], tuple[Signed, ...]], ...]:
    """The rates that a form has figures for: (rate, numerator, denominator), each of (coefficient, place)."""
    data, found = load_rates(), []
    for rate in sorted(data["rates"], key=itemgetter("rate")):
        sides = [expand(rate[side], side, form, data["sets"]) for side in SIDES]
        signed = [tuple((term.coefficient, places()[term.indicator, term.measure]) for term in side or ()) for side in sides]
        if None not in sides:
            found.append((rate["rate"], signed[0], signed[1]))
    return tuple(found)


def percentage(part: Number | None, whole: Number | None) -> float | None:
    """Return a percentage with one decimal, or None where a side is unknown or the base is too small."""
    if part is None or whole is None or whole < SMALLEST_BASE_OF_A_SHARE:
        return None
    return float(f"{Decimal(str(part)) / Decimal(str(whole)) * 100:.1f}")


def _total(terms: tuple[Signed, ...], numbers: list[Any]) -> Any:
    picked = [numbers[place] for _, place in terms]
    return None if None in picked else exact_sum([coefficient * numbers[place] for coefficient, place in terms])


def rate_rows(sheet: Sheet) -> Iterator[Row]:
    """The rows of `rates` of a current annual report whose figures have been checked."""
    if not sheet.is_current or sheet.format not in form_cells():
        return
    numbers = sheet.numbers()
    for rate, numerator, denominator in _rates_of(sheet.format):
        cells = {place for _, place in (*numerator, *denominator)}
        above, below = _total(numerator, numbers), _total(denominator, numbers)
        value = above / below if above is not None and below else None
        missing = sum(numbers[place] is None for place in cells)
        inconsistent = len(cells & sheet.inconsistent)
        percent = None if inconsistent else percentage(above, below)
        yield sheet.report_id, rate, above, below, value, inconsistent, len(cells & sheet.inferred), missing, percent
