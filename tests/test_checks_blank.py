"""Totals left blank: pointed out where their row has numbers, and the column of totals with what the rows add up to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from factories import MISSING, balanced, make_report, rows

CHECK = "select rule, subject, outcome, left_value, right_value, difference from checks where rule glob 'B?' order by 1, 2"
# The balanced report: granted 6 and 3, refused (registry) 1; 13 + 2 = 14 + 1.
GRANTED, CARRIED_OUT = ("granted", "total"), ("requests_carried_out", "total")
COLUMNS = [measure for indicator, measure in balanced("national_2019") if indicator == "granted"]
APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_interest_organization",
    "legal_service_organization",
)


def found(folder: Path, cells: dict[tuple[str, str], Any], **more: Any) -> list[tuple[Any, ...]]:
    return rows(folder, [make_report(cells, **more)], CHECK)


def test_totals_that_are_printed_say_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, {}) == []


@pytest.mark.parametrize(("form", "year"), [("national_2019", 2020), ("national_2021", 2021)])
def test_a_blank_total_beside_numbers_is_pointed_out_and_its_column_adds_up(tmp_path: Path, form: str, year: int) -> None:
    assert found(tmp_path, {GRANTED: None}, form=form, year=year) == [
        ("B1", "granted", "fail", 9, None, None),
        ("B2", "outcomes", "pass", 14, 14, 0),
    ]
    assert found(tmp_path, {CARRIED_OUT: None}, form=form, year=year) == [
        ("B1", "requests_carried_out", "fail", 1, None, None),
        ("B2", "balance", "pass", 15, 15, 0),
        ("B3", "balance", "fail", 15, 14, 1),
    ]


def test_a_column_that_does_not_add_up_with_what_the_rows_add_up_to(tmp_path: Path) -> None:
    broken = {CARRIED_OUT: None, ("requests_carried_in", "total"): 5}
    assert found(tmp_path, broken)[1] == ("B2", "balance", "fail", 18, 15, 3)
    query = "select sentence_zh from checks where rule = 'B2'"
    ((sentence,),) = rows(tmp_path, [make_report(broken)], query)
    assert sentence.startswith(
        "值得留意：‘总计’列的收到与办理有空白，按各行其他栏之和计，新收13＋上年结转5＝18；办理结果总计14＋结转下年度1＝15，相差3件。"
    )


def test_a_column_that_lost_another_total_cannot_be_checked(tmp_path: Path) -> None:
    cells: dict[tuple[str, str], Any] = {GRANTED: None, ("unable_not_held", "total"): MISSING}
    assert found(tmp_path, cells) == [
        ("B1", "granted", "fail", 9, None, None),
        ("B1", "unable_not_held", "not_assessable", 2, None, None),
        ("B2", "outcomes", "not_assessable", None, 14, None),
    ]


def test_a_row_that_is_blank_throughout_adds_nothing_and_is_not_pointed_out(tmp_path: Path) -> None:
    empty = {("denied_other_law", measure): None for measure in COLUMNS}
    assert found(tmp_path, empty) == []
    assert found(tmp_path, {**empty, GRANTED: None})[1] == ("B2", "outcomes", "pass", 14, 14, 0)


def test_a_blank_makes_no_hard_claim_and_fills_no_cell(tmp_path: Path) -> None:
    broken = make_report({CARRIED_OUT: None, ("requests_carried_in", "total"): 5})
    query = "select value, state, check_status from figures where indicator = 'requests_carried_out' and measure = 'total'"
    assert rows(tmp_path, [broken], query) == [(None, "blank", "unchecked")]
    query = "select outcome from checks where rule = 'T1' and subject = 'total'"
    assert rows(tmp_path, [broken], query) == [("not_assessable",)]


def test_the_sentence_and_the_evidence_of_a_blank_total(tmp_path: Path) -> None:
    query = "select sentence_zh, sentence_en from checks where rule = 'B1'"
    ((zh, en),) = rows(tmp_path, [make_report({GRANTED: None})], query)
    assert zh.startswith("值得留意：‘予以公开’行，总计一栏留空，而该行其他栏有数，自然人6＋商业企业3＋")
    assert "＝9。空白不等于零，本站不代填。" in zh
    assert en.startswith("Worth a look: the total is blank while the other columns add up to 9")
    query = "select indicator, sum(value) from check_cells where rule = 'B1' group by 1"
    assert rows(tmp_path, [make_report({GRANTED: None})], query) == [("granted", 9)]


def test_what_is_printed_does_not_balance_where_a_total_is_blank(tmp_path: Path) -> None:
    query = "select sentence_zh, sentence_en from checks where rule = 'B3'"
    ((zh, en),) = rows(tmp_path, [make_report({CARRIED_OUT: None})], query)
    assert zh.startswith(
        "值得留意：‘总计’列的收到与办理有空白，只计印出的数字，新收13＋上年结转2＝15；办理结果总计14＋结转下年度（空白）＝14，相差1件。空白不等于零"
    )
    assert en.startswith("Worth a look: the printed totals alone give 15 against 14")
    query = "select side, indicator, value from check_cells where rule = 'B3' order by position"
    assert rows(tmp_path, [make_report({CARRIED_OUT: None})], query) == [
        ("left", "requests_new", 13),
        ("left", "requests_carried_in", 2),
        ("right", "outcomes_total", 14),
        ("right", "requests_carried_out", None),
    ]


def test_printed_totals_may_balance_without_the_blank_one_and_need_the_others(tmp_path: Path) -> None:
    balanced_by_chance = {CARRIED_OUT: None, ("requests_carried_in", "total"): 1}
    assert found(tmp_path, balanced_by_chance)[2] == ("B3", "balance", "pass", 14, 14, 0)
    lost = {CARRIED_OUT: None, ("requests_carried_in", "total"): MISSING}
    assert ("B3", "balance", "not_assessable", None, 14, None) in found(tmp_path, lost)
