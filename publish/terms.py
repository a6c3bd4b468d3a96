"""Figures in a formula, as the data files write them: `indicator.measure`, `-` before it, `@-1` behind it, names in braces.

`rules.yml` and `rates.yml` share this notation. A name in braces is a bound name or a set; a set runs over those of its cells
that the form has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from extract.forms import load_dictionary, load_forms

_TERM = re.compile(r"(?P<sign>-?)(?P<indicator>[\w{}]+)\.(?P<measure>[\w{}]+)(?P<offset>@-1)?")
_NAME = re.compile(r"\{(\w+)\}")


class TermError(ValueError):
    """A formula names something that does not exist. The message says what."""


@dataclass(frozen=True, slots=True)
class Term:
    """A figure in a formula; `year_offset` -1 is the same figure in the report of the year before."""

    side: str
    indicator: str
    measure: str
    year_offset: int
    coefficient: int


@cache
def form_cells() -> Mapping[str, frozenset[tuple[str, str]]]:
    """The (indicator, measure) that each form prints."""
    return {form.form: frozenset(cell[:2] for table in form.tables for cell in table.cells()) for form in load_forms()}


@cache
def forms_with_every_cell_due() -> frozenset[str]:
    """The forms of which a report must print every cell; of others it prints some rows."""
    return frozenset(form.form for form in load_forms() if form.every_cell_is_due)


@cache
def _known_names() -> frozenset[str]:
    rows = {entry["indicator"] for entry in load_dictionary("indicators.yml")}
    return frozenset(rows | {entry["measure"] for entry in load_dictionary("measures.yml")})


def flat(items: Sequence[Any]) -> list[str]:
    """Flatten the nested lists that YAML anchors make of a set."""
    return [name for item in items for name in (flat(item) if isinstance(item, list) else [item])]


def _names(written: str, bound: Mapping[str, str], sets: Mapping[str, Sequence[str]]) -> Sequence[str]:
    match = _NAME.fullmatch(written)
    if not match:
        return [written]
    if match[1] in bound:
        return [bound[match[1]]]
    if match[1] not in sets:
        raise TermError(f"there is no set {match[1]}")
    return sets[match[1]]


def expand(
    written: Sequence[str], side: str, form: str, sets: Mapping[str, Sequence[str]], bound: Mapping[str, str] | None = None
) -> tuple[Term, ...] | None:
    """Return the terms of a side for a form, None when the form lacks a cell that is named by itself, or has none of them."""
    terms: list[Term] = []
    for item in written:
        match = _TERM.fullmatch(item)
        if not match:
            raise TermError(f"the term {item} cannot be read")
        rows, columns = (_names(match[part], bound or {}, sets) for part in ("indicator", "measure"))
        if unknown := sorted({*rows, *columns} - _known_names()):
            raise TermError(f"there is no indicator or measure {', '.join(unknown)}")
        cells = [cell for cell in product(rows, columns) if cell in form_cells()[form]]
        free = [name for part in ("indicator", "measure") for name in _NAME.findall(match[part]) if name not in (bound or {})]
        if not cells and not free:
            return None
        terms += [Term(side, row, column, -1 if match["offset"] else 0, -1 if match["sign"] else 1) for row, column in cells]
    return tuple(terms) or None
