"""Which form's table a printed table is, and which column each of its values stands in: by labels, never by count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NamedTuple

from extract.forms import Column, Table
from extract.model import maker
from extract.tables.atoms import Atom
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

    @property
    def score(self) -> tuple[int, int, int, int]:
        """For comparing fits: rows met, with the header and the heading as so many rows more; then what decides a tie."""
        return (self.rows + 2 * self.whole_header + self.heading, self.whole_header, self.heading, self.columns)


class RowOutline(NamedTuple):
    """What of a printed row tells whose it is: its label, its cells, how many of them are blank at its end, and their characters."""

    key: str
    number: str | None
    cells: int
    blanks: int
    characters: int


_outline = maker(RowOutline)


class Outline(NamedTuple):
    """What of a printed table tells which it is. Prints of one form have the same, whatever their numbers: each is matched once."""

    headings: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[RowOutline, ...]  # those with a label of some form

    def keys(self) -> frozenset[str]:
        """The keys of all labels."""
        return frozenset((*self.headings, *self.header, *(row.key for row in self.rows)))


def outline_of(printed: PrintedTable, widest: int) -> Outline:
    """Return the outline of a print, for tables of so many columns at most: only a shorter row's characters are counted."""
    rows = [_row_outline(row.label, row.values, widest) for row in printed.rows if row.known]
    return Outline(tuple(atom.key for atom in printed.headings), tuple(atom.key for atom in printed.header), tuple(rows))


def _row_outline(label: Atom, values: Sequence[Atom], widest: int) -> RowOutline:
    cells = len(values)
    blanks = sum(1 for _ in takewhile(lambda atom: atom.kind == "blank", reversed(values))) if values and values[-1].kind == "blank" else 0
    characters = min(sum([len(atom.clean) for atom in values]), widest) if 0 < cells < widest else 0
    return _outline((label.key, label.number, cells, blanks, characters))


def row_of(table: Table, printed: PrintedRow, after: int = -1) -> int | None:
    """The index in `table.rows` of a printed row, the nearest after `after` where a label stands more than once."""
    return _place_of(table, printed.label.key, printed.label.number, after) if printed.known else None


def _place_of(table: Table, key: str, number: str | None, after: int = -1) -> int | None:
    places = table.places.get(key, ())
    if len(places) < 2:
        return places[0] if places else None
    numbered = [index for index in places if table.rows[index].number == number]
    places = numbered or places
    return next((index for index in places if index > after), places[0])


def _row_points(table: Table, row: RowOutline, index: int | None) -> int:
    """What a row with a form's label says for a table: 1 for it, -1 against it."""
    if index is None:
        return -1 if row.cells else 0
    carries = table.rows[index].indicator is not None
    return 1 if carries == bool(row.cells) else -1 if row.cells else 0


def _whole_header(table: Table, keys: Sequence[str]) -> bool:
    """The printed header is the form's. In a header of several levels the last labels are the form's, in its order; what stands
    before them is no column. A flat header may have another order, and lack its optional columns."""
    if table.flat_header:
        order = _by_label(table, keys)
        return order is not None and all(column in order for column in table.columns if not column.optional)
    length = len(table.header)
    last = keys[-length:]
    return len(last) == length and all(key in accepted for key, accepted in zip(last, table.header, strict=True))


def _full(table: Table, row: RowOutline, index: int | None) -> bool:
    """A value row with a value for every column, or with digits enough for all of them."""
    if index is None or table.rows[index].indicator is None or not row.cells:
        return False
    width = len(table.columns)
    cells = max(width, row.cells - row.blanks) if row.cells > width else row.cells
    return cells == width or cells < width <= row.characters


def _adds_up(table: Table, printed: PrintedTable) -> bool:
    """Whether some nameless row has a number for every column and satisfies the sums of the form."""
    rows = [row.values for row in printed.rows if row.label is None and len(row.values) == len(table.columns)]
    return any(
        all(atom.clean.isdigit() for atom in row) and holds(tuple(int(atom.clean) for atom in row), row_sums(table.columns, table.row_sum))
        for row in rows
    )


def fit(table: Table, outline: Outline) -> Fit:
    """Measure how a printed table meets one form's table."""
    rows = [(row, _place_of(table, row.key, row.number)) for row in outline.rows]
    points = [_row_points(table, row, index) for row, index in rows]
    return Fit(
        table=table,
        whole_header=_whole_header(table, outline.header),
        rows=sum(points),
        met=sum(point > 0 for point in points),
        filled=sum(1 for row, index in rows if _full(table, row, index)),
        heading=any(key in table.heading for key in outline.headings),
        columns=sum(1 for key in outline.header if key in table.header_keys),
    )


def is_sure(fit: Fit, printed: PrintedTable) -> bool:
    """A header or a heading with a row under it, or several full rows, name a table; stray labels in prose do not.

    A table without row labels whose header is damaged is known by half of its labels over one row that adds up.
    """
    if fit.table.value_rows:
        return fit.filled >= _ROWS_THAT_NAME_A_TABLE or (fit.met >= 1 and (fit.whole_header or fit.heading))
    return fit.whole_header or (2 * fit.columns >= len(fit.table.header) and _adds_up(fit.table, printed))


def _by_label(table: Table, keys: Sequence[str]) -> tuple[Column, ...] | None:
    """The columns of a flat header in printed order; None where a label is unknown or stands twice."""
    named = [next((column for column in table.columns if key in column.keys), None) for key in keys]
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
    if not table.flat_header and _whole_header(table, [atom.key for atom in printed.header]):
        printed.header = printed.header[-len(table.header) :]


def columns_of(table: Table, printed: PrintedTable) -> Columns:
    """Order the form's columns as the printed header does. `order` is None where the header contradicts the form."""
    keys = [atom.key for atom in printed.header]
    whole = _whole_header(table, keys)
    if not table.flat_header:
        return Columns(table.columns, () if whole else _unknown(printed), whole, *_place(table.columns, printed))
    order = _by_label(table, keys)
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
