"""Whose report is expected and what becomes of it: the table `coverage`, the file coverage.yml, and the pages that count and list."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from factories import BUREAU, GUANGZHOU, NANSHA, make_report

from build import main
from publish.database import build_database
from publish.pages import build_site
from publish.pages.coverage import share_words
from publish.pages.words import load_words
from publish.searched import CoverageError, Searched, read_searched

FUTIAN = "440304"
NOT_FOUND = {(FUTIAN, 2020): Searched("searched_not_found", "2026-11-20", "https://www.szft.gov.cn/a b")}
HELD = {"440115": "2021-03-30", "440100": "2021-04-02", "440105": None}


def coverage(tmp_path: Path, reports: list[Any], searched: Mapping[tuple[str, int], Searched] | None = None) -> dict[tuple[str, int], Any]:
    path = tmp_path / "gongkai.db"
    build_database(reports, path, searched=searched)
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("select agency_id, year, status, due_on, days_late, checked_on, official_url, report_id from coverage").fetchall()
    return {row[:2]: row[2:] for row in rows}


# ── whose report is expected ─────────────────────────────────────────────────────────────────────────────────────


def test_every_government_of_the_year_is_expected_and_other_bodies_where_held(tmp_path: Path) -> None:
    found = coverage(tmp_path, [make_report(published_on="2021-04-02"), make_report(agency=BUREAU)])
    assert found["440115", 2020][:3] == ("held", "2021-03-31", 2)
    assert found[BUREAU.agency_id, 2020][:3] == ("held", "2021-01-31", None)
    assert found[FUTIAN, 2020] == ("not_searched", "2021-03-31", None, None, None, None)
    # The Ministry of Civil Affairs counted 2,844 divisions at county level (金门县 among them), 333 at prefecture level, and 31 provinces.
    assert len(found) == 2843 + 333 + 31 + 1
    assert not {("710000", 2020), ("810000", 2020), ("820000", 2020), ("350527", 2020), ("000000", 2020)} & found.keys()
    assert {year for _, year in found} == {2020}


def test_a_division_is_expected_while_it_stood_at_the_end_of_the_year(tmp_path: Path) -> None:
    found = coverage(tmp_path, [make_report(year=2020), make_report(year=2021)])
    # 江干区 was abolished in April 2021.
    assert ("330104", 2020) in found and ("330104", 2021) not in found
    # 钱塘区 began then.
    assert ("330114", 2020) not in found and ("330114", 2021) in found


def test_only_years_of_which_an_annual_report_is_held_have_a_season(tmp_path: Path) -> None:
    reports = [make_report(year=2020), make_report(year=2007), make_report(year=2018, document_type="news", base={})]
    assert {(year, status) for (_, year), (status, *_) in coverage(tmp_path, reports).items()} == {
        (2020, "held"),
        (2020, "not_searched"),
        # Nobody was bound to report before the Regulations of 2008.
        (2007, "held"),
    }


def test_a_body_of_which_nothing_is_held_is_listed_with_no_documents(tmp_path: Path) -> None:
    path = tmp_path / "gongkai.db"
    build_database([make_report(), make_report(document_type="news", base={})], path)
    with closing(sqlite3.connect(path)) as db:
        told = dict(db.execute("select agency_id, n_documents from agencies where agency_id in ('440115', '440304')").fetchall())
        assert told == {"440115": 2, "440304": 0}
        names = dict(db.execute("select agency_id, name from agencies").fetchall())
        assert (names["440304"], names["152500"], names["441900"]) == ("深圳市福田区人民政府", "锡林郭勒盟行政公署", "东莞市人民政府")
        assert db.execute("select valid_to from agencies where agency_id = '330104'").fetchone() == ("2021-04",)


# ── coverage.yml ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_searched_for_stands_where_nothing_is_held(tmp_path: Path) -> None:
    searched = {
        **NOT_FOUND,
        ("440115", 2020): Searched("searched_not_found", "2026-11-20", None),
        ("440303", 2020): Searched("not_required", "2026-11-20", None),
        ("440303", 2019): Searched("found_unreadable", "2026-11-20", "https://www.szlh.gov.cn/"),
        (BUREAU.agency_id, 2019): Searched("searched_not_found", "2026-11-20", None),
    }
    found = coverage(tmp_path, [make_report(), make_report(agency=BUREAU)], searched)
    assert found[FUTIAN, 2020] == ("searched_not_found", "2021-03-31", None, "2026-11-20", "https://www.szft.gov.cn/a b", None)
    assert found["440115", 2020][0] == "held"
    assert found["440303", 2020][:2] == ("not_required", None)
    assert found["440303", 2019][0] == "found_unreadable"
    assert found[BUREAU.agency_id, 2019][:2] == ("searched_not_found", "2020-01-31")


@pytest.mark.parametrize("key", [("990000", 2020), ("810000", 2020), (BUREAU.agency_id, 2020), ("330114", 2019)])
def test_an_entry_about_a_body_that_was_not_to_report_stops_the_build(tmp_path: Path, key: tuple[str, int]) -> None:
    entry = {key: Searched("searched_not_found", "2026-11-20", None)}
    with pytest.raises(CoverageError, match=f"^coverage.yml: {key[0]} is no body of ours and no government that was to report on {key[1]}"):
        coverage(tmp_path, [make_report()], entry)


GOOD = {"agency_id": "440304", "year": 2020, "status": "searched_not_found", "checked_on": "2026-11-20"}


def written(tmp_path: Path, *entries: object) -> Path:
    path = tmp_path / "coverage.yml"
    path.write_text(json.dumps(entries, ensure_ascii=False), "utf-8")
    return path


def test_a_file_of_searches_is_read(tmp_path: Path) -> None:
    found = {**GOOD, "year": 2019, "status": "found_unreadable", "official_url": "https://www.szft.gov.cn/"}
    assert read_searched(written(tmp_path, GOOD, found)) == {
        ("440304", 2020): Searched("searched_not_found", "2026-11-20", None),
        ("440304", 2019): Searched("found_unreadable", "2026-11-20", "https://www.szft.gov.cn/"),
    }
    assert read_searched(tmp_path / "nowhere.yml") == {}
    path = tmp_path / "dated.yml"
    path.write_text("# none\n- {agency_id: '440304', year: 2020, status: not_required, checked_on: 2026-11-20}\n", "utf-8")
    assert read_searched(path) == {("440304", 2020): Searched("not_required", "2026-11-20", None)}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"status": ...}, "entry 1 lacks status; add it"),
        ({"note": "x"}, "entry 1 has note, which an entry does not have"),
        ({"agency_id": 440304}, "entry 1 has the agency_id 440304; write it between quotation marks"),
        ({"year": "2020"}, "entry 1 has the year '2020'; write YYYY"),
        ({"year": True}, "entry 1 has the year True; write YYYY"),
        ({"status": "held"}, "entry 1 has the status 'held'; write searched_not_found, found_unreadable or not_required"),
        ({"checked_on": "20.11.2026"}, "entry 1 has checked_on '20.11.2026'; write YYYY-MM-DD"),
        ({"status": "found_unreadable"}, "entry 1 says found_unreadable without official_url"),
        ({"official_url": "javascript:alert(1)"}, "entry 1 has the official_url"),
        ({"official_url": "http://["}, "entry 1 has the official_url"),
        ({"official_url": None}, "entry 1 has the official_url"),
    ],
)
def test_a_wrong_entry_is_one_sentence(tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    entry = {key: value for key, value in {**GOOD, **change}.items() if value is not ...}
    with pytest.raises(CoverageError) as told:
        read_searched(written(tmp_path, entry))
    assert f"coverage.yml {fault}" in str(told.value) and str(told.value).endswith(".") and "\n" not in str(told.value)


@pytest.mark.parametrize("text", ["a: 1", "- x", "- [", "\x00", "- {checked_on: 2026-13-40}"])
def test_a_file_that_is_no_list_of_entries_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "coverage.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(CoverageError, match=r"^coverage\.yml [^\n]+\.$"):
        read_searched(path)


def test_two_entries_about_one_report_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(CoverageError, match="entry 2 is about 440304 and 2020, as one before it is"):
        read_searched(written(tmp_path, GOOD, GOOD))


def test_the_file_beside_the_reports_counts_in_a_build_and_a_wrong_one_stops_it(folder: Path) -> None:
    out = folder.parent / "dist"
    arguments = ["build", "--reports", str(folder), "--out", str(out), "--jobs", "1", "--datasette", "none"]
    written(folder.parent, GOOD)
    assert CliRunner().invoke(main, arguments).exit_code == 0
    assert "查找未得2020（2026-11-20）" in (out / "missing" / "440000" / "index.md").read_text("utf-8")
    before = (out / "index.html").read_bytes()
    written(folder.parent, {**GOOD, "status": "lost"})
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1 and result.output.startswith("Error: coverage.yml entry 1 has the status 'lost'")
    assert (out / "index.html").read_bytes() == before


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three governments of Guangdong held, one in time, one late, one without a date; one searched for; a department's report."""
    out = tmp_path_factory.mktemp("coverage")
    database = out / "data" / "gongkai.db"
    agencies = {"440115": NANSHA, "440100": GUANGZHOU, "440105": replace(NANSHA, agency_id="440105", region_id="440105", name="海珠区政府")}
    reports = [make_report(agency=agencies[key], published_on=day, public_lines=("一",)) for key, day in HELD.items()]
    build_database([*reports, make_report(agency=BUREAU, public_lines=("一",))], database, searched=NOT_FOUND)
    texts = {f"{key}-2020": ("一",) for key in (*HELD, BUREAU.agency_id)}
    build_site(database, texts, out, datasette=None)
    return out


