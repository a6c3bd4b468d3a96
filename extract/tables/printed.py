"""Tables as printed: atoms grouped into header and rows, before anyone asks which form they are of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from extract.tables.atoms import Atom
from extract.tables.values import DASHES
from extract.tables.vocabulary import Vocabulary, load_vocabulary

_LONGEST_LABEL = 60
_PROSE = "。;；!？?"


@dataclass(slots=True)
class PrintedRow:
    """A row: `label` None where the copy lost it or the form prints none; `known` tells a form's label from another text."""

    label: Atom | None
    values: list[Atom] = field(default_factory=list)
    unit: str | None = None

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
        """Whether no row has a value."""
        return not any(row.values for row in self.rows)

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
        self.table: PrintedTable | None = None

    def close(self) -> None:
        """End the open table. Running text behind its last known row is what follows the table, not a row of it."""
        rows = self.table.rows if self.table else []
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
        last = table.rows[-1] if table.rows else None
        if atom.row is None and last is not None and self._row_of(last) is not None:
            return  # running text behind a grid: a page number, not a cell
        if atom.row is not None:
            if last is None or self._row_of(last) != atom.row:
                if atom.kind == "blank":
                    return
                table.rows.append(last := PrintedRow(None))
        elif last is None:
            if atom.kind == "blank" or not table.header:
                return
            table.rows.append(last := PrintedRow(None))
        last.values.append(atom)

    @staticmethod
    def _row_of(row: PrintedRow) -> tuple[int, int] | None:
        first = row.label or row.values[0]
        return first.row

    def unit(self, atom: Atom) -> None:
        """A counting word between a label and its value; a dash there (no unit) is no value of a grid row with a unit column."""
        last = self.table.rows[-1] if self.table and self.table.rows else None
        if last is None or last.label is None:
            return
        if not last.values and last.unit is None and self.table.has_unit_column:
            last.unit = atom.clean
        elif atom.clean in DASHES:
            self.value(replace(atom, kind="value"))
        elif last.unit is None:
            last.unit = atom.clean

    def text(self, atom: Atom) -> None:
        if self.table is None:
            return
        if len(atom.clean) > _LONGEST_LABEL or any(mark in atom.clean for mark in _PROSE):
            self.close()
        elif not self.table.rows:
            self.table.header.append(atom)
        elif atom.row is not None and self._row_of(self.table.rows[-1]) == atom.row:
            self.table.rows[-1].values.append(atom)
        else:
            self.table.rows.append(PrintedRow(atom))


def printed_tables(atoms: Iterable[Atom]) -> list[PrintedTable]:
    """Group atoms into tables; tables without a single value are left out."""
    grouping = _Grouping(load_vocabulary())
    for atom in atoms:
        if atom.kind == "label":
            grouping.label(atom)
        elif atom.kind == "unit":
            grouping.unit(atom)
        elif atom.kind == "text":
            grouping.text(atom)
        else:
            grouping.value(atom)
    grouping.close()
    return grouping.done
