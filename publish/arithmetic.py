"""The sums of `rules.yml` applied to the vectors of reports: each rule, form and subject becomes the places of two sides."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, NamedTuple

from extract.model import Agency
from publish.exact import Number, exact_sum
from publish.rules import Rule, Subject, words
from publish.sheets import ABSENT, Sheet, Vector, picker, place_blocks, places
from publish.terms import Term, forms_with_every_cell_due

# What a test counts: the figures for which this holds.
TESTS: Mapping[str, Callable[[Number], bool]] = {
    "not_a_count": lambda value: value < 0 or value != int(value),
    "not_zero": lambda value: value != 0,
}


def _within_factor(rule: Rule) -> Callable[[Number, Number], bool]:
    factor, least = rule.factor or 1, rule.at_least or 0

    def holds(left: Number, right: Number) -> bool:
        close = left <= factor * right and right <= factor * left
        return close or max(left, right) < least or (rule.zero_is_fine and min(left, right) == 0)

    return holds


_RELATIONS: Mapping[str, Callable[[Rule], Callable[[Number, Number], bool]]] = {
    "=": lambda rule: lambda left, right: left == right,
    "<=": lambda rule: lambda left, right: left <= right,
    ">=": lambda rule: lambda left, right: left >= right,
    "!=": lambda rule: lambda left, right: left != right or (rule.zero_is_fine and left == 0),
    "within_factor": _within_factor,
}


@dataclass(frozen=True, slots=True)
class Side:
    """A side of a check. A form that prints only some of its rows leaves terms out, but no fewer than `needed` may stay."""

    added: itemgetter
    taken: itemgetter | None
    terms: tuple[tuple[int, int], ...]  # place, coefficient
    constant: int | None
    needed: int

    def value(self, vector: Vector, due: bool, test: str | None) -> tuple[Number | None, bool]:
        """The value of the side, and whether enough of its terms are there. One bad figure fails a test, whatever is missing beside it."""
        if not self.terms:
            return self.constant, True
        try:
            return exact_sum(self.added(vector), self.taken(vector) if self.taken else ()), True
        except TypeError:
            found = [(coefficient, vector[place]) for place, coefficient in self.terms if due or vector[place] is not ABSENT]
        if len(found) < self.needed:
            return None, False
        numbers = [coefficient * value for coefficient, value in found if value is not ABSENT and value is not None]
        total = exact_sum(numbers)
        return (total if len(numbers) == len(found) or (test and total) else None), True


@dataclass(frozen=True, slots=True)
class Check:
    """A rule and a subject, ready for reports of one form. Places behind the vector's end are those of the year before."""

    rule: Rule
    subject: Subject
    left: Side
    right: Side
    holds: Callable[[Number, Number], bool]
    due: bool
    test: str | None
    conditional: bool  # whether it concerns some bodies or years only
    needs_last_year: bool
    cells: tuple[tuple[int, Term], ...]
    # (is of the year before, block, places) of the figures that are proved when it holds
    proves: tuple[tuple[bool, str, frozenset[int]], ...]

    @property
    def fragment(self) -> str:
        """The place of the check on the report's page."""
        return fragment(self.rule.rule, self.subject.subject)

    def verdict(self, outcome: str) -> tuple[str | None, ...]:
        """The row of `verdicts` for an outcome."""
        s = self.subject
        sentences: tuple[str | None, str | None] = (None, None)
        if outcome == "not_assessable":
            zh, en = words("not_assessable_zh"), words("not_assessable_en")
            sentences = zh.replace("{subject}", s.subject_zh), en.replace("{subject}", s.subject_en)
        return (self.rule.rule, s.subject, s.subject_zh, s.subject_en, outcome, *sentences, self.fragment)

    def concerns(self, sheet: Sheet) -> bool:
        """Tell whether a report of the form, of its year and body, is to be checked."""
        if sheet.year < self.rule.first_year or (self.needs_last_year and sheet.last is None):
            return False
        return not any(_is_of(sheet.agency, kind) for kind in self.rule.unless)


class Result(NamedTuple):
    """A check of a report. `cells` are the terms that a failing one rests on, with their values and places in the formula."""

    check: Check
    left: Number | None
    right: Number | None
    outcome: str
    cells: tuple[tuple[int, Term, Number], ...] = ()


def fragment(rule: str, subject: str) -> str:
    """The fragment of a check in the address of its report's page."""
    return f"check-{rule}-{subject.replace('.', '-')}"


