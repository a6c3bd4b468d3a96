"""The rules applied to all reports: sums as arithmetic on vectors, a few bodies at a time, and the other kinds in SQL behind it.

A check is pass, fail or not_assessable (a side lacks a value). It is a property of the copy we hold, not of the body.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from functools import cache

from publish.arithmetic import Check, Result, checks_of_forms, evaluate, fingerprint, fragment
from publish.blank_checks import check_blanks
from publish.body_checks import check_bodies
from publish.check_status import mark
from publish.narrow import Narrow
from publish.prose_arithmetic import check_prose_arithmetic
from publish.prose_checks import check_prose
from publish.rows import Row
from publish.rules import Rule, load_rules
from publish.schema import load_schema
from publish.sentences import fail_sentences
from publish.sheets import Sheet, link_years
from publish.text_checks import check_texts
from publish.unit_checks import check_units

# A year in which a body, or the division it belongs to, was merged or split has no year before to compare with.
_CHANGED = """
with changed (id, year) as (
    select predecessor, cast(date as integer) from successions where kind in ('merged', 'split')
    union select successor, cast(date as integer) from successions where kind in ('merged', 'split'))
select distinct a.agency_id, c.year from agencies a join changed c on c.id in (a.agency_id, a.region_id)
"""


def store_rules(connection: sqlite3.Connection, rules: tuple[Rule, ...]) -> None:
    """Fill `rules` and `rule_terms`."""
    connection.executemany(
        "insert into rules values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(r.rule, r.position, r.kind, r.severity, r.title_zh, r.title_en, r.formula_zh, r.formula_en, " ".join(r.formats)) for r in rules],
    )
    connection.executemany(
        "insert into rule_terms values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        sorted(
            (rule.rule, s.format, s.subject, t.side, t.indicator, t.measure, t.year_offset, t.coefficient, place)
            for rule in rules
            for s in rule.subjects
            for place, t in enumerate(s.terms, 1)
        ),
    )


@cache
def _sums() -> Mapping[tuple[str, str], Sequence[Check]]:
    return checks_of_forms(load_rules())


def check_sums(sheets: Sequence[Sheet], changed: frozenset[tuple[str, int]]) -> list[tuple[Sheet, list[Result]]]:
    """Apply the sums to all reports of some bodies and mark their figures. `changed` are bodies and years merged or split then."""
    link_years(sheets, changed)
    results = [(sheet, list(evaluate(sheet, _sums()))) for sheet in sheets if sheet.forms]
    for sheet, found in results:
        mark(sheet, found)
    return results


class Checking:
    """The checks of a database in the making. Needs `agencies`, `successions`, `indicators` and `form_cells` filled.

    While it lasts, a temporary table `checks` stands before the view of that name: the checks in SQL add their rows to it.
    """

    def __init__(self, connection: sqlite3.Connection, rules: tuple[Rule, ...], narrow: Narrow) -> None:
        self._connection, self._rules, self._narrow = connection, rules, narrow
        self.changed = frozenset(connection.execute(_CHANGED))
        store_rules(connection, rules)
        connection.executescript(
            f"""
            create temp table checks ({", ".join(load_schema().table("checks").column_names)});
            create temp table report_forms (report_id, block, format, primary key (report_id, block)) without rowid;
            create temp table report_years (report_id, year_offset, cell_report_id, primary key (report_id, year_offset)) without rowid;
            """
        )

    def note(self, years: Sequence[Row], forms: Sequence[Row]) -> None:
        """Note with which report of which year each is compared, and the form of each block, for the checks in SQL."""
        self._connection.executemany("insert into report_years values (?, ?, ?)", years)
        self._connection.executemany("insert into report_forms values (?, ?, ?)", forms)

    def finish(self) -> None:
        """Add the checks of the other kinds, when all figures and narrative figures are in."""
        connection, rules = self._connection, self._rules
        connection.create_function("fingerprint", -1, fingerprint, deterministic=True)
        connection.create_function("fragment", 2, fragment, deterministic=True)
        connection.execute("create index temp.report_years_by_cell on report_years (cell_report_id)")
        for add in (check_blanks, check_prose, check_prose_arithmetic, check_bodies, check_texts, check_units):
            add(connection, rules)
        self._narrow.add_checks(connection.execute("select * from temp.checks order by report_id, rule, subject"))
        connection.execute("drop table temp.checks")

    def tell(self) -> None:
        """Write what a reader is told of the checks that fail. Needs the narrow tables with their indexes."""
        self._narrow.add_sentences(fail_sentences(self._connection, self._rules))
