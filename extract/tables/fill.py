"""The values of printed rows put into the cells of a form's table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from extract.forms import Column, Row, Table
from extract.tables.atoms import Atom
from extract.tables.match import Columns, row_of
from extract.tables.printed import PrintedRow, PrintedTable
from extract.tables.split import Reading, holds, joint, readings, row_sums, without_surplus
from extract.tables.values import COUNTING_WORDS, Cell, parse_cell

NAMELESS = ""
_DASHES = re.compile(r"/{2,}|[—–―─]{3,}")


@dataclass(slots=True)
class Filled:
    """A row of a form's table with its values: one atom a column (direct), or a reading of glued digits with its proof."""

    name: str
    row: Row | None
    columns: tuple[Column, ...]
    label: Atom | None
    atoms: list[Atom]
    unit: str | None = None
    cells: list[Cell] | None = None
    reading: str = "direct"
    proof: str | None = None


@dataclass(slots=True)
class Filling:
    """All rows of one form table that were printed, in any number of pieces; `stray` are values that found no cell."""

    table: Table
    rows: dict[str, Filled] = field(default_factory=dict)
    repeated: list[Filled] = field(default_factory=list)
    open: dict[str, Filled] = field(default_factory=dict)
    unknown: list[PrintedRow] = field(default_factory=list)
    stray: list[Atom] = field(default_factory=list)
    unreadable: list[Filled] = field(default_factory=list)


def _direct(values: Sequence[Atom], width: int, start: int | None = None) -> list[Atom] | None:
    """The atoms of a row that has exactly one for each column; blanks that only fill up a wider grid are cut off.

    Where blanks stand on both sides only `start`, the grid column under the first label of the header, tells which are cells.
    """
    atoms = list(values)
    if len(atoms) > width and start is not None:
        inside = [atom for atom in atoms if atom.column is not None and start <= atom.column < start + width]
        return inside if len(inside) == width and len(_printed_only(inside)) == len(_printed_only(atoms)) else None
    if len(atoms) > width and atoms[0].kind == atoms[-1].kind == "blank":
        return None
    while len(atoms) > width and atoms[-1].kind == "blank":
        atoms.pop()
    while len(atoms) > width and atoms[0].kind == "blank":
        del atoms[0]
    return atoms if len(atoms) == width else None


def _put(filling: Filling, filled: Filled) -> None:
    if filled.name in filling.rows:
        filling.repeated.append(filled)
    else:
        filling.rows[filled.name] = filled


class _Filler:
    """The state while the rows of one table are filled: the last labelled row, and the unlabelled ones behind it in each piece."""

    def __init__(self, table: Table) -> None:
        self.filling = Filling(table)
        self.orphans: list[tuple[int, int, Filled]] = []
        self.last = -1
        self.piece = 0

    def row(self, printed: PrintedRow, columns: Columns) -> None:
        table, filling = self.filling.table, self.filling
        order = columns.order or ()
        index = row_of(table, printed, self.last)
        if not table.rows and printed.label is None:
            printed.values[:0] = printed.blanks_before
        if not printed.values:
            return
        behind = _rows_behind(printed, order, table)
        if index is None and printed.label is not None:
            filling.unknown.append(printed)
        elif index is None and table.rows:
            self.orphans.append((self.last, self.piece, Filled(NAMELESS, None, order, None, list(printed.values), printed.unit)))
        else:
            self.place(printed, index, order, columns.start_in(printed))
        if behind:
            self.orphans += ((self.last, self.piece, Filled(NAMELESS, None, order, None, atoms)) for atoms in behind)

    def place(self, printed: PrintedRow, index: int | None, order: tuple[Column, ...], start: int | None) -> None:
        filling = self.filling
        known = None if index is None else filling.table.rows[index]
        name = (known.indicator or known.printed_sum or NAMELESS) if known else NAMELESS
        if known and not known.indicator and not (name and _printed_only(printed.values)):
            filling.stray.extend(_printed_only(printed.values))
            self.last = index
            return
        filled = Filled(name, known, order, printed.label, list(printed.values), printed.unit)
        atoms = _direct(printed.values, len(order), start)
        in_grid = bool(atoms) and atoms[0].row is not None
        if atoms and (in_grid or not any(_glued(atom, column, len(order)) for atom, column in zip(atoms, order, strict=True))):
            filled.cells = [parse_cell(atom.clean) for atom in atoms]
            filled.atoms = atoms
            _put(filling, filled)
        elif not order:
            filling.unreadable.append(filled)
        elif name in filling.open:
            filling.stray.extend(_printed_only(printed.values))
        else:
            filling.open[name] = filled
            if not _could_fill(filled, filling.table):
                return  # too little to be a row: whatever it is, the rows behind it follow the labelled row before
        self.last = self.last if index is None else index


