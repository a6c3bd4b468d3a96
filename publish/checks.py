"""The rules applied to all reports at once, in SQL over the expanded terms (`rule_terms`), never cell by cell.

A check is pass, fail or not_assessable (a side lacks a value). It is a property of the copy we hold, not of the body.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator

from publish.blank_checks import check_blanks
from publish.body_checks import check_bodies
from publish.check_status import mark_figures
from publish.prose_arithmetic import check_prose_arithmetic
from publish.prose_checks import check_prose
from publish.rules import Rule, Subject, load_rules, words
from publish.sentences import fail_sentences
from publish.terms import forms_with_every_cell_due
from publish.text_checks import check_texts
from publish.unit_checks import check_units

# What a test counts: the figures `f.value` for which this holds.
TESTS = {"not_a_count": "f.value < 0 or f.value <> cast(f.value as integer)", "not_zero": "f.value <> 0"}
_FAILS_TEST = "".join(f" when '{name}' then ({condition})" for name, condition in TESTS.items())

_HOLDS = """
    case relation
        when '=' then left_value = right_value
        when '<=' then left_value <= right_value
        when '>=' then left_value >= right_value
        when '!=' then left_value <> right_value or zero_is_fine and left_value = 0
        when 'within_factor' then left_value <= factor * right_value and right_value <= factor * left_value
             or max(left_value, right_value) < at_least or zero_is_fine and min(left_value, right_value) = 0 end
