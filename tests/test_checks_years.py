"""Checks of a report against that of the year before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from factories import BUREAU, balanced, make_report, rows
from test_checks import checked

from extract.identity.gazetteer import Succession
from extract.model import Report

# What the report of the year after prints when it follows from the balanced one.
SECOND_YEAR = {
    ("requests_carried_in", "natural_person"): 1,
    ("requests_carried_in", "total"): 1,
    ("normative_documents", "disclosed_stock"): 25,
    ("normative_documents", "in_force"): 26,
    ("admin_license", "items_prev_year"): 28,
    ("admin_penalty", "items_prev_year"): 105,
    ("requests_received", "cumulative"): 24,
}
BROKEN_YEARS = [
    ("P7", "fujian_2008", "requests_received", {("requests_received", "cumulative"): 25}, 25, 24),
    ("F9", "national_2014", "requests_concluded", {("requests_concluded", "value"): 13}, 13, 12),
    ("U1", "national_2019", "central_procurement", {("central_procurement", "amount_yuan"): 123}, 123, 1234567.89),
    ("U2", "national_2019", "admin_license", {("admin_license", "decisions"): 2001}, 2001, 400),
    ("U2", "national_2021", "requests_new", {("requests_new", "total"): 66}, 66, 13),
    ("Y1", "national_2019", "natural_person", {("requests_carried_in", "natural_person"): 2}, 2, 1),
    ("Y1", "national_2021", "total", {("requests_carried_in", "total"): 3}, 3, 1),
    ("Y2", "national_2019", "admin_license", {("admin_license", "items_prev_year"): 30}, 30, 28),
    ("Y3", "national_2019", "normative_documents", {("normative_documents", "disclosed_stock"): 26}, 26, 25),
    ("Y4", "national_2021", "normative_documents", {("normative_documents", "in_force"): 27}, 27, 26),
    ("Y5", "national_2019", "reconsideration", {("reconsideration", "total"): 0}, 1, 0),
]


def two_years(form: str, cells: dict, before: dict | None = None, **more: Any) -> tuple[Report, Report]:
    year = {"national_2021": 2022, "national_2019": 2020}.get(form, 2016)
    earlier = make_report(before, form=form, year=year - 1, **more)
    return make_report(
        {**{cell: SECOND_YEAR[cell] for cell in SECOND_YEAR if cell in balanced(form)}, **cells}, form=form, year=year
    ), earlier


@pytest.mark.parametrize(("rule", "form", "subject", "cells", "left", "right"), BROKEN_YEARS)
def test_two_years_that_agree_and_two_that_do_not(
    tmp_path: Path, rule: str, form: str, subject: str, cells: dict, left: int, right: int
) -> None:
    assert checked(tmp_path, rule, subject, *two_years(form, {}))[0] == "pass"
    assert checked(tmp_path, rule, subject, *two_years(form, cells)) == ("fail", left, right, pytest.approx(left - right))


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


@pytest.mark.parametrize(("date", "compared"), [("2020-04", False), ("2020", False), ("2019-04", True), ("2021", True)])
def test_a_year_in_which_a_body_was_merged_or_split_has_none_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, date: str, compared: bool
) -> None:
    monkeypatch.setattr("publish.database.load_successions", lambda: (Succession("440114", "440115", "split", date, None),))
    reports = two_years("national_2019", {("requests_carried_in", "natural_person"): 7})
    found = rows(tmp_path, reports, "select outcome from checks where rule = 'Y1' and subject = 'natural_person'")
    assert found == ([("fail",)] if compared else [])


def test_a_failed_check_between_years_names_the_figures_of_both(tmp_path: Path) -> None:
    reports = two_years("national_2019", {("requests_carried_in", "natural_person"): 2})
    cells = rows(
        tmp_path, reports, "select cell_report_id, indicator, measure, side, value from check_cells where rule = 'Y1' order by position"
    )
    assert cells == [
        ("440115-2020", "requests_carried_in", "natural_person", "left", 2),
        ("440115-2019", "requests_carried_out", "natural_person", "right", 1),
    ]


def test_small_numbers_and_zeros_are_no_anomaly(tmp_path: Path) -> None:
    small = two_years("national_2019", {("requests_new", "total"): 2}, {("requests_new", "total"): 29})
    assert checked(tmp_path, "U2", "requests_new", *small)[0] == "pass"
    none = two_years("national_2019", {("central_procurement", "amount_yuan"): 0})
    assert checked(tmp_path, "U1", "central_procurement", *none)[0] == "pass"
    new = two_years("national_2019", {("requests_new", "total"): 30}, {("requests_new", "total"): 0})
    assert checked(tmp_path, "U2", "requests_new", *new)[0] == "fail"
