"""Damage to tables: what filers and copies do to cells, labels, rows and whole tables. Each act changes cells and truth together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

from bench.bodies import words
from bench.layout import form_data, plain
from bench.model import Cell, Draft, Key, Sheet

Act = Callable[[Draft, Random], bool]  # False where the draft offers nothing to damage
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九]、|（[一二三四五六七八九十]）|\d\.)")


def _figures(draft: Draft, blocks: tuple[str, ...] = ("requests", "remedies", "proactive", "statistics")) -> list[Cell]:
    return [
        cell
        for sheet in draft.sheets()
        if sheet.block in blocks
        for cell in sheet.cells()
        if cell.kind == "value" and cell.key and cell.value is not None
    ]


def _zeros(draft: Draft, rng: Random, text: Callable[[], str]) -> bool:
    zeros = [cell for cell in _figures(draft, ("requests", "remedies", "statistics")) if cell.value == 0]
    often = rng.choice((0.3, 0.8, 1.0))
    struck = [cell for cell in zeros if rng.random() < often]
    for cell in struck:
        cell.text, cell.value = text(), None
    return bool(struck)


def blank_for_zero(draft: Draft, rng: Random) -> bool:
    """Zeros left out, here and there or everywhere."""
    return _zeros(draft, rng, lambda: "")


def dash_for_zero(draft: Draft, rng: Random) -> bool:
    """A dash or slash where zero is meant."""
    dash = rng.choice(("-", "—", "/", "——"))
    return _zeros(draft, rng, lambda: dash)


def thousands_commas(draft: Draft, rng: Random) -> bool:
    """1,234 for 1234, in every number that is long enough; a few made so."""
    long = [cell for cell in _figures(draft) if re.fullmatch(r"\d{4,}", cell.text)]
    for cell in long:
        cell.text = f"{int(cell.text):,}"
    return bool(long)


def full_width_digits(draft: Draft, rng: Random) -> bool:
    """Digits of an input method left in full width."""
    cells = [cell for cell in _figures(draft) if rng.random() < 0.5]
    for cell in cells:
        cell.text = cell.text.translate(_FULL_WIDTH)
    return bool(cells)


def note_in_cell(draft: Draft, rng: Random) -> bool:
    """A counting word or a remark behind the number: 3件, 22（其中修订16件）."""
    cells = [cell for cell in _figures(draft, ("proactive",)) if cell.key[1] != "amount_yuan" and cell.value]
    for cell in cells:
        cell.text += rng.choice(("件", "项", f"（其中修订{min(abs(cell.value), 16)}件）"))
    return bool(cells)


def _labels(draft: Draft) -> list[Cell]:
    return [cell for sheet in draft.sheets() for cell in sheet.cells() if cell.kind in ("label", "header")]


@cache
def _variants(form: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}

    def walk(nodes: list[dict[str, Any]]) -> None:
        for node in nodes:
            if node.get("variants"):
                found[node["label"]] = tuple(node["variants"])
            walk(node.get("rows", []))
            walk(node.get("columns", []))

    for table in form_data(form)["tables"]:
        walk(table["columns"])
        walk(table.get("rows", []))
    return found


def label_variant(draft: Draft, rng: Random) -> bool:
    """Labels as filers vary them: another wording, without number, spaced out, in half-width brackets."""
    variants = _variants(draft.form)
    for cell in _labels(draft):
        if rng.random() < 0.5:
            continue
        ways = ["spaced", "half", "unnumbered", *(["variant"] * 2 if cell.text in variants else [])]
        way = rng.choice(ways)
        number = _NUMBERING.match(cell.text)
        if way == "variant":
            cell.text = (number.group() if number else "") + rng.choice(variants[cell.text])
        elif way == "half":
            cell.text = cell.text.replace("（", "(").replace("）", ")")
        elif way == "spaced" and len(cell.text) <= 4:
            cell.text = rng.choice(("  ", "\u3000", " ")).join(cell.text)
        elif way == "unnumbered" and number and not _ambiguous(cell.text[number.end() :]):
            cell.text = cell.text[number.end() :]
    return True


def _ambiguous(bare: str) -> bool:
    """Labels that mean something only with their number: 总计 and 其他 are columns too."""
    return bare in ("总计", "其他", "其他情形数", "被依法纠错数")


def label_note(draft: Draft, rng: Random) -> bool:
    """Instructions of a region's template inside labels."""
    notes = words("damage.yml")["label_notes"]
    for cell in _labels(draft):
        if cell.kind == "label" and rng.random() < 0.35:
            cell.text += rng.choice(notes)
    return True


def broken_label(draft: Draft, rng: Random) -> bool:
    """Labels with a line break inside, as narrow columns force it."""
    for cell in _labels(draft):
        if len(cell.text) > 4 and rng.random() < 0.5:
            place = rng.randrange(2, len(cell.text) - 1)
            cell.text = f"{cell.text[:place]}\n{cell.text[place:]}"
    return True


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


def _groups(form: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}

    def walk(nodes: list[dict[str, Any]]) -> None:
        for node in nodes:
            if "printed_sum" in node:
                found[node["printed_sum"]] = [row["indicator"] for row in node["rows"]]
            walk(node.get("rows", []))

    for table in form_data(form)["tables"]:
        walk(table.get("rows", []))
    return found


def subtotal_row(draft: Draft, rng: Random) -> bool:
    """A filer's own sums in the row of a group, where the form has none. Wants the flat layout, whose groups have rows."""
    groups = _groups(draft.form)
    values = {cell.key: cell.value for cell in _figures(draft, ("requests",))}
    open_cells = [cell for sheet in draft.sheets() for cell in sheet.cells() if cell.kind == "other" and cell.key]
    for cell in open_cells:
        indicator, measure = cell.key
        parts = [values.get((row, measure)) for row in groups[indicator]]
        if None not in parts:
            cell.kind, cell.value = "value", sum(parts)
            cell.text = plain(cell.value)
    return bool(open_cells)


def broken_sum(draft: Draft, rng: Random) -> bool:
    """The filer's own arithmetic is wrong in a few cells."""
    cells = [cell for cell in _figures(draft, ("requests", "remedies")) if isinstance(cell.value, int)]
    for cell in rng.sample(cells, min(len(cells), rng.choice((1, 2, 4)))):
        cell.value += rng.choice((1, 2, 5, 30)) if cell.value < 5 else rng.choice((-1, 1, -3, 9))
        cell.text = plain(cell.value)
    return bool(cells)


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
    sums = _groups(draft.form)
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
