"""Numbers that ran together or lost their blanks: recovered only where the form's own arithmetic leaves one reading.

A row's digits may be parted in many ways; the form prints sums, so most of them are impossible. One possible reading is a
proof (`row_sum`), several are none. Rows that stay ambiguous may still be decided together by the sums of the columns (`joint`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product

from extract.forms import Column

Reading = tuple[int | None, ...]
# A sum inside a row: the places of the parts and the place of their total.
RowSum = tuple[tuple[int, ...], int]
# A sum over rows, the same in every column: the rows of the left side and those of the right.
ColumnSum = tuple[tuple[str, ...], tuple[str, ...]]
# What the known rows of such a sum leave between its sides, column by column, and the places of the open rows with their sign.
_Balance = tuple[tuple[int, ...], tuple[tuple[int, int], ...]]

_MOST_READINGS = 200_000
_MOST_COMBINATIONS = 20_000
_LONGEST_NUMBER = 12
_MOST_SURPLUS = 2


def row_sums(columns: Sequence[Column], total: str | None) -> tuple[RowSum, ...]:
    """The sums that the form prints inside a row: over all its columns, or over each group that has an indicator of its own."""
    if total is None:
        return ()
    groups: dict[str | None, list[int]] = {}
    for place, column in enumerate(columns):
        groups.setdefault(column.indicator, []).append(place)
    sums = []
    for places in groups.values():
        totals = [place for place in places if columns[place].measure == total]
        parts = tuple(place for place in places if columns[place].measure != total)
        if len(totals) == 1 and parts:
            sums.append((parts, totals[0]))
    return tuple(sums)


def _part(token: str, parts: int) -> Iterator[tuple[int, ...]]:
    """Part a run of digits into numbers without leading zeros."""
    if parts == 1:
        if len(token) <= _LONGEST_NUMBER and (token == "0" or not token.startswith("0")):
            yield (int(token),)
        return
    longest = min(len(token) - parts + 1, _LONGEST_NUMBER)
    for length in range(1, (1 if token.startswith("0") else longest) + 1):
        head = int(token[:length])
        for rest in _part(token[length:], parts - 1):
            yield (head, *rest)


def _shares(tokens: Sequence[str], slots: int) -> Iterator[tuple[int, ...]]:
    """How many numbers each token may hold so that all together fill the slots."""
    if len(tokens) == 1:
        if 1 <= slots <= len(tokens[0]):
            yield (slots,)
        return
    for count in range(1, min(len(tokens[0]), slots - len(tokens) + 1) + 1):
        for rest in _shares(tokens[1:], slots - count):
            yield (count, *rest)


def _placed(tokens: Sequence[str], slots: int) -> Iterator[Reading]:
    """Whole tokens in their order with blanks between them."""
    for places in combinations(range(slots), len(tokens)):
        row: list[int | None] = [None] * slots
        for place, token in zip(places, tokens, strict=True):
            row[place] = int(token)
        yield tuple(row)


def holds(row: Sequence[int | None], sums: Sequence[RowSum]) -> bool:
    """Whether a row satisfies its own sums; blanks count nothing, a blank total satisfies nothing."""
    return all(row[total] is not None and sum(row[part] or 0 for part in parts) == row[total] for parts, total in sums)


def _adding_up(numbers: Sequence[int], slots: int, sums: Sequence[RowSum]) -> Iterator[Reading]:
    """Whole numbers in their order with blanks between them, so that every sum holds. It is tried as soon as its last place is set."""
    ends: dict[int, list[RowSum]] = {}
    for each in sums:
        ends.setdefault(max(*each[0], each[1]), []).append(each)
    row: list[int | None] = [None] * slots

    def go_on(place: int, used: int) -> Iterator[Reading]:
        if place == slots:
            yield tuple(row)
            return
        for number in (numbers[used], None) if used < len(numbers) else (None,):
            if number is None and len(numbers) - used > slots - place - 1:
                continue
            row[place] = number
            if place not in ends or holds(row, ends[place]):
                yield from go_on(place + 1, used + (number is not None))
        row[place] = None

    return go_on(0, 0)


def _with_blanks(tokens: Sequence[str], slots: int) -> Iterator[Reading]:
    """Partings of the tokens into fewer numbers than slots, with blanks for the rest."""
    for numbers in range(len(tokens), slots):
        for shares in _shares(tokens, numbers):
            for parted in product(*(tuple(_part(token, count)) for token, count in zip(tokens, shares, strict=True))):
                yield from _placed([str(number) for part in parted for number in part], slots)


def _empty_sum(row: Reading, sums: Sequence[RowSum]) -> bool:
    """Whether a total of zero stands over blanks: the zero could be any other cell's, and the total blank."""
    return any(row[total] == 0 and any(row[part] is None for part in parts) for parts, total in sums)


