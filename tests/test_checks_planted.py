"""A thousand planted errors: how many the checks catch, by kind, is published and measured again here."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from factories import NANSHA, make_report, rows
from planted import KINDS, Planted, planted_errors, true_table

from publish.database import build_database

COUNT = 1000


@pytest.fixture(scope="module")
def planted() -> list[Planted]:
    return planted_errors(COUNT)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, planted: list[Planted]) -> Path:
    path = tmp_path_factory.mktemp("planted") / "planted.db"
    build_database([report for each in planted for report in each.reports], path)
    return path


def report_id(each: Planted) -> str:
    identity = each.reports[0].identity
    assert identity and identity.agency
    return f"{identity.agency.agency_id}-{identity.year}"


def test_the_generated_tables_add_up_before_the_error_is_planted(tmp_path: Path) -> None:
    chance = random.Random(7)
    for form, year in (("national_2019", 2020), ("national_2021", 2022)):
        report = make_report(true_table(chance, form), form=form, year=year, agency=NANSHA)
        assert rows(tmp_path, [report], "select rule, subject from checks where outcome = 'fail'") == []


def test_a_planted_value_is_stored_as_printed(database: Path, planted: list[Planted]) -> None:
    with closing(sqlite3.connect(database)) as connection:
        for each in planted:
            for (indicator, measure), value in each.cells.items():
                key = (report_id(each), indicator, measure)
                found = connection.execute("select value, state from figures where report_id = ? and indicator = ? and measure = ?", key)
                assert found.fetchone() == (value, "printed")


def test_what_arithmetic_can_catch_is_caught_and_the_share_is_published(database: Path, planted: list[Planted], root: Path) -> None:
    told = yaml.safe_load((root / "publish" / "planted_errors.yml").read_text("utf-8"))
    rules = ", ".join(map(repr, told["rules"]))
    with closing(sqlite3.connect(database)) as connection:
        failed = {row[0] for row in connection.execute(f"select report_id from checks where outcome = 'fail' and rule in ({rules})")}
    total, caught = Counter(each.kind for each in planted), Counter(each.kind for each in planted if report_id(each) in failed)
    published = told["kinds"]
    assert told["tables"] == COUNT
    assert {name: (entry["planted"], entry["caught"]) for name, entry in published.items()} == {
        kind.__name__: (total[kind.__name__], caught[kind.__name__]) for kind in KINDS
    }
    for name, entry in published.items():
        if entry["arithmetic_can"]:
            assert caught[name] / total[name] > 0.99, name


def test_a_figure_in_an_error_that_arithmetic_catches_is_marked(database: Path, planted: list[Planted]) -> None:
    with closing(sqlite3.connect(database)) as connection:
        for each in planted:
            if each.kind == "digit":
                ((indicator, measure),) = each.cells
                key = (report_id(each), indicator, measure)
                found = connection.execute("select check_status from figures where report_id = ? and indicator = ? and measure = ?", key)
                assert found.fetchone() == ("inconsistent",)
