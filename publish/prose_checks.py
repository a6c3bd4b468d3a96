"""What a report's prose says against what its tables say: each exact number of the prose that states an indicator."""

from __future__ import annotations

import sqlite3

from extract.forms import load_dictionary
from publish.rules import Rule, words

# What a check is about is the indicator and the number that the prose states: an address must hold when other words change. Only a
# number that is stated again gets a number of its own. Then one row for each number, rule and alternative: its sum in the table of
# the form that the report prints, to the six decimals that are printed at most, since a sum of binary fractions has more.
_ALTERNATIVES = """
create temp table stated_figures as
select n.report_id, n.position, n.indicator, n.value,
       n.indicator || '.' || iif(n.value = cast(n.value as integer), cast(n.value as integer), n.value) as subject,
       row_number() over (partition by n.report_id, n.indicator, n.value order by n.position) as time
from narrative_figures n join reports r using (report_id)
where n.approximate = 0 and n.indicator is not null and r.document_type = 'annual_report';
create temp table alternatives as
select n.report_id, s.rule, iif(n.time = 1, n.subject, n.subject || '_' || n.time) as subject, n.position, n.value, s.alternative,
       s.subject_zh, s.subject_en, count(*) = count(f.value) as whole,
       iif(typeof(sum(s.coefficient * f.value)) = 'real', round(sum(s.coefficient * f.value), 6), sum(s.coefficient * f.value)) as total
from stated_figures n join stated s using (indicator)
join report_forms b on b.report_id = n.report_id and b.block = s.block and b.format = s.format
join report_numbers o on o.report_id = n.report_id
left join figure_values f on f.report = o.report and f.cell = (select cell from figure_cells where indicator = s.row and measure = s.column)
group by n.report_id, s.rule, n.position, s.alternative;
"""

# A number that equals one alternative agrees; it disagrees only when every alternative could be computed.
_CHECKS = """
insert into checks
select report_id, rule, subject, subject_zh, subject_en, value, right_value, value - right_value, outcome,
       case outcome when 'not_assessable' then replace(?, '{subject}', subject_zh) end,
       case outcome when 'not_assessable' then replace(?, '{subject}', subject_en) end,
       fragment(rule, subject), fingerprint(report_id, rule, subject, value, right_value)
from (
    select *, case when agrees then value when computed then usual end as right_value,
           case when agrees then 'pass' when computed then 'fail' else 'not_assessable' end as outcome
    from (
        select report_id, rule, subject, subject_zh, subject_en, value, max(whole and total = value) as agrees, min(whole) as computed,
               max(case alternative when 1 then total end) as usual
        from alternatives group by report_id, rule, subject))
order by report_id, rule, subject
"""

_CELLS = """
insert into check_cells
select k.report_id, k.rule, k.subject, 1, 'left', k.report_id, n.indicator, null, n.position, 1, n.value
from checks k join alternatives a using (report_id, rule, subject)
join narrative_figures n on n.report_id = k.report_id and n.position = a.position
where k.outcome = 'fail' and a.alternative = 1
union all
select k.report_id, k.rule, k.subject, 1 + s.place, 'right', k.report_id, s.row, s.column, null, s.coefficient, f.value
from checks k join alternatives a using (report_id, rule, subject)
join narrative_figures n on n.report_id = k.report_id and n.position = a.position
join stated s on s.rule = k.rule and s.indicator = n.indicator and s.alternative = a.alternative
join report_forms b on b.report_id = k.report_id and b.block = s.block and b.format = s.format
join figures f on f.report_id = k.report_id and f.indicator = s.row and f.measure = s.column
where k.outcome = 'fail' and a.alternative = 1
order by 1, 2, 3, 4
"""


def _store_stated(connection: sqlite3.Connection, rules: tuple[Rule, ...]) -> None:
    entries = {entry["indicator"]: entry for entry in load_dictionary("indicators.yml")}
    connection.execute(
        "create temp table stated (rule, format, indicator, block, alternative, place, row, column, coefficient, subject_zh, subject_en, "
        "primary key (indicator, format, rule, alternative, place)) without rowid"
    )
    for rule in rules:
        for stated in rule.stated:
            entry = entries[stated.indicator]
            told = rule.subject_zh.format(row=entry["label_zh"]), rule.subject_en.format(row=entry["label_en"])
            key = (rule.rule, stated.format, stated.indicator)
            rows = [
                (*key, entries[t.indicator]["block"], alternative, place, t.indicator, t.measure, t.coefficient, *told)
                for alternative, terms in enumerate(stated.alternatives, 1)
                for place, t in enumerate(terms, 1)
            ]
            connection.executemany("insert into stated values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def check_prose(connection: sqlite3.Connection, rules: tuple[Rule, ...]) -> None:
    """Add the checks of prose against table to `checks` and `check_cells`. Needs what publish/checks.py prepares."""
    _store_stated(connection, rules)
    connection.executescript(_ALTERNATIVES)
    connection.execute(_CHECKS, (words("not_assessable_prose_zh"), words("not_assessable_prose_en")))
    connection.execute(_CELLS)
