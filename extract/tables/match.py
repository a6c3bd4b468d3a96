"""Which form's table a printed table is, and which column each of its values stands in: by labels, never by count."""

from __future__ import annotations

from dataclasses import dataclass

from extract.forms import Column, Table
from extract.tables.printed import PrintedRow, PrintedTable
from extract.tables.split import holds, row_sums

_ROWS_THAT_NAME_A_TABLE = 3


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a printed table meets a form's table."""

    table: Table
    whole_header: bool
    rows: int
    filled: int
    heading: bool
    columns: int
    adds_up: bool

    @property
    def score(self) -> tuple[int, int, int, int]:
        """For comparing fits: rows met, with the header and the heading as so many rows more; then what decides a tie."""
        return (self.rows + 2 * self.whole_header + self.heading, self.whole_header, self.heading, self.columns)

    @property
    def sure(self) -> bool:
        """A header or a heading with a row under it, or several full rows, name a table; stray labels in prose do not.

        A table without row labels whose header is damaged is known by half of its labels over one row that adds up.
        """
        if self.table.value_rows:
            return self.filled >= _ROWS_THAT_NAME_A_TABLE or (self.rows >= 1 and (self.whole_header or self.heading))
        return self.whole_header or (2 * self.columns >= len(self.table.header) and self.adds_up)


def row_of(table: Table, printed: PrintedRow, after: int = -1) -> int | None:
    """The index in `table.rows` of a printed row, the nearest after `after` where a label stands more than once."""
    if not printed.known:
        return None
    places = table.places.get(printed.label.key, ())
    if len(places) < 2:
        return places[0] if places else None
    numbered = [index for index in places if table.rows[index].number == printed.label.number]
    places = numbered or places
    return next((index for index in places if index > after), places[0])


def _row_points(table: Table, printed: PrintedRow) -> int:
    index = row_of(table, printed)
    if index is None:
        return -1 if printed.known and printed.values else 0
    carries = table.rows[index].indicator is not None
    return 1 if carries == bool(printed.values) else -1 if printed.values else 0


def _whole_header(table: Table, printed: PrintedTable) -> bool:
    """The printed header is the form's. In a header of several levels the last labels are the form's, in its order; what stands
    before them is no column. A flat header may have another order, and lack its optional columns."""
    if table.flat_header:
        order = _by_label(table, printed)
        return order is not None and all(column in order for column in table.columns if not column.optional)
    length = len(table.header)
    keys = [atom.key for atom in printed.header][-length:]
    return len(keys) == length and all(key in accepted for key, accepted in zip(keys, table.header, strict=True))


def _full(table: Table, printed: PrintedRow) -> bool:
    """A value row with a value for every column, or with digits enough for all of them."""
    index = row_of(table, printed)
    if index is None or table.rows[index].indicator is None or not printed.values:
        return False
    digits = sum(len(atom.clean) for atom in printed.values)
    return len(printed.values) == len(table.columns) or len(printed.values) < len(table.columns) <= digits


def _adds_up(table: Table, printed: PrintedTable) -> bool:
    """Whether some nameless row has a number for every column and satisfies the sums of the form."""
    rows = [row.values for row in printed.rows if row.label is None and len(row.values) == len(table.columns)]
    return any(
        all(atom.clean.isdigit() for atom in row) and holds(tuple(int(atom.clean) for atom in row), row_sums(table.columns, table.row_sum))
        for row in rows
    )


def fit(table: Table, printed: PrintedTable) -> Fit:
    """Measure how a printed table meets one form's table."""
    accepted = frozenset().union(*table.header)
    return Fit(
        table=table,
        whole_header=_whole_header(table, printed),
        rows=sum(_row_points(table, row) for row in printed.rows),
        filled=sum(1 for row in printed.rows if _full(table, row)),
        heading=any(atom.key in table.heading for atom in printed.headings),
        columns=sum(1 for atom in printed.header if atom.key in accepted),
        adds_up=not table.value_rows and _adds_up(table, printed),
    )


def _by_label(table: Table, printed: PrintedTable) -> tuple[Column, ...] | None:
    """The columns of a flat header in printed order; None where a label is unknown or stands twice."""
    named = [next((column for column in table.columns if atom.key in column.keys), None) for atom in printed.header]
    if not named or None in named or len({id(column) for column in named}) < len(named):
        return None
    return tuple(named)


@dataclass(frozen=True, slots=True)
class Columns:
    """The form's columns in the order in which the values of a row stand, and the labels that no form knows."""

    order: tuple[Column, ...] | None
    unknown: tuple[str, ...] = ()
    readable: bool = True


def columns_of(table: Table, printed: PrintedTable) -> Columns:
    """Order the form's columns as the printed header does. `order` is None where the header contradicts the form."""
    whole = _whole_header(table, printed)
    if not table.flat_header:
        return Columns(table.columns, () if whole else _unknown(printed), readable=whole)
    order = _by_label(table, printed)
    if order:
        return Columns(order, readable=whole)
    due = tuple(column for column in table.columns if not column.optional)
    labels = printed.header
    in_place = len(labels) == len(due) and all(
        atom.key in column.keys or not any(atom.key in other.keys for other in due) for atom, column in zip(labels, due, strict=True)
    )
    if in_place or not any(atom.key in column.keys for atom in labels for column in due):
        return Columns(due, _unknown(printed), readable=False)
    return Columns(None, _unknown(printed), readable=False)


def _unknown(printed: PrintedTable) -> tuple[str, ...]:
    return tuple(atom.raw for atom in printed.header if atom.kind == "text")
