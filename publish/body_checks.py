"""Reports of one year against each other: a whole jurisdiction and the bodies inside it, a government and its office."""

from __future__ import annotations

import sqlite3

from publish.rules import Rule, words

# Every division with itself and all above it.
_WITHIN = """
create temp table within as
with recursive above (region_id, upper) as (
    select region_id, region_id from regions
    union
    select a.region_id, r.parent_id from above a join regions r on r.region_id = a.upper where r.parent_id is not null)
select * from above where region_id in (select region_id from agencies);
"""

# Which two reports are compared, and what must hold of their figures f and g.
_PAIRS = {
    "whole_and_member": "whole.scope = 'jurisdiction_total' and member.scope = 'own_organ'",
    "government_and_office": "a.agency_type = 'government' and b.agency_type = 'government_office' and b.region_id = a.region_id",
}
_HOLDS = {">=": "f.value >= g.value", "!=": "f.value <> g.value or f.value = 0"}

_CHECKS = """
insert into checks
select report_id, rule, subject, subject_zh, subject_en, left_value, right_value, left_value - right_value, outcome,
       case outcome when 'not_assessable' then replace(:zh, '{subject}', subject_zh) end,
       case outcome when 'not_assessable' then replace(:en, '{subject}', subject_en) end,
       fragment(rule, subject), fingerprint(report_id, rule, subject, left_value, right_value)
from (
    select whole.report_id, :rule as rule, member.report_id as subject, replace(:subject_zh, '{other}', b.name) as subject_zh,
           replace(:subject_en, '{other}', coalesce(b.name_en, b.name)) as subject_en, f.value as left_value, g.value as right_value,
           case when f.value is null or g.value is null then 'not_assessable' when {holds} then 'pass' else 'fail' end as outcome
    from reports whole join agencies a using (agency_id) join within w on w.upper = a.region_id
    join agencies b on b.region_id = w.region_id
    join reports member on member.agency_id = b.agency_id and member.year = whole.year
    join figure_cells c on c.indicator = :indicator and c.measure = :measure
    join report_numbers wn on wn.report_id = whole.report_id
    join report_numbers mn on mn.report_id = member.report_id
    left join figure_values f on f.report = wn.report and f.cell = c.cell
    left join figure_values g on g.report = mn.report and g.cell = c.cell
    where whole.is_current = 1 and member.is_current = 1 and whole.document_type = member.document_type
    and whole.document_type = 'annual_report' and {pair})
order by report_id, subject
"""

_CELLS = """
insert into check_cells
select report_id, rule, subject, 1, 'left', report_id, :indicator, :measure, null, 1, left_value
from checks where rule = :rule and outcome = 'fail'
union all
select report_id, rule, subject, 2, 'right', subject, :indicator, :measure, null, 1, right_value
from checks where rule = :rule and outcome = 'fail'
order by 1, 3, 4
"""


def check_bodies(connection: sqlite3.Connection, rules: tuple[Rule, ...]) -> None:
    """Add the checks between bodies to `checks` and `check_cells`."""
    connection.executescript(_WITHIN)
    for rule in rules:
        if rule.members:
            told = {"zh": words("not_assessable_zh"), "en": words("not_assessable_en")}
            named = {"rule": rule.rule, "subject_zh": rule.subject_zh, "subject_en": rule.subject_en}
            cell = {name: rule.members[name] for name in ("indicator", "measure")}
            query = _CHECKS.replace("{pair}", _PAIRS[rule.members["pairs"]]).replace("{holds}", _HOLDS[rule.relation])
            connection.execute(query, {**told, **named, **cell})
            connection.execute(_CELLS, {"rule": rule.rule, **cell})
