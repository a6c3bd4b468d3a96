"""Tables as printed: atoms grouped into header and rows, before anyone asks which form they are of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from extract.forms.labels import key_of
from extract.tables.atoms import Atom
from extract.tables.values import COUNTING_WORDS, DASHES
from extract.tables.vocabulary import Vocabulary, load_vocabulary

_LONGEST_LABEL = 60
_SECTION = re.compile(r"#*\s*[一二三四五六七八九十]{1,2}、[^\s\d]{4}")
_REACH = 40  # blanks of a grid row that may stand between a text and its first value
_PROSE = "。;；!？?"


@dataclass(slots=True)
class PrintedRow:
    """A row: `label` None where the copy lost it or the form prints none; `known` tells a form's label from another text.

    `blanks_before` are the blank cells of a row without label before its first value: cells of a table without row labels.
    """

    label: Atom | None
    values: list[Atom] = field(default_factory=list)
    unit: str | None = None
    blanks_before: list[Atom] = field(default_factory=list)

    @property
    def known(self) -> bool:
        """Whether the row bears a label of some form."""
        return self.label is not None and self.label.kind == "label"


@dataclass(slots=True)
class PrintedTable:
    """A stretch of atoms under one header. `header` holds column labels and texts that no form knows, in reading order."""

    headings: list[Atom] = field(default_factory=list)
    header: list[Atom] = field(default_factory=list)
    rows: list[PrintedRow] = field(default_factory=list)

    @property
    def has_unit_column(self) -> bool:
        """Whether a unit is printed between the label and the value of each row."""
        return any("单位" in atom.key for atom in self.headings)

    @property
    def empty(self) -> bool:
        """Whether no row has a cell."""
        return not any(row.values or row.blanks_before for row in self.rows)

    def atoms(self) -> Iterable[Atom]:
        """All atoms of the table that carry meaning, in reading order."""
        yield from self.headings
        yield from self.header
        for row in self.rows:
            if row.label and (row.known or row.values):
                yield row.label
            yield from row.values


class _Grouping:
    """The state while atoms are grouped: the table that is open and the row that takes values."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.done: list[PrintedTable] = []
        self.blanks: list[Atom] = []
        self.lone_unit: Atom | None = None  # the unit of a grid row whose label is lost
        self.table: PrintedTable | None = None

    def close(self) -> None:
        """End the open table. Running text behind its last known row is what follows the table, not a row of it."""
        rows = self.table.rows if self.table else []
        if self.table and self.table.header and not rows and self.blanks:
            rows.append(PrintedRow(None, blanks_before=[blank for blank in self.blanks if blank.row == self.blanks[-1].row]))
        self.blanks = []
        while rows and rows[-1].label is not None and not rows[-1].known and rows[-1].label.row is None:
            rows.pop()
        if self.table and not self.table.empty:
            self.done.append(self.table)
        self.table = None

    def open(self) -> PrintedTable:
        self.close()
        self.table = PrintedTable()
        return self.table

    def heading(self, atom: Atom) -> None:
        table = self.table
        if table is None or table.rows or table.header:
            table = self.open()
        table.headings.append(atom)

    def column(self, atom: Atom) -> None:
        table = self.table
        if table is None or table.rows:
            table = self.open()
        table.header.append(atom)

    def row(self, atom: Atom) -> None:
        table = self.table or self.open()
        table.rows.append(PrintedRow(atom))

    def label(self, atom: Atom) -> None:
        vocabulary = self.vocabulary
        if atom.key in vocabulary.headings:
            self.heading(atom)
            return
        in_header = self.table is None or not self.table.rows
        is_column, is_row = atom.key in vocabulary.columns, atom.key in vocabulary.rows
        if is_column and is_row:
            is_column = in_header and atom.number is None
        if is_column:
            self.column(atom)
        else:
            self.row(atom)

    def value(self, atom: Atom) -> None:
        table = self.table
        if table is None:
            return
        if atom.row is None and len(atom.clean) > 1 and atom.clean[-1] in COUNTING_WORDS and table.has_unit_column:
            # Where units stand before the values, the one behind a value is that of the next row, whose label is lost.
            self.value(atom._replace(clean=atom.clean[:-1], raw=atom.raw[:-1]))
            self.unit(atom._replace(kind="unit", clean=atom.clean[-1]))
            return
        last = table.rows[-1] if table.rows else None
        if last is not None and last.label is not None and atom.row is not None and last.label.row == atom.row:
            last.values.append(atom)
            return
        if atom.row is None and last is not None and self._row_of(last) is not None:
            return  # running text behind a grid: a page number, not a cell
        if atom.row is not None:
            if last is None or self._row_of(last) != atom.row:
                if atom.kind == "blank":
                    self.blanks.append(atom)
                    return
                before = [blank for blank in self.blanks if blank.row == atom.row]
                self.blanks = []
                unit = self.lone_unit.clean if self.lone_unit and self.lone_unit.row == atom.row else None
                table.rows.append(last := PrintedRow(None, unit=unit, blanks_before=before))
        elif last is None:
            if atom.kind == "blank" or not table.header:
                return
            table.rows.append(last := PrintedRow(None))
        last.values.append(atom)

    @staticmethod
    def _row_of(row: PrintedRow) -> tuple[int, int] | None:
        first = row.label or next(iter(row.values), None)
        return first.row if first else None

    def unit(self, atom: Atom) -> None:
        """A counting word between a label and its value; a dash there (no unit) is no value of a grid row with a unit column."""
        last = self.table.rows[-1] if self.table and self.table.rows else None
        if self.table and atom.row is not None and self.table.has_unit_column and (last is None or self._row_of(last) != atom.row):
            self.lone_unit = atom
            return
        if last is None or last.label is None:
            if self.table and atom.row is not None and atom.clean in DASHES and not self.table.has_unit_column:
                self.value(atom._replace(kind="value"))
            return
        if not last.values and last.unit is None and self.table.has_unit_column:
            last.unit = atom.clean
        elif atom.clean in DASHES:
            self.value(atom._replace(kind="value"))
        elif self.table.has_unit_column and last.values and atom.row is None:
            self.table.rows.append(PrintedRow(None, unit=atom.clean))  # the unit of a row whose label is lost
        elif last.unit is None:
            last.unit = atom.clean

    def text(self, atom: Atom, has_values: bool) -> None:
        """A text that no form knows: prose and the heading of a section end a table, others are a row's or a column's label."""
        if self.table is None:
            return
        heading = not has_values and bool(self.table.rows or self.blanks) and _SECTION.match(atom.clean)
        if heading or len(atom.clean) > _LONGEST_LABEL or any(mark in atom.clean for mark in _PROSE):
            self.close()
        elif not self.table.rows:
            headings = self.vocabulary.headings
            (self.table.headings if key_of(atom.clean) in headings else self.table.header).append(atom)
        elif atom.row is not None and self._row_of(self.table.rows[-1]) == atom.row:
            self.table.rows[-1].values.append(atom)
        else:
            self.table.rows.append(PrintedRow(atom))


def _has_values(atoms: Sequence[Atom], index: int) -> bool:
    """Whether a value follows the text at `index` before any other text."""
    following = next((atom for atom in atoms[index + 1 : index + 1 + _REACH] if atom.kind != "blank"), None)
    return following is not None and following.kind == "value"


def printed_tables(atoms: Sequence[Atom]) -> list[PrintedTable]:
    """Group atoms into tables; tables without a single cell are left out."""
    grouping = _Grouping(load_vocabulary())
    take = {"value": grouping.value, "blank": grouping.value, "label": grouping.label, "unit": grouping.unit}
    for index, atom in enumerate(atoms):
        kind = atom.kind
        if kind == "text":
            grouping.text(atom, _has_values(atoms, index))
        else:
            take[kind](atom)
    grouping.close()
    return grouping.done
