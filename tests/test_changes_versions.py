"""Several copies of one report: which one stands, where the others are shown, and that no number rests on them."""

from __future__ import annotations

import random
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from factories import BUREAU, MISSING, make_report
from serve_small_database import canned_queries

from extract.model import Report
from publish.database import build_database
from publish.pages import build_site
from publish.plugins import chinese_search
from publish.rows import current_and_superseded

# Everything that adds, compares or rates.
DERIVED = ("requests", "proactive", "remedies", "rates", "coverage")
BEST = {"copy_kind": "official_archive", "completeness": "complete"}


def ranked(*copies: dict[str, Any]) -> list[str]:
    """The names of copies, given in the catalogue's order, from the one that stands down the chain of `supersedes`."""
    identified = [(name, make_report(path=name, **copy)) for name, copy in zip("abcdef", copies, strict=False)]
    current, supersedes = current_and_superseded(identified)
    (name,) = current
    chain = [name]
    while name in supersedes:
        name = supersedes[name]
        chain.append(name)
    return chain


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        # Official before republished and encyclopedia, even where the official copy lost a table or was filed first.
        ([{"copy_kind": "official_site", "completeness": "partial"}, {"copy_kind": "republished"}], "ab"),
        ([{"copy_kind": "encyclopedia"}, {"copy_kind": "official_archive", "completeness": "partial"}], "ba"),
        ([{"copy_kind": "unknown"}, {"copy_kind": "republished"}, {"copy_kind": "official_site"}], "cba"),
        # A copy without any table can't stand for one with tables.
        ([{"copy_kind": "encyclopedia"}, {"copy_kind": "official_site", "completeness": "narrative_only"}], "ab"),
        # Then the fuller one, though it was filed earlier.
        ([{}, {"completeness": "partial"}], "ab"),
        # Site and archive are official alike, republished and encyclopedia unofficial alike: the later one stands.
        ([{"copy_kind": "official_site"}, {"copy_kind": "official_archive"}], "ba"),
        ([{"copy_kind": "republished"}, {"copy_kind": "encyclopedia"}], "ba"),
        ([{}, {}, {}], "cba"),
        # A report that the body replaced prints a later date, in whatever order we found the two.
        ([{"published_on": "2021-03-02"}, {"published_on": "2021-01-20"}], "ab"),
        ([{"published_on": "2021-01-20"}, {"published_on": "2021-03-02"}, {"published_on": "2021-03-02"}], "cba"),
        # Where one of them prints none, dates say nothing.
        ([{"published_on": "2021-03-02"}, {}], "ba"),
    ],
)
def test_which_copy_stands(copies: list[dict[str, Any]], expected: str) -> None:
    assert ranked(*copies) == list(expected)


def test_every_version_is_in_one_chain_whatever_the_copies_are() -> None:
    chance = random.Random(4)
    kinds = ("official_site", "official_archive", "republished", "encyclopedia", "unknown", "news")
    for _ in range(300):
        copies = [
            {
                "copy_kind": chance.choice(kinds),
                "completeness": chance.choice(("complete", "partial", "narrative_only")),
                "published_on": chance.choice((None, "2021-01-20", "2021-03-02")),
            }
            for _ in range(chance.randint(1, 6))
        ]
        assert sorted(ranked(*copies)) == list("abcdef"[: len(copies)])


