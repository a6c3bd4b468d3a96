"""Crosswalk, breaks, warnings, corrections and floors: what keeps a user and a publisher from a wrong number."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
import yaml
from factories import BUREAU, MISSING, balanced, build, make_report, rows

from extract.forms import load_dictionary, load_forms
from publish.corrections import CorrectionError, read_corrections
from publish.database import build_database
from publish.floors import FloorError, check_floors
from publish.guidance import crosswalk_rows, series_break_rows

BLOCKS = {entry["indicator"]: entry["block"] for entry in load_dictionary("indicators.yml")}

# ── crosswalk and breaks ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_crosswalk_joins_known_indicators_of_different_forms() -> None:
    found = crosswalk_rows()
    for start, end, grade, note, note_en in found:
        assert start in BLOCKS and end in BLOCKS and start != end
        assert grade in ("same", "close", "partial", "none") and note and note_en
    assert len({row[:2] for row in found}) == len(found)


def test_an_indicator_without_a_later_form_is_joined_or_says_that_it_is_not() -> None:
    """Every reply and refusal of the table of 2014 has its line; the rest are statistics that ended with it."""
    told = {row[0] for row in crosswalk_rows()}
    table = next(form for form in load_forms() if form.form == "national_2014").tables[0]
    outcomes = {cell[0] for cell in table.cells() if cell[0].startswith(("reply_", "refused_"))}
    assert outcomes - told == {"reply_amend_requested"}


def test_breaks_cut_the_series_that_changed_and_no_other() -> None:
    cut = {(row[0], row[1]): row[2] for row in series_break_rows()}
    assert cut["form_2021", "normative_documents"] == 2021
    assert cut["form_2021", "admin_fee"] == 2021
    assert ("form_2021", "requests_new") not in cut
    assert cut["form_2019", "requests_received"] == 2019
    assert cut["fees_2017", "request_fees"] == 2017
    assert {indicator for name, indicator in cut if name == "reconsideration_2024"} == {
        "reconsideration",
        "litigation_direct",
        "litigation_after_reconsideration",
    }


# ── usage warnings ───────────────────────────────────────────────────────────────────────────────────────────────


def warnings_of(folder: Path, **more: Any) -> set[str]:
    return {row[0] for row in rows(folder, [make_report(more.pop("cells", None), **more)], "select warning from report_warnings")}


def test_a_report_bears_the_warnings_of_what_it_is(tmp_path: Path) -> None:
    many = {("outcomes_total", "total"): 30}
    assert warnings_of(tmp_path) == {"small_denominator"}
    assert "small_denominator" not in warnings_of(tmp_path, cells=many)
    assert "copy_not_official" in warnings_of(tmp_path, copy_kind="republished")
    assert "scope_overlap" in warnings_of(tmp_path, scope="jurisdiction_total")
    assert "scope_unknown" in warnings_of(tmp_path, scope="unknown")
    assert "not_consistent" in warnings_of(tmp_path, cells=many)
    assert "figures_missing" in warnings_of(tmp_path, cells={("granted", "total"): MISSING})
    assert "totals_blank" in warnings_of(tmp_path, cells={("granted", "total"): None})
    assert "all_zero" in warnings_of(tmp_path, cells={cell: 0 for cell in balanced("national_2019")})
    assert not {"totals_blank", "all_zero"} & warnings_of(tmp_path, cells={("granted", "total"): MISSING})
    assert "news_only" in warnings_of(tmp_path, document_type="news", copy_kind="news", base={})


def test_a_missing_total_is_no_small_number(tmp_path: Path) -> None:
    assert "small_denominator" not in warnings_of(tmp_path, cells={("outcomes_total", "total"): MISSING})


def test_tables_and_indicators_bear_theirs(tmp_path: Path) -> None:
    with build(tmp_path, make_report()) as db:
        assert ("requests", "self_reported") in db.execute("select * from table_warnings").fetchall()
        found = set(db.execute("select * from indicator_warnings").fetchall())
    assert {("other_external_service", "definitions_vary"), ("normative_documents", "series_break")} <= found


# ── corrections ──────────────────────────────────────────────────────────────────────────────────────────────────

ENTRY = {
    "report": "440115-2020",
    "indicator": "granted",
    "measure": "total",
    "printed": 9,
    "corrected": 8,
    "reason_zh": "机关更正。",
    "reason_en": "Corrected by the body.",
    "source": "https://www.gzns.gov.cn/",
    "date": "2026-11-21",
}


def corrected(folder: Path, entry: dict[str, Any]) -> Path:
    path = folder / "corrected.db"
    build_database([make_report()], path, [entry])
    return path


def test_a_correction_stands_beside_the_printed_value(tmp_path: Path) -> None:
    with sqlite3.connect(corrected(tmp_path, ENTRY)) as db:
        assert db.execute("select value from figures where indicator = 'granted' and measure = 'total'").fetchone() == (9,)
        assert db.execute("select printed, corrected, reason_zh, date from corrections").fetchall() == [(9, 8, "机关更正。", "2026-11-21")]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"printed": 10}, "is for 10, but 9 is printed"),
        ({"printed": None}, "is for None, but 9 is printed"),
        ({"report": "440115-2019"}, "440115-2019 granted total names no figure"),
        ({"indicator": "grnated"}, "names no figure"),
    ],
)
def test_a_correction_that_does_not_apply_stops_the_build(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(CorrectionError, match=message):
        corrected(tmp_path, {**ENTRY, **change})
    assert list(tmp_path.iterdir()) == []


def test_a_figure_is_corrected_once(tmp_path: Path) -> None:
    with pytest.raises(CorrectionError, match="two corrections of 440115-2020 granted total"):
        build_database([make_report()], tmp_path / "twice.db", [ENTRY, {**ENTRY, "corrected": 7}])


def test_a_file_of_corrections_is_read_strictly(tmp_path: Path, root: Path) -> None:
    path = tmp_path / "corrections.yml"
    path.write_text("- {report: x, indicator: y}\n", "utf-8")
    with pytest.raises(CorrectionError, match=r"corrections\.yml: entry 1 must have"):
        read_corrections(path)
    for change, fault in (({"corrected": "8"}, "'8' for corrected"), ({"source": ""}, "an empty source"), ({"date": "today"}, "'today'")):
        path.write_text(yaml.safe_dump([{**ENTRY, **change}]), "utf-8")
        with pytest.raises(CorrectionError, match=fault):
            read_corrections(path)
    for text, fault in (("a: [", "is not YAML"), ("{a: 1}", "must be a list")):
        path.write_text(text, "utf-8")
        with pytest.raises(CorrectionError, match=fault):
            read_corrections(path)
    assert isinstance(read_corrections(root / "corrections.yml"), list)


# ── floors ───────────────────────────────────────────────────────────────────────────────────────────────────────


def floors(folder: Path, text: str) -> Path:
    path = folder / "floors.yml"
    path.write_text(text, "utf-8")
    return path


def test_a_fall_below_a_floor_stops_the_publication(tmp_path: Path) -> None:
    with build(tmp_path, make_report(), make_report(agency=BUREAU, year=2019)):
        database = tmp_path / "test.db"
    check_floors(database, floors(tmp_path, "{share: 0.02, total: {reports: 2, figures: 400}}"))
    with pytest.raises(FloorError, match="figures in all fell from 410 to 396, more than 2%"):
        check_floors(database, floors(tmp_path, "{share: 0.02, total: {reports: 2, figures: 410}}"))
    with pytest.raises(FloorError, match="reports of the year 2020 fell from 2 to 1"):
        check_floors(database, floors(tmp_path, "{share: 0.02, year: {2020: {reports: 2}}}"))
    with pytest.raises(FloorError, match="reports of the form national_2021 fell from 1 to 0"):
        check_floors(database, floors(tmp_path, "{share: 0.02, format: {national_2021: {reports: 1}}}"))


@pytest.mark.parametrize("text", ["{", "[1]", "{total: {reports: 2}}"])
def test_a_file_of_floors_that_cannot_be_read_stops_the_publication(tmp_path: Path, text: str) -> None:
    with build(tmp_path, make_report()), pytest.raises(FloorError, match=r"^floors\.yml (is not YAML|must have a share)"):
        check_floors(tmp_path / "test.db", floors(tmp_path, text))


def test_the_products_own_floors_hold(root: Path, built: Path) -> None:
    check_floors(built / "data" / "gongkai.db", root / "floors.yml")
