"""The official forms as a layout to print: which heads stand above which, and which rows stand under which.

The words are those of extract/forms/*.yml; the reader in extract/forms keeps what identifies a cell, this one what places it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from extract.forms import DICTIONARIES, FOLDER


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A column with the heads above it, outermost first. `indicator` is None where the row names it."""

    heads: tuple[str, ...]
    measure: str
    indicator: str | None
    money: bool


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row and how deep it stands. A row without `indicator` heads the rows below it; `printed_sum` is its own subtotal."""

    label: str
    depth: int
    indicator: str | None
    printed_sum: str | None
    unit: str | None = None
    money: bool = False


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One table of a form. A table without rows prints one nameless row; one with `units` prints a unit beside each row."""

    form: str
    block: str
    heading: str | None
    corner: str
    columns: tuple[PrintedColumn, ...]
    rows: tuple[PrintedRow, ...]
    every_cell_is_due: bool

    @property
    def units(self) -> bool:
        """Tell whether the form prints a unit for each row."""
        return any(row.unit for row in self.rows)

    def cells(self) -> Iterator[tuple[str, str]]:
        """Yield (indicator, measure) of every cell."""
        for row in self.rows or (PrintedRow("", 0, None, None),):
            for column in self.columns:
                indicator = row.indicator or column.indicator
                if indicator:
                    yield indicator, column.measure


def _columns(nodes: list[Mapping[str, Any]], heads: tuple[str, ...], indicator: str | None) -> Iterator[PrintedColumn]:
    for node in nodes:
        path = (*heads, node["label"])
        own = node.get("indicator", indicator)
        if "columns" in node:
            yield from _columns(node["columns"], path, own)
        elif not node.get("ignored"):
            yield PrintedColumn(path, node["measure"], own, bool(node.get("money")))


def _rows(nodes: list[Mapping[str, Any]], depth: int) -> Iterator[PrintedRow]:
    for node in nodes:
        yield PrintedRow(node["label"], depth, node.get("indicator"), node.get("printed_sum"), node.get("unit"), bool(node.get("money")))
        yield from _rows(node.get("rows", []), depth + 1)


def _table(form: Mapping[str, Any], raw: Mapping[str, Any]) -> PrintedTable:
    corner = raw.get("corner") or ""
    return PrintedTable(
        form=form["form"],
        block=raw["block"],
        heading=raw.get("heading"),
        corner=corner if isinstance(corner, str) else corner[0],
        columns=tuple(_columns(raw["columns"], (), None)),
        rows=tuple(_rows(raw.get("rows", []), 0)),
        every_cell_is_due=form.get("every_cell_is_due", False),
    )


@cache
def printed_forms() -> Mapping[str, tuple[PrintedTable, ...]]:
    """Return the tables of every form, by form."""
    forms = {}
    for path in sorted(FOLDER.glob("*.yml")):
        if path.name not in DICTIONARIES:
            raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            forms[raw["form"]] = tuple(_table(raw, table) for table in raw["tables"])
    return forms


def tables_for(block: str, cells: set[tuple[str, str]], preferred: str) -> tuple[PrintedTable, ...]:
    """Return the tables of a block in the form that holds most of these cells; the preferred form wins a tie.

    A filer may mix two forms, so each block finds its own.
    """
    candidates = {form: tuple(table for table in tables if table.block == block) for form, tables in printed_forms().items()}
    candidates = {form: tables for form, tables in candidates.items() if tables}

    def fit(form: str) -> tuple[int, bool, int]:
        printed = {cell for table in candidates[form] for cell in table.cells()}
        return len(printed & cells), form == preferred, -len(printed)

    return candidates[max(candidates, key=fit)] if candidates else ()
