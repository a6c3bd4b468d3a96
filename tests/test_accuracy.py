"""The accuracy gate: its arithmetic, its floors, and a slice of it over the reader."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench import accuracy
from bench.generate import digest, generate, read_truths
from bench.score import score_report
from extract.batch import read_one
from extract.catalogue import read_catalogue
from extract.model import Agency, CatalogueEntry, Figure, Identity, NarrativeFigure, Problem, Report, Source

ENTRY = CatalogueEntry("a.txt")
SOURCE = Source("a.txt", 1, "0" * 64, "text/plain", "utf-8", "hans")
IDENTITY = Identity(Agency("110101", "甲区人民政府", "110101", "government", "county"), 2021, "t", "annual_report", None, "unknown", None)
TRUTH = {
    "file": "a.txt", "form": "national_2021", "medium": "html", "noise": [], "document_type": "annual_report", "agency": "甲区人民政府",
    "region_id": "110101", "year": 2021, "published_on": None, "cells": {}, "narrative": [],
}  # fmt: skip


def figure(value: int | Decimal | None, state: str = "printed", **more: str) -> Figure:
    return Figure("granted", "total", value, "件", state, **more)


def report(*figures: Figure, problems: tuple[Problem, ...] = (), narrative: tuple[NarrativeFigure, ...] = ()) -> Report:
    return Report(SOURCE, ENTRY, IDENTITY, "national_2021", "partial", figures, problems=problems, narrative=narrative)


def counts(printed: str | None, *figures: Figure, **more) -> dict[str, int]:
    return dict(score_report(report(*figures, **more), {**TRUTH, "cells": {"granted.total": printed}}).counts)


@pytest.mark.parametrize(
    ("printed", "figures", "kind"),
    [
        ("5", [figure(5)], "right"),
        ("5", [figure(6)], "wrong"),
        ("5", [figure(None, "missing")], "missing"),
        ("5", [], "missing"),
        ("0.5", [figure(Decimal("0.50"))], "right"),
        (None, [figure(None, "blank")], "right"),
        (None, [figure(None, "dash")], "right"),
        (None, [figure(0)], "wrong"),
        (None, [figure(0, "inferred", proof="row_sum")], "right"),
        (None, [figure(None, "missing")], "missing"),
        ("0", [figure(None, "blank")], "missing"),
    ],
)
def test_a_cell_is_right_wrong_or_missing(printed: str | None, figures: list[Figure], kind: str) -> None:
    scored = counts(printed, *figures)
    assert {name: scored.get(name, 0) for name in ("right", "wrong", "missing")} == {"right": 0, "wrong": 0, "missing": 0, kind: 1}


def test_a_wrong_cell_is_silent_unless_a_problem_names_its_indicator() -> None:
    assert counts("5", figure(6))["silent"] == 1
    other = Problem("stray_value", "一句。", "A sentence.", indicator="requests_new")
    assert counts("5", figure(6), problems=(other,))["silent"] == 1
    assert "silent" not in counts("5", figure(6), problems=(replace(other, indicator="granted"),))


def test_a_value_that_is_printed_nowhere_is_wrong() -> None:
    scored = dict(score_report(report(figure(6)), TRUTH).counts)
    assert (scored["wrong"], scored["silent"]) == (1, 1)


def test_a_crash_is_a_full_miss() -> None:
    score = score_report(None, {**TRUTH, "cells": {"granted.total": "5", "rules.in_force": None}, "narrative": [["3", "件"]]})
    assert score.counts["missing"] == 2
    assert score.counts["narrative_lost"] == 1
    assert score.counts["identity_right"] == 1, "no date is printed and none was read"


def test_counted_figures_are_found_with_their_measure_word_or_are_too_many() -> None:
    def counted(value: int, unit: str) -> NarrativeFigure:
        return NarrativeFigure(1, "overview", value, unit, False, "", "", 1)

    truth = {**TRUTH, "narrative": [["3", "件"], ["3", "件"], ["4", "场"]]}
    scored = score_report(report(narrative=(counted(3, "件"), counted(4, "次"))), truth).counts
    assert (scored["narrative_found"], scored["narrative_lost"], scored["narrative_extra"]) == (1, 2, 1)


def test_floors_only_rise() -> None:
    reached = {"at_least": {"right_share": 0.9}, "at_most": {"silent": 0}, "right_share": {"medium": {"html": 0.95}}}
    assert accuracy.shortfalls(reached, reached) == []
    higher = {"at_least": {"right_share": 0.91}, "at_most": {"silent": 0}, "right_share": {"medium": {"html": 0.99, "pdf": 0.5}}}
    assert len(accuracy.shortfalls(reached, higher)) == 3
    assert len(accuracy.shortfalls({**reached, "at_most": {"silent": 1}}, reached)) == 1


@pytest.fixture
def small_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The gate over eight reports, with files of its own."""
    monkeypatch.setattr(accuracy, "FLOORS", tmp_path / "floors.yml")
    monkeypatch.setattr(accuracy, "RESULT", tmp_path / "accuracy.json")
    whole = accuracy.measure
    monkeypatch.setattr(accuracy, "measure", lambda folder: whole(folder, 8, 1, processes=1))
    monkeypatch.setattr(
        accuracy, "load_floors", lambda: accuracy.yaml.safe_load(accuracy.FLOORS.read_text("utf-8")) if accuracy.FLOORS.exists() else {}
    )
    return tmp_path