def _rows_behind(printed: PrintedRow, order: tuple[Column, ...], table: Table) -> list[list[Atom]]:
    """Cut off the rows behind a labelled one whose own labels the copy lost: whole rows of numbers, each of which adds up."""
    width, atoms = len(order), printed.values
    if printed.label is None or printed.label.row is not None or len(atoms) <= width:
        return []
    sums = row_sums(order, table.row_sum)
    if not sums or len(atoms) % width:
        return []
    rows = [atoms[place : place + width] for place in range(0, len(atoms), width)]
    if not all(atom.clean.isdigit() for atom in atoms) or not all(holds(tuple(int(atom.clean) for atom in row), sums) for row in rows):
        return []
    printed.values = rows[0]
    return rows[1:]


def _printed_only(atoms: Sequence[Atom]) -> list[Atom]:
    return [atom for atom in atoms if atom.kind != "blank"]


def _readings(filled: Filled, table: Table) -> tuple[Reading, ...]:
    if any(column.measure is None for column in filled.columns):
        return ()  # a row's code may begin with zeros: its digits can be parted anywhere
    tokens = [atom.clean.replace(" ", "") for atom in _printed_only(filled.atoms)]
    return readings(tokens, len(filled.columns), row_sums(filled.columns, table.row_sum)) or ()


def _could_fill(filled: Filled, table: Table) -> bool:
    digits = sum(len(atom.clean) for atom in _printed_only(filled.atoms))
    return digits >= len(filled.columns) or bool(_readings(filled, table))


def fill_table(table: Table, pieces: Sequence[tuple[PrintedTable, Columns]]) -> Filling:
    """Assign every printed row of all pieces of one table. Labels rule; unlabelled rows wait for `between_anchors`."""
    filler = _Filler(table)
    for filler.piece, (printed, columns) in enumerate(pieces):
        for row in printed.rows:
            filler.row(row, columns)
    _between_anchors(filler.filling, filler.orphans)
    _recover(filler.filling)
    _doubt_subtotals(filler.filling)
    return filler.filling


def _beside_a_gap(filled: Filled) -> bool:
    """Whether a label may have stood between a group's label and the numbers: always in running text, in a grid in a cell between."""
    label, first = filled.label, filled.atoms[0]
    return label is None or label.column is None or first.column is None or first.column - label.column > 1


def _doubt_subtotals(filling: Filling) -> None:
    """Numbers behind a group's label are the filer's own sum only if all rows of the group are there: else they may be one of these."""
    rows = filling.table.rows
    for place, row in enumerate(rows):
        filled = filling.rows.get(row.printed_sum) if row.printed_sum else None
        members = takewhile(lambda member: (member.number or "").isdigit(), rows[place + 1 :])
        if filled and _beside_a_gap(filled) and any(member.indicator not in filling.rows for member in members):
            filling.unreadable.append(filling.rows.pop(filled.name))


def _glued(atom: Atom, column: Column, width: int) -> bool:
    """Two cells of running text in one: a number with a leading zero, 00, that nobody prints; a row's code with a unit behind it."""
    if width == 1:
        return False
    digits = atom.clean.lstrip("+-")
    if column.measure is None:
        return atom.kind == "value" and atom.clean[-1:] in COUNTING_WORDS
    return len(digits) > 1 and digits[0] == "0" if digits.isdigit() else bool(_DASHES.fullmatch(digits))


