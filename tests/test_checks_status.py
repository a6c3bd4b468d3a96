"""What the checks say of a figure: consistent, inconsistent, inferred or unchecked."""

from __future__ import annotations

from pathlib import Path

from factories import balanced, build, make_report, rows, status
from test_checks import checked

from extract.model import Figure


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
    split = inferred._replace(state="printed", reading="split")
    assert status(tmp_path, *cell, {cell: split}) == "inferred"
    assert status(tmp_path, *cell, {cell: split._replace(value=1)}) == "inconsistent"


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
