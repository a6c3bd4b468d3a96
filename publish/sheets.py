"""A report's figures laid out for arithmetic: one vector over the cells of all forms, which checks, rates and wide tables read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from extract.forms import load_dictionary, load_forms
from extract.model import Agency, Figure
from publish.rows import sql_value

Cell = tuple[str, str]  # indicator, measure
Vector = list[Any]

ABSENT = object()  # in a vector: the report has no such cell at all, where None is a cell without a value


@cache
def places() -> Mapping[Cell, int]:
    """The place in a vector of each cell that some form prints."""
    cells = {cell[:2] for form in load_forms() for table in form.tables for cell in table.cells()}
    return {cell: place for place, cell in enumerate(sorted(cells))}


@cache
def blocks() -> Mapping[str, str]:
    """The block of each indicator."""
    return {entry["indicator"]: entry["block"] for entry in load_dictionary("indicators.yml")}


@cache
def place_blocks() -> Sequence[str]:
    """The block of the indicator at each place of a vector."""
    return [blocks()[indicator] for indicator, _ in places()]


@cache
def _block_cells() -> Sequence[tuple[str, str, frozenset[int]]]:
    """The cells of each block of each form: (block, form, places)."""
    cells: dict[tuple[str, str], set[int]] = {}
    for form in load_forms():
        for table in form.tables:
            for indicator, measure, _, _ in table.cells():
                cells.setdefault((table.block, form.form), set()).add(places()[indicator, measure])
    return [(block, form, frozenset(held)) for (block, form), held in sorted(cells.items())]


@lru_cache(maxsize=4096)
def forms_of(held: frozenset[int], printed: frozenset[int], report_form: str) -> Mapping[str, str]:
    """The form of each block: the one of which most cells are printed, then most are held, then the report's own."""
    best: dict[str, tuple[int, int, bool, str]] = {}
    for block, form, cells in _block_cells():
        if common := len(cells & held):
            rank = (-len(cells & printed), -common, form != report_form, form)
            best[block] = min(best.get(block, rank), rank)
    return {block: rank[3] for block, rank in best.items()}


def picker(chosen: Sequence[int]) -> itemgetter:
    """Return what picks these places of a vector, always as a sequence."""
    return itemgetter(*chosen) if len(chosen) > 1 else itemgetter(slice(chosen[0], chosen[0] + 1) if chosen else slice(0, 0))


@dataclass(slots=True)
class Sheet:
    """A report with its figures in a vector. `inconsistent` and `consistent` are the places that checks have marked.

    `last` is the body's current report of the year before, where its figures may be compared with this one's.
    """

    report_id: str
    agency: Agency
    year: int
    format: str
    scope: str
    document_type: str
    is_current: bool
    figures: Sequence[Figure]
    values: Vector = field(default_factory=list)
    where: Sequence[int | None] = ()  # the place of each figure in the vector, None where no form has its cell
    inferred: set[int] = field(default_factory=set)
    forms: Mapping[str, str] = field(default_factory=dict)
    telling: frozenset[str] = frozenset()
    last: Sheet | None = None
    consistent: set[int] = field(default_factory=set)
    inconsistent: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        find, values = places().get, [ABSENT] * len(places())
        self.where = where = [find(figure[:2]) for figure in self.figures]
        missing, telling = set(), set()
        for place, (indicator, _, value, _, state, reading, *_) in zip(where, self.figures, strict=True):
            if value:
                telling.add(indicator)
            if place is None:
                continue
            values[place] = value if value is None or value.__class__ is int else sql_value(value)
            if state == "missing":
                missing.add(place)
            elif state == "inferred" or reading == "split":
                self.inferred.add(place)
        self.values, self.telling = values, frozenset(blocks().get(indicator, "") for indicator in telling)
        if self.document_type == "annual_report":
            held = frozenset(where) - {None}
            self.forms = forms_of(held, held - missing, self.format)

    def numbers(self) -> Vector:
        """The vector with None for what is absent, as SQL has it."""
        return [None if value is ABSENT else value for value in self.values]

    def check_status(self, place: int | None, state: str, reading: str, valued: bool) -> str:
        """What the checks say of a figure of this report. One in a hard check that fails is inconsistent, whatever else holds."""
        if place in self.inconsistent:
            return "inconsistent"
        if state == "inferred" or reading == "split":
            return "inferred"
        return "consistent" if valued and place in self.consistent else "unchecked"


def link_years(sheets: Iterable[Sheet], changed: frozenset[tuple[str, int]]) -> None:
    """Set `last`: current reports of two successive years and one scope. `changed` are bodies and years merged or split then."""
    current = {(sheet.agency.agency_id, sheet.year): sheet for sheet in sheets if sheet.is_current}
    for (agency_id, year), sheet in current.items():
        before = current.get((agency_id, year - 1))
        if before and before.scope == sheet.scope and (agency_id, year) not in changed:
            sheet.last = before
