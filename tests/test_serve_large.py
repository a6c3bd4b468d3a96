"""A database too large to count, in a real Datasette with our plugin: what its pages leave out, and that its data leave out nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm

from publish.metadata import PLUGINS
from publish.plugins.large_database import LONG, ROWS_ON_A_PAGE

ROWS = 3000
# Half a millisecond a row: a page of twenty rows is found at once, all rows are not counted in the time for that.
SLOW = "_where=hex(zeroblob(500000%2Bid))>''"
FACETED = {"facets": ["kind"], "size": 20}


class Asked:
    """A Datasette plugin that notes what SQLite is asked, even what is broken off."""

    __name__ = "asked"  # a plugin is a module to Datasette

    def __init__(self) -> None:
        self.sql: list[str] = []

    @hookimpl
    def prepare_connection(self, conn: sqlite3.Connection) -> None:
        conn.set_trace_callback(self.sql.append)


@dataclass(frozen=True)
class Served:
    datasette: Datasette
    asked: Asked

    def ask(self, path: str) -> tuple[str, list[str]]:
        """Return an answer and what the database was asked for it."""

        async def ask() -> str:
            await self.datasette.invoke_startup()
            self.asked.sql.clear()
            answer = await self.datasette.client.get(path)
            assert answer.status_code == 200, answer.text
            return answer.text

        return asyncio.run(ask()), [*self.asked.sql]


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    path = tmp_path_factory.mktemp("large") / "large.db"
    connection = sqlite3.connect(path)
    for table, rows in (("slow", ROWS), ("long", LONG + 1)):
        connection.execute(f"create table {table} (id integer primary key, kind text)")
        connection.executemany(f"insert into {table} values (?, ?)", ((number, "ab"[number % 2]) for number in range(rows)))
    connection.commit()
    connection.close()
    counts = {"slow": {"count": ROWS}, "long": {"count": LONG + 1}}
    asked = Asked()
    pm.register(asked)
    yield Served(
        Datasette(
            immutables=[str(path)],
            inspect_data={"large": {"hash": "0", "size": 0, "file": str(path), "tables": counts}},
            metadata={"databases": {"large": {"tables": {"slow": FACETED, "long": FACETED}}}},
            settings={"suggest_facets": False, "sql_time_limit_ms": 60_000},
            plugins_dir=str(PLUGINS),
        ),
        asked,
    )
    pm.unregister(asked)


def _facets(asked: list[str]) -> list[str]:
    return [sql for sql in asked if "as value, count(*) as count" in sql]


def test_facets_of_rows_that_can_be_counted_are_shown(served):
    page, asked = served.ask("/large/slow?id__lt=100")
    assert "100 rows" in page and len(_facets(asked)) == 1 and "These facets timed out" not in page


def test_facets_of_rows_that_are_too_many_to_count_are_not_tried(served):
    page, asked = served.ask(f"/large/slow?{SLOW}")
    assert any("count(*) from" in sql for sql in asked) and not _facets(asked)
    assert "These facets timed out: kind" in page and page.count("<tr>") == 1 + 20


def test_what_one_reader_asked_does_not_stop_the_facets_of_the_next(served):
    served.ask(f"/large/slow?{SLOW}")
    _, asked = served.ask("/large/slow")
    assert len(_facets(asked)) == 1


def test_facets_of_a_whole_long_table_are_not_tried_those_of_some_of_its_rows_are(served):
    page, asked = served.ask("/large/long")
    assert "These facets timed out: kind" in page and f"{LONG + 1:,} rows" in page and not _facets(asked)
    assert len(_facets(served.ask("/large/long?id__lt=100")[1])) == 1


def test_the_page_of_a_query_shows_its_first_rows_its_data_all(served):
    sql = "select+id+from+slow+where+id+<+500"
    page, _ = served.ask(f"/large?sql={sql}")
    assert f'<td class="col-id">{ROWS_ON_A_PAGE - 1}</td>' in page and f">{ROWS_ON_A_PAGE}</td>" not in page
    assert served.ask(f"/large.csv?sql={sql}")[0].split() == ["id", *map(str, range(500))]
    assert served.ask(f"/large.json?sql={sql}&_shape=arrayfirst")[0] == str(list(range(500)))


def test_data_of_rows_that_are_too_many_to_count_on_a_page_are_counted(served):
    assert f'"filtered_table_rows_count": {ROWS}' in served.ask(f"/large/slow.json?{SLOW}")[0]
