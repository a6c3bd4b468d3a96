"""Tables drawn with ruling lines: from the lines of a page to cells. Pure geometry, in points; y grows downwards."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

# Lines nearer than this are one line: double borders, borders that neighbouring cells draw each for itself.
_SNAP = 3.5
# How far a line may end before the line that it should meet.
_REACH = 4.0
# The part of a cell's side that a line must cover to part it from its neighbour.
_LEAST_COVERED = 0.6
_LEAST_LENGTH = 6.0
_MAX_LINES = 600


class Rule(NamedTuple):
    """A ruling line: at x = `at` from y = `start` to `end` if vertical, else at y = `at` from x = `start` to `end`."""

    is_vertical: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class LatticeCell:
    """A cell of a lattice; row and column count from 1. `is_closed` tells whether lines stand on all four sides."""

    row: int
    column: int
    row_span: int
    column_span: int
    is_closed: bool


class Lattice:
    """One table: its cells, and which of them a point lies in."""

    def __init__(self, xs: list[float], ys: list[float], cells: list[LatticeCell], cell_of: dict[tuple[int, int], int]) -> None:
        self.cells = cells
        self._xs = xs
        self._ys = ys
        self._cell_of = cell_of

    @property
    def top(self) -> float:
        """The y of the uppermost line."""
        return self._ys[0]

    @property
    def bottom(self) -> float:
        """The y of the lowest line."""
        return self._ys[-1]

    def box(self, index: int, inset: float = 0.0) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of a cell, each moved inwards by `inset`."""
        cell = self.cells[index]
        left, right = self._xs[cell.column - 1], self._xs[cell.column - 1 + cell.column_span]
        top, bottom = self._ys[cell.row - 1], self._ys[cell.row - 1 + cell.row_span]
        return left + inset, top + inset, right - inset, bottom - inset

    def cell_at(self, x: float, y: float) -> int | None:
        """Return the index of the cell at a point, None outside the table."""
        return self._cell_of.get((bisect_right(self._ys, y) - 1, bisect_right(self._xs, x) - 1))


def find_lattices(rules: Iterable[Rule]) -> list[Lattice]:
    """Return the tables that `rules` draw, from top to bottom."""
    verticals = _merged([rule for rule in rules if rule.is_vertical])
    horizontals = _merged([rule for rule in rules if not rule.is_vertical])
    if not verticals or not horizontals or len(verticals) + len(horizontals) > 2 * _MAX_LINES:
        return []
    lattices = [_lattice(*component) for component in _components(verticals, horizontals)]
    found = [lattice for lattice in lattices if lattice is not None]
    return sorted(found, key=lambda lattice: lattice.top)


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Bring lines that are nearly in line to one position, and join the pieces of each."""
    merged = []
    for group in _clustered(rules):
        at = sum(rule.at for rule in group) / len(group)
        start, end = None, None
        for rule in sorted(group, key=lambda r: r.start):
            if end is not None and rule.start <= end + _SNAP:
                end = max(end, rule.end)
                continue
            if end is not None:
                merged.append(Rule(rule.is_vertical, at, start, end))
            start, end = rule.start, rule.end
        merged.append(Rule(group[0].is_vertical, at, start, end))
    return [rule for rule in merged if rule.end - rule.start >= _LEAST_LENGTH]


def _clustered(rules: Sequence[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: r.at):
        if groups and rule.at - groups[-1][0].at <= _SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _components(verticals: Sequence[Rule], horizontals: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Part the lines into sets that touch one another: one set a table."""
    parents = list(range(len(verticals) + len(horizontals)))
    for v, vertical in enumerate(verticals):
        for h, horizontal in enumerate(horizontals, len(verticals)):
            if _reaches(vertical, horizontal.at) and _reaches(horizontal, vertical.at):
                parents[_root(parents, v)] = _root(parents, h)
    components: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for i, rule in enumerate((*verticals, *horizontals)):
        components[_root(parents, i)][not rule.is_vertical].append(rule)
    return [(v, h) for v, h in components.values() if v and h]


def _reaches(rule: Rule, at: float) -> bool:
    return rule.start - _REACH <= at <= rule.end + _REACH


def _root(parents: list[int], i: int) -> int:
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = parents[i]
    return i


def _lattice(verticals: Sequence[Rule], horizontals: Sequence[Rule]) -> Lattice | None:
    """Return the table of one set of lines; None for a box or a single column, which are no tables."""
    xs = _edges(verticals, horizontals)
    ys = _edges(horizontals, verticals)
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 2 or rows < 1 or columns > _MAX_LINES or rows > _MAX_LINES:
        return None
    walls = _Walls(xs, ys, verticals, horizontals)
    parents = list(range(rows * columns))
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            if column + 1 < columns and not walls.vertical(column + 1, row):
                parents[_root(parents, here)] = _root(parents, here + 1)
            if row + 1 < rows and not walls.horizontal(row + 1, column):
                parents[_root(parents, here)] = _root(parents, here + columns)
    regions: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for here in range(rows * columns):
        regions[_root(parents, here)].append(divmod(here, columns))
    places = sorted(regions.values())
    cell_of = {place: index for index, region in enumerate(places) for place in region}
    return Lattice(xs, ys, [_cell(region, walls) for region in places], cell_of)


def _cell(region: list[tuple[int, int]], walls: _Walls) -> LatticeCell:
    """Return the rectangle around a region; lines that are missing can leave a region that is none."""
    top, bottom = min(r for r, _ in region), max(r for r, _ in region)
    left, right = min(c for _, c in region), max(c for _, c in region)
    is_closed = all(walls.vertical(left, r) and walls.vertical(right + 1, r) for r in range(top, bottom + 1)) and all(
        walls.horizontal(top, c) and walls.horizontal(bottom + 1, c) for c in range(left, right + 1)
    )
    return LatticeCell(top + 1, left + 1, bottom - top + 1, right - left + 1, is_closed)


def _edges(across: Sequence[Rule], along: Sequence[Rule]) -> list[float]:
    """Return the positions of the lines, and of an open side where the crossing lines run on beyond the last of them."""
    edges = sorted({rule.at for rule in across})
    first, last = min(rule.start for rule in along), max(rule.end for rule in along)
    if first < edges[0] - 2 * _REACH:
        edges.insert(0, first)
    if last > edges[-1] + 2 * _REACH:
        edges.append(last)
    return edges


class _Walls:
    """Which sides of the smallest cells have a line on them."""

    def __init__(self, xs: list[float], ys: list[float], verticals: Sequence[Rule], horizontals: Sequence[Rule]) -> None:
        self._vertical = _covered(xs, ys, verticals)
        self._horizontal = _covered(ys, xs, horizontals)

    def vertical(self, x: int, row: int) -> bool:
        """Tell whether a line stands at the `x`th vertical beside row `row`."""
        return (x, row) in self._vertical

    def horizontal(self, y: int, column: int) -> bool:
        """Tell whether a line lies at the `y`th horizontal beside column `column`."""
        return (y, column) in self._horizontal


def _covered(positions: list[float], stops: list[float], rules: Sequence[Rule]) -> set[tuple[int, int]]:
    """Return (index of position, index of the gap between two stops) wherever a rule covers most of the gap."""
    index = {position: i for i, position in enumerate(positions)}
    covered = set()
    for rule in rules:
        for gap, (start, end) in enumerate(pairwise(stops)):
            if min(rule.end, end) - max(rule.start, start) >= (end - start) * _LEAST_COVERED:
                covered.add((index[rule.at], gap))
    return covered
