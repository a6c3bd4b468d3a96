"""Totals that a filer left blank beside columns with numbers. A blank proves nothing, so all of this is soft."""

from __future__ import annotations

import sqlite3

from publish.rules import Rule, words

# Totals without a number in rows whose other columns add up to something.
_BLANK_TOTALS = """
create temp table blank_totals (report_id, indicator, state, value, primary key (report_id, indicator)) without rowid;
insert into blank_totals
select t.report_id, t.indicator, t.state, sum(o.value)
from report_forms b join indicators i on i.block = b.block
join figures t on t.report_id = b.report_id and t.indicator = i.indicator and t.measure = 'total' and t.value is null
join figures o on o.report_id = t.report_id and o.indicator = t.indicator and o.measure <> 'total'
where b.block = 'requests' group by t.report_id, t.indicator having sum(o.value) > 0;
"""

_ROWS = """
insert into checks
select z.report_id, s.rule, s.subject, s.subject_zh, s.subject_en, z.value, null, null,
       case z.state when 'blank' then 'fail' else 'not_assessable' end,
       case when z.state <> 'blank' then replace(:zh, '{subject}', s.subject_zh) end,
       case when z.state <> 'blank' then replace(:en, '{subject}', s.subject_en) end,
       fragment(s.rule, s.subject), fingerprint(z.report_id, s.rule, s.subject, z.value, null)
from blank_totals z join report_forms b on b.report_id = z.report_id and b.block = 'requests'
join blank_subjects s on s.rule = :rule and s.format = b.format and s.subject = z.indicator
order by z.report_id, s.subject
"""

# The totals column with each blank total as what its row adds up to, or as nothing; a row that is blank throughout adds nothing.
_COLUMNS = """
insert into blank_columns
select b.report_id, s.rule, s.subject, s.subject_zh, s.subject_en, t.position, t.side, t.indicator, t.measure, t.coefficient,
       coalesce(f.value, iif(:fills, z.value, null), case when f.state = 'blank' then 0 end),
       iif(f.value is null and not :fills, null, coalesce(f.value, z.value, iif(f.state = 'blank', 0, null))),
       f.value is null and z.value is not null
from report_forms b join blank_subjects s on s.rule = :rule and s.format = b.format
join rule_terms t on t.rule = s.rule and t.format = s.format and t.subject = s.subject
join figures f on f.report_id = b.report_id and f.indicator = t.indicator and f.measure = t.measure
left join blank_totals z on z.report_id = b.report_id and z.indicator = t.indicator and z.state = 'blank'
where b.block = 'requests' and b.report_id in (select report_id from blank_totals where state = 'blank')
"""

_SUMS = """
insert into checks
select report_id, rule, subject, subject_zh, subject_en, left_value, right_value, left_value - right_value, outcome,
       case outcome when 'not_assessable' then replace(:zh, '{subject}', subject_zh) end,
       case outcome when 'not_assessable' then replace(:en, '{subject}', subject_en) end,
       fragment(rule, subject), fingerprint(report_id, rule, subject, left_value, right_value)
from (
    select *, case when left_value is null or right_value is null then 'not_assessable'
                   when left_value = right_value then 'pass' else 'fail' end as outcome
    from (
        select report_id, rule, subject, subject_zh, subject_en,
               case when count(*) filter (where side = 'left' and value is null) = 0
                    then sum(coefficient * value) filter (where side = 'left') end as left_value,
               case when count(*) filter (where side = 'right' and value is null) = 0
                    then sum(coefficient * value) filter (where side = 'right') end as right_value
        from blank_columns where rule = :rule group by report_id, rule, subject having sum(was_blank) > 0))
order by report_id, subject
"""

_ROW_CELLS = """
insert into check_cells
select k.report_id, k.rule, k.subject, t.position, t.side, k.report_id, t.indicator, t.measure, null, t.coefficient, f.value
from checks k join report_forms b on b.report_id = k.report_id and b.block = 'requests'
join rule_terms t on t.rule = k.rule and t.format = b.format and t.subject = k.subject
join figures f on f.report_id = k.report_id and f.indicator = t.indicator and f.measure = t.measure
where k.rule = :rule and k.outcome = 'fail' and f.value is not null
order by 1, 3, 4
"""
_COLUMN_CELLS = """
insert into check_cells
select report_id, rule, subject, c.position, c.side, report_id, c.indicator, c.measure, null, c.coefficient, c.told
from checks k join blank_columns c using (report_id, rule, subject) where k.rule = :rule and k.outcome = 'fail' order by 1, 3, 4
"""


def check_blanks(connection: sqlite3.Connection, rules: tuple[Rule, ...]) -> None:
    """Add the checks of blank totals to `checks` and `check_cells`. Needs what publish/checks.py prepares."""
    connection.executescript(_BLANK_TOTALS)
    connection.execute("create temp table blank_subjects (rule, format, subject, subject_zh, subject_en)")
    connection.execute(
        "create temp table blank_columns (report_id, rule, subject, subject_zh, subject_en, position, side, indicator, measure, "
        "coefficient, value, told, was_blank)"
    )
    told = {"zh": words("not_assessable_zh"), "en": words("not_assessable_en")}
    for rule in rules:
        if rule.blank_totals is None:
            continue
        subjects = [(rule.rule, s.format, s.subject, s.subject_zh, s.subject_en) for s in rule.subjects]
        connection.executemany("insert into blank_subjects values (?, ?, ?, ?, ?)", subjects)
        named = {"rule": rule.rule}
        if rule.blank_totals == "pointed_out":
            connection.execute(_ROWS, {**told, **named})
            connection.execute(_ROW_CELLS, named)
        else:
            connection.execute(_COLUMNS, {**named, "fills": rule.blank_totals == "filled"})
            connection.execute(_SUMS, {**told, **named})
            connection.execute(_COLUMN_CELLS, named)
