"""Rows of the narrow tables made apart from any database: numbers of their own stand for the texts that many rows share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from publish.arithmetic import Check, Result, fingerprint
from publish.rows import Row, sql_value
from publish.sheets import Cell, Sheet, places


class Numbers(dict[Any, int]):
    """Gives each key that it is asked for the next number, from 1."""

    def __missing__(self, key: Any) -> int:
        self[key] = number = len(self) + 1
        return number


def numbered_cells() -> Numbers:
    """Return the numbers of the cells that some form prints: a cell's number is its place in a vector, from 1."""
    cells = Numbers()
    for cell in places():
        cells[cell]
    return cells


@dataclass(frozen=True, slots=True)
class Numbered:
    """Rows of the narrow tables. The numbers in them count from 1 in these lists, those of `cells` from after the forms' cells."""

    report_ids: Sequence[str]
    cells: Sequence[Cell]
    kinds: Sequence[Row]
    places: Sequence[str]
    verdicts: Sequence[Row]
    figures: Sequence[Row]
    results: Sequence[Row]
    findings: Sequence[Row]
    check_cells: Sequence[Row]


class Numbering:
    """Makes the rows of some reports whose checks are done."""

    def __init__(self) -> None:
        self._reports, self._kinds, self._places, self._verdicts = Numbers(), Numbers(), Numbers(), Numbers()
        self._cells = numbered_cells()
        self._told: dict[tuple[int, str], int] = {}  # by the identity of a check, which outlives this
        self._figures: list[Row] = []
        self._results: list[Row] = []
        self._findings: list[Row] = []
        self._check_cells: list[Row] = []

    def _figures_of(self, sheet: Sheet) -> Iterator[Row]:
        report, cells, kinds, numbered = self._reports[sheet.report_id], self._cells, self._kinds, self._places
        status = sheet.check_status
        for where, figure in zip(sheet.where, sheet.figures, strict=True):
            _, _, value, unit, state, reading, proof, confidence, raw, line, place, label = figure
            if value.__class__ is not int:
                value, raw_is_value = sql_value(value), False
            else:
                raw_is_value = raw == str(value)
            kind = kinds[unit, state, reading, proof, confidence, raw_is_value, label, status(where, state, reading, value is not None)]
            cell = cells[figure[:2]] if where is None else where + 1
            yield report, cell, value, line, kind, None if raw_is_value else raw, None if place is None else numbered[place]

    def add_figures(self, sheets: Iterable[Sheet]) -> None:
        """Add the figures of reports."""
        for sheet in sheets:
            self._figures += self._figures_of(sheet)

    def _verdict(self, check: Check, outcome: str) -> int:
        key = (id(check), outcome)
        if key not in self._told:
            self._told[key] = self._verdicts[check.verdict(outcome)]
        return self._told[key]

    def add_results(self, results: Iterable[tuple[Sheet, Iterable[Result]]]) -> None:
        """Add the results of reports, and the figures that those rest on that fail."""
        for sheet, found in results:
            report_id, report = sheet.report_id, self._reports[sheet.report_id]
            for result in found:
                verdict = self._verdict(result.check, result.outcome)
                self._results.append((report, verdict, result.left, result.right))
                if result.outcome == "fail":
                    key = (report_id, result.check.rule.rule, result.check.subject.subject)
                    self._findings.append((report, verdict, fingerprint(*key, result.left, result.right)))
                    for position, term, value in result.cells:
                        other = sheet.last if term.year_offset and sheet.last else sheet
                        named = (other.report_id, term.indicator, term.measure)
                        self._check_cells.append((*key, position, term.side, *named, None, term.coefficient, value))

    def told(self) -> Numbered:
        """Return what was added."""
        lists = [list(numbers) for numbers in (self._reports, self._cells, self._kinds, self._places, self._verdicts)]
        lists[1] = lists[1][len(places()) :]
        return Numbered(*lists, self._figures, self._results, self._findings, self._check_cells)