"""


def _fingerprint(*parts: str | int | float | None) -> str:
    return hashlib.sha256("\x1f".join("" if part is None else str(part) for part in parts).encode()).hexdigest()[:16]


def _fragment(rule: str, subject: str) -> str:
    return f"check-{rule}-{subject.replace('.', '-')}"


def _subjects(rules: tuple[Rule, ...]) -> Iterator[tuple[Rule, Subject]]:
    return ((rule, subject) for rule in rules for subject in rule.subjects)


def _subject_row(rule: Rule, s: Subject) -> tuple[str | int | None, ...]:
    needs_last_year = any(term.year_offset for term in s.terms)
    told = (rule.rule, s.format, s.subject, s.block, s.subject_zh, s.subject_en)
    compared = (s.left_constant, s.right_constant, rule.relation, rule.test, rule.zero_is_fine, rule.factor, rule.at_least)
    due = s.format in forms_with_every_cell_due()
    needed = [0 if due else min(2, sum(term.side == side for term in s.terms)) for side in ("left", "right")]
    return (*told, *compared, rule.proves, rule.severity == "hard", rule.first_year, needs_last_year, due, *needed)


def store_rules(connection: sqlite3.Connection, rules: tuple[Rule, ...]) -> None:
    """Fill `rules` and `rule_terms`, and a temporary `subjects` that the checks of this module run over."""
    connection.executemany(
        "insert into rules values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(r.rule, r.position, r.kind, r.severity, r.title_zh, r.title_en, r.formula_zh, r.formula_en, " ".join(r.formats)) for r in rules],
    )
    connection.executemany(
        "insert into rule_terms values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        sorted(
            (rule.rule, s.format, s.subject, t.side, t.indicator, t.measure, t.year_offset, t.coefficient, place)
            for rule, s in _subjects(rules)
            for place, t in enumerate(s.terms, 1)
        ),
    )
    connection.execute(
        "create temp table subjects (rule, format, subject, block, subject_zh, subject_en, left_constant, right_constant, relation, test, "
        "zero_is_fine, factor, at_least, proves, hard, first_year, needs_last_year, due, left_needed, right_needed, "
        "primary key (rule, format, subject)) without rowid"
    )
    connection.executemany(
        f"insert into subjects values ({', '.join('?' * 20)})",
        [_subject_row(rule, subject) for rule, subject in _subjects(rules) if rule.blank_totals is None],
    )


def _prepare_reports(connection: sqlite3.Connection) -> None:
    """Make `report_forms` (the form of each block of each annual report) and `report_years` (it and the one of the year before).

    A year in which a body, or the division it belongs to, was merged or split has no year before to compare with.
    """
    connection.executescript(
        """
        create temp table report_forms as
        select report_id, block, format from (
            select f.report_id, c.block, c.format, row_number() over (
                partition by f.report_id, c.block
                order by sum(f.state <> 'missing') desc, count(*) desc, c.format = r.format desc, c.format) as choice
            from figures f join form_cells c using (indicator, measure) join reports r using (report_id)
            where r.document_type = 'annual_report'
            group by f.report_id, c.block, c.format)
        where choice = 1;
        create temp table changed_bodies as
        with changed (id, year) as (
            select predecessor, cast(date as integer) from successions where kind in ('merged', 'split')
            union select successor, cast(date as integer) from successions where kind in ('merged', 'split'))
        select distinct a.agency_id, c.year from agencies a join changed c on c.id in (a.agency_id, a.region_id);
        create temp table report_years (report_id, year_offset, cell_report_id, primary key (report_id, year_offset)) without rowid;
        insert into report_years select report_id, 0, report_id from reports where document_type = 'annual_report';
        insert into report_years
        select r.report_id, -1, p.report_id from reports r
        join reports p on p.agency_id = r.agency_id and p.year = r.year - 1 and p.scope = r.scope
        where r.is_current = 1 and p.is_current = 1 and (r.agency_id, r.year) not in (select agency_id, year from changed_bodies);
        create index temp.report_years_by_cell on report_years (cell_report_id);
        """
    )


def _exempt_condition(rule: Rule) -> str:
    """The SQL that holds for bodies (`a`) that a rule does not concern; the words come from `rules.yml`, never from reports."""
    kinds = [[f"a.{column} in ({', '.join(map(repr, values))})" for column, values in kind.items()] for kind in rule.unless]
    return " or ".join(f"({' and '.join(conditions)})" for conditions in kinds)


def _select_checked(connection: sqlite3.Connection, rules: tuple[Rule, ...]) -> None:
    """Make `checked`: each report with each subject that its forms, its body and its years have."""
    connection.executescript(
        """
        create temp table checked (report_id, rule, subject, format, agency_id, primary key (report_id, rule, subject)) without rowid;
        insert into checked
        select r.report_id, s.rule, s.subject, s.format, r.agency_id
        from reports r join report_forms b using (report_id)
        join subjects s on s.block = b.block and s.format = b.format and r.year >= s.first_year
        where not s.needs_last_year or exists (select 1 from report_years y where y.report_id = r.report_id and y.year_offset = -1);
        """
    )
    for rule in rules:
        if rule.unless:
            connection.execute(
                f"delete from checked where rule = ? and agency_id in (select agency_id from agencies a where {_exempt_condition(rule)})",
                (rule.rule,),
            )


def _evaluate(connection: sqlite3.Connection) -> None:
    """Fill `checks`, without the sentences of those that fail."""
    # A test is failed by one bad figure, whatever is missing beside it; a sum needs all of its figures.
    connection.execute(
        f"""
        create temp table sides as
        select c.report_id, c.rule, c.subject, c.format,
               count(*) filter (where t.side = 'left') as left_terms,
               count(*) filter (where t.side = 'left' and f.value is null) as left_absent,
               sum(case s.test {_FAILS_TEST} else t.coefficient * f.value end) filter (where t.side = 'left') as left_total,
               count(*) filter (where t.side = 'right') as right_terms,
               count(*) filter (where t.side = 'right' and f.value is null) as right_absent,
               sum(t.coefficient * f.value) filter (where t.side = 'right') as right_total
        from checked c join subjects s using (rule, format, subject) join rule_terms t using (rule, format, subject)
        join report_years y on y.report_id = c.report_id and y.year_offset = t.year_offset
        left join figures f on f.report_id = y.cell_report_id and f.indicator = t.indicator and f.measure = t.measure
        where s.due or f.report_id is not null
        group by c.report_id, c.rule, c.subject
        """
    )
    connection.execute(
        f"""
        insert into checks
        select report_id, rule, subject, subject_zh, subject_en, left_value, right_value, left_value - right_value, outcome,
               case outcome when 'not_assessable' then replace(?, '{{subject}}', subject_zh) end,
               case outcome when 'not_assessable' then replace(?, '{{subject}}', subject_en) end,
               fragment(rule, subject), fingerprint(report_id, rule, subject, left_value, right_value)
        from (
            select *, case when left_value is null or right_value is null then 'not_assessable'
                           when {_HOLDS} then 'pass' else 'fail' end as outcome
            from (
                select *, case when left_terms = 0 then left_constant
                               when left_absent = 0 or test is not null and left_total > 0 then left_total end as left_value,
                       case when right_terms = 0 then right_constant when right_absent = 0 then right_total end as right_value
                from sides join subjects using (rule, format, subject)
                where left_terms >= left_needed and right_terms >= right_needed))
        order by report_id, rule, subject
        """,
        (words("not_assessable_zh"), words("not_assessable_en")),
    )


def _store_evidence(connection: sqlite3.Connection) -> None:
    """Fill `check_cells`: the figures that entered a check that fails; for a test only those that fail it."""
    connection.execute(
        f"""
        insert into check_cells
        select k.report_id, k.rule, k.subject, t.position, t.side, y.cell_report_id, t.indicator, t.measure, null, t.coefficient, f.value
        from checks k join checked c using (report_id, rule, subject) join subjects s using (rule, format, subject)
        join rule_terms t using (rule, format, subject)
        join report_years y on y.report_id = k.report_id and y.year_offset = t.year_offset
        join figures f on f.report_id = y.cell_report_id and f.indicator = t.indicator and f.measure = t.measure
        where k.outcome = 'fail' and case s.test {_FAILS_TEST} else 1 end
        order by k.report_id, k.rule, k.subject, t.position
        """
    )


def run_checks(connection: sqlite3.Connection, rules: tuple[Rule, ...] | None = None) -> None:
    """Fill `rules`, `rule_terms`, `checks` and `check_cells` and set `figures.check_status` and `reports.n_inconsistent`.

    Needs `reports`, `agencies`, `figures` (all unchecked), `indicators` and `form_cells` filled.
    """
    rules = load_rules() if rules is None else rules
    connection.create_function("fingerprint", -1, _fingerprint, deterministic=True)
    connection.create_function("fragment", 2, _fragment, deterministic=True)
    store_rules(connection, rules)
    _prepare_reports(connection)
    _select_checked(connection, rules)
    _evaluate(connection)
    _store_evidence(connection)
    check_blanks(connection, rules)
    check_prose(connection, rules)
    check_prose_arithmetic(connection, rules)
    check_bodies(connection, rules)
    check_texts(connection, rules)
    check_units(connection, rules)
    told = "update checks set sentence_zh = ?, sentence_en = ? where report_id = ? and rule = ? and subject = ?"
    connection.executemany(told, list(fail_sentences(connection, rules)))
    mark_figures(connection)
