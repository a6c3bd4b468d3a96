"""Views that stand for tables, in a real Datasette: row pages, labels, facets, counts, paging, and plans that use the indexes."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from serve_origin import Origin, running

from publish.schema import load_schema

CELL = "440115-2020,granted,total"


@pytest.fixture(scope="module")
def origin(built: Path) -> Iterator[Origin]:
    with running(built) as started:
        yield started


@pytest.fixture
def database(built: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{built / 'data' / 'gongkai.db'}?mode=ro", uri=True)) as connection:
        yield connection


def test_a_figure_has_a_page_of_its_own(origin):
    page = origin.ask(f"/gongkai/figures/{CELL}").text
    assert "799" in page and "440115-2020" in page
    (row,) = origin.ask(f"/gongkai/figures/{CELL}.json?_shape=array").json
    assert (row["value"], row["raw"], row["state"]) == (799, "799", "printed")


def test_a_check_has_a_page_of_its_own(origin):
    (row,) = origin.ask("/gongkai/checks/440115-2020,T1,natural_person.json?_shape=array").json
    assert row["outcome"] in ("pass", "fail") and row["left_value"] is not None


def test_the_table_page_links_rows_and_labels_and_tells_columns(origin):
    page = origin.ask("/gongkai/figures?report_id=440115-2020&_size=max").text
    assert f'href="/gongkai/figures/{CELL}"' in page
    assert re.search(r'href="/gongkai/reports/440115-2020">[^<]*年', page), "a report by its title"
    texts = load_schema().table("figures")
    assert texts.texts.description in page and texts.columns[3].texts.description in page
    assert "create view" in page.lower() and "check_status" in page


def test_facets_of_figures_and_checks(origin):
    for table, facets in (("figures", {"state", "check_status"}), ("checks", {"outcome", "rule"})):
        found = origin.ask(f"/gongkai/{table}.json?_size=0").json["facet_results"]
        assert set(found) == facets and all(facet["results"] for facet in found.values())


def test_pages_follow_each_other_by_key_and_counts_are_known(origin, database):
    (total,) = database.execute("select count(*) from figures").fetchone()
    first = origin.ask("/gongkai/figures.json?_size=100").json
    assert first["filtered_table_rows_count"] == total
    assert first["primary_keys"] == ["report_id", "indicator", "measure"]
    second = origin.ask(f"/gongkai/figures.json?_size=100&_next={first['next']}").json
    expected = database.execute("select report_id, indicator, measure from figures order by 1, 2, 3 limit 200").fetchall()
    columns = first["columns"]
    rows = [dict(zip(columns, row, strict=True)) for page in (first, second) for row in page["rows"]]
    assert [(row["report_id"], row["indicator"], row["measure"]) for row in rows] == expected


def test_the_whole_table_streams_as_csv(origin, database):
    (total,) = database.execute("select count(*) from figures").fetchone()
    assert origin.ask("/gongkai/figures.csv?_stream=on&_size=max").text.count("\n") == total + 1


def test_the_list_of_tables_shows_the_views_and_not_what_is_under_them(origin):
    tables = {table["name"]: table for table in origin.ask("/gongkai.json").json["tables"]}
    assert not tables["figures"]["hidden"] and tables["figures"]["count"]
    assert tables["figures"]["foreign_keys"]["outgoing"] and tables["reports"]["foreign_keys"]["incoming"]
    for stored in load_schema().storage:
        assert tables[stored.name]["hidden"]
    assert origin.ask("/gongkai.json").json["views"] == []
    report = origin.ask("/gongkai/reports/440115-2020").text
    assert "/gongkai/figures?report_id=440115-2020" in report, "a report leads to its figures"


PLANS = {
    "figures of a report": "select * from figures where report_id = ?",
    "a cell": "select * from figures where report_id = ? and indicator = ? and measure = ?",
    "figures of an indicator": "select * from figures where indicator = ? and measure = ?",
    "figures of one agency": "select f.* from reports r join figures f using (report_id) where r.agency_id = ?",
    "checks of a report": "select * from checks where report_id = ?",
    "a check": "select * from checks where report_id = ? and rule = ? and subject = ?",
    "checks by outcome": "select * from checks where outcome = ? and rule = ?",
    "a check by its fingerprint": "select * from checks where fingerprint = ?",
}


# For SQLite as large as the nation's: it plans by the numbers of rows that it was told.
NATION = {
    ("report_numbers", "sqlite_autoindex_report_numbers_1"): "100000 1",
    ("figure_values", "figure_values"): "20000000 200 1",
    ("figure_values", "figure_values_by_cell"): "20000000 60000 1",
    ("figure_cells", "sqlite_autoindex_figure_cells_1"): "350 4 1",
    ("figure_kinds", None): "20000",
    ("figure_places", None): "5000",
    ("check_results", "check_results"): "5000000 50 1",
    ("check_results", "check_results_by_verdict"): "5000000 500 1",
    ("verdicts", "verdicts_by_outcome"): "10000 3000 100",
    ("verdicts", "verdicts_by_subject"): "10000 200 3",
    ("check_findings", "check_findings"): "200000 2 1",
    ("check_findings", "check_findings_by_fingerprint"): "200000 1",
    ("reports", "idx_reports_agency_id_year"): "100000 10 1",
    ("reports", "sqlite_autoindex_reports_1"): "100000 1",
}


@pytest.fixture(scope="module")
def nation(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    copy = tmp_path_factory.mktemp("nation") / "gongkai.db"
    shutil.copy(built / "data" / "gongkai.db", copy)
    with closing(sqlite3.connect(copy)) as connection:
        told = set(connection.execute("select tbl, idx from sqlite_stat1"))
        assert told >= {key for key in NATION if key[0] in ("figure_values", "report_numbers", "check_results")}, "the build analyses"
        connection.execute("delete from sqlite_stat1")
        connection.executemany("insert into sqlite_stat1 values (?, ?, ?)", ((*key, rows) for key, rows in NATION.items()))
        connection.commit()
    with closing(sqlite3.connect(copy)) as connection:
        yield connection


def plan_of(connection: sqlite3.Connection, sql: str) -> list[str]:
    return [row[3] for row in connection.execute(f"explain query plan {sql}", ("x",) * sql.count("?"))]


@pytest.mark.parametrize("what", PLANS)
def test_filters_reach_the_indexes_through_the_view(nation, what):
    plan = plan_of(nation, PLANS[what])
    assert not [step for step in plan if step.startswith(("SCAN", "MATERIALIZE")) or "AUTOMATIC" in step], plan


@pytest.mark.parametrize("table", ["figures", "checks"])
def test_a_page_of_rows_needs_no_sort_of_all(nation, table):
    key = load_schema().table(table).primary_key
    order = f"order by {', '.join(key)} limit 101"
    after = f"where {key[0]} >= ?1 and (({key[0]} > ?1) or ({key[0]} = ?1 and {key[1]} > 'b'))"
    for sql in (f"select * from {table} {order}", f"select * from {table} {after} {order}"):
        plan = [row[3] for row in nation.execute(f"explain query plan {sql}", ("x",) * ("?1" in sql))]
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan, plan
        assert plan[0].split()[1] == "r" and not [step for step in plan[1:] if step.startswith("SCAN")], plan
