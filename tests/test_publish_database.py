"""The database: what becomes of reports of every kind, and that the same reports give the same bytes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from factories import BUREAU, MISSING, NANSHA, balanced, build, make_report, rows

from extract.model import CatalogueEntry, Evidence, Figure, NarrativeFigure, Noise, Problem, Report, Section, Source
from publish.coverage import days_late, due_on
from publish.database import DatabaseError, build_database, report_ids
from publish.rates import written_out

UNREADABLE = Report(
    Source("broken.bin", 3, "0" * 64, None, None, None),
    CatalogueEntry("broken.bin"),
    None,
    "narrative",
    "narrative_only",
    problems=(Problem("unreadable_file", "文件读不出。", "The file cannot be read."),),
)

# ── who gets which report_id ─────────────────────────────────────────────────────────────────────────────────────


def ids(*reports: Report) -> list[str]:
    return [report_id for report_id, _ in report_ids(reports)]


def test_report_ids_follow_the_catalogue() -> None:
    reports = [
        make_report(path="a"),
        make_report(path="b", document_type="news"),
        make_report(path="c"),
        make_report(path="d", document_type="news"),
        make_report(path="e", document_type="notice"),
        make_report(path="f", year=2021, form="national_2021"),
        make_report(path="g", agency=BUREAU),
        UNREADABLE,
    ]
    assert ids(*reports) == [
        "440115-2020",
        "440115-2020-news",
        "440115-2020-2",
        "440115-2020-news-2",
        "440115-2020-notice",
        "440115-2021",
        "440300-zhu-fang-he-jian-she-ju-2020",
    ]


def test_a_file_without_body_or_year_is_listed_with_its_problem(tmp_path: Path) -> None:
    nobody = make_report(agency=None, path="nobody.txt")
    with build(tmp_path, UNREADABLE, make_report(), nobody) as db:
        assert db.execute("select count(*) from sources").fetchone() == (3,)
        assert db.execute("select path, report_id, kind from problems order by path").fetchall() == [
            ("broken.bin", None, "unreadable_file"),
            ("nobody.txt", None, "unidentified"),
        ]
        assert db.execute("select report_id from reports").fetchall() == [("440115-2020",)]


def test_files_with_the_same_bytes_are_two_sources(tmp_path: Path) -> None:
    one = make_report(path="one.txt")
    two = replace(one, source=replace(one.source, path="two.txt"))
    assert rows(tmp_path, [one, two], "select source_id from sources order by path") == [
        (one.source.sha256[:16],),
        (one.source.sha256[:16] + "-2",),
    ]


# ── which copy stands ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "second", "current"),
    [
        ({"completeness": "partial"}, {}, "440115-2020-2"),
        ({"copy_kind": "encyclopedia"}, {"copy_kind": "republished"}, "440115-2020-2"),
        ({"copy_kind": "official_site"}, {"copy_kind": "republished"}, "440115-2020"),
        ({"published_on": "2021-01-20"}, {"published_on": "2021-03-02"}, "440115-2020-2"),
        ({}, {}, "440115-2020-2"),
    ],
)
def test_the_better_of_two_copies_is_current_and_names_the_other(tmp_path: Path, first: dict, second: dict, current: str) -> None:
    reports = [make_report(path="a", **first), make_report(path="b", **second)]
    found = rows(tmp_path, reports, "select report_id, supersedes from reports where is_current = 1")
    other = ({"440115-2020", "440115-2020-2"} - {current}).pop()
    assert found == [(current, other)]


def test_news_is_never_current_nor_in_a_wide_table_and_its_text_stays_home(tmp_path: Path) -> None:
    section = Section(1, "overview", "标题", "记者全文", 1, 3)
    figure = NarrativeFigure(1, "overview", 85000, "条", False, "8.5万条", "公开8.5万条。", 2)
    news = make_report(document_type="news", form="narrative", base={}, sections=(section,), narrative=(figure,))
    with build(tmp_path, news) as db:
        assert db.execute("select is_current from reports").fetchone() == (0,)
        assert db.execute("select text from sections").fetchone() == (None,)
        assert db.execute("select value, sentence from narrative_figures").fetchone() == (85000, "公开8.5万条。")
        for table in ("requests", "proactive", "remedies", "rates", "checks", "coverage"):
            assert db.execute(f"select count(*) from {table}").fetchone() == (0,)


# ── what a report holds ──────────────────────────────────────────────────────────────────────────────────────────


def test_blank_is_not_zero_and_missing_is_counted(tmp_path: Path) -> None:
    report = make_report({("granted", "total"): None, ("rules", "made_in_year"): MISSING, ("rules", "disclosed_stock"): 0})
    with build(tmp_path, report) as db:
        query = "select state, value from figures where indicator = ? and measure = ?"
        assert db.execute(query, ("granted", "total")).fetchone() == ("blank", None)
        assert db.execute(query, ("rules", "made_in_year")).fetchone() == ("missing", None)
        assert db.execute(query, ("rules", "disclosed_stock")).fetchone() == ("printed", 0)
        assert db.execute("select n_missing, n_inferred from reports").fetchone() == (1, 0)
        assert db.execute("select granted, typeof(granted) from requests where applicant = 'total'").fetchone() == (None, "null")
        assert db.execute("select rules_made_in_year, rules_disclosed_stock from proactive").fetchone() == (None, 0)


def test_money_keeps_its_decimals_and_counts_are_integers(tmp_path: Path) -> None:
    query = "select typeof(value), value from figures where indicator = 'central_procurement' order by measure"
    assert rows(tmp_path, [make_report()], query) == [("real", 1234567.89), ("integer", 7)]


def test_a_cell_printed_twice_keeps_the_first_and_says_so(tmp_path: Path) -> None:
    report = make_report()
    again = Figure("granted", "total", 77, "件", "printed", raw="77", line=9)
    with build(tmp_path, replace(report, figures=(*report.figures, again))) as db:
        assert db.execute("select value from figures where indicator = 'granted' and measure = 'total'").fetchone() == (9,)
        assert db.execute("select kind, indicator, line from problems").fetchall() == [("duplicate_cell", "granted", 9)]


def test_the_ledger_is_counted_by_kind(tmp_path: Path) -> None:
    noise = (Noise("pinyin", 3, 5), Noise("pinyin", 4), Noise("spam_line", 9), Noise("spam_phrase", 10, 2), Noise("personal_data", 11))
    noise += (Noise("breadcrumb", 1), Noise("byte_slip", 7, found="?zhí)", became="处"))
    query = "select pinyin_removed, byte_slips_repaired, spam_removed, chrome_lines_removed, personal_data_masked from sources"
    with build(tmp_path, make_report(noise=noise)) as db:
        assert db.execute(query).fetchone() == (6, 1, 3, 0, 1)
        assert db.execute("select line, kind, count from noise where found is not null").fetchall() == [(7, "byte_slip", 1)]


def test_evidence_and_problems_keep_their_order(tmp_path: Path) -> None:
    report = make_report(problems=(Problem("b", "乙。", "B.", 2), Problem("a", "甲。", "A.", 1, "granted")))
    assert report.identity
    evidence = (Evidence("year", "2020", "title", 1, "2020年"), Evidence("agency", "440115", "footer", 9, "南沙区"))
    with build(tmp_path, replace(report, identity=replace(report.identity, evidence=evidence))) as db:
        assert [row[0] for row in db.execute("select field from evidence order by position")] == ["year", "agency"]
        found = db.execute("select report_id, path, kind, indicator, detail, line from problems order by position").fetchall()
    path = "440115-2020-annual_report.txt"
    assert found == [("440115-2020", path, "b", None, "乙。", 2), ("440115-2020", path, "a", "granted", "甲。", 1)]


# ── wide tables ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_row_for_each_applicant_with_the_sums_that_the_form_does_not_print(tmp_path: Path) -> None:
    cells = {("denied_other_law", "natural_person"): 4, ("unable_unclear", "natural_person"): 3, ("other_all", "natural_person"): 2}
    query = "select granted, denied_total, unable_total, notproc_total, other_total, year, region_id from requests where applicant = ?"
    assert rows(tmp_path, [make_report(cells)], query, "natural_person") == [(6, 5, 5, 1, 2, 2020, "440115")]
    assert len(rows(tmp_path, [make_report(cells)], "select * from requests")) == 7


def test_other_outcomes_since_2021_are_the_sum_of_three(tmp_path: Path) -> None:
    cells = {("other_not_clarified", "total"): 1, ("other_fee_unpaid", "total"): 2, ("other_misc", "total"): 4}
    report = make_report(cells, form="national_2021", year=2021)
    query = "select other_all, other_total from requests where applicant = 'total'"
    assert rows(tmp_path, [report], query) == [(None, 7)]
    cells[("other_misc", "total")] = None
    assert rows(tmp_path, [make_report(cells, form="national_2021", year=2021)], query) == [(None, None)]


def test_a_group_sum_is_null_if_a_leaf_is(tmp_path: Path) -> None:
    query = "select denied_total, unable_total from requests where applicant = 'total'"
    assert rows(tmp_path, [make_report({("denied_third_party", "total"): None})], query) == [(None, 2)]


def test_an_older_statistics_table_enters_no_wide_table(tmp_path: Path) -> None:
    with build(tmp_path, make_report(form="national_2014", year=2016)) as db:
        assert db.execute("select value from figures where indicator = 'requests_received'").fetchone() == (12,)
        assert db.execute("select count(*) from requests").fetchone() == (0,)


# ── rates and due dates ───────────────────────────────────────────────────────────────────────────────────────────


def rate(folder: Path, name: str, cells: dict, **more: object) -> tuple:
    found = rows(
        folder,
        [make_report(cells, **more)],
        "select numerator, denominator, value, n_inconsistent, n_missing from rates where rate = ?",
        name,
    )
    return found[0] if found else ()


def test_rates_follow_their_definitions(tmp_path: Path) -> None:
    assert rate(tmp_path, "disclosure", {}) == (10, 14, 10 / 14, 0, 0)
    assert rate(tmp_path, "merits_disclosure", {}) == (10, 11, 10 / 11, 0, 0)
    assert rate(tmp_path, "carry_over", {}) == (1, 15, 1 / 15, 0, 0)
    assert rate(tmp_path, "reconsideration_correction", {}) == (1, 3, 1 / 3, 0, 0)
    assert rate(tmp_path, "litigation_loss", {}) == (0, 1, 0.0, 0, 0)
    assert rate(tmp_path, "on_time", {}, form="national_2014", year=2016) == (11, 12, 11 / 12, 0, 0)


def test_a_percentage_needs_thirty_outcomes_and_figures_that_add_up(tmp_path: Path) -> None:
    def shown(total: int, **cells: int) -> list[tuple]:
        change = {("granted", "natural_person"): total - 8, ("granted", "total"): total - 5, ("outcomes_total", "total"): total}
        change |= {("outcomes_total", "natural_person"): total - 3}
        query = "select percent from rates where rate = 'full_disclosure'"
        return rows(tmp_path, [make_report({**change, **{(name, "total"): value for name, value in cells.items()}})], query)

    # Without what came in the balance of the year cannot be checked, and the outcomes still add up.
    assert shown(30, requests_new=None) == [(83.3,)]  # type: ignore[arg-type]
    assert shown(29, requests_new=None) == [(None,)]  # type: ignore[arg-type]
    assert shown(30) == [(None,)], "the balance of the year is broken"


def test_a_rate_without_its_figures_is_null_and_says_how_many_it_lacks(tmp_path: Path) -> None:
    assert rate(tmp_path, "disclosure", {("granted", "total"): None}) == (None, 14, None, 0, 1)
    assert rate(tmp_path, "disclosure", {("outcomes_total", "total"): 0})[2] is None
    assert rate(tmp_path, "on_time", {}) == ()


def test_a_rate_counts_the_inconsistent_figures_it_rests_on(tmp_path: Path) -> None:
    assert rate(tmp_path, "carry_over", {("requests_carried_out", "total"): 0})[3] == 3


def test_a_formula_is_written_out() -> None:
    assert written_out(["a.total", "{b}.total", "-d.total"], {"b": ["b", "c"]}) == "a.total + b.total + c.total - d.total"


@pytest.mark.parametrize(
    ("agency_type", "year", "due"),
    [
        ("department", 2019, "2020-01-31"),
        ("government", 2019, "2020-03-31"),
        ("department", 2018, "2019-03-31"),
        ("government", 2008, "2009-03-31"),
        ("government", 2007, None),
        ("township_government", 2020, None),
        ("public_institution", 2015, None),
    ],
)
def test_due_dates_follow_the_law_of_the_year(agency_type: str, year: int, due: str | None) -> None:
    assert due_on(agency_type, year) == due


def test_days_late() -> None:
    assert days_late("2021-01-31", "2021-02-10") == 10
    assert days_late("2021-03-31", "2021-02-10") == 0
    assert days_late("2021-03-31", None) is None
    assert days_late(None, "2021-02-10") is None


# ── the file itself ──────────────────────────────────────────────────────────────────────────────────────────────


def test_keys_and_file_are_sound(tmp_path: Path) -> None:
    with build(tmp_path, make_report(), make_report(agency=BUREAU, year=2019), UNREADABLE) as db:
        assert db.execute("pragma foreign_key_check").fetchall() == []
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        assert db.execute("select count(*) from regions").fetchone()[0] > 3000


def test_a_row_that_refers_to_nothing_stops_the_build_and_spares_what_stands(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    build_database([make_report()], path)
    before = path.read_bytes()
    nowhere = make_report(agency=replace(NANSHA, region_id="999999"))
    with pytest.raises(DatabaseError, match="refers to a row of regions that is not there"):
        build_database([nowhere], path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["gongkai.db"]


BUILD = """
import sys
from pathlib import Path
from factories import BUREAU, make_report
from publish.database import build_database
broken = {("granted", "natural_person"): 1}
build_database([make_report(broken), make_report(agency=BUREAU, year=2019)], Path(sys.argv[1]))
"""


def test_the_same_reports_give_the_same_bytes(tmp_path: Path, root: Path) -> None:
    made = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai")):
        path = tmp_path / f"{seed}.db"
        places = os.pathsep.join((str(root), str(root / "tests")))
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": places}
        subprocess.run([sys.executable, "-c", BUILD, str(path)], check=True, env=environment)
        made.append(path.read_bytes())
    assert made[0] == made[1]


def test_the_dictionary_knows_every_cell_of_every_form(tmp_path: Path) -> None:
    with build(tmp_path, make_report()) as db:
        counted = dict(db.execute("select format, count(*) from form_cells group by 1").fetchall())
        assert (counted["national_2019"], counted["national_2021"]) == (198, 200)
        assert db.execute("select count(*) from formats where format = 'narrative'").fetchone() == (1,)
        assert len(balanced("national_2019")) == 198
    assert sqlite3.sqlite_version_info >= (3, 30)
