"""Which form's table a printed table is, and which column each of its values stands in: by labels, never by count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.forms import Column, Table
from extract.tables.printed import PrintedRow, PrintedTable
from extract.tables.split import holds, row_sums

_ROWS_THAT_NAME_A_TABLE = 3


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a printed table meets a form's table: `rows` weighs rows met against rows that are of no place in it."""

    table: Table
    whole_header: bool
    rows: int
    met: int
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
            return self.filled >= _ROWS_THAT_NAME_A_TABLE or (self.met >= 1 and (self.whole_header or self.heading))
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


def _row_points(table: Table, printed: PrintedRow, index: int | None) -> int:
    """What a row with a form's label says for a table: 1 for it, -1 against it."""
    if index is None:
        return -1 if printed.values else 0
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


def _full(table: Table, printed: PrintedRow, index: int | None) -> bool:
    """A value row with a value for every column, or with digits enough for all of them."""
    if index is None or table.rows[index].indicator is None or not printed.values:
        return False
    values = list(printed.values)
    while len(values) > len(table.columns) and values[-1].kind == "blank":
        values.pop()
    return len(values) == len(table.columns) or len(values) < len(table.columns) <= sum(len(atom.clean) for atom in values)


def _adds_up(table: Table, printed: PrintedTable) -> bool:
    """Whether some nameless row has a number for every column and satisfies the sums of the form."""
    rows = [row.values for row in printed.rows if row.label is None and len(row.values) == len(table.columns)]
    return any(
        all(atom.clean.isdigit() for atom in row) and holds(tuple(int(atom.clean) for atom in row), row_sums(table.columns, table.row_sum))
        for row in rows
    )


def fit(table: Table, printed: PrintedTable) -> Fit:
    """Measure how a printed table meets one form's table."""
    rows = [(row, row_of(table, row)) for row in printed.rows if row.known]
    points = [_row_points(table, row, index) for row, index in rows]
    return Fit(
        table=table,
        whole_header=_whole_header(table, printed),
        rows=sum(points),
        met=sum(point > 0 for point in points),
        filled=sum(1 for row, index in rows if _full(table, row, index)),
        heading=any(atom.key in table.heading for atom in printed.headings),
        columns=sum(1 for atom in printed.header if atom.key in table.header_keys),
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
    grid: int | None = None
    start: int | None = None  # the grid column under the first label

    def start_in(self, printed: PrintedRow) -> int | None:
        """The grid column in which the cells of a row begin; None where the row is not of the header's grid."""
        first = next(iter(printed.values), None)
        return self.start if first and first.row and first.row[0] == self.grid else None


def drop_foreign_header(table: Table, printed: PrintedTable) -> None:
    """Take labels before the header out of a printed table: a section's heading may name what the table names."""
    if not table.flat_header and _whole_header(table, printed):
        printed.header = printed.header[-len(table.header) :]


def columns_of(table: Table, printed: PrintedTable) -> Columns:
    """Order the form's columns as the printed header does. `order` is None where the header contradicts the form."""
    whole = _whole_header(table, printed)
    if not table.flat_header:
        return Columns(table.columns, () if whole else _unknown(printed), whole, *_place(table.columns, printed))
    order = _by_label(table, printed)
    if order:
        return Columns(order, (), whole, *_place(order, printed))
    due = tuple(column for column in table.columns if not column.optional)
    labels = printed.header
    in_place = len(labels) == len(due) and all(
        atom.key in column.keys or not any(atom.key in other.keys for other in due) for atom, column in zip(labels, due, strict=True)
    )
    if table.block == "statistics" and (_glued_rows(printed) or _wider_rows(printed, len(due))):
        return Columns(None, _unknown(printed), readable=False)
    if in_place or not any(atom.key in column.keys for atom in labels for column in due):
        return Columns(due, _unknown(printed), readable=False)
    return Columns(None, _unknown(printed), readable=False)


def _glued_rows(printed: PrintedTable) -> bool:
    """Whether values stand on their label's line: without a header nobody can say what was run together there."""
    rows = (row for row in printed.rows if row.known and row.values and row.values[0].row is None)
    return any(row.label.ends_on == row.values[0].line for row in rows)


def _wider_rows(printed: PrintedTable, width: int) -> bool:
    """Whether rows have more cells than the form has columns: without a header nobody can say which of them is a code or a month."""
    return any(row.known and len(row.values) > width for row in printed.rows)


def _place(order: Sequence[Column], printed: PrintedTable) -> tuple[int | None, int | None]:
    """The grid of a header and the column of its first leaf, if its last leaf stands as far away as the form has it."""
    first = next((atom for atom in printed.header if atom.key in order[0].keys and atom.row), None)
    last = next((atom for atom in reversed(printed.header) if atom.key in order[-1].keys and atom.row), None)
    if first is None or last is None or first.row[0] != last.row[0] or last.column - first.column + 1 != len(order):
        return None, None
    return first.row[0], first.column


def _unknown(printed: PrintedTable) -> tuple[str, ...]:
    return tuple(atom.raw for atom in printed.header if atom.kind == "text")