# ── no number rests on a version that does not stand ─────────────────────────────────────────────────────────────


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the derived tables, and of every canned query that takes no report."""
    with closing(sqlite3.connect(path)) as connection:
        chinese_search.prepare_connection(connection)
        found = {table: connection.execute(f"select * from {table} order by 1, 2, 3, 4, 5, 6, 7").fetchall() for table in DERIVED}
        for name, query in canned_queries().items():
            sql = query["sql"]
            if ":report_id" not in sql and "_fts" not in sql:
                given = dict.fromkeys(re.findall(r":([a-z_]+)", sql), "")
                given.update({"indicator": "granted", "measure": "total"})
                found[name] = connection.execute(sql, given).fetchall()
    return found


def worse_copies() -> list[Report]:
    other = {("requests_new", "natural_person"): 7000, ("rules", "made_in_year"): 55, ("reconsideration", "upheld"): 90}
    return [
        make_report(other, path="w1.txt", copy_kind="encyclopedia", published_on="2022-01-01"),
        make_report({**other, ("granted", "total"): MISSING}, path="w2.txt", copy_kind="official_site", completeness="partial"),
    ]


def test_wide_tables_rates_and_totals_are_the_same_with_and_without_other_versions(tmp_path: Path) -> None:
    standing = [make_report(path="best.txt", **BEST), make_report(agency=BUREAU)]
    build_database(standing, tmp_path / "one.db")
    build_database([*standing, *worse_copies()], tmp_path / "many.db")
    one, many = contents(tmp_path / "one.db"), contents(tmp_path / "many.db")
    assert len(one) > 15 and one["totals_of_like_bodies"] and one["one_figure_of_every_body"] and one["rates"]
    assert many == one
    with closing(sqlite3.connect(tmp_path / "many.db")) as connection:
        assert connection.execute("select count(*) from figures where value = 7000").fetchone() == (2,), "the others are kept"


def test_when_the_better_copy_comes_the_numbers_are_its_own(tmp_path: Path) -> None:
    build_database([*worse_copies(), make_report(path="best.txt", **BEST)], tmp_path / "x.db")
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        chain = dict(connection.execute("select report_id, supersedes from reports").fetchall())
        assert connection.execute("select report_id from reports where is_current = 1").fetchall() == [("440115-2020-3",)]
        assert chain == {"440115-2020-3": "440115-2020-2", "440115-2020-2": "440115-2020", "440115-2020": None}
        for table in DERIVED:
            query = f"select distinct report_id from {table} where report_id is not null"
            assert connection.execute(query).fetchall() == [("440115-2020-3",)], table
        assert connection.execute("select requests_new from requests where applicant = 'natural_person'").fetchall() == [(10,)]


def test_the_year_before_is_compared_in_its_standing_version_only(tmp_path: Path) -> None:
    before = make_report(year=2019, path="a.txt", **BEST)
    wrong = make_report({("requests_carried_out", "natural_person"): 900}, year=2019, path="b.txt", copy_kind="encyclopedia")
    build_database([before, wrong, make_report(path="c.txt")], tmp_path / "x.db")
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        assert connection.execute("select count(*) from check_cells where cell_report_id <> report_id and value = 900").fetchone() == (0,)


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────────────────

CHANGED = {("requests_new", "natural_person"): 4711, ("rules", "made_in_year"): None, ("normative_documents", "disclosed_stock"): MISSING}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("versions") / "dist"
    reports = [
        make_report(CHANGED, path="a.txt", copy_kind="republished", public_lines=("一",)),
        make_report(path="b.txt", public_lines=("一",)),
        make_report(path="c.txt", copy_kind="encyclopedia", base={}, completeness="narrative_only", public_lines=("一",)),
        make_report(agency=BUREAU, public_lines=("一",)),
    ]
    database = out / "data" / "gongkai.db"
    build_database(reports, database)
    texts = {f"440115-2020{suffix}": ("一",) for suffix in ("", "-2", "-3")} | {"440300-zhu-fang-he-jian-she-ju-2020": ("一",)}
    build_site(database, texts, out, datasette=None)
    return out


def versions(pages: Path, path: str) -> str:
    text = (pages / path / "index.md").read_text("utf-8")
    return text.partition("{#versions}")[2].partition("\n## ")[0]


def test_the_standing_version_lists_the_cells_that_differ_with_both_values(pages: Path) -> None:
    text = versions(pages, "agencies/440115/2020")
    assert "本站存有这份报告的3个版本。现行的是本页这一份" in text
    differing = text.partition("表格数字有3个与本页不同：")[2].partition("###")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in differing.splitlines() if line.startswith("| ")][2:]
    assert [row[1:] for row in rows] == [["0", "空白"], ["20", "缺"], ["10", "4,711"]]
    assert [row[0].partition(" *")[2].rstrip("*") for row in rows][2] == "New requests in the year: Natural persons"
    assert "两个版本中至少一个没有表格数字，无从比较。" in text
    assert "[440115-2020](440115-2020/)（非现行版本，转载，表格完整）" in text


def test_the_other_version_leads_to_the_standing_one_and_says_the_same_from_its_side(pages: Path) -> None:
    path = "agencies/440115/2020/440115-2020"
    text = (pages / path / "index.md").read_text("utf-8")
    assert "> 这是同一报告的另一个版本，不是现行版本；其中的数字保留在此，但不进入比较、比率与汇总。[现行版本](../)" in text
    differing = versions(pages, path)
    assert "表格数字有3个与本页不同：" in differing and "| 4,711 | 10 |" in differing
    assert "本站存有这份报告的" not in differing


def test_the_agency_page_lists_the_versions_and_shows_the_standing_figures(pages: Path) -> None:
    text = (pages / "agencies/440115/index.md").read_text("utf-8")
    assert "- [440115-2020](2020/440115-2020/) 2020年度报告的另一个版本，与现行版本有3个表格数字不同。" in text
    assert "[逐项差异](2020/#version-440115-2020)" in text
    assert "- [440115-2020-3](2020/3/) 2020年度报告的另一个版本；两个版本中至少一个没有表格数字，无从比较。" in text
    assert "4711" not in text and "4,711" not in text
    html = (pages / "agencies/440115/2020/index.html").read_text("utf-8")
    assert 'id="version-440115-2020"' in html


def test_a_report_of_one_version_says_nothing_of_versions(pages: Path) -> None:
    for path in ("agencies/440300-zhu-fang-he-jian-she-ju", "agencies/440300-zhu-fang-he-jian-she-ju/2020"):
        text = (pages / path / "index.md").read_text("utf-8")
        assert "{#versions}" not in text and "非现行版本" not in text


def test_indicator_pages_and_downloads_of_a_body_hold_standing_figures_only(pages: Path) -> None:
    for path in ("indicators/requests_new/index.md", "agencies/440115/figures.csv", "years/2020/index.md", "index.md"):
        text = (pages / path).read_text("utf-8")
        assert "4711" not in text and "4,711" not in text, path


def test_a_news_article_is_no_version(tmp_path: Path) -> None:
    news = replace(make_report(document_type="news", form="narrative", base={}), public_lines=())
    current, supersedes = current_and_superseded([("a", make_report()), ("b", news)])
    assert (current, supersedes) == ({"a"}, {})
