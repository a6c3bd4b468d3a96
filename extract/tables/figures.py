"""From filled rows to figures: the unit of money, the label that the copy prints, the raw text and its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extract.forms import Column, Table
from extract.forms.labels import money_unit
from extract.model import Figure, Value, maker
from extract.tables.fill import Filled
from extract.tables.match import Columns
from extract.tables.printed import PrintedTable
from extract.tables.values import YUAN, Cell, in_yuan

_figure = maker(Figure)


def figures_of(filled: Filled, header: HeaderPrint) -> list[Figure]:
    """The figures of one filled row."""
    row, reading, proof = filled.row, filled.reading, filled.proof
    indicator = (row.indicator or row.printed_sum) if row else None
    label, is_direct = filled.label.raw if filled.label else None, reading == "direct"
    is_money, row_unit = (row.money, row.unit) if row else (False, None)
    figures = []
    for column, cell, atom in zip(filled.columns, filled.cells or (), filled.atoms, strict=True):
        if column.measure is None:
            continue
        value, unit = _in_money(cell, column, filled, header.units) if is_money or column.money else (cell.value, column.unit or row_unit)
        raw = atom.raw if is_direct else "" if cell.value is None else str(cell.value)
        of = indicator if row else column.indicator
        printed = label if filled.label else header.groups.get(of)
        figures.append(
            _figure((of, column.measure, value, unit, cell.state, reading, proof, None, raw or None, atom.line, atom.place, printed))
        )
    return figures


def _in_money(cell: Cell, column: Column, filled: Filled, header_units: Mapping[str, str]) -> tuple[Value | None, str | None]:
    printed = (cell.unit, filled.unit, header_units.get(column.label), money_unit(filled.label.clean) if filled.label else None)
    unit = next((unit for unit in printed if unit in YUAN), None)
    if cell.value is None:
        return None, "元" if unit else None
    return (in_yuan(cell.value, unit), "元") if unit else (cell.value, None)


@dataclass(frozen=True, slots=True)
class HeaderPrint:
    """What a printed header says beyond the order of its columns: money units by column label, group labels by indicator."""

    units: Mapping[str, str]
    groups: Mapping[str, str]


def header_print(pieces: Sequence[tuple[PrintedTable, Columns]], table: Table) -> HeaderPrint:
    """Collect the money units and the group labels of all pieces of a table, the first print of each."""
    units: dict[str, str] = {}
    groups: dict[str, str] = {}
    telling = [column for column in table.columns if column.money or column.indicator]
    for atom in (atom for printed, _ in pieces for atom in printed.header if telling):
        for column in telling:
            unit = money_unit(atom.clean) if column.money and atom.key in column.keys else None
            if unit:
                units.setdefault(column.label, unit)
            if column.indicator and atom.key in column.group_keys:
                groups.setdefault(column.indicator, atom.raw)
    return HeaderPrint(units, groups)
