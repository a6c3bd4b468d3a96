"""What the home page may tell: only of thirty official copies alike, counted right, with its rows on a page and in the database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from factories import make_report

from extract.identity.gazetteer import load_regions
from extract.model import Agency, Figure, Report
from publish.database import build_database, report_ids
from publish.findings import finding_queries, load_findings
from publish.pages import build_site
from publish.pages.findings_pages import read_findings
from publish.pages.query import Database

COUNTIES = [region.region_id for region in load_regions() if region.level == "county" and region.stood_in(2020)][:40]
# The column of natural persons: 10+2 came in; 11 were carried over, one was answered.
MEASURES = ("natural_person", "total")
CARRIED = {
    ("requests_carried_out", "natural_person"): 14,
    ("requests_carried_out", "total"): 14,
    ("requests_carried_in", "natural_person"): 15,
    ("requests_carried_in", "total"): 15,
}


def reports(n: int, carried: int, **more) -> list[Report]:
    made = []
    for place, code in enumerate(COUNTIES[:n]):
        agency = Agency(code, f"某{code}人民政府", code, "government", "county")
        made.append(make_report(CARRIED if place < carried else {}, agency=agency, **more))
    return made


def findings_of(folder: Path, made: list[Report]) -> dict[str, tuple[int, int]]:
    build_database(made, folder / "test.db")
    with closing(Database(folder / "test.db")) as source:
        return {found.definition["finding"]: (found.n, found.total) for found in read_findings(source)}


def test_thirty_alike_are_told_of_and_twenty_nine_are_not(tmp_path: Path) -> None:
    assert findings_of(tmp_path, reports(30, 4))["carried_over_more_than_asked"] == (4, 30)
    assert findings_of(tmp_path, reports(29, 4)) == {}


@pytest.mark.parametrize("other", [{"scope": "jurisdiction_total"}, {"form": "national_2021", "year": 2021}, {"copy_kind": "republished"}])
def test_what_is_not_alike_does_not_fill_up_the_thirty(tmp_path: Path, other: dict[str, object]) -> None:
    assert "carried_over_more_than_asked" not in findings_of(tmp_path, [*reports(29, 4), *reports(40, 4, **other)[29:]])


def test_where_nothing_is_found_nothing_is_told(tmp_path: Path) -> None:
    assert "carried_over_more_than_asked" not in findings_of(tmp_path, reports(40, 0))


def test_reports_of_unstated_scope_count_only_where_no_figures_are_compared(tmp_path: Path) -> None:
    late = reports(30, 4, scope="unknown", published_on="2021-05-01")
    found = findings_of(tmp_path, late)
    assert found["dated_after_the_due_date"] == (30, 30) and "carried_over_more_than_asked" not in found


def test_a_change_is_told_of_bodies_with_both_years(tmp_path: Path) -> None:
    # 10+3 came in, 11 were answered and 2 carried into 2020, as its reports say.
    fitting = {("requests_carried_in", name): 3 for name in MEASURES} | {("requests_carried_out", name): 2 for name in MEASURES}
    lost = {("litigation_direct", "corrected"): 8, ("litigation_direct", "total"): 9}
    before = [make_report(fitting, agency=each.identity.agency, year=2019) for each in reports(32, 0)]
    after = reports(35, 0)
    again = [make_report(lost, agency=each.identity.agency) for each in after[:6]]
    found = findings_of(tmp_path, [*before, *again, *after[6:]])
    assert found["lawsuits_corrected_doubled"] == (6, 32)
    assert "carried_in_is_not_what_was_carried_out" not in found


def test_what_was_carried_out_is_held_against_what_was_carried_in(tmp_path: Path) -> None:
    # Each of the 32 carried one request out of 2019 and two into 2020.
    found = findings_of(tmp_path, [*reports(32, 0, year=2019), *reports(35, 0)])
    assert found["carried_in_is_not_what_was_carried_out"] == (32, 32)


def test_the_home_page_tells_three_at_most_with_pages_that_list_their_reports(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    out.mkdir()
    made = reports(32, 5, published_on="2021-05-01")
    build_database(made, out / "test.db")
    build_site(out / "test.db", {key: each.public_lines for key, each in report_ids(made)}, out, datasette="")
    home = (out / "index.md").read_text(encoding="utf-8").split("{#findings}")[1].split("##")[0]
    assert home.count("[是哪些](findings/") <= load_findings()["most_on_home"]
    assert "2020年，32份县级机关的年报（口径：本机关）中，5份结转下年度的申请比当年新收的还多。" in home
    page = (out / "findings/carried_over_more_than_asked/index.md").read_text(encoding="utf-8")
    assert "- 机关自报：数字由各机关自行填报" in page and "- 件数太少（5份）：" in page, "all have 14 outcomes"
    assert page.count("](../../agencies/") == 5 and "year=2020&level=county&format=national_2019&scope=own_organ" in page
    english = (out / "en/index.html").read_text(encoding="utf-8")
    assert "of 32 reports of one level" in english and "最差" not in home


def test_a_finding_says_what_it_rests_on_and_what_is_left_out(tmp_path: Path) -> None:
    # One of the 32 has a broken sum of new requests, one lost them, and in one what was carried over was inferred.
    made = reports(32, 5)
    carried = Figure("requests_carried_out", "total", 1, "件", "inferred", proof="row_sum")
    broken, lost = {("requests_new", "total"): 99}, {("requests_new", "total"): None}
    special = [
        make_report(cells, agency=each.identity.agency)
        for each, cells in zip(made[-3:], (broken, lost, {("requests_carried_out", "total"): carried}), strict=True)
    ]
    out = tmp_path / "dist"
    out.mkdir()
    made = [*reports(40, 5)[:29], *special, *reports(35, 5)[32:]]
    build_database(made, out / "test.db")
    build_site(out / "test.db", {key: each.public_lines for key, each in report_ids(made)}, out, datasette="")
    told = "依据66个数字，其中不符0个、推算或拆分1个；另有2份同类报告缺少这些数字或数字不符，未计入。"
    for page in ("index.md", "findings/index.md", "findings/carried_over_more_than_asked/index.md"):
        assert told in (out / page).read_text(encoding="utf-8"), page
    assert "2 more reports alike lack these figures" in (out / "en/findings/index.html").read_text(encoding="utf-8")


def test_every_finding_is_a_query_that_runs(tmp_path: Path) -> None:
    build_database(reports(31, 3), tmp_path / "test.db")
    group = {"year": "2020", "level": "county", "format": "national_2019", "scope": "own_organ"}
    with closing(sqlite3.connect(tmp_path / "test.db")) as connection:
        rows = {name: list(connection.execute(query["sql"], group)) for name, query in finding_queries().items()}
    assert len(rows["finding_carried_over_more_than_asked"]) == 3


def test_few_reports_and_nothing_is_ranked(built: Path) -> None:
    home = (built / "index.md").read_text(encoding="utf-8")
    assert "暂不列线索" in home
