"""The rules applied to all reports: sums as arithmetic on vectors and what looks at one body in SQL, a few bodies at a time; then, in SQL
too, what holds bodies against each other.

A check is pass, fail or not_assessable (a side lacks a value). It is a property of the copy we hold, not of the body.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from publish.arithmetic import Check, Result, checks_of_forms, evaluate, fingerprint, fragment
from publish.blank_checks import check_blanks
from publish.body_checks import check_bodies
from publish.check_status import mark
from publish.prose_arithmetic import check_prose_arithmetic
from publish.prose_checks import check_prose
from publish.rows import Row
from publish.rules import Rule, load_rules
from publish.schema import load_schema
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


def changed_bodies(connection: sqlite3.Connection) -> frozenset[tuple[str, int]]:
    """Return the bodies and years that were merged or split then. Needs `agencies` and `successions` filled."""
    return frozenset(connection.execute(_CHANGED))


Taker = Callable[[Iterable[Row]], None]  # takes rows of the shape of `checks`, those that fail without sentences


def _in_sql(connection: sqlite3.Connection, kinds: Iterable[Callable[[sqlite3.Connection, tuple[Rule, ...]], None]], take: Taker) -> None:
    """Make the checks of some kinds and add their cells to `check_cells`.

    While they are made, a temporary table `checks` stands before the view of that name: each kind adds its rows to it.
    """
    connection.create_function("fingerprint", -1, fingerprint, deterministic=True)
    connection.create_function("fragment", 2, fragment, deterministic=True)
    connection.execute(f"create temp table checks ({', '.join(load_schema().table('checks').column_names)})")
    for add in kinds:
        add(connection, load_rules())
    take(connection.execute("select * from temp.checks order by report_id, rule, subject"))
    connection.execute("drop table temp.checks")


def check_within(connection: sqlite3.Connection, years: Iterable[Row], forms: Iterable[Row], take: Taker) -> None:
    """Make the checks, beside the sums, that look at no other body, when the figures and narrative figures of whole bodies are in.

    `years` say with which report of which year each is compared, `forms` the form of each block.
    """
    connection.executescript(
        """
        create temp table report_forms (report_id, block, format, primary key (report_id, block)) without rowid;
        create temp table report_years (report_id, year_offset, cell_report_id, primary key (report_id, year_offset)) without rowid;
        create index temp.report_years_by_cell on report_years (cell_report_id);
        """
    )
    connection.executemany("insert into report_years values (?, ?, ?)", years)
    connection.executemany("insert into report_forms values (?, ?, ?)", forms)
    _in_sql(connection, (check_blanks, check_prose, check_prose_arithmetic, check_units), take)


def check_between(connection: sqlite3.Connection, take: Taker) -> None:
    """Make the checks of bodies against each other, when all reports are in."""
    _in_sql(connection, (check_bodies, check_texts), take)


def rules_between() -> frozenset[str]:
    """Return the rules that hold bodies against each other."""
    return frozenset(rule.rule for rule in load_rules() if rule.members or rule.similar_text)