def readings(tokens: Sequence[str], slots: int, sums: Sequence[RowSum]) -> tuple[Reading, ...] | None:
    """All readings of a row that satisfy its own sums, in a fixed order; None where there are too many to look at."""
    return _readings(tuple(tokens), slots, tuple(sums))


@lru_cache(maxsize=1 << 10)
def _readings(tokens: tuple[str, ...], slots: int, sums: tuple[RowSum, ...]) -> tuple[Reading, ...] | None:
    if not tokens or not all(token.isascii() and token.isdigit() for token in tokens):
        return ()
    found: dict[Reading, None] = {}
    seen = 0
    for shares in _shares(tokens, slots):
        for parted in product(*(tuple(_part(token, count)) for token, count in zip(tokens, shares, strict=True))):
            seen += 1
            if seen > _MOST_READINGS:
                return None
            row = tuple(number for numbers in parted for number in numbers)
            if holds(row, sums):
                found[row] = None
    if sums and len(tokens) < slots and all(token == "0" or not token.startswith("0") for token in tokens):
        for row in _adding_up([int(token) for token in tokens], slots, sums):
            if not _empty_sum(row, sums):
                found[row] = None
    if not sums:
        # Nothing but the digits speaks: 13 under two columns may be 1 and 3, or 13 and a blank; 00 can only be 0 and 0.
        for row in _with_blanks(tokens, slots):
            found[row] = None
    return tuple(found)


def without_surplus(tokens: Sequence[str], slots: int, sums: Sequence[RowSum]) -> tuple[int, ...] | None:
    """The places of the tokens that are the row where one or two too many stand (a page number, a note's number).

    None unless one choice of numbers, and only one, satisfies the row's own sums. A zero too many among zeros proves nothing: they
    may be those of two rows with blanks, of which one lost its label.
    """
    surplus = len(tokens) - slots
    if not sums or not 0 < surplus <= _MOST_SURPLUS or not all(token.isascii() and token.isdigit() for token in tokens):
        return None
    kept: dict[Reading, tuple[int, ...]] = {}
    for places in combinations(range(len(tokens)), slots):
        row = tuple(int(tokens[place]) for place in places)
        if holds(row, sums) and (any(row) or len(row) == sum(token == "0" for token in tokens)):
            kept.setdefault(row, places)
    return next(iter(kept.values())) if len(kept) == 1 else None


def _balances(known: Mapping[str, Reading], names: Sequence[str], width: int, sums: Sequence[ColumnSum]) -> Iterator[_Balance]:
    """What each sum still lacks in each column, and which of the open rows count in it, on its left side or on its right."""
    for left, right in sums:
        rows = [(known[name], sign) for side, sign in ((left, 1), (right, -1)) for name in side if name not in names]
        rest = tuple(sum(sign * (row[column] or 0) for row, sign in rows) for column in range(width))
        yield rest, tuple((names.index(name), sign) for side, sign in ((left, 1), (right, -1)) for name in side if name in names)


def joint(known: Mapping[str, Reading], open_rows: Mapping[str, Sequence[Reading]], sums: Sequence[ColumnSum]) -> dict[str, Reading] | None:
    """Decide several rows together: the one combination under which every column adds up, None where there is not exactly one.

    Only sums whose rows are all there can decide; a row that no such sum names stays open and keeps the answer from being one.
    """
    names = [name for name, choices in open_rows.items() if choices]
    size = 1
    for name in names:
        size *= len(open_rows[name])
    if not names or size > _MOST_COMBINATIONS:
        return None
    there = {*known, *names}
    usable = [s for s in sums if all(name in there for name in (*s[0], *s[1]))]
    width = len(open_rows[names[0]][0])
    summed = {name for left, right in usable for name in (*left, *right)}
    if any(len(known[name] if name in known else open_rows[name][0]) < width for name in summed):
        return None  # pieces of a table with columns of their own
    balances = list(_balances(known, names, width, usable))
    answers = []
    for choice in product(*(open_rows[name] for name in names)):
        if all(
            rest[column] + sum([sign * (choice[place][column] or 0) for place, sign in open_places]) == 0
            for rest, open_places in balances
            for column in range(width)
        ):
            answers.append(choice)
            if len(answers) > 1:
                return None
    return dict(zip(names, answers[0], strict=True)) if answers else None
