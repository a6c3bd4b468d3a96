"""Checks: every rule has a case that adds up, one that does not and one that cannot be checked; the gold's breaks are found."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from factories import BUREAU, GUANGZHOU, MISSING, balanced, build, make_report, rows
from test_tables import GOLD, gold_cells

from extract.model import Figure, Report
from publish.rules import RuleError, load_rules, read_rules

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


def test_every_rule_has_its_cases_here() -> None:
    assert {rule.rule for rule in load_rules()} == {case[0] for case in BROKEN} | {case[0] for case in BROKEN_YEARS}


# ── two years ────────────────────────────────────────────────────────────────────────────────────────────────────

# What the report of the year after prints when it follows from the balanced one.
SECOND_YEAR = {
    ("requests_carried_in", "natural_person"): 1,
    ("requests_carried_in", "total"): 1,
    ("normative_documents", "disclosed_stock"): 25,
    ("normative_documents", "in_force"): 26,
    ("admin_license", "items_prev_year"): 28,
    ("admin_penalty", "items_prev_year"): 105,
}
BROKEN_YEARS = [
    ("Y1", "national_2019", "natural_person", {("requests_carried_in", "natural_person"): 2}, 2, 1),
    ("Y1", "national_2021", "total", {("requests_carried_in", "total"): 3}, 3, 1),
    ("Y2", "national_2019", "admin_license", {("admin_license", "items_prev_year"): 30}, 30, 28),
    ("Y3", "national_2019", "normative_documents", {("normative_documents", "disclosed_stock"): 26}, 26, 25),
    ("Y4", "national_2021", "normative_documents", {("normative_documents", "in_force"): 27}, 27, 26),
    ("Y5", "national_2019", "reconsideration", {("reconsideration", "total"): 0}, 1, 0),
]


def two_years(form: str, cells: dict, before: dict | None = None, **more: Any) -> tuple[Report, Report]:
    year = 2022 if form == "national_2021" else 2020
    earlier = make_report(before, form=form, year=year - 1, **more)
    return make_report(
        {**{cell: SECOND_YEAR[cell] for cell in SECOND_YEAR if cell in balanced(form)}, **cells}, form=form, year=year
    ), earlier


@pytest.mark.parametrize(("rule", "form", "subject", "cells", "left", "right"), BROKEN_YEARS)
def test_two_years_that_agree_and_two_that_do_not(
    tmp_path: Path, rule: str, form: str, subject: str, cells: dict, left: int, right: int
) -> None:
    assert checked(tmp_path, rule, subject, *two_years(form, {}))[0] == "pass"
    assert checked(tmp_path, rule, subject, *two_years(form, cells)) == ("fail", left, right, left - right)


@pytest.mark.parametrize(("rule", "form", "subject", "cells", "left", "right"), BROKEN_YEARS)
def test_two_years_of_which_one_lost_the_figure(
    tmp_path: Path, rule: str, form: str, subject: str, cells: dict, left: int, right: int
) -> None:
    lost = {cell: None for cell in balanced(form) if cell[0] in (subject, "requests_carried_out")}
    assert checked(tmp_path, rule, subject, *two_years(form, cells, lost))[0] == "not_assessable"


@pytest.mark.parametrize("more", [{"scope": "jurisdiction_total"}, {"agency": BUREAU}, {"document_type": "bulletin"}])
def test_years_of_another_scope_body_or_kind_of_document_are_not_compared(tmp_path: Path, more: dict) -> None:
    reports = two_years("national_2019", {("requests_carried_in", "natural_person"): 7}, **more)
    assert rows(tmp_path, reports, "select * from checks where rule = 'Y1'") == []


def test_a_failed_check_between_years_names_the_figures_of_both(tmp_path: Path) -> None:
    reports = two_years("national_2019", {("requests_carried_in", "natural_person"): 2})
    cells = rows(
        tmp_path, reports, "select cell_report_id, indicator, measure, side, value from check_cells where rule = 'Y1' order by position"
    )
    assert cells == [
        ("440115-2020", "requests_carried_in", "natural_person", "left", 2),
        ("440115-2019", "requests_carried_out", "natural_person", "right", 1),
    ]


# ── who may make rules ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_city_government_may_make_rules_and_its_bureau_may_not(tmp_path: Path) -> None:
    made = {("rules", "made_in_year"): 3}
    reports = [make_report(made, agency=GUANGZHOU), make_report(made, agency=BUREAU)]
    found = rows(tmp_path, reports, "select distinct report_id from checks where rule = 'D3'")
    assert found == [(f"{BUREAU.agency_id}-2020",)]


# ── the gold ─────────────────────────────────────────────────────────────────────────────────────────────────────

IDENTITIES = {"新收+上年结转 = 总计+结转下年度": "T1", "办理结果各项之和 = （七）总计": "T2"}
COLUMNS = {"自然人": "natural_person", "商业企业": "commercial_enterprise", "法律服务机构": "legal_service_organization"}
COLUMNS |= {"其他": "other_organization", "总计": "total"}


def gold_report(name: str, **more: Any) -> tuple[Report, dict]:
    gold = json.loads((GOLD / f"{name}.gold.json").read_text("utf-8"))
    return make_report(base=gold_cells(gold), year=gold["year"], **more), gold


def test_the_breaks_of_the_gold_are_found_and_no_others(tmp_path: Path) -> None:
    first, _ = gold_report("002_6fd43bb944f829ae")
    second, gold = gold_report("003_5485236d7c6fb8e1", agency=BUREAU, copy_kind="encyclopedia")
    failed = rows(tmp_path, (first, second), "select report_id, rule, subject, left_value, right_value from checks where outcome = 'fail'")
    hard = {
        (f"{BUREAU.agency_id}-2020", IDENTITIES[each["identity"]], COLUMNS[each["where"]], each["left"], each["right"])
        for each in gold["checks"]
        if each["identity"] in IDENTITIES
    }
    assert len(hard) == 8
    assert {row for row in failed if row[1].startswith("T")} == hard
    soft = {row[1:3] for row in failed if not row[1].startswith("T")}
    assert soft == {("D3", column) for column in ("made_in_year", "disclosed_in_year", "disclosed_stock")} | {
        ("D4", "admin_penalty"),
        ("D4", "admin_compulsion"),
    }


def test_the_sentence_of_the_contract(tmp_path: Path) -> None:
    report, _ = gold_report("003_5485236d7c6fb8e1", agency=BUREAU)
    query = "select sentence_zh, sentence_en from checks where rule = 'T1' and subject = 'natural_person'"
    assert rows(tmp_path, [report], query) == [
        (
            "表内数字不符：‘自然人’列，新收154＋上年结转3＝157；办理结果总计154＋结转下年度0＝154，相差3件。"
            "照本站所存文本原样显示；差异可能出自填报、转载或本站读取，以发布机关原件为准。",
            "Does not add up: 157 against 154. Shown as printed in the copy we hold; the cause may be the filing, the copy or our reading.",
        )
    ]


def test_a_negative_number_in_a_sentence_stands_in_brackets(tmp_path: Path) -> None:
    report, _ = gold_report("003_5485236d7c6fb8e1", agency=BUREAU)
    ((sentence,),) = rows(tmp_path, [report], "select sentence_zh from checks where rule = 'D4' and subject = 'admin_penalty'")
    assert "上一年项目数量351＋本年增/减（−99）＝252" in sentence


def test_no_sentence_passes_judgement(tmp_path: Path) -> None:
    report, _ = gold_report("003_5485236d7c6fb8e1", agency=BUREAU)
    blank = make_report({("granted", "total"): None}, agency=GUANGZHOU)
    for zh, en, outcome in rows(tmp_path, [report, blank], "select sentence_zh, sentence_en, outcome from checks"):
        assert (zh is None) == (en is None) == (outcome == "pass")
        for word in ("通过", "失败", "合格", "造假", "错误"):
            assert word not in (zh or "")


# ── the evidence ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_cells_of_a_failed_check_add_up_to_its_two_sides(tmp_path: Path) -> None:
    report, _ = gold_report("003_5485236d7c6fb8e1", agency=BUREAU)
    query = """
        select k.rule, k.subject, k.left_value, k.right_value,
               sum(c.coefficient * c.value) filter (where side = 'left'),
               sum(c.coefficient * c.value) filter (where side = 'right')
        from checks k join check_cells c using (report_id, rule, subject) where k.rule in ('T1', 'T2', 'D4') group by 1, 2"""
    found = rows(tmp_path, [report], query)
    assert len(found) == 10
    for _, _, left, right, left_cells, right_cells in found:
        assert (left, right) == (left_cells, right_cells)


def test_a_fingerprint_changes_with_a_value_and_a_fragment_does_not(tmp_path: Path) -> None:
    query = "select fingerprint, fragment from checks where rule = 'T1' and subject = 'natural_person'"
    ((one, place),) = rows(tmp_path, [make_report({("requests_new", "natural_person"): 13})], query)
    ((same, _),) = rows(tmp_path, [make_report({("requests_new", "natural_person"): 13, ("granted", "total"): 1})], query)
    ((other, same_place),) = rows(tmp_path, [make_report({("requests_new", "natural_person"): 14})], query)
    assert one == same != other
    assert one == hashlib.sha256(b"440115-2020\x1fT1\x1fnatural_person\x1f15\x1f12").hexdigest()[:16]
    assert place == same_place == "check-T1-natural_person"


# ── what the checks say of a figure ──────────────────────────────────────────────────────────────────────────────

STATUS = "select check_status from figures where indicator = ? and measure = ?"


def status(folder: Path, indicator: str, measure: str, cells: dict, **more: Any) -> str:
    ((found,),) = rows(folder, [make_report(cells, **more)], STATUS, indicator, measure)
    return found


def test_a_figure_in_sums_that_hold_is_consistent(tmp_path: Path) -> None:
    assert status(tmp_path, "granted", "natural_person", {}) == "consistent"


def test_a_figure_in_one_hard_sum_that_fails_is_inconsistent_though_others_hold(tmp_path: Path) -> None:
    broken = {("requests_new", "natural_person"): 13}
    assert status(tmp_path, "outcomes_total", "natural_person", broken) == "inconsistent"
    assert status(tmp_path, "outcomes_total", "commercial_enterprise", broken) == "consistent"


def test_only_the_figure_that_is_no_count_is_marked(tmp_path: Path) -> None:
    broken = {("litigation_after_reconsideration", "upheld"): -1, ("litigation_after_reconsideration", "other"): 1}
    assert status(tmp_path, "litigation_after_reconsideration", "upheld", broken) == "inconsistent"
    assert status(tmp_path, "litigation_after_reconsideration", "other", broken) == "consistent"


def test_a_soft_rule_marks_nothing(tmp_path: Path) -> None:
    assert status(tmp_path, "rules", "made_in_year", {("rules", "made_in_year"): 1}) == "unchecked"


def test_a_blank_is_unchecked(tmp_path: Path) -> None:
    assert status(tmp_path, "granted", "natural_person", {("granted", "natural_person"): None}) == "unchecked"


def test_an_all_zero_table_is_never_consistent(tmp_path: Path) -> None:
    zeros = {cell: 0 for cell in balanced("national_2019")}
    counted = rows(tmp_path, [make_report(zeros)], "select check_status, count(*) from figures group by 1")
    assert counted == [("unchecked", 198)]
    requests_only = {cell: 0 for cell in balanced("national_2019") if cell[1] in ("upheld", "corrected", "other", "pending")}
    requests_only |= {(name, "total"): 0 for name in ("reconsideration", "litigation_direct", "litigation_after_reconsideration")}
    assert status(tmp_path, "reconsideration", "total", requests_only) == "unchecked"


def test_an_inferred_figure_and_the_sum_that_proved_it_prove_nothing(tmp_path: Path) -> None:
    cell = ("denied_other_law", "natural_person")
    inferred = Figure(*cell, 0, "件", "inferred", proof="row_sum")
    assert status(tmp_path, *cell, {cell: inferred}) == "inferred"
    # Row T3 and column T2 rest on it; the row's other figures still stand in columns of their own.
    assert status(tmp_path, "denied_other_law", "commercial_enterprise", {cell: inferred}) == "consistent"
    split = replace(inferred, state="printed", reading="split")
    assert status(tmp_path, *cell, {cell: split}) == "inferred"
    assert status(tmp_path, *cell, {cell: replace(split, value=1)}) == "inconsistent"


def test_reports_count_their_inconsistent_figures(tmp_path: Path) -> None:
    with build(tmp_path, make_report({("reconsideration", "pending"): 0})) as connection:
        assert connection.execute("select n_inconsistent from reports").fetchone() == (5,)


def test_a_report_that_mixes_forms_is_checked_by_the_form_of_each_table(tmp_path: Path) -> None:
    old, new = balanced("national_2019"), balanced("national_2021")
    mixed = {cell: value for cell, value in old.items() if cell[0] in ("rules", "normative_documents", "admin_license")}
    mixed |= {cell: value for cell, value in new.items() if cell[1] == "natural_person"}
    mixed[("admin_license", "items_change")] = -31
    report = make_report(base=mixed, form="national_2021", year=2021)
    assert checked(tmp_path, "D1", "admin_license", report)[0] == "fail"
    assert checked(tmp_path, "T2", "natural_person", report)[0] == "pass"


# ── rules as data ────────────────────────────────────────────────────────────────────────────────────────────────

RULE = {
    "rule": "X1",
    "kind": "within_table",
    "severity": "hard",
    "formats": ["national_2019"],
    "block": "requests",
    "title_zh": "甲",
    "title_en": "a",
    "formula_zh": "甲＝乙",
    "formula_en": "a = b",
    "for_each": {"column": "columns"},
    "left": ["granted.{column}"],
    "relation": "=",
    "right": ["granted.total"],
    "label": "indicator",
    "subject_zh": "{column}",
    "subject_en": "{column}",
}


def read_rule(**changes: Any) -> Any:
    told = {"fail_zh": "", "fail_en": ""}
    data = {"sets": {"columns": ["total"]}, "bodies": {}, "sentences": {"hard": told, "tail_zh": "", "tail_en": ""}}
    return read_rules({**data, "rules": [{**RULE, **changes}]})


def test_a_rule_is_read_from_data() -> None:
    (rule,) = read_rule()
    assert [(s.subject, s.subject_zh, len(s.terms)) for s in rule.subjects] == [("total", "总计", 2)]


@pytest.mark.parametrize(
    "changes",
    [
        {"left": ["grnated.total"]},
        {"left": ["granted.{nobody}"]},
        {"left": ["granted"]},
        {"relation": "=="},
        {"cases": [{"subject": "all"}, {"subject": "all"}]},
    ],
)
def test_a_rule_that_names_what_does_not_exist_is_refused(changes: dict) -> None:
    with pytest.raises(RuleError, match="X1"):
        read_rule(**changes)
