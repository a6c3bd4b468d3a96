"""The official forms as data: what the State printed, read from the YAML files beside this module.

A form is a list of tables. A table has a header (a tree of columns, read level by level as text copies flatten it) and a
tree of rows. A cell's indicator and measure come from its row or its column, whichever names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import yaml

from extract.forms.labels import key_of, number_of

FOLDER = Path(__file__).parent
DICTIONARIES = ("indicators.yml", "measures.yml", "sections.yml")


@dataclass(frozen=True, slots=True)
class Column:
    """A leaf of a header. `unit` is the counting word the form implies, None for money, whose unit is read from the print.

    A column without `measure` is printed and known and not kept (a row's code, the month's number); an `optional` one may be absent.
    `group_keys` are those of the label above it that names its indicator.
    """

    label: str
    keys: frozenset[str]
    measure: str | None
    indicator: str | None
    unit: str | None
    money: bool
    optional: bool
    group_keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row. A group row has no `indicator`; `printed_sum` names the one under which a filer's own subtotal is kept.

    `unit` and `money` are set where the form prints a unit for each row.
    """

    label: str
    number: str | None
    keys: frozenset[str]
    indicator: str | None
    printed_sum: str | None
    unit: str | None
    money: bool


@dataclass(frozen=True)
class Table:
    """One table of a form. `header` is the flattened header: the accepted keys of each label in reading order, leaves included.

    `row_sum` is the measure that the form prints as the sum of the others of its row (or of its group of columns), None where
    it prints no such sum. `column_sums` are pairs of indicators whose sums must agree in every column.
    """

    form: str
    number: int
    block: str
    heading: frozenset[str]
    corner: frozenset[str]
    header: tuple[frozenset[str], ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    row_sum: str | None
    column_sums: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    flat_header: bool
    every_cell_is_due: bool

    @cached_property
    def places(self) -> Mapping[str, tuple[int, ...]]:
        """Where a row's key stands in `rows`; some stand more than once."""
        places: dict[str, tuple[int, ...]] = {}
        for index, row in enumerate(self.rows):
            for key in row.keys:
                places[key] = (*places.get(key, ()), index)
        return places

    @cached_property
    def header_keys(self) -> frozenset[str]:
        """The keys of all labels of the header."""
        return frozenset().union(*self.header)

    @cached_property
    def value_rows(self) -> tuple[Row, ...]:
        """The rows that carry numbers; a table without row labels has one nameless row."""
        return tuple(row for row in self.rows if row.indicator)

    @cached_property
    def units(self) -> Mapping[tuple[str, str], str | None]:
        """The unit of every cell, by indicator and measure, in reading order."""
        return {(indicator, measure): "元" if column.money else column.unit for indicator, measure, column, _ in self.cells()}

    def cells(self) -> Iterator[tuple[str, str, Column, Row | None]]:
        """Every (indicator, measure, column, row) that the form prints, in reading order."""
        for row in self.value_rows or (None,):
            for column in self.columns:
                if column.measure is None:
                    continue
                indicator = row.indicator if row else column.indicator
                assert indicator, f"{self.form} table {self.number}: a cell without indicator"
                yield indicator, column.measure, column, row


@dataclass(frozen=True, slots=True)
class Form:
    """A form with the report years that it was made for; filers mix forms, so a table is chosen by its labels, not by the year."""

    form: str
    title_zh: str
    title_en: str
    legal_basis: str
    first_year: int
    last_year: int | None
    every_cell_is_due: bool
    tables: tuple[Table, ...]

    def cell_count(self) -> int:
        """How many cells the form prints."""
        return sum(1 for table in self.tables for _ in table.cells())


def _keys(node: dict) -> frozenset[str]:
    return frozenset(key_of(label) for label in (node["label"], *node.get("variants", ())))


def _texts(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def _leaves(nodes: list[dict], unit: str | None, group: dict | None = None) -> Iterator[Column]:
    for node in nodes:
        own = node if "indicator" in node else group
        if "columns" in node:
            yield from _leaves(node["columns"], unit, own)
        else:
            measure = None if node.get("ignored") else node["measure"]
            money, optional = node.get("money", False), node.get("optional", False)
            indicator, keys = (own["indicator"], _keys(own)) if own else (None, frozenset())
            yield Column(node["label"], _keys(node), measure, indicator, node.get("unit", unit), money, optional, keys)


def _levels(nodes: list[dict]) -> Iterator[frozenset[str]]:
    """Yield the keys of a header tree level by level, as a browser's or a PDF's text copy lists them."""
    level = nodes
    while level:
        yield from (_keys(node) for node in level)
        level = [child for node in level for child in node.get("columns", ())]


def _rows(nodes: list[dict]) -> Iterator[Row]:
    for node in nodes:
        label, unit, money = node["label"], node.get("unit"), node.get("money", False)
        yield Row(label, number_of(label), _keys(node), node.get("indicator"), node.get("printed_sum"), unit, money)
        yield from _rows(node.get("rows", []))


def _table(raw: dict, number: int, form: str, due: bool) -> Table:
    return Table(
        form=form,
        number=number,
        block=raw["block"],
        heading=frozenset(key_of(text) for text in _texts(raw.get("heading"))),
        corner=frozenset(key_of(text) for text in _texts(raw.get("corner"))),
        header=tuple(_levels(raw["columns"])),
        columns=tuple(_leaves(raw["columns"], raw.get("unit"))),
        rows=tuple(_rows(raw.get("rows", []))),
        row_sum=raw.get("row_sum"),
        column_sums=tuple((tuple(each["left"]), tuple(each["right"])) for each in raw.get("column_sums", ())),
        flat_header=not any("columns" in node for node in raw["columns"]),
        every_cell_is_due=due,
    )


def read_form(path: Path) -> Form:
    """Read one form's file."""
    raw = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    due = raw.get("every_cell_is_due", False)
    tables = tuple(_table(table, number, raw["form"], due) for number, table in enumerate(raw["tables"], 1))
    return Form(raw["form"], raw["title_zh"], raw["title_en"], raw["legal_basis"], raw["first_year"], raw["last_year"], due, tables)


@cache
def load_forms() -> tuple[Form, ...]:
    """All forms, in the order of their file names."""
    return tuple(read_form(path) for path in sorted(FOLDER.glob("*.yml")) if path.name not in DICTIONARIES)


@cache
def load_dictionary(name: str) -> tuple[dict, ...]:
    """The entries of `indicators.yml`, `measures.yml` or `sections.yml`."""
    return tuple(yaml.load((FOLDER / name).read_text("utf-8"), yaml.CSafeLoader))


def form_of_year(year: int) -> Form | None:
    """The form whose every cell is due that a report of this year had to use, None before 2019."""
    for form in load_forms():
        if form.every_cell_is_due and form.first_year <= year <= (form.last_year or year):
            return form
    return None
