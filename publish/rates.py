"""The rates of the current annual reports, from the definitions of `rates.yml`, computed in SQL for all reports at once."""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from publish.terms import expand, form_cells

RATES_FILE = Path(__file__).with_name("rates.yml")
SIDES = ("numerator", "denominator")


@cache
def load_rates() -> dict[str, Any]:
    """Return the parsed `rates.yml`: its sets and its rates."""
    return yaml.load(RATES_FILE.read_text("utf-8"), yaml.CSafeLoader)


def written_out(terms: list[str], sets: dict[str, list[str]]) -> str:
    """Return the terms of a side as a formula, sets written out: granted.total + partially_granted.total."""
    names = []
    for term in terms:
        start, _, rest = term.partition("{")
        name, _, end = rest.partition("}")
        names += [start + member + end for member in sets[name]] if rest else [term]
    return " + ".join(names).replace("+ -", "- ")


def fill_rates(connection: sqlite3.Connection) -> None:
    """Fill `rate_definitions` and `rates`. Needs `figures` with their check status."""
    data = load_rates()
    for rate in data["rates"]:
        formulas = [written_out(rate[side], data["sets"]) for side in SIDES]
        definition = (rate["rate"], rate["label_zh"], rate["label_en"], *formulas, rate["caveat_zh"], rate["caveat_en"])
        connection.execute("insert into rate_definitions values (?, ?, ?, ?, ?, ?, ?)", definition)
    connection.execute("create temp table rate_terms (rate, format, side, indicator, measure, coefficient)")
    for rate in data["rates"]:
        for form in sorted(form_cells()):
            sides = [expand(rate[side], side, form, data["sets"]) for side in SIDES]
            if None not in sides:
                connection.executemany(
                    "insert into rate_terms values (?, ?, ?, ?, ?, ?)",
                    [(rate["rate"], form, t.side, t.indicator, t.measure, t.coefficient) for side in sides for t in side or ()],
                )
    connection.executescript(
        """
        create temp table rate_sides as
        select r.report_id, t.rate, t.side, case when count(f.value) = count(*) then sum(t.coefficient * f.value) end as total
        from reports r join rate_terms t on t.format = r.format
        left join figures f on f.report_id = r.report_id and f.indicator = t.indicator and f.measure = t.measure
        where r.is_current = 1 group by r.report_id, t.rate, t.side;
        create temp table rate_cells as
        select r.report_id, t.rate, sum(f.check_status = 'inconsistent') as inconsistent,
               sum(f.state = 'inferred' or f.reading = 'split') as inferred, sum(f.value is null) as missing
        from reports r join (select distinct rate, format, indicator, measure from rate_terms) t on t.format = r.format
        left join figures f on f.report_id = r.report_id and f.indicator = t.indicator and f.measure = t.measure
        where r.is_current = 1 group by r.report_id, t.rate;
        insert into rates
        select report_id, rate, n.total, d.total, n.total * 1.0 / nullif(d.total, 0),
               coalesce(c.inconsistent, 0), coalesce(c.inferred, 0), c.missing
        from rate_cells c
        join (select * from rate_sides where side = 'numerator') n using (report_id, rate)
        join (select * from rate_sides where side = 'denominator') d using (report_id, rate)
        order by report_id, rate;
        """
    )
