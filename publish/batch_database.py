"""A database of a few bodies alone, in memory: in it is done by SQL what needs no other body, and its rows are kept as they are.

That is: the checks beside the sums, the sentences about all checks of a body that fail, and whether its rows are as the schema says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache

import sqlite_utils

from extract.identity.gazetteer import load_regions
from extract.model import Agency
from publish.checks import check_within, rules_between, store_rules
from publish.dictionary import fill_dictionary
from publish.narrow import NARROW, Narrow
from publish.numbered import Numbered
from publish.packed import Packed
from publish.rates import fill_rate_definitions
from publish.rows import Row, agency_rows
from publish.rules import load_rules
from publish.schema import create_tables, insert, load_schema, tuples
from publish.sentences import fail_sentences
from publish.stretches import Stretches
from publish.text_checks import file_sketches, keep_sketches
from publish.validate import violations_in

OF_SOURCES = ("sources", "evidence", "noise", "problems")
OF_REPORTS = ("reports", "sections", "narrative_figures", "rates", "requests", "proactive", "remedies")
OF_FILES = (*OF_SOURCES, *OF_REPORTS)
_PLAIN = (*OF_FILES, "check_cells")


@dataclass(frozen=True, slots=True)
class BatchDatabase:
    """The rows of some bodies, as a database without keys and indexes, and whether all are as the schema says."""

    content: Packed
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


def _content(connection: sqlite3.Connection) -> Packed:
    """Return the rows that come from reports, in the order of their keys."""
    connection.commit()
    connection.execute("attach ':memory:' as kept")
    for table in _PLAIN:
        order = ", ".join(load_schema().table(table).primary_key)
        connection.execute(f"create table kept.{table} as select * from main.{table} order by {order}")
    for table in NARROW:
        connection.execute(f"create table kept.{table} as select * from main.{table}")
    keep_sketches(connection)
    connection.commit()
    return Packed.of(connection.serialize(name="kept"))


def batch_database(
    agencies: Mapping[str, Agency], tables: Mapping[str, Sequence[Row]], numbered: Numbered, years: Sequence[Row], forms: Sequence[Row]
) -> BatchDatabase:
    """Return the rows of some whole bodies with all their checks. `numbered` holds their figures and sums, `tables` their other rows;
    `years` say with which report of which year each is compared, `forms` the form of each block.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        _prepared().backup(connection)
        insert(connection, load_schema(), "agencies", agency_rows(agencies, {}))
        for table, rows in tables.items():
            insert(connection, load_schema(), table, rows)
        narrow = Narrow(connection, [row[0] for row in tables["reports"]], Stretches())
        narrow.add(numbered)
        narrow.write_figure_numbers()
        check_within(connection, years, forms, narrow.add_checks)
        narrow.write_verdicts()
        narrow.add_sentences(fail_sentences(connection, [rule for rule in load_rules() if rule.rule not in rules_between()]))
        sound = not violations_in(connection)
        return BatchDatabase(_content(connection), sound)


@contextmanager
def _attached(connection: sqlite3.Connection, content: Packed) -> Iterator[None]:
    """Let `batch` be a database of some bodies. Attached anew each time, since SQLite may take its tables for those of the last."""
    connection.commit()
    connection.execute("attach ':memory:' as batch")
    connection.deserialize(content.told(), name="batch")
    yield
    connection.commit()
    connection.execute("detach batch")


def file_batch(connection: sqlite3.Connection, narrow: Narrow, batch: BatchDatabase) -> None:
    """Add the rows of some bodies to those of a database."""
    with _attached(connection, batch.content):
        for table in _PLAIN:
            connection.execute(f"insert into main.{table} select * from batch.{table}")
        narrow.add_batch()
        file_sketches(connection)
