"""Figures and checks in narrow tables: a number for each text that many rows share, and the texts once.

`publish/schema.yml` makes the views `figures` and `checks` of them again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from publish.arithmetic import Check, Result, fingerprint
from publish.rows import Row, sql_value
from publish.sheets import Sheet, places


class Numbers(dict[Any, int]):
    """Gives each key that it is asked for the next number, from 1."""

    def __missing__(self, key: Any) -> int:
        self[key] = number = len(self) + 1
        return number


class Narrow:
    """Writes the narrow tables of a database. `reports` are the numbers of all reports, in the order of their ids."""

    def __init__(self, connection: sqlite3.Connection, report_ids: Iterable[str]) -> None:
        self._connection = connection
        self.reports: Mapping[str, int] = {report_id: number for number, report_id in enumerate(sorted(report_ids), 1)}
        self._cells, self._kinds, self._places, self._verdicts = Numbers(), Numbers(), Numbers(), Numbers()
        for cell in places():
            self._cells[cell]  # so that a cell's number is its place in a vector, from 1
        self._told: dict[tuple[int, str], int] = {}  # by the identity of a check, which outlives this
        connection.executemany("insert into report_numbers values (?, ?)", ((number, name) for name, number in self.reports.items()))

    def _figures(self, sheet: Sheet) -> Iterator[Row]:
        report, cells, kinds, numbered = self.reports[sheet.report_id], self._cells, self._kinds, self._places
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
        """Store the figures of reports whose checks are done."""
        rows = [row for sheet in sheets for row in self._figures(sheet)]
        self._connection.executemany("insert into figure_values values (?, ?, ?, ?, ?, ?, ?)", rows)

    def _verdict(self, check: Check, outcome: str) -> int:
        key = (id(check), outcome)
        if key not in self._told:
            self._told[key] = self._verdicts[check.verdict(outcome)]
        return self._told[key]

    def add_results(self, results: Iterable[tuple[Sheet, Iterable[Result]]]) -> None:
        """Store the results of reports, and the figures that those rest on that fail."""
        rows, cells, findings = [], [], []
        for sheet, found in results:
            report_id, report = sheet.report_id, self.reports[sheet.report_id]
            for result in found:
                verdict = self._verdict(result.check, result.outcome)
                rows.append((report, verdict, result.left, result.right))
                if result.outcome == "fail":
                    key = (report_id, result.check.rule.rule, result.check.subject.subject)
                    findings.append((report, verdict, fingerprint(*key, result.left, result.right)))
                    for position, term, value in result.cells:
                        other = sheet.last if term.year_offset and sheet.last else sheet
                        named = (other.report_id, term.indicator, term.measure)
                        cells.append((*key, position, term.side, *named, None, term.coefficient, value))
        self._insert(rows, findings)
        self._connection.executemany("insert into check_cells values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", cells)

    def add_checks(self, checks: Iterable[Row]) -> None:
        """Store rows of the shape of `checks`, those that fail without their sentences."""
        rows, findings = [], []
        for report_id, rule, subject, zh, en, left, right, _, outcome, *sentences, fragment, mark in checks:
            report, verdict = self.reports[report_id], self._verdicts[rule, subject, zh, en, outcome, *sentences, fragment]
            rows.append((report, verdict, left, right))
            if outcome == "fail":
                findings.append((report, verdict, mark))
        self._insert(rows, findings)

    def _insert(self, rows: Iterable[Row], findings: Iterable[Row]) -> None:
        self._connection.executemany("insert into check_results values (?, ?, ?, ?)", rows)
        self._connection.executemany("insert into check_findings values (?, ?, '', '', ?)", findings)

    def add_sentences(self, sentences: Iterable[Row]) -> None:
        """Store (sentence_zh, sentence_en, report_id, rule, subject) of the checks that fail."""
        self._connection.executemany(
            "update check_findings set sentence_zh = ?, sentence_en = ? "
            "where report = (select report from report_numbers where report_id = ?) "
            "and verdict in (select verdict from verdicts where rule = ? and subject = ? and outcome = 'fail')",
            sentences,
        )

    def write_figure_numbers(self) -> None:
        """Write what the numbers in `figure_values` stand for, when all figures are in."""
        self._write("figure_cells", self._cells)
        self._write("figure_kinds", self._kinds)
        self._connection.executemany("insert into figure_places values (?, ?)", ((number, place) for place, number in self._places.items()))

    def write_verdicts(self) -> None:
        """Write what the numbers in `check_results` stand for, when all checks are in."""
        self._write("verdicts", self._verdicts)

    def _write(self, table: str, numbers: Numbers) -> None:
        for key, number in numbers.items():
            self._connection.execute(f"insert into {table} values ({', '.join('?' * (1 + len(key)))})", (number, *key))
