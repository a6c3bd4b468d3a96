"""What the built product says when it is served: descriptions, licence, links by name, and search that agrees with a scan."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from serve_origin import Origin, running
from serve_small_database import canned_queries

from publish.schema import load_schema

TWENTY_WORDS = (
    *("公开", "复议", "诉讼", "收费", "网站", "件", "市民", "依申请", "主动公开", "信息公开", "行政复议", "行政诉讼", "规范性文件"),
    *("政府信息", "公开指南", "政务新媒体", "存在的主要问题", "政府信息公开条例", "2020", "、"),
)


@pytest.fixture(scope="module")
def origin(built: Path) -> Iterator[Origin]:
    with running(built) as started:
        yield started


@pytest.fixture
def database(built: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{built / 'data' / 'gongkai.db'}?mode=ro", uri=True)) as connection:
        yield connection


@pytest.mark.parametrize("word", TWENTY_WORDS)
def test_a_search_of_sections_agrees_with_a_scan(origin, database, word):
    sql = "select count(*) from sections where instr(text, ?1) or instr(heading, ?1)"
    expected = database.execute(sql, (word,)).fetchone()[0]
    answer = origin.ask(f"/gongkai/sections.json?_search={word}&_size=0")
    assert answer.json["filtered_table_rows_count"] == expected


@pytest.mark.parametrize("word", ("公开", "行政复议"))
def test_a_search_shows_the_first_of_the_sections_it_finds(origin, database, word):
    sql = "select report_id, position from sections where instr(text, ?1) or instr(heading, ?1) order by report_id, position"
    expected = database.execute(sql, (word,)).fetchall()
    shown = [row for page in origin.pages(f"/gongkai/sections.json?_search={word}&_size=7") for row in page]
    assert [(row["report_id"], row["position"]) for row in shown] == expected


@pytest.mark.parametrize(("view", "key"), [("figures", "report_id, indicator, measure"), ("checks", "report_id, rule, subject")])
def test_a_view_is_paged_through_in_the_order_of_its_key(origin, database, view, key):
    expected = database.execute(f"select {key} from {view} order by {key}").fetchall()
    shown = [row for page in origin.pages(f"/gongkai/{view}.json?_size=1000") for row in page]
    assert [tuple(row[column] for column in key.split(", ")) for row in shown] == expected


def test_a_page_shows_the_first_rows_of_a_query_and_its_json_has_them_all(origin, database):
    sql = "select report_id, indicator from figures order by report_id, indicator, measure"
    page = origin.ask(f"/gongkai?sql={sql.replace(' ', '+')}").text
    assert "more than 100 rows" in page and page.count("<tr>") == 101
    assert len(origin.ask(f"/gongkai.json?sql={sql.replace(' ', '+')}&_shape=array").json) > 100


def test_the_words_are_not_all_absent_nor_everywhere(database):
    total = database.execute("select count(*) from sections").fetchone()[0]
    counts = [database.execute("select count(*) from sections where instr(text, ?)", (word,)).fetchone()[0] for word in TWENTY_WORDS]
    assert sum(0 < count < total for count in counts) >= 12


@pytest.mark.parametrize(("traditional", "simplified"), [("公開", "公开"), ("行政復議", "行政复议"), ("訴訟", "诉讼")])
def test_traditional_input_finds_simplified_text(origin, traditional, simplified):
    counts = [
        origin.ask(f"/gongkai/sections.json?_search={word}&_size=0").json["filtered_table_rows_count"] for word in (traditional, simplified)
    ]
    assert counts[0] == counts[1] > 0


def test_agencies_and_titles_are_found(origin):
    assert [row["agency_id"] for row in origin.ask("/gongkai/agencies.json?_search=广州市南沙&_shape=array").json] == ["440115"]
    assert "440115-2020" in [row["report_id"] for row in origin.ask("/gongkai/reports.json?_search=南沙&_shape=array").json]


def test_every_table_and_column_is_titled_described_and_licensed(origin, database):
    metadata = origin.ask("/-/metadata.json").json["databases"]["gongkai"]
    assert metadata["license"] == "CC BY 4.0" and metadata["source"]
    for table in load_schema().tables:
        told = metadata["tables"][table.name]
        assert told["title"] and told["description"] and told["license"] == "CC BY 4.0" and told["source"], table.name
        columns = [name for _, name, *_ in database.execute(f"pragma table_info({table.name})")]
        assert set(told["columns"]) == set(columns)


@pytest.mark.parametrize("table", [table.name for table in load_schema().tables])
def test_every_table_page_answers_with_its_text(origin, table):
    answer = origin.ask(f"/gongkai/{table}?_size=5")
    assert answer.status == 200
    assert load_schema().table(table).texts.description[:20] in answer.text and "CC BY 4.0" in answer.text


def test_the_database_page_lists_the_tables_by_title(origin):
    page = origin.ask("/gongkai").text
    for table in load_schema().tables:
        assert f'<a href="/gongkai/{table.name}">{table.texts.title} / ' in page, table.name


def test_foreign_keys_show_names(origin):
    page = origin.ask("/gongkai/reports?report_id=440115-2020").text
    assert '<a href="/gongkai/agencies/440115">广州市南沙区人民政府</a>' in page


@pytest.mark.parametrize("name", sorted(canned_queries()))
def test_every_canned_query_answers_on_the_real_data(origin, name):
    assert origin.ask(f"/gongkai/{name}.json?_shape=array").status == 200


def test_no_query_shows_a_share_of_fewer_than_thirty(origin):
    for row in origin.ask("/gongkai/disclosure_share.json?_shape=array").json:
        total = int(row["disclosed_of_outcomes"].partition("/")[2])
        assert (row["percent"] is None) == (total < 30)


def test_five_reports_are_never_ranked(origin):
    for path in ("disclosure_share", "one_figure_of_every_body"):
        rows = origin.ask(f"/gongkai/{path}.json?_shape=array&indicator=requests_new&measure=total").json
        assert rows and {row["rank"] for row in rows} == {None}


def test_a_stream_holds_every_row(origin, database):
    lines = origin.ask("/gongkai/figures.csv?_stream=on").text.splitlines()
    assert len(lines) - 1 >= database.execute("select count(*) from figures").fetchone()[0] > 100


def test_pages_of_the_tree_and_of_the_database_are_one_origin(origin):
    assert origin.ask("/agencies/440115/2020/").status == 200
    assert origin.ask("/gongkai/reports/440115-2020").status == 200
    assert origin.ask("/agencies/440115/2020/source.txt").headers["content-type"] == "text/plain; charset=utf-8"
    assert origin.ask("/data/datapackage.json").json["name"] == "gongkai"