def fingerprint(*parts: str | int | float | None) -> str:
    """A short hash of a report, a rule, a subject and both values, which changes when one does."""
    return hashlib.sha256("\x1f".join("" if part is None else str(part) for part in parts).encode()).hexdigest()[:16]


def _is_of(agency: Agency, kind: Mapping[str, Sequence[str]]) -> bool:
    return all(getattr(agency, column) in values for column, values in kind.items())


def _place(term: Term) -> int:
    return places()[term.indicator, term.measure] - len(places()) * term.year_offset


def _side(terms: Iterable[Term], constant: int | None, due: bool) -> Side:
    signed = tuple((_place(term), term.coefficient) for term in terms)
    taken = [place for place, coefficient in signed if coefficient < 0]
    added = picker([place for place, coefficient in signed if coefficient > 0])
    return Side(added, picker(taken) if taken else None, signed, constant, 0 if due else min(2, len(signed)))


def _proves(rule: Rule, subject: Subject) -> Iterator[tuple[bool, str, frozenset[int]]]:
    """What a hard sum that holds proves, by the block that must hold more than zeros for it."""
    if not (rule.severity == "hard" and rule.proves):
        return
    cells: defaultdict[tuple[bool, str], set[int]] = defaultdict(set)
    for term in subject.terms:
        place = places()[term.indicator, term.measure]
        cells[bool(term.year_offset), place_blocks()[place]].add(place)
    yield from ((before, block, frozenset(found)) for (before, block), found in sorted(cells.items()))


def _check(rule: Rule, subject: Subject) -> Check:
    due = subject.format in forms_with_every_cell_due()
    needs_last_year = any(term.year_offset for term in subject.terms)
    sides = [
        _side((term for term in subject.terms if term.side == side), constant, due)
        for side, constant in (("left", subject.left_constant), ("right", subject.right_constant))
    ]
    return Check(
        rule=rule,
        subject=subject,
        left=sides[0],
        right=sides[1],
        holds=_RELATIONS[rule.relation](rule),
        due=due,
        test=rule.test,
        conditional=bool(needs_last_year or rule.first_year or rule.unless),
        needs_last_year=needs_last_year,
        cells=tuple((_place(term), term) for term in subject.terms),
        proves=tuple(_proves(rule, subject)),
    )


def checks_of_forms(rules: Iterable[Rule]) -> Mapping[tuple[str, str], Sequence[Check]]:
    """Return the checks of each block of each form: {(block, form): checks}."""
    found: defaultdict[tuple[str, str], list[Check]] = defaultdict(list)
    for rule in rules:
        if rule.blank_totals is None:
            for subject in rule.subjects:
                found[subject.block, subject.format].append(_check(rule, subject))
    return found


class _Vectors(dict[str | None, Vector]):
    """The figures of a report and of the year before: their values, or for each test whether they fail it."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self[None] = sheet.values + sheet.last.values if sheet.last else sheet.values

    def __missing__(self, name: str | None) -> Vector:
        test = TESTS[name or ""]
        self[name] = vector = [value if value is None or value is ABSENT else int(test(value)) for value in self[None]]
        return vector


def evaluate(sheet: Sheet, checks: Mapping[tuple[str, str], Sequence[Check]]) -> Iterator[Result]:
    """Apply to a report the checks of the forms of its blocks."""
    vectors = _Vectors(sheet)
    plain = vectors[None]
    for key in sheet.forms.items():
        for check in checks.get(key, ()):
            if check.conditional and not check.concerns(sheet):
                continue
            vector = vectors[check.test]
            left, enough = check.left.value(vector, check.due, check.test)
            right, enough_too = check.right.value(plain, check.due, None)
            if not (enough and enough_too):
                continue
            if left is None or right is None:
                yield Result(check, left, right, "not_assessable")
            elif check.holds(left, right):
                yield Result(check, left, right, "pass")
            else:
                yield Result(check, left, right, "fail", tuple(_cells(check, plain, vector)))


def _cells(check: Check, plain: Vector, vector: Vector) -> Iterator[tuple[int, Term, Any]]:
    """The figures that entered a failing check; for a test only those that fail it."""
    for position, (place, term) in enumerate(check.cells, 1):
        value = plain[place]
        if value is ABSENT or (check.test and not vector[place]):
            continue
        yield position, term, value
