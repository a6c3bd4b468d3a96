"""A database of a few bodies alone, in memory: in it is done by SQL what needs no other body, and its result is kept with their rows.

These are the checks beside the sums, the sentences about all checks of a body that fail, and whether its rows are as the schema says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache

import sqlite_utils

from extract.identity.gazetteer import load_regions
from extract.model import Agency
from publish.checks import check_within, rules_between, store_rules
from publish.dictionary import fill_dictionary
from publish.narrow import Narrow
from publish.numbered import CheckKey, Numbering
from publish.rates import fill_rate_definitions
from publish.rows import Row, agency_rows
from publish.rules import load_rules
from publish.schema import create_tables, insert, load_schema, tuples
from publish.sentences import fail_sentences
from publish.stretches import Stretches
from publish.validate import violations_in


@dataclass(frozen=True, slots=True)
class Within:
    """What a database of some bodies told: the figures that its checks rest on, their sentences, and that its rows are sound."""

    check_cells: Sequence[Row]
    sentences: Mapping[CheckKey, tuple[str, str]]
    sound: bool


@cache
def _prepared() -> sqlite3.Connection:
    """A database in memory with all that does not come from reports, to be copied."""
    connection = sqlite3.connect(":memory:")
    create_tables(sqlite_utils.Database(connection), load_schema())
    insert(connection, load_schema(), "regions", tuples(load_schema(), "regions", load_regions()))
    fill_dictionary(connection)
    fill_rate_definitions(connection)
    store_rules(connection, load_rules())
    connection.commit()
    return connection


def look_within(
    agencies: Mapping[str, Agency], tables: Mapping[str, Sequence[Row]], numbering: Numbering, years: Sequence[Row], forms: Sequence[Row]
) -> Within:
    """Add the checks in SQL of some whole bodies to `numbering`, which holds their figures and sums, and return what else is found.

    `tables` are their other rows; `years` say with which report of which year each is compared, `forms` the form of each block.
    """
    schema, numbered = load_schema(), numbering.told()
    with closing(sqlite3.connect(":memory:")) as connection:
        _prepared().backup(connection)
        insert(connection, schema, "agencies", agency_rows(agencies, {}))
        for table, rows in tables.items():
            insert(connection, schema, table, rows)
        narrow = Narrow(connection, [row[0] for row in tables["reports"]], Stretches())
        narrow.add(numbered)
        narrow.write_figure_numbers()
        found = check_within(connection, years, forms)
        numbering.add_checks(found)
        narrow.add_checks(found)
        narrow.write_verdicts()
        rules = [rule for rule in load_rules() if rule.rule not in rules_between()]
        told = {(report_id, rule, subject): (zh, en) for zh, en, report_id, rule, subject in fail_sentences(connection, rules)}
        cells = connection.execute("select * from check_cells order by report_id, rule, subject, position").fetchall()
        return Within(cells, told, not violations_in(connection))
