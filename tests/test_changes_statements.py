"""What bodies say of their figures, and the page on corrections."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from factories import BUREAU, make_report

from publish.database import build_database
from publish.pages import build_site
from publish.pages.contact import direct_ways, load_contact
from publish.statements import Statement, StatementError, read_statements

WORDS = "该数含上年结转3件，<b>以原件为准</b>。"
ABOUT_A_FIGURE = Statement("440115-2020", "requests_new", "total", WORDS, "https://www.gz.gov.cn/a?b=1", "2026-11-21")
ABOUT_THE_REPORT = Statement("440115-2020", None, None, "整份报告以官网为准。", "https://www.gz.gov.cn/", "2026-11-20")
CORRECTION: dict[str, Any] = {
    "report": "440115-2020",
    "indicator": "granted",
    "measure": "total",
    "printed": 9,
    "corrected": 1008,
    "reason_zh": "原件印作1008。",
    "reason_en": "The original prints 1008.",
    "source": "https://www.gz.gov.cn/original",
    "date": "2026-11-21",
}


def site(out: Path, statements: tuple[Statement, ...] = (), corrections: tuple[dict[str, Any], ...] = ()) -> Path:
    database = out / "data" / "gongkai.db"
    reports = [make_report(public_lines=("一",)), make_report(agency=BUREAU, public_lines=("一",))]
    build_database(reports, database, corrections, statements=statements)
    texts = {"440115-2020": ("一",), "440300-zhu-fang-he-jian-she-ju-2020": ("一",)}
    build_site(database, texts, out, datasette=None)
    return out


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_of_statements_is_read_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "statements.yml"
    path.write_text(
        "- {report_id: 440115-2020, statement: 整份报告以官网为准。, source_url: 'https://www.gz.gov.cn/', date: 2026-11-20}\n"
        f"- report_id: 440115-2020\n  indicator: requests_new\n  measure: total\n  statement: {WORDS}\n"
        "  source_url: https://www.gz.gov.cn/a?b=1\n  date: '2026-11-21'\n",
        "utf-8",
    )
    assert read_statements(path) == (ABOUT_THE_REPORT, ABOUT_A_FIGURE)
    assert read_statements(tmp_path / "nowhere.yml") == ()
    path.write_text("# none\n", "utf-8")
    assert read_statements(path) == ()


GOOD = {"report_id": "a", "statement": "文", "source_url": "https://www.gz.gov.cn/", "date": "2026-11-21"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"statement": None}, "entry 1 has an empty statement"),
        ({"report_id": ...}, "entry 1 lacks report_id"),
        ({"note": "x"}, "entry 1 has note, which a statement does not have"),
        ({"indicator": "granted"}, "entry 1 names only one of indicator and measure"),
        ({"date": "21.11.2026"}, "entry 1 has the date '21.11.2026'; write YYYY-MM-DD"),
        ({"source_url": "javascript:alert(1)"}, "entry 1 has the source_url"),
        ({"source_url": "http://["}, "entry 1 has the source_url"),
    ],
)
def test_a_wrong_entry_is_one_sentence(tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    entry = {key: value for key, value in {**GOOD, **change}.items() if value is not ...}
    path = tmp_path / "statements.yml"
    path.write_text("- " + "\n  ".join(f"{key}: {'' if value is None else value}" for key, value in entry.items()), "utf-8")
    with pytest.raises(StatementError) as told:
        read_statements(path)
    assert f"statements.yml {fault}" in str(told.value) and str(told.value).endswith(".")


@pytest.mark.parametrize("text", ["a: [", "- [1]", "report_id: a", "\x00"])
def test_what_is_no_list_of_statements_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "statements.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(StatementError, match=r"statements\.yml") as told:
        read_statements(path)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (replace(ABOUT_THE_REPORT, report_id="440115-1999"), "entry 2: there is no report 440115-1999"),
        (replace(ABOUT_A_FIGURE, indicator="requests_old"), "entry 2: 440115-2020 has no figure requests_old total"),
    ],
)
def test_a_statement_about_nothing_stops_the_build(tmp_path: Path, statement: Statement, fault: str) -> None:
    with pytest.raises(StatementError, match=fault):
        build_database([make_report()], tmp_path / "x.db", statements=[ABOUT_THE_REPORT, statement])
    assert not (tmp_path / "x.db").exists()


# ── the table and the pages ──────────────────────────────────────────────────────────────────────────────────────


def test_a_statement_changes_no_figure(tmp_path: Path) -> None:
    build_database([make_report()], tmp_path / "one.db")
    build_database([make_report()], tmp_path / "two.db", statements=[ABOUT_THE_REPORT, ABOUT_A_FIGURE])
    with closing(sqlite3.connect(tmp_path / "one.db")) as one, closing(sqlite3.connect(tmp_path / "two.db")) as two:
        assert one.execute("select * from figures").fetchall() == two.execute("select * from figures").fetchall()
        assert two.execute("select report_id, position, indicator, measure, date from statements").fetchall() == [
            ("440115-2020", 1, None, None, "2026-11-20"),
            ("440115-2020", 2, "requests_new", "total", "2026-11-21"),
        ]


def test_the_statement_stands_on_the_report_and_leads_from_its_cell(tmp_path: Path) -> None:
    out = site(tmp_path, statements=(ABOUT_THE_REPORT, ABOUT_A_FIGURE))
    text = (out / "agencies/440115/2020/index.md").read_text("utf-8")
    row = next(line for line in text.splitlines() if "一、本年新收" in line and line.startswith("|"))
    assert row.endswith("[13](source/index.html#L1)\u00a0[说明2](#statement-2) |")
    section = text.partition("{#statements}")[2].partition("\n## ")[0]
    assert "整份报告 *The whole report* {#statement-1}" in section and "> 整份报告以官网为准。" in section
    html = (out / "agencies/440115/2020/index.html").read_text("utf-8")
    assert 'id="statement-2"' in html and "该数含上年结转3件，&lt;b&gt;以原件为准&lt;/b&gt;。" in html
    other = (out / "agencies/440300-zhu-fang-he-jian-she-ju/2020/index.md").read_text("utf-8")
    assert "statement" not in other


def test_the_page_says_how_to_ask_without_an_account_and_by_when_we_answer(tmp_path: Path) -> None:
    text = (site(tmp_path) / "corrections/index.md").read_text("utf-8")
    contact = load_contact()
    assert contact["email"] in text and "不需要账号" in text and "without an account" in text
    assert contact["answer_within_working_days"] == 10
    assert "10个工作日内答复" in text and "within 10 working days" in text
    assert ("占位地址" in text) == contact["email"].endswith(".example")
    assert "目前没有更正。" in text and "目前没有机关的说明。" in text
    assert 'href="../corrections/"' in (tmp_path / "about/index.html").read_text("utf-8"), "every page leads there"


def test_the_page_lists_every_correction_with_the_printed_value_and_every_statement(tmp_path: Path) -> None:
    text = (site(tmp_path, statements=(ABOUT_A_FIGURE,), corrections=(CORRECTION,)) / "corrections/index.md").read_text("utf-8")
    row = next(line for line in text.splitlines() if "原件印作1008。" in line)
    assert row.startswith("| [广州市南沙区人民政府2020年](../agencies/440115/2020/) ")
    assert "| 9 | 1,008 | 原件印作1008。 *The original prints 1008.* | [https://www.gz.gov.cn/original]" in row
    assert row.endswith("| 2026-11-21 |")
    assert "该数含上年结转3件" in text


def test_a_figure_corrected_to_a_blank_is_no_zero(tmp_path: Path) -> None:
    text = (site(tmp_path, corrections=({**CORRECTION, "corrected": None},)) / "corrections/index.md").read_text("utf-8")
    assert "| 9 | 空白 |" in text


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("email: a@b.cn\nissues_url:\n", "must have exactly the keys"),
        ("email: nobody\nissues_url:\nanswer_within_working_days: 10\n", "email must be"),
        ("email: a@b.cn\nissues_url: here\nanswer_within_working_days: 10\n", "issues_url must be"),
        ("email: a@b.cn\nissues_url:\nanswer_within_working_days: soon\n", "answer_within_working_days must be"),
    ],
)
def test_a_contact_that_says_too_little_is_refused(tmp_path: Path, content: str, fault: str) -> None:
    path = tmp_path / "contact.yml"
    path.write_text(content, "utf-8")
    with pytest.raises(ValueError, match=fault):
        load_contact(path)


def test_a_real_address_and_an_issue_tracker_are_one_step_from_the_page() -> None:
    contact = {"email": "a@b.org", "issues_url": "https://github.com/x/y/issues", "answer_within_working_days": 5}
    ways = dict(direct_ways("agencies/440115/2020/", "https://g.org/", contact))
    assert ways["site.report_by_mail"].startswith(
        "mailto:a@b.org?subject=Gongkai%3A%20agencies/440115/2020/&body=https%3A//g.org/agencies/"
    )
    assert ways["site.report_by_issue"].startswith("https://github.com/x/y/issues/new?title=agencies/440115/2020/")
    assert direct_ways("", None, {**contact, "email": "a@b.example", "issues_url": None}) == []
