"""The rows of the wide tables from the vector of a current annual report."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from operator import itemgetter
from typing import Any

from publish.exact import exact_sum
from publish.rows import Row
from publish.sheets import Sheet, blocks, picker, places
from publish.wide import GROUP_TOTALS, form_cells, group_leaves, request_indicators


def _pickers(cells: Iterable[tuple[str, str] | None]) -> itemgetter:
    """Pick cells of a vector that has a None behind its end."""
    return picker([len(places()) if cell is None else places()[cell] for cell in cells])


@cache
def _request_pickers() -> tuple[tuple[str, itemgetter, tuple[tuple[itemgetter, itemgetter | None], ...]], ...]:
    """For each applicant: what picks its row, and for each group total its items and the row that is the whole group."""
    printed = form_cells("requests")
    rows = []
    for measure in sorted({measure for _, measure in printed}):

        def cell(indicator: str, measure: str = measure) -> tuple[str, str] | None:
            return (indicator, measure) if (indicator, measure) in printed else None

        totals = tuple(
            (_pickers(map(cell, group_leaves(total))), _pickers([cell(whole)]) if whole else None) for total, whole in GROUP_TOTALS.items()
        )
        rows.append((measure, _pickers(map(cell, request_indicators())), totals))
    return tuple(rows)


@cache
def _block_pickers() -> tuple[tuple[str, itemgetter], ...]:
    return tuple((block, _pickers(form_cells(block))) for block in ("proactive", "remedies"))


def _group_total(numbers: list[Any], items: itemgetter, whole: itemgetter | None) -> Any:
    """A group's sum. A form prints either the group as one row or its items, so the first that is whole stands."""
    if whole and (printed := whole(numbers)[0]) is not None:
        return printed
    picked = items(numbers)
    return None if None in picked else exact_sum(picked)


def wide_rows(sheet: Sheet) -> dict[str, list[Row]]:
    """Return the rows of a current annual report in `requests`, `proactive` and `remedies`, of the blocks that it has."""
    rows: dict[str, list[Row]] = {"requests": [], "proactive": [], "remedies": []}
    if not sheet.is_current:
        return rows
    numbers = [*sheet.numbers(), None]
    agency = sheet.agency
    keys = (sheet.report_id, agency.agency_id, agency.region_id, sheet.year, sheet.format, sheet.scope)
    held = {(blocks().get(f.indicator), f.measure) for f in sheet.figures}
    for measure, pick, totals in _request_pickers():
        if ("requests", measure) in held:
            rows["requests"].append((*keys, measure, *pick(numbers), *(_group_total(numbers, *total) for total in totals)))
    for block, pick in _block_pickers():
        if any(name == block for name, _ in held):
            rows[block].append((*keys, *pick(numbers)))
    return rows
