"""Amounts of money beside which no unit is printed: they stand as printed, and nothing may be computed with them."""

from __future__ import annotations

import sqlite3

from extract.forms import load_dictionary
from publish.rules import Rule, words

_YUAN = "元"

_CHECKS = """
insert into checks
select report_id, :rule, indicator, replace(:subject_zh, '{row}', label_zh), replace(:subject_en, '{row}', label_en), value, null, null,
       outcome, case outcome when 'not_assessable' then replace(:zh, '{subject}', replace(:subject_zh, '{row}', label_zh)) end,
       case outcome when 'not_assessable' then replace(:en, '{subject}', replace(:subject_en, '{row}', label_en)) end,
       fragment(:rule, indicator), fingerprint(report_id, :rule, indicator, value, null)
from (
    select f.report_id, f.indicator, f.value, a.label_zh, a.label_en,
           case when f.value is null then 'not_assessable' when f.unit is null and f.value <> 0 then 'fail' else 'pass' end as outcome
    from reports r join figures f using (report_id) join amounts a using (indicator, measure)
    where r.document_type = 'annual_report')
order by report_id, indicator
"""

_CELLS = """
insert into check_cells
select k.report_id, k.rule, k.subject, 1, 'left', k.report_id, a.indicator, a.measure, null, 1, k.left_value
from checks k join amounts a on a.indicator = k.subject where k.rule = :rule and k.outcome = 'fail' order by 1, 3
"""


def _amounts() -> list[tuple[str, str, str, str]]:
    """Each row and column of the tables that may hold money, with the row's names."""
    rows = load_dictionary("indicators.yml")
    columns = {entry["measure"]: entry["block"] for entry in load_dictionary("measures.yml") if entry["unit"] == _YUAN}
    cells = [(row, measure) for row in rows for measure, block in columns.items() if row["block"] == block]
    cells += [(row, "value") for row in rows if row["unit"] == _YUAN and row["block"] == "statistics"]
    return [(row["indicator"], measure, row["label_zh"], row["label_en"]) for row, measure in cells]


def check_units(connection: sqlite3.Connection, rules: tuple[Rule, ...]) -> None:
    """Add the checks of amounts without a unit to `checks` and `check_cells`."""
    connection.execute("create temp table amounts (indicator, measure, label_zh, label_en, primary key (indicator, measure)) without rowid")
    connection.executemany("insert into amounts values (?, ?, ?, ?)", _amounts())
    told = {"zh": words("not_assessable_zh"), "en": words("not_assessable_en")}
    for rule in rules:
        if rule.needs_unit:
            named = {"rule": rule.rule, "subject_zh": rule.subject_zh, "subject_en": rule.subject_en}
            connection.execute(_CHECKS, {**told, **named})
            connection.execute(_CELLS, {"rule": rule.rule})
