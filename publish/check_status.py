"""What the checks say of each figure: consistent, inconsistent, unchecked or inferred."""

from __future__ import annotations

import sqlite3

# A value that extraction inferred or split with the help of an identity: that the identity holds then proves nothing.
_DERIVED = """
update figures set check_status = 'inferred' where state = 'inferred' or reading = 'split';

create temp table derived_checks (report_id, rule, subject, primary key (report_id, rule, subject)) without rowid;
insert into derived_checks
select distinct c.report_id, c.rule, c.subject
from figures f cross join report_years y on y.cell_report_id = f.report_id
cross join checked c on c.report_id = y.report_id
cross join rule_terms t on t.rule = c.rule and t.format = c.format and t.subject = c.subject
and t.indicator = f.indicator and t.measure = f.measure and t.year_offset = y.year_offset
where f.check_status = 'inferred';
"""

# Zeros add up whatever they stand for, so a table that holds nothing else is never called consistent.
_CONSISTENT = """
create temp table telling_blocks (report_id, block, primary key (report_id, block)) without rowid;
insert into telling_blocks select distinct f.report_id, i.block from figures f join indicators i using (indicator) where f.value <> 0;

create temp table proving_terms (rule, format, subject, year_offset, indicator, measure, block,
    primary key (rule, format, subject, year_offset, indicator, measure)) without rowid;
insert or ignore into proving_terms
select t.rule, t.format, t.subject, t.year_offset, t.indicator, t.measure, i.block
from rule_terms t join subjects s using (rule, format, subject) join indicators i using (indicator) where s.hard and s.proves;

create temp table consistent_cells (report_id, indicator, measure, primary key (report_id, indicator, measure)) without rowid;
insert or ignore into consistent_cells
select y.cell_report_id, t.indicator, t.measure
from checks k cross join checked c using (report_id, rule, subject)
cross join proving_terms t on t.rule = c.rule and t.format = c.format and t.subject = c.subject
cross join report_years y on y.report_id = k.report_id and y.year_offset = t.year_offset
cross join telling_blocks b on b.report_id = y.cell_report_id and b.block = t.block
where k.outcome = 'pass' and (k.report_id, k.rule, k.subject) not in (select report_id, rule, subject from derived_checks);

update figures set check_status = 'consistent'
where check_status = 'unchecked' and value is not null
and (report_id, indicator, measure) in (select report_id, indicator, measure from consistent_cells);
"""

_INCONSISTENT = """
update figures set check_status = 'inconsistent'
where (report_id, indicator, measure) in (
    select cell_report_id, indicator, measure from check_cells join rules using (rule)
    where severity = 'hard' and measure is not null);

update reports set n_inconsistent = (
    select count(*) from figures f where f.report_id = reports.report_id and f.check_status = 'inconsistent');
"""


def mark_figures(connection: sqlite3.Connection) -> None:
    """Set `figures.check_status` and `reports.n_inconsistent` from `checks` and `check_cells` (and the tables of publish/checks.py).

    A figure in a hard check that fails is inconsistent, whatever else holds for it.
    """
    connection.executescript(_DERIVED + _CONSISTENT + _INCONSISTENT)
