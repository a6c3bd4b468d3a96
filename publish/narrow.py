"""Figures and checks in narrow tables: a number for each text that many rows share, and the texts once.

`publish/schema.yml` makes the views `figures` and `checks` of them again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from itertools import islice

from publish.numbered import Numbered, Numbers, numbered_cells
from publish.rows import Row
from publish.sheets import places
from publish.stretches import Stretches

_AT_A_TIME = 10_000  # rows
# What the numbers of the narrow tables stand for, and the tables that hold them.
_MEANINGS = {
    "reports": "report_numbers",
    "cells": "figure_cells",
    "kinds": "figure_kinds",
    "places": "figure_places",
    "verdicts": "verdicts",
}
NARROW = (*_MEANINGS.values(), "figure_values", "check_results", "check_findings")
# Rows of the database `batch`, in their order, with the numbers of this one.
_COPIES = (
    "insert into figure_values select r.number, c.number, v.value, v.line, k.number, v.raw, p.number from batch.figure_values v "
    "cross join batch_reports r on r.own = v.report cross join batch_cells c on c.own = v.cell "
    "cross join batch_kinds k on k.own = v.kind left join batch_places p on p.own = v.place_number",
    "insert into check_results select r.number, w.number, v.left_value, v.right_value from batch.check_results v "
    "cross join batch_reports r on r.own = v.report cross join batch_verdicts w on w.own = v.verdict",
    "insert into check_findings select r.number, w.number, v.sentence_zh, v.sentence_en, v.fingerprint from batch.check_findings v "
    "cross join batch_reports r on r.own = v.report cross join batch_verdicts w on w.own = v.verdict",
)


class Narrow:
    """Writes the narrow tables of a database. `reports` are the numbers of all reports, in the order of their ids.

    What comes of rows that no batch of documents made by itself is noted in `stretches`.
    """

    def __init__(self, connection: sqlite3.Connection, report_ids: Iterable[str], stretches: Stretches) -> None:
        self._connection, self._stretches = connection, stretches
        self.reports: Mapping[str, int] = {report_id: number for number, report_id in enumerate(sorted(report_ids), 1)}
        self._cells, self._kinds, self._places, self._verdicts = numbered_cells(), Numbers(), Numbers(), Numbers()
        connection.executemany("insert into report_numbers values (?, ?)", ((number, name) for name, number in self.reports.items()))

    def add(self, rows: Numbered) -> None:
        """Store rows, their numbers changed to those of this database."""
        reports = [0, *map(self.reports.__getitem__, rows.report_ids)]
        cells = [*range(len(places()) + 1), *map(self._cells.__getitem__, rows.cells)]
        kinds, verdicts = [0, *map(self._kinds.__getitem__, rows.kinds)], [0, *map(self._verdicts.__getitem__, rows.verdicts)]
        numbered = {None: None, **{number: self._places[place] for number, place in enumerate(rows.places, 1)}}
        figures = (
            (reports[report], cells[cell], value, line, kinds[kind], raw, numbered[place])
            for report, cell, value, line, kind, raw, place in rows.figures
        )
        self._connection.executemany("insert into figure_values values (?, ?, ?, ?, ?, ?, ?)", figures)
        self._insert(
            [(reports[report], verdicts[verdict], left, right) for report, verdict, left, right in rows.results],
            [(reports[report], verdicts[verdict], "", "", mark) for report, verdict, mark in rows.findings],
        )
        self._connection.executemany("insert into check_cells values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows.check_cells)

    def add_batch(self) -> None:
        """Store the rows of the database `batch`, their numbers changed to those of this one."""
        connection = self._connection
        numbers = {"reports": self.reports, "cells": self._cells, "kinds": self._kinds, "places": self._places, "verdicts": self._verdicts}
        for name, known in numbers.items():
            connection.execute(f"create temp table if not exists batch_{name} (own integer primary key, number)")
            connection.execute(f"delete from batch_{name}")
            told = connection.execute(f"select * from batch.{_MEANINGS[name]}").fetchall()
            pairs = [(own, known[key[0] if len(key) == 1 else tuple(key)]) for own, *key in told]
            connection.executemany(f"insert into batch_{name} values (?, ?)", pairs)
        for sql in _COPIES:
            connection.execute(sql)

    def add_checks(self, checks: Iterable[Row]) -> None:
        """Store rows of the shape of `checks`, those that fail without their sentences."""
        remaining = iter(checks)
        while some := list(islice(remaining, _AT_A_TIME)):
            rows, findings = [], []
            for row in some:
                report_id, rule, subject, zh, en, left, right, _, outcome, *sentences, fragment, mark = row
                self._stretches.note_check(report_id, row)
                report, verdict = self.reports[report_id], self._verdicts[rule, subject, zh, en, outcome, *sentences, fragment]
                rows.append((report, verdict, left, right))
                if outcome == "fail":
                    findings.append((report, verdict, "", "", mark))
            self._insert(rows, findings)

    def _insert(self, rows: Iterable[Row], findings: Iterable[Row]) -> None:
        self._connection.executemany("insert into check_results values (?, ?, ?, ?)", rows)
        self._connection.executemany("insert into check_findings values (?, ?, ?, ?, ?)", findings)

    def add_sentences(self, sentences: Iterable[Row]) -> None:
        """Store (sentence_zh, sentence_en, report_id, rule, subject) of the checks that fail."""
        self._connection.executemany(
            "update check_findings set sentence_zh = ?, sentence_en = ? "
            "where report = (select report from report_numbers where report_id = ?) "
            "and verdict in (select verdict from verdicts where rule = ? and subject = ? and outcome = 'fail')",
            map(self._noted, sentences),
        )

    def _noted(self, sentence: Row) -> Row:
        self._stretches.note_check(sentence[2], sentence)
        return sentence

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