def text_of(site: Path, path: str) -> str:
    return (site / path / "index.md").read_text("utf-8")


def row_of(site: Path, path: str, first: str) -> list[str]:
    """The cells of the one row of a page's tables that begins so, without links."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text_of(site, path))
    (row,) = [line for line in plain.splitlines() if line.startswith(f"| {first} ")]
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_the_home_page_holds_the_governments_against_those_due(site: Path) -> None:
    assert row_of(site, "", "2020") == ["2020", "4", "3/3,207（0.1%）", "0"]
    assert "应发布，指年末存在的县级以上地方人民政府" in text_of(site, "")


def test_the_board_of_a_year_counts_each_kind_once(site: Path) -> None:
    board = re.search(r"```season\n(.*?)```", text_of(site, "years/2020"), re.DOTALL)
    assert board
    bars = {cells[0]: cells[3:] for cells in ([cell.strip() for cell in line.split("|")] for line in board[1].splitlines()[1:])}
    assert {kind: number for kind, (number, *_) in bars.items()} == {
        "due": "3207",
        "in_time": "1",
        "late": "1",
        "undated": "1",
        "searched_not_found": "1",
        "not_searched": "3203",
    }
    assert sum(int(number) for kind, (number, *_) in bars.items() if kind != "due") == 3207


def test_the_provinces_of_a_year_stand_in_the_order_of_their_codes(site: Path) -> None:
    assert row_of(site, "years/2020", "广东省") == ["广东省", "144", "1", "1", "1", "1", "140"]
    page = text_of(site, "years/2020")
    places = [page.index(f"](../../missing/{code}/)") for code in ("110000", "440000", "500000", "650000")]
    assert places == sorted(places)


def test_a_province_tells_of_each_government_what_is_held_and_offers_the_draft(site: Path) -> None:
    page = text_of(site, "missing/440000")
    lines = {mark: line for line in page.splitlines() if (found := re.search(r"\{#g(\d+)\}$", line)) for mark in [found[1]]}
    assert len(lines) == 144
    assert lines["440115"].startswith("- [广州市南沙区人民政府](../../agencies/440115/)：已收录[2020](../../agencies/440115/2020/) {#")
    assert "查找未得[2020](https://www.szft.gov.cn/a%20b)（2026-11-20）" in lines[FUTIAN]
    assert lines["440303"].startswith("- 深圳市罗湖区人民政府：尚未查找2020 [起草申请](../../request/?agency=")
    assert lines["440303"].split("](")[1].split(")")[0].endswith("&year=2020#draft")
    assert (site / "missing" / "440000" / "index.html").read_text("utf-8").count('<li id="g44') == 144


def test_a_region_page_tells_of_its_government_and_those_below(site: Path) -> None:
    page = text_of(site, "regions/440000")
    assert "- 广东省人民政府：尚未查找2020" in page and "- [广州市人民政府]" in page and "深圳市罗湖区" not in page
    assert text_of(site, "en/regions/440000").count("Not searched: 2020") == page.count("尚未查找2020") == 21


def test_a_division_that_ended_says_until_when(site: Path) -> None:
    assert "- 杭州市江干区人民政府（至2021-04）：尚未查找2020" in text_of(site, "missing/330000")


def test_bodies_of_which_nothing_is_held_have_no_page_and_are_counted_nowhere(site: Path) -> None:
    assert sorted(path.name for path in (site / "agencies").iterdir() if path.is_dir()) == sorted([*HELD, BUREAU.agency_id])
    assert "年度报告4份，涉及机关4个" in text_of(site, "")
    assert "4个机关" in text_of(site, "agencies")


def test_the_search_leads_from_a_body_that_is_not_held_to_what_is_said_of_it(site: Path) -> None:
    texts = "".join(path.read_text("utf-8") for path in (site / "search" / "index" / "names").glob("*-text-*.json"))
    (found,) = [name for name in re.findall(r'\["[^"]*","missing/\d+/#g\d+","expected","[^"]*"', texts) if '"深圳市福田区人民政府"' in name]
    assert f'"missing/440000/#g{FUTIAN}"' in found and "深圳福田" in found
    assert f'id="g{FUTIAN}"' in (site / "missing" / "440000" / "index.html").read_text("utf-8")
    assert "#g440115" not in texts


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(0, 3207, ""), (1, 3207, "不到0.1%"), (3, 29, ""), (3, 30, "10.0%"), (3206, 3207, "超过99.9%"), (3207, 3207, "100.0%")],
)
def test_a_share_is_never_rounded_to_none_or_all(part: int, whole: int, told: str) -> None:
    assert share_words(part, whole, load_words()) == told
