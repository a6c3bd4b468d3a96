"""The figures of a report's prose against each other, and the growth that it states against last year's tables."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from publish.exact import Number, exact_sum
from publish.prose_lists import Breakdown, Figure, Growth, Share, agrees, breakdowns, growths, may_tell, placed, shares
from publish.rules import Rule, words
from publish.sentences import number

_FIGURES = """
select n.report_id, n.sentence, n.position, n.value, n.unit, n.approximate, n.indicator, n.phrase
from narrative_figures n join reports r using (report_id)
where r.document_type = 'annual_report' order by n.report_id, n.position
"""

# What an indicator that the prose states was in last year's tables: one row for each alternative of the rules of prose and table.
_LAST_YEAR = """
select s.alternative, s.row, s.column, s.coefficient, f.value, y.cell_report_id
from report_years y join report_forms b on b.report_id = y.cell_report_id
join stated s on s.indicator = ? and s.format = b.format and s.block = b.block
join report_numbers o on o.report_id = y.cell_report_id
left join figure_values f on f.report = o.report and f.cell = (select cell from figure_cells where indicator = s.row and measure = s.column)
where y.report_id = ? and y.year_offset = -1 order by s.alternative, s.place
"""

_CHECK = """
insert into checks values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, fragment(?2, ?3), fingerprint(?1, ?2, ?3, ?6, ?7))
"""
_CELL = "insert into check_cells values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

# (side, report, indicator, measure, narrative position, coefficient, value)
Cell = tuple[str, str, str | None, str | None, int | None, int, Number]
Result = tuple[Number | None, Number | None, str, list[Cell]]


def _said(side: str, report_id: str, figure: Figure) -> Cell:
    return side, report_id, figure.indicator, None, figure.position, 1, figure.value


def _outcome(holds: bool) -> str:
    return "pass" if holds else "fail"


def _breakdown(report_id: str, found: Breakdown) -> Result:
    total = found.total.value
    if not found.exact:
        return None, total, "not_assessable", []
    parts = exact_sum([part.value for part in found.parts])
    # A selection may leave parts out; an excess that is one of the parts says that it lies inside another.
    if (parts < total and not found.whole) or exact_sum([parts], [total]) in [part.value for part in found.parts]:
        return parts, total, "not_assessable", []
    cells = [_said("right", report_id, found.total), *(_said("left", report_id, part) for part in found.parts)]
    return parts, total, _outcome(parts == total), cells


def _share(report_id: str, found: Share) -> Result:
    if found.total is None:
        return found.rate.value, None, "not_assessable", []
    exact = 100 * found.part.value / found.total.value
    named = (("right", found.part), ("left", found.rate), ("right", found.total))
    cells = [_said(side, report_id, figure) for side, figure in named]
    return found.rate.value, round(exact, 2), _outcome(agrees(found.rate.value, exact, found.decimals)), cells


def _growth(report_id: str, found: Growth, last_year: list[tuple[Any, ...]]) -> Result:
    """Compare with each alternative of last year's table; it disagrees only when every one could be computed."""
    computed: list[tuple[Number, list[Cell]]] = []
    complete = True
    for _, group in groupby(last_year, key=lambda row: row[0]):
        terms = [row[1:] for row in group]
        if any(value is None for *_, value, _ in terms) or not (before := sum(row[2] * row[3] for row in terms)):
            complete = False
            continue
        cells = [("right", report, row, column, None, sign, value) for row, column, sign, value, report in terms]
        computed.append((100 * found.figure.value / before - 100, cells))
    agreeing = [each for each in computed if agrees(found.percent, each[0], found.decimals)]
    if not agreeing and not (complete and computed):
        return found.percent, None, "not_assessable", []
    exact, cells = (agreeing or computed)[0]
    said = [_said("right", report_id, found.figure), _said("left", report_id, found.rate)]
    return found.percent, round(exact, 2), _outcome(bool(agreeing)), [*said, *cells]


def _sentences(connection: sqlite3.Connection) -> Iterator[tuple[str, str, tuple[Figure, ...], tuple[Figure, ...]]]:
    """Yield each sentence that holds figures with these, and the figures of the counted sentence before it in the report."""
    for report_id, of_report in groupby(connection.execute(_FIGURES), key=lambda row: row[0]):
        before: tuple[Figure, ...] = ()
        for sentence, of_sentence in groupby(of_report, key=lambda row: row[1]):
            figures = tuple(Figure(*row[2:5], bool(row[5]), *row[6:]) for row in of_sentence)
            if len(figures) > 1 and may_tell(sentence) and (found := placed(sentence, figures)):
                yield report_id, sentence, found, before
            before = figures


def _named(*parts: Number) -> str:
    """What a check is about, by the numbers that it compares and not by where they stand: an address holds when other words change."""
    return "_".join(map(number, parts))


def _results(connection: sqlite3.Connection, rules: Iterable[Rule]) -> Iterator[tuple[Rule, str, str, Result]]:
    by_relation = {rule.relation: rule for rule in rules}
    listed, shared, grown = (by_relation.get(name) for name in ("parts", "share", "growth"))
    for report_id, sentence, figures, before in _sentences(connection):
        for breakdown in breakdowns(sentence, figures) if listed else ():
            yield listed, report_id, _named(breakdown.total.value), _breakdown(report_id, breakdown)
        for share in shares(sentence, figures, before) if shared else ():
            yield shared, report_id, _named(share.part.value, share.rate.value), _share(report_id, share)
        for growth in growths(sentence, figures) if grown else ():
            last_year = connection.execute(_LAST_YEAR, (growth.figure.indicator, report_id)).fetchall()
            if last_year:
                yield grown, report_id, f"{growth.figure.indicator}.{_named(growth.figure.value)}", _growth(report_id, growth, last_year)


def check_prose_arithmetic(connection: sqlite3.Connection, rules: tuple[Rule, ...]) -> None:
    """Add the checks of the prose against itself and against last year. Needs what publish/prose_checks.py prepares."""
    told = tuple(words(f"not_assessable_list_{language}") for language in ("zh", "en"))
    checks: list[tuple[Any, ...]] = []
    evidence: list[tuple[Any, ...]] = []
    told_before: Counter[tuple[str, str, str]] = Counter()
    for rule, report_id, name, (left, right, outcome, cells) in _results(connection, rules):
        told_before[report_id, rule.rule, name] += 1
        time = told_before[report_id, rule.rule, name]
        key, subjects = (report_id, rule.rule, name if time == 1 else f"{name}_{time}"), (rule.subject_zh, rule.subject_en)
        difference = None if left is None or right is None else round(left - right, 2)
        sentences = (None, None)
        if outcome == "not_assessable":
            sentences = tuple(text.replace("{subject}", name) for text, name in zip(told, subjects, strict=True))
        checks.append((*key, *subjects, left, right, difference, outcome, *sentences))
        if outcome == "fail":
            evidence += [(*key, place, *cell) for place, cell in enumerate(cells, 1)]
    connection.executemany(_CHECK, checks)
    connection.executemany(_CELL, evidence)