def test_an_update_refuses_to_lower_a_floor_and_a_changed_corpus(small_gate: Path) -> None:
    run = CliRunner().invoke
    assert run(accuracy.main, ["--update"]).exit_code == 0
    first = accuracy.FLOORS.read_text("utf-8")
    assert run(accuracy.main, []).exit_code == 0
    floors = accuracy.yaml.safe_load(first)
    floors["at_least"]["right_share"] = 1.1
    accuracy.FLOORS.write_text(accuracy.yaml.safe_dump(floors), "utf-8")
    refused = run(accuracy.main, ["--update"])
    assert refused.exit_code == 1
    assert "below its floor 1.1" in refused.output
    assert run(accuracy.main, ["--update", "--allow-regression"]).exit_code == 0
    assert accuracy.FLOORS.read_text("utf-8") == first
    accuracy.FLOORS.write_text(first.replace(floors["sha256"], "0" * 64), "utf-8")
    changed = run(accuracy.main, ["--update"])
    assert changed.exit_code == 1
    assert "not the pinned one" in changed.output
    assert run(accuracy.main, ["--update", "--new-corpus"]).exit_code == 0
    assert accuracy.FLOORS.read_text("utf-8") == first


def test_the_result_for_the_site_is_that_of_the_pinned_corpus() -> None:
    floors, result = accuracy.load_floors(), json.loads(accuracy.RESULT.read_text("utf-8"))
    assert result["corpus"]["sha256"] == floors["sha256"]
    assert result["total"]["reports"] == accuracy.REPORTS
    assert accuracy.shortfalls(accuracy.floors_of(result), floors) == []
    assert floors["at_most"] == {"crashes": 0, "narrative_extra": 0, "silent": 0, "wrong": 0}


def test_a_slice_of_the_gate_is_read_without_a_silent_error(tmp_path: Path) -> None:
    """The pinned corpus is generated whole and its hash compared; every eighth report of it is read."""
    generate(tmp_path, accuracy.REPORTS, accuracy.SEED, plan="gate")
    assert digest(tmp_path) == accuracy.load_floors()["sha256"]
    read = list(zip(read_catalogue(tmp_path), read_truths(tmp_path), strict=True))[::8]
    scored = []
    for entry, truth in read:
        one = read_one(tmp_path, entry)
        scored.append((one, truth, score_report(one, truth)))
    result = accuracy.tally(scored)["total"]
    assert accuracy.faults(scored, 5) == [] or result["silent"] == result["wrong"] == 0, accuracy.faults(scored, 5)
    assert result["crashes"] == 0
    assert result["right_share"] > 0.9
    assert result["identity_share"] > 0.95
    assert result["narrative_share"] > 0.95
