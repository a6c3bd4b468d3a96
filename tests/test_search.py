"""Search finds exactly what a scan for the substring finds, for Chinese words of any length."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from factories import add_search
from serve_small_database import SmallDatabase

from publish.plugins.chinese_search import excerpt, fts_query, prepare_connection, spaced
from publish.search import TOKENIZER

WORDS = [
    "公开",
    "复议",
    "诉讼",
    "收费",
    "件",
    "政府信息",
    "依申请公开",
    "信息公开",
    "行政复议",
    "规范性文件",
    "网站",
    "2020",
    "100",
    "12",
    "3件",
    "万",
    "、",
    "，",
    "。其中",
    "“",
    "第一",
    "gov",
    "www",
    "公开工作",
    "南沙区",
    "自然人",
]


@pytest.fixture
def database(tmp_path) -> SmallDatabase:
    small = SmallDatabase(tmp_path / "gongkai.db")
    small.agency("440115", "广州市南沙区人民政府")
    small.report("440115", 2020, title="广州市南沙区2020年政府信息公开工作年度报告")
    return small


def add_sections(database: SmallDatabase, texts: list[str]) -> None:
    for position, text in enumerate(texts, 1):
        database.insert("sections", report_id="440115-2020", position=position, role="other", text=text)
    database.index()


def found(connection: sqlite3.Connection, query: str, table: str = "sections") -> list[int]:
    prepare_connection(connection)
    return [rowid for (rowid,) in connection.execute(f"select rowid from {table}_fts where {table}_fts match escape_fts(?)", (query,))]


@pytest.fixture
def lines() -> list[str]:
    """Return the lines of the reports as found: real text with every sort of damage."""
    files = sorted((Path(__file__).parent.parent / "reports").glob("*.txt"))
    return [line for file in files for line in file.read_text("utf-8", "replace").splitlines() if line.strip()]


@pytest.mark.parametrize("word", WORDS)
def test_a_search_agrees_with_a_scan_for_the_substring(database, lines, word):
    add_sections(database, lines)
    normal = [spaced(line).replace(" ", "").lower() for line in lines]
    expected = [number for number, line in enumerate(normal, 1) if spaced(word).replace(" ", "").lower() in line]
    hits = set(found(database.connection, word))
    assert sorted(hits) == expected


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("公开", [1, 2]),
        ("公開", [1, 2]),
        ("行政復議", [2]),
        ("公开行政", []),  # a comma stands between
        ("公开，行政", [2]),
        ("公开,行政", [2]),  # half-width and full-width punctuation are one
        ("开信息", []),  # a line break stands between
        ("公开 复议", [2]),
        ("公开　复议", [2]),
        ('"公开，行政复议"', [2]),
        ('"公开 信息"', [1]),
        ("gdp", [3]),
        ("0", [3]),
        ("10", [3]),
        ("01", []),
        ("", []),
        ("  ", []),
        ('"', []),
        ('""', []),
        ("*", []),
        ("公*", []),
        ("公开 OR 没有", []),
        ("text:公开", []),
        ("(公开", []),
        ("公开\0", [1, 2]),
        ("^公", []),
        ("没有这个词", []),
        ("乾隆", [4]),
    ],
)
def test_what_a_reader_types_is_words_never_syntax(database, query, hits):
    add_sections(database, ["主动公开\n信息", "公开，行政复议", "GDP增长100亿", "乾隆"])
    assert found(database.connection, query) == hits


def test_titles_and_agencies_are_found(database):
    database.index()
    assert found(database.connection, "南沙区2020年", "reports") == [1]
    assert found(database.connection, "南沙區人民", "reports") == [1]
    assert found(database.connection, "人民政府", "agencies") == [1]
    assert found(database.connection, "龙华", "agencies") == []


def test_the_index_works_without_our_functions_when_words_are_spaced(database):
    add_sections(database, ["依申请公开", "公告开放"])
    plain = sqlite3.connect(database.path)
    sql = "select text from sections where rowid in (select rowid from sections_fts where sections_fts match '\"公 开\"')"
    assert plain.execute(sql).fetchall() == [("依申请公开",)]


def test_the_same_rows_make_the_same_bytes(tmp_path):
    copies = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        small = SmallDatabase(tmp_path / name / "gongkai.db")
        small.agency("440115", "广州市南沙区人民政府")
        small.report("440115", 2020)
        add_sections(small, ["依申请公开", "行政复议"])
        copies.append(small.path.read_bytes())
    assert copies[0] == copies[1]


def test_an_index_cannot_be_made_twice(database):
    database.index()
    with pytest.raises(sqlite3.OperationalError):
        add_search(database.path)


def test_every_character_but_white_space_is_a_token():
    connection = sqlite3.connect(":memory:")
    connection.execute(f"create virtual table t using fts5(x, content='', tokenize=\"{TOKENIZER}\")")
    characters = [
        chr(n) for block in (range(0x21, 0x180E), range(0x2000, 0xD800), range(0xF900, 0x10000), range(0x20000, 0x2A6E0)) for n in block
    ]
    tokens = [character for character in characters if not character.isspace()]
    connection.executemany("insert into t (rowid, x) values (?, ?)", [(ord(c), c) for c in tokens])
    connection.execute("create virtual table seen using fts5vocab(t, 'instance')")
    assert {doc for (doc,) in connection.execute("select doc from seen")} == set(map(ord, tokens))


def test_an_excerpt_shows_the_first_word_with_its_surroundings():
    text = "前" * 60 + "行政复议\n3件" + "后" * 60
    assert excerpt(text, "行政復議", 5) == "…前前前前前行政复议 3件后后…"
    assert excerpt("短文", "没有", 5) == "短文"
    assert excerpt(None, "公开") is None


def test_an_expression_keeps_quotes_inside_its_phrases():
    assert fts_query('say "a b" c"d').count('"') % 2 == 0
