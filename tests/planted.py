"""A thousand statutory tables that add up, each with one planted error of a named kind; the same seed, the same tables."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from factories import NANSHA, balanced, make_report

from extract.forms import load_forms
from extract.model import Report, Value

Cells = dict[tuple[str, str], Value]
COLUMNS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_interest_organization",
    "legal_service_organization",
    "other_organization",
    "total",
)
RESULTS = ("upheld", "corrected", "other", "pending", "total")
AROUND = ("requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out")
REMEDIES = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")


@dataclass(frozen=True)
class Planted:
    """A report with an error, the kind of it, and the cells that differ from the true table with the values planted there."""

    kind: str
    reports: tuple[Report, ...]  # the report itself, and the one of the year before where the kind needs it
    cells: Cells


def request_rows(form: str) -> list[str]:
    """The rows of the requests table in the order of the form."""
    table = next(table for each in load_forms() if each.form == form for table in each.tables if table.block == "requests")
    return [row.indicator for row in table.value_rows if row.indicator]


def _leaves(form: str) -> list[str]:
    """The rows of outcomes."""
    return [row for row in request_rows(form) if row not in AROUND]


def true_table(chance: random.Random, form: str) -> Cells:
    """A table as bodies fill it in: most requests from persons, a few outcomes frequent, the rest rare; every identity holds."""
    cells: Cells = dict(balanced(form))
    requests = {(row, column): 0 for row in request_rows(form) for column in COLUMNS}
    size = int(chance.lognormvariate(4.5, 1.2)) + 20
    for column, share in zip(COLUMNS[:-1], (0.85, 0.1, 0.01, 0.01, 0.02, 0.05), strict=True):
        for _ in range(int(size * share * chance.uniform(0.5, 1.5)) + (column == "natural_person") * 10):
            row = chance.choices(_leaves(form), weights=[30, 6, *([2] * (len(_leaves(form)) - 2))])[0]
            requests[row, column] += 1
        concluded = sum(requests[row, column] for row in _leaves(form))
        carried_out = chance.randint(0, concluded // 10)
        carried_in = chance.randint(0, min(concluded, concluded // 8 + 1))
        requests["outcomes_total", column], requests["requests_carried_out", column] = concluded, carried_out
        requests["requests_carried_in", column], requests["requests_new", column] = carried_in, concluded + carried_out - carried_in
    for row in request_rows(form):
        requests[row, "total"] = sum(requests[row, column] for column in COLUMNS[:-1])
    cells |= requests
    for row in REMEDIES:
        parts = [chance.randint(0, 30) for _ in RESULTS[:-1]]
        cells |= {(row, result): value for result, value in zip(RESULTS, (*parts, sum(parts)), strict=True)}
    return cells


def _other_digit(chance: random.Random, value: Value) -> int:
    digits = list(str(int(value)))
    place = chance.randrange(len(digits))
    digits[place] = chance.choice([digit for digit in "0123456789" if digit != digits[place]])
    return int("".join(digits))


def digit(chance: random.Random, cells: Cells, form: str) -> Cells:
    """One digit of one cell of the requests or the remedies table is another."""
    rows = [(row, column) for row in request_rows(form) for column in COLUMNS] + [(row, result) for row in REMEDIES for result in RESULTS]
    cell = chance.choice(rows)
    return {cell: _other_digit(chance, cells[cell])}


def swapped_cells(chance: random.Random, cells: Cells, form: str) -> Cells:
    """Two cells of the requests table have changed places."""
    keys = [(row, column) for row in request_rows(form) for column in COLUMNS]
    one, other = chance.choice([(a, b) for a in keys for b in chance.sample(keys, 5) if cells[a] != cells[b]])
    return {one: cells[other], other: cells[one]}


def _exchange(cells: Cells, one: str, other: str) -> Cells:
    return {(row, column): cells[source, column] for row, source in ((one, other), (other, one)) for column in COLUMNS}


def rows_exchanged(chance: random.Random, cells: Cells, form: str) -> Cells:
    """A row of outcomes has changed places with one of the four rows around them."""
    return _exchange(cells, chance.choice(_leaves(form)), chance.choice(AROUND))


def outcome_rows_exchanged(chance: random.Random, cells: Cells, form: str) -> Cells:
    """Two rows of outcomes have changed places: every sum still holds."""
    pairs = [(a, b) for a in _leaves(form) for b in _leaves(form) if any(cells[a, column] != cells[b, column] for column in COLUMNS)]
    return _exchange(cells, *chance.choice(pairs))


def row_shifted(chance: random.Random, cells: Cells, form: str) -> Cells:
    """One row is lost and all below it have moved up; the last row keeps its numbers."""
    rows = request_rows(form)
    start = chance.randrange(len(rows) - 4)
    return {(row, column): cells[below, column] for row, below in zip(rows[start:], rows[start + 1 :], strict=False) for column in COLUMNS}


def column_shifted(chance: random.Random, cells: Cells, form: str) -> Cells:
    """One column is lost and all to the right of it have moved left; the last column keeps its numbers."""
    start = chance.randrange(len(COLUMNS) - 1)
    pairs = list(zip(COLUMNS[start:], COLUMNS[start + 1 :], strict=False))
    return {(row, column): cells[row, right] for row in request_rows(form) for column, right in pairs}


def unit_off(chance: random.Random, cells: Cells, form: str) -> Cells:
    """An amount is in ten thousand yuan instead of yuan, or the other way round."""
    cell = ("central_procurement", "amount_yuan") if form == "national_2019" else ("admin_fee", "amount_yuan")
    return {cell: int(cells[cell]) * 10_000 if chance.random() < 0.5 else int(cells[cell]) // 10_000}


KINDS: tuple[Callable[[random.Random, Cells, str], Cells], ...] = (
    digit,
    swapped_cells,
    rows_exchanged,
    row_shifted,
    column_shifted,
    unit_off,
    outcome_rows_exchanged,
)


def planted_errors(count: int, seed: int = 20261121) -> list[Planted]:
    """Return `count` reports, the kinds taking turns; a change that leaves the table as it was is planted anew."""
    chance = random.Random(seed)
    made = []
    while len(made) < count:
        plant = KINDS[len(made) % len(KINDS)]
        form, year = chance.choice((("national_2019", 2020), ("national_2021", 2022)))
        cells = true_table(chance, form)
        money = ("central_procurement", "amount_yuan") if form == "national_2019" else ("admin_fee", "amount_yuan")
        cells[money] = chance.randint(200_000, 900_000_000)
        error = {cell: value for cell, value in plant(chance, cells, form).items() if value != cells[cell]}
        if error:
            agency = replace(NANSHA, agency_id=f"440115-{len(made):04d}")
            reports = (make_report({**cells, **error}, form=form, year=year, agency=agency),)
            if plant is unit_off:
                before = make_report({money: int(int(cells[money]) * chance.uniform(0.5, 2))}, form=form, year=year - 1, agency=agency)
                reports = (*reports, before)
            made.append(Planted(plant.__name__, reports, error))
    return made
