"""Checks of tables, prose and bodies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from factories import BUREAU, GUANGZHOU, MISSING, NANSHA, balanced, build, make_report, rows, status

from extract.model import Figure, NarrativeFigure, Report, Section

CHECK = "select outcome, left_value, right_value, difference from checks where report_id = ? and rule = ? and subject = ?"


def checked(folder: Path, rule: str, subject: str, report: Report, *others: Report) -> tuple[Any, ...]:
    """The outcome and both values of one check of `report`, which stands first in the catalogue."""
    assert report.identity and report.identity.agency
    report_id = f"{report.identity.agency.agency_id}-{report.identity.year}"
    found = rows(folder, (report, *others), CHECK, report_id, rule, subject)
    assert len(found) == 1, f"{rule} {subject}: {found}"
    return found[0]


# ── one line a rule: form, subject, a cell that breaks it with its value, left and right value then ──────────────

BROKEN = [
    ("T1", "national_2019", "natural_person", {("requests_new", "natural_person"): 13}, 15, 12),
    ("T1", "national_2021", "total", {("requests_carried_out", "total"): 0}, 15, 14),
    ("T2", "national_2019", "commercial_enterprise", {("granted", "commercial_enterprise"): 2}, 2, 3),
    ("T2", "national_2019", "natural_person", {("other_all", "natural_person"): 5}, 16, 11),
    ("T2", "national_2021", "natural_person", {("other_fee_unpaid", "natural_person"): 5}, 16, 11),
    ("T3", "national_2019", "granted", {("granted", "other_organization"): 1}, 10, 9),
    ("T3", "national_2021", "other_misc", {("other_misc", "total"): 4}, 0, 4),
    ("T4", "national_2019", "reconsideration", {("reconsideration", "pending"): 0}, 3, 4),
    ("T5", "national_2019", "requests", {("granted", "natural_person"): -6, ("granted", "total"): -3}, 2, 0),
    ("T5", "national_2021", "proactive", {("rules", "in_force"): -1}, 1, 0),
    ("T5", "national_2019", "remedies", {("reconsideration", "total"): -4}, 1, 0),
    ("D1", "national_2019", "admin_license", {("admin_license", "items_change"): -31}, -1, 0),
    ("D2", "national_2019", "normative_documents.disclosed_stock", {("normative_documents", "disclosed_stock"): 4}, 5, 4),
    ("D2", "national_2019", "normative_documents.made_in_year", {("normative_documents", "made_in_year"): 3}, 5, 3),
    ("D3", "national_2019", "made_in_year", {("rules", "made_in_year"): 1}, 1, 0),
    ("D3", "national_2021", "in_force", {("rules", "in_force"): 2}, 2, 0),
    ("D4", "national_2019", "admin_penalty", {("admin_penalty", "decisions"): 105}, 105, 105),
    ("D5", "national_2021", "normative_documents", {("normative_documents", "in_force"): 3}, 3, 4),
]
STATISTICS = [
    ("P1", "shanghai_2004", "requests_received.value", {("requests_email", "value"): 3}, 15, 12),
    ("P1", "fujian_2008", "requests_received.cumulative", {("requests_received", "cumulative"): 10}, 12, 10),
    ("P2", "shanghai_2004", "replies_total.value", {("reply_unclear", "value"): 1}, 13, 12),
    ("P3", "shanghai_2004", "reply_refused.value", {("refused_process_info", "value"): 1}, 3, 2),
    ("P4", "shanghai_2004", "fees_total", {("fees_total", "value"): 100}, 0, 100),
    ("P4", "shanghai_2004", "proactive_fees", {("proactive_fee_disc", "value"): 20}, 20, 0),
    ("P4", "shanghai_2004", "request_fees", {("request_fee_search", "value"): 30}, 30, 0),
    ("P5", "shanghai_2004", "staff_total", {("staff_total", "value"): 6}, 5, 6),
    ("P6", "shanghai_2004", "proactive_full_text", {("proactive_full_text", "value"): 101}, 101, 100),
    ("F1", "national_2014", "requests_received", {("requests_fax", "value"): 1}, 13, 12),
    ("F2", "national_2014", "requests_concluded", {("concluded_extended", "value"): 2}, 13, 12),
    ("F3", "national_2014", "replies_total", {("reply_not_exist", "value"): 5}, 17, 12),
    ("F4", "national_2014", "reply_refused", {("refused_trade_secret", "value"): 2}, 4, 2),
    ("F5", "national_2014", "reconsideration_cases", {("reconsideration_cases_other", "value"): 1}, 4, 3),
    ("F6", "national_2014", "litigation_cases", {("litigation_cases_corrected", "value"): 1}, 1, 0),
    ("F7", "national_2014", "staff_total", {("staff_part_time", "value"): 1}, 3, 5),
    ("F8", "national_2014", "requests_concluded", {("requests_concluded", "value"): 13}, 13, 12),
    ("F10", "national_2014", "proactive_via_website", {("proactive_via_website", "value"): 110}, 110, 100),
    ("F10", "national_2014", "proactive_total", {("proactive_total", "value"): 121}, 121, 120),
    ("F11", "national_2014", "normative_docs_issued", {("proactive_normative_docs", "value"): 6}, 6, 5),
    ("F12", "national_2014", "press_conferences", {("press_conferences_by_head", "value"): 1}, 1, 0),
    ("F13", "national_2014", "responses_total", {("responses_total", "value"): 1}, 1, 0),
]
YEARS = {"national_2021": 2021, "national_2014": 2016, "shanghai_2004": 2010, "fujian_2008": 2010}


@pytest.mark.parametrize(("rule", "form", "subject", "cells", "left", "right"), STATISTICS)
def test_older_tables_that_add_up_and_that_do_not(
    tmp_path: Path, rule: str, form: str, subject: str, cells: dict, left: int, right: int
) -> None:
    assert checked(tmp_path, rule, subject, make_report(form=form, year=YEARS[form]))[0] == "pass"
    assert checked(tmp_path, rule, subject, make_report(cells, form=form, year=YEARS[form])) == ("fail", left, right, left - right)


@pytest.mark.parametrize(("rule", "form", "subject", "cells", "left", "right"), STATISTICS)
def test_an_older_table_with_a_blank_cannot_be_checked(
    tmp_path: Path, rule: str, form: str, subject: str, cells: dict, left: int, right: int
) -> None:
    blank = {cell: None for cell in balanced(form) if cell in cells or cell[0] == subject}
    assert checked(tmp_path, rule, subject, make_report({**cells, **blank}, form=form, year=YEARS[form]))[0] == "not_assessable"


def test_rows_that_an_older_table_does_not_print_do_not_enter(tmp_path: Path) -> None:
    printed = {("requests_in_person", "value"): 2, ("requests_online", "value"): 10, ("requests_received", "value"): 12}
    assert checked(tmp_path, "F1", "requests_received", make_report(base=printed, form="national_2014", year=2016))[0] == "pass"
    del printed[("requests_in_person", "value")]
    alone = make_report(base=printed, form="national_2014", year=2016)
    assert rows(tmp_path, [alone], "select * from checks where rule = 'F1'") == []


# A cell whose loss makes the check of the same line one that cannot be made.
NEEDED = {
    "T1": ("requests_carried_out", "{subject}"),
    "T2": ("denied_other_law", "{subject}"),
    "T3": ("{subject}", "research_institution"),
    "T4": ("{subject}", "upheld"),
    "D1": ("{subject}", "items_prev_year"),
    "D2": ("normative_documents", "disclosed_in_year"),
    "D3": ("rules", "{subject}"),
    "D4": ("{subject}", "decisions"),
    "D5": ("{subject}", "issued_in_year"),
}


@pytest.mark.parametrize(("rule", "form", "subject", "cells", "left", "right"), BROKEN)
def test_a_case_that_does_not_add_up_and_the_same_unbroken(
    tmp_path: Path, rule: str, form: str, subject: str, cells: dict, left: int, right: int
) -> None:
    year = 2021 if form == "national_2021" else 2020
    assert checked(tmp_path, rule, subject, make_report(form=form, year=year))[0] == "pass"
    assert checked(tmp_path, rule, subject, make_report(cells, form=form, year=year)) == ("fail", left, right, left - right)


@pytest.mark.parametrize("lost", [None, MISSING], ids=["blank", "missing"])
@pytest.mark.parametrize(("rule", "form", "subject", "cells", "left", "right"), [case for case in BROKEN if case[0] in NEEDED])
def test_a_case_that_cannot_be_checked(
    tmp_path: Path, rule: str, form: str, subject: str, cells: dict, left: int, right: int, lost: object
) -> None:
    indicator, measure = (part.format(subject=subject) for part in NEEDED[rule])
    report = make_report({**cells, (indicator, measure): lost}, form=form, year=2021 if form == "national_2021" else 2020)
    outcome, left_value, right_value, difference = checked(tmp_path, rule, subject, report)
    assert outcome == "not_assessable"
    assert (left_value is None or right_value is None) and difference is None


def test_counts_are_judged_as_far_as_they_are_there(tmp_path: Path) -> None:
    blank = {("granted", "natural_person"): None}
    assert checked(tmp_path, "T5", "requests", make_report(blank))[0] == "not_assessable"
    assert checked(tmp_path, "T5", "requests", make_report({**blank, ("granted", "total"): -1}))[0] == "fail"


# ── prose against table ──────────────────────────────────────────────────────────────────────────────────────────

# rule, form, indicator of the prose, numbers that agree with the balanced table, the usual one
STATED = [
    ("N1", "national_2019", "requests_new", (13, 15), ("requests_new", "total")),
    ("N2", "national_2021", "granted", (9, 10), ("granted", "total")),
    ("N3", "national_2019", "normative_documents", (5, 20), ("normative_documents", "made_in_year")),
    ("N3", "national_2021", "normative_documents", (4, 23), ("normative_documents", "issued_in_year")),
    ("N4", "national_2019", "denied_total", (1,), ("denied_registry_query", "total")),
    ("N4", "national_2021", "other_total", (0,), ("other_misc", "total")),
    ("N4", "national_2019", "litigation_cases", (1,), ("litigation_direct", "total")),
    ("N7", "national_2014", "requests_new", (12,), ("requests_received", "value")),
    ("N7", "national_2014", "press_conferences", (0,), ("press_conferences", "value")),
]


def said(indicator: str, value: int, form: str, cells: dict | None = None, approximate: bool = False, **more: Any) -> Report:
    phrase = f"收到申请{value}件"
    figure = NarrativeFigure(1, "requests", value, "件", approximate, phrase, f"全年{phrase}。", 7, indicator)
    return make_report(cells, form=form, year=YEARS.get(form, 2020), narrative=(figure,), **more)


@pytest.mark.parametrize(("rule", "form", "indicator", "agreeing", "usual"), STATED)
def test_prose_that_agrees_that_does_not_and_that_has_no_table(
    tmp_path: Path, rule: str, form: str, indicator: str, agreeing: tuple[int, ...], usual: tuple[str, str]
) -> None:
    for value in agreeing:
        assert checked(tmp_path, rule, f"{indicator}.{value}", said(indicator, value, form)) == ("pass", value, value, 0)
    subject = f"{indicator}.77"
    outcome, left, right, difference = checked(tmp_path, rule, subject, said(indicator, 77, form))
    assert (outcome, left, right, difference) == ("fail", 77, agreeing[0], 77 - agreeing[0])
    assert checked(tmp_path, rule, subject, said(indicator, 77, form, {usual: None}))[0] == "not_assessable"


def test_a_sentence_quotes_the_prose_and_the_evidence_names_it(tmp_path: Path) -> None:
    with build(tmp_path, said("requests_new", 77, "national_2019")) as db:
        ((zh, en),) = db.execute("select sentence_zh, sentence_en from checks where rule = 'N1'").fetchall()
        assert zh.startswith("值得留意：正文第7行说“收到申请77件”，表中新收13。")
        assert en.startswith("Worth a look: the prose says 77, the table 13 (“New requests in the year” as the prose has it, line 7).")
        cells = db.execute(
            "select side, indicator, measure, narrative_position, value from check_cells where rule = 'N1' order by position"
        )
        assert cells.fetchall() == [("left", "requests_new", None, 1, 77), ("right", "requests_new", "total", None, 13)]
        assert db.execute("select count(*) from figures where check_status = 'inconsistent'").fetchone() == (0,)


@pytest.mark.parametrize("more", [{"approximate": True}, {"document_type": "news"}])
def test_round_numbers_and_news_are_not_compared(tmp_path: Path, more: dict) -> None:
    assert rows(tmp_path, [said("requests_new", 77, "national_2019", **more)], "select * from checks where rule = 'N1'") == []


# ── zeros, copies, jurisdictions ─────────────────────────────────────────────────────────────────────────────────


def test_a_table_of_zeros_is_pointed_out(tmp_path: Path) -> None:
    zeros = {cell: 0 for cell in balanced("national_2019")}
    assert checked(tmp_path, "U3", "requests", make_report())[0] == "pass"
    assert checked(tmp_path, "U3", "requests", make_report(zeros)) == ("fail", 0, 1, -1)
    assert checked(tmp_path, "U3", "requests", make_report({**zeros, ("granted", "total"): MISSING}))[0] == "not_assessable"
    ((sentence,),) = rows(tmp_path, [make_report(zeros)], "select sentence_zh from checks where rule = 'U3' and subject = 'requests'")
    assert sentence.startswith("值得留意：依申请公开表的每个数字都是零。")


def prose(seed: int, length: int = 1500) -> tuple[Section, ...]:
    """A text of about `length` characters: the same seed, the same text."""
    words = [f"第{seed * 7919 + place * 31 + seed * place % 13}项工作，" for place in range(length // 5)]
    return (Section(1, "overview", None, "".join(words), 1, 9),)


def test_a_report_copied_from_last_year_is_pointed_out(tmp_path: Path) -> None:
    earlier, copied = make_report(year=2019, sections=prose(1)), make_report(sections=prose(1))
    found = checked(tmp_path, "U4", "prose", copied, earlier)
    assert (found[0], found[1]) == ("fail", 1)
    query = "select c.cell_report_id, k.sentence_zh from check_cells c join checks k using (report_id, rule, subject) where rule = 'U4'"
    ((other, sentence),) = rows(tmp_path, [copied, earlier], query)
    assert other == "440115-2019"
    assert sentence.startswith("值得留意：正文与“广州市南沙区人民政府2019年”几乎相同（相似度1）。")


def test_reports_of_their_own_and_short_ones_are_not(tmp_path: Path) -> None:
    assert checked(tmp_path, "U4", "prose", make_report(sections=prose(1)), make_report(year=2019, sections=prose(2)))[0] == "pass"
    assert checked(tmp_path, "U4", "prose", make_report(sections=prose(1, 100)))[0] == "not_assessable"
    assert checked(tmp_path, "U4", "prose", make_report(sections=prose(1)), make_report(path="copy", sections=prose(1)))[0] == "pass"


def test_an_amount_without_a_unit_is_pointed_out_and_marks_nothing(tmp_path: Path) -> None:
    cell = ("central_procurement", "amount_yuan")
    bare = Figure(*cell, 251000, None, "printed", raw="251000", line=1)
    assert checked(tmp_path, "U5", "central_procurement", make_report()) == ("pass", 1234567.89, None, None)
    assert checked(tmp_path, "U5", "central_procurement", make_report({cell: bare})) == ("fail", 251000, None, None)
    assert checked(tmp_path, "U5", "central_procurement", make_report({cell: bare._replace(value=0)}))[0] == "pass"
    assert checked(tmp_path, "U5", "central_procurement", make_report({cell: MISSING}))[0] == "not_assessable"
    fees = make_report(
        {("request_fees", "value"): bare._replace(indicator="request_fees", measure="value")}, form="national_2014", year=2016
    )
    assert checked(tmp_path, "U5", "request_fees", fees)[0] == "fail"
    ((sentence,),) = rows(tmp_path, [make_report({cell: bare})], "select sentence_zh from checks where rule = 'U5' and outcome = 'fail'")
    assert sentence.startswith("值得留意：‘政府集中采购’的金额251000没有印明单位，照原样收录")
    query = "select indicator, measure, value from check_cells where rule = 'U5'"
    assert rows(tmp_path, [make_report({cell: bare})], query) == [(*cell, 251000)]
    assert status(tmp_path, *cell, {cell: bare}) == "unchecked"


def test_a_jurisdiction_is_not_below_its_members(tmp_path: Path) -> None:
    whole = make_report(agency=NANSHA, scope="jurisdiction_total")
    bureau = replace(BUREAU, agency_id="440115-ju", region_id="440115")
    small, big = make_report(agency=bureau), make_report({("requests_new", "total"): 14}, agency=bureau)
    assert checked(tmp_path, "A1", "440115-ju-2020", whole, small) == ("pass", 13, 13, 0)
    assert checked(tmp_path, "A1", "440115-ju-2020", whole, big) == ("fail", 13, 14, -1)
    assert (
        checked(tmp_path, "A1", "440115-ju-2020", whole, make_report({("requests_new", "total"): None}, agency=bureau))[0]
        == "not_assessable"
    )
    elsewhere = make_report({("requests_new", "total"): 14}, agency=BUREAU)
    vertical = make_report({("requests_new", "total"): 14}, agency=bureau, scope="vertical_system")
    assert rows(tmp_path, [whole, elsewhere, vertical], "select * from checks where rule = 'A1'") == []
    ((sentence,),) = rows(tmp_path, [whole, big], "select sentence_zh from checks where rule = 'A1'")
    assert sentence.startswith("值得留意：全区汇总报告新收13件，少于“深圳市住房和建设局2020年”的14件")


# ── who may make rules ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_city_government_may_make_rules_and_its_bureau_may_not(tmp_path: Path) -> None:
    made = {("rules", "made_in_year"): 3}
    reports = [make_report(made, agency=GUANGZHOU), make_report(made, agency=BUREAU)]
    found = rows(tmp_path, reports, "select distinct report_id from checks where rule = 'D3'")
    assert found == [(f"{BUREAU.agency_id}-2020",)]
