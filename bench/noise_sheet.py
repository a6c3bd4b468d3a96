"""Damage to rows and whole tables: what copies lose, cut and repeat. Each act changes cells and truth together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random

from bench.model import Cell, Draft, Key, Sheet
from bench.noise_cells import (
    blank_for_zero,
    broken_label,
    broken_sum,
    dash_for_zero,
    full_width_digits,
    groups_of,
    label_note,
    label_variant,
    note_in_cell,
    subtotal_row,
    thousands_commas,
)

Act = Callable[[Draft, Random], bool]  # False where the draft offers nothing to damage


def _main(draft: Draft) -> Sheet | None:
    return next((sheet for sheet in draft.sheets() if sheet.block in ("requests", "statistics")), None)


def _inner_rows(sheet: Sheet) -> list[int]:
    """Rows with figures that no wider label begins in, without the first and the last two."""
    rows = [i for i, row in enumerate(sheet.rows) if any(cell.kind == "value" for cell in row)]
    return [i for i in rows[1:-2] if sum(cell.kind == "label" for cell in sheet.rows[i]) == 1]


def label_lost(draft: Draft, rng: Random) -> bool:
    """A row whose label the copy has lost."""
    sheet = _main(draft)
    rows = _inner_rows(sheet) if sheet else []
    for row in rng.sample(rows, min(len(rows), rng.choice((1, 1, 2)))):
        next(cell for cell in sheet.rows[row] if cell.kind == "label").text = ""
    return bool(rows)


def drop_row(sheet: Sheet, index: int) -> None:
    """Take a row out of a grid; what spans it becomes shorter."""
    for above, row in enumerate(sheet.rows[:index]):
        for cell in row:
            if above + cell.row_span > index:
                cell.row_span -= 1
    del sheet.rows[index]


def row_lost(draft: Draft, rng: Random) -> bool:
    """A row that the copy has lost, or the filer left out."""
    sheet = _main(draft)
    rows = _inner_rows(sheet) if sheet else []
    for row in sorted(rng.sample(rows, min(len(rows), rng.choice((1, 2)))), reverse=True):
        drop_row(sheet, row)
    return bool(rows)


def table_lost(draft: Draft, rng: Random) -> bool:
    """A table that is not in this copy."""
    sheets = draft.sheets()
    if len(sheets) < 2:
        return False
    lost = rng.choice([sheet for sheet in sheets if sheet.block != "proactive"] or sheets)
    draft.blocks = [block for block in draft.blocks if block is not lost]
    return True


def header_lost(draft: Draft, rng: Random) -> bool:
    """A table whose header row the copy has lost; the labels of its rows are there."""
    sheet = _main(draft)
    if sheet is None:
        return False
    while any(cell.kind == "header" for cell in sheet.rows[0]):
        del sheet.rows[0]
    return True


def printed_twice(draft: Draft, rng: Random) -> bool:
    """A table that stands in the copy two times."""
    sheet = rng.choice(draft.sheets())
    place = next(i for i, block in enumerate(draft.blocks) if block is sheet)
    draft.blocks.insert(place + 1, deepcopy(sheet))
    return True


def _covering(sheet: Sheet, index: int) -> Iterator[tuple[int, Cell]]:
    for above, row in enumerate(sheet.rows[:index]):
        for cell in row:
            if above + cell.row_span > index:
                yield above, cell


def split_table(draft: Draft, rng: Random) -> bool:
    """A table cut in two by a page break; the second piece repeats the header or not."""
    sheet = _main(draft)
    rows = _inner_rows(sheet) if sheet else []
    if len(rows) < 4:
        return False
    cut = rng.choice(rows[1:-1])
    again = []
    for above, cell in list(_covering(sheet, cut)):
        rest = above + cell.row_span - cut
        cell.row_span = cut - above
        again.append(Cell(rng.choice(("", cell.text)), "label", row_span=rest))
    second = Sheet(sheet.form, sheet.block, [[*again, *sheet.rows[cut]], *sheet.rows[cut + 1 :]], sheet.width)
    if rng.random() < 0.5:
        second.rows[:0] = deepcopy([row for row in sheet.rows if any(cell.kind == "header" for cell in row)])
    sheet.rows = sheet.rows[:cut]
    place = next(i for i, block in enumerate(draft.blocks) if block is sheet)
    draft.blocks.insert(place + 1, second)
    return True


def page_number(draft: Draft, rng: Random) -> bool:
    """Page numbers between the rows of tables."""
    style = rng.choice(("— {} —", "- {} -", "{}", "第 {} 页"))
    for number, sheet in enumerate(draft.sheets(), 3):
        rows = [i for i, row in enumerate(sheet.rows) if row and row[0].kind == "label" and any(cell.kind == "value" for cell in row)]
        if len(rows) > 3:
            sheet.rows.insert(rng.choice(rows[1:]), [Cell(style.format(number), "page", column_span=sheet.width)])
    return True


def uneven_spans(draft: Draft, rng: Random) -> bool:
    """Header and rows of one table share out a spare column differently, as page editors leave it."""
    struck = False
    for sheet in draft.sheets():
        if sheet.block != "proactive" or sheet.width < 3:
            continue
        struck = True
        sheet.width += 1
        for row in sheet.rows:
            place = 0 if len(row) == 1 else 1 if row[1].kind == "value" else 2
            row[place].column_span += 1
    return struck


def printed_cells(draft: Draft) -> dict[Key, Cell]:
    """The truth's cells: the first print of each figure. A group's row in which no sum is left is as the form has it."""
    found: dict[Key, Cell] = {}
    sums = groups_of(draft.form)
    for row in (row for sheet in draft.sheets() for row in sheet.rows):
        cells = [cell for cell in row if cell.kind == "value" and cell.key]
        if cells and cells[0].key[0] in sums and all(not cell.text for cell in cells):
            continue
        for cell in cells:
            found.setdefault(cell.key, cell)
    return found


SHEET_ACTS: dict[str, Act] = {
    act.__name__: act
    for act in (
        subtotal_row,
        broken_sum,
        blank_for_zero,
        dash_for_zero,
        thousands_commas,
        full_width_digits,
        note_in_cell,
        label_variant,
        label_note,
        label_lost,
        row_lost,
        table_lost,
        header_lost,
        uneven_spans,
        printed_twice,
        split_table,
        page_number,
        broken_label,
    )
}