def _between_anchors(filling: Filling, orphans: list[tuple[int, int, Filled]]) -> None:
    """Give unlabelled rows the labels that the form has between two labelled rows, where their numbers are equal."""
    if not orphans:
        return
    indexes = [index for index, row in enumerate(filling.table.rows) if row.indicator]
    found = {index for index in indexes if filling.table.rows[index].indicator in filling.rows}
    for after, piece in sorted({(last, piece) for last, piece, _ in orphans}):
        group = [filled for *place, filled in orphans if place == [after, piece]]
        following = [index for index in indexes if index > after]
        gap = []
        for index in following:
            if index in found:
                break
            gap.append(index)
        # A group's row is an anchor too, though it has no numbers.
        closed = len(gap) < len(following) and after >= 0 and (after in found or filling.table.rows[after].indicator is None)
        rows = [_direct(filled.atoms, len(filled.columns)) for filled in group]
        if closed and len(gap) == len(group) and all(rows):
            for index, filled, atoms in zip(gap, group, rows, strict=True):
                row = filling.table.rows[index]
                stray = filling.open.pop(row.indicator, None)
                if stray:
                    filling.stray.extend(stray.atoms)
                label = stray.label if stray else None
                cells = [parse_cell(atom.clean) for atom in atoms]
                between = Filled(row.indicator, row, filled.columns, label, atoms, filled.unit, cells, proof="between_anchors")
                _put(filling, between)
        else:
            filling.stray.extend(atom for filled in group for atom in _printed_only(filled.atoms))


def _recover(filling: Filling) -> None:
    """Read the rows whose digits ran together, first each by itself, then those that stay ambiguous together."""
    choices: dict[str, tuple[Reading, ...]] = {}
    for name in [name for name in filling.open if name in filling.rows]:
        filling.stray.extend(filling.open.pop(name).atoms)
    for name, filled in list(filling.open.items()):
        if _drop_surplus(filling, filled):
            continue
        found = _readings(filled, filling.table)
        if len(found) == 1:
            _settle(filling, name, found[0], "row_sum")
        elif found:
            choices[name] = found
    if not choices:
        return
    known = {
        name: tuple(cell.value if isinstance(cell.value, int) else None for cell in filled.cells)
        for name, filled in filling.rows.items()
        if filled.cells
    }
    for name, reading in (joint(known, choices, filling.table.column_sums) or {}).items():
        _settle(filling, name, reading, "joint")


def _drop_surplus(filling: Filling, filled: Filled) -> bool:
    """Read a row with a number too many where only one choice of its numbers adds up; the number left over is a stray one."""
    atoms = _printed_only(filled.atoms)
    sums = row_sums(filled.columns, filling.table.row_sum)
    kept = without_surplus([atom.clean for atom in atoms], len(filled.columns), sums)
    if kept is None:
        return False
    filling.stray.extend(atom for place, atom in enumerate(atoms) if place not in kept)
    filled.atoms = [atoms[place] for place in kept]
    _settle(filling, filled.name, tuple(int(atom.clean) for atom in filled.atoms), "row_sum")
    return True


def settle_by_prose(filling: Filling, prose: frozenset[int]) -> None:
    """Take the one parting whose first number a sentence of the report names."""
    for name, filled in list(filling.open.items()):
        found = _readings(filled, filling.table)
        named = [reading for reading in found if reading[0] in prose and None not in reading]
        if len(named) == 1:
            _settle(filling, name, named[0], "prose")


def _settle(filling: Filling, name: str, reading: Reading, proof: str) -> None:
    filled = filling.open.pop(name)
    filled.cells = [Cell(value, None, "blank" if value is None else "printed") for value in reading]
    filled.atoms = _atoms_of_parts(filled.atoms, reading)
    filled.reading, filled.proof = "split", proof
    filling.rows[name] = filled


def _atoms_of_parts(atoms: Sequence[Atom], reading: Reading) -> list[Atom]:
    """For each number of a reading the atom whose digits it was cut from."""
    tokens = [atom for atom in atoms if atom.kind != "blank"]
    place, rest, owners = 0, tokens[0].clean, []
    for value in reading:
        digits = "" if value is None else str(value)
        if digits and not rest:
            place, rest = place + 1, tokens[place + 1].clean
        owners.append(tokens[place])
        rest = rest[len(digits) :]
    return owners
