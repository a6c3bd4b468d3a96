"""Pages that gather many bodies stand from build to build exactly while nothing that they show is another thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from factories import BUREAU, GUANGZHOU, MISSING, NANSHA, make_report
from test_scale_pages import AGENCIES, Standing, tree

from extract.model import Agency, Report
from publish import site_zip
from publish.database import build_database
from publish.filing import PublicLines
from publish.pages import build_site, checks_page, distribution, gathered, peers
from publish.pages import tree as trees
from publish.pages.coverage import Coverage, read_coverage
from publish.pages.data import OWN_ROWS, Data
from publish.pages.portion import Portion, Portions
from publish.pages.query import Database
from publish.searched import Searched

REPORT = f"{NANSHA.agency_id}-2020"
SEARCHED = {(BUREAU.agency_id, 2019): Searched("searched_not_found", "2026-11-20", None)}
Changed = Mapping[str, Any]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> tuple[Data, Coverage]:
    path = tmp_path_factory.mktemp("rows") / "test.db"
    build_database([make_report(agency=agency, year=year) for agency in AGENCIES for year in (2019, 2020)], path)
    with closing(Database(path)) as source:
        data = replace(source.shared(), check_counts=source.check_counts())
        return data, read_coverage(source, data)


def _row(name: str, key: str, **new: object) -> Callable[[Data], Changed]:
    return lambda data: {name: {**getattr(data, name), key: {**getattr(data, name)[key], **new}}}


def _succession(data: Data) -> Changed:
    row = {**data.successions[0], "predecessor": "440113", "successor": NANSHA.region_id}
    return {"successions": [*data.successions, row]}


# Of each kind of rows that a portion may hold, one that is another thing for a district and not for a bureau of another city.
OF_DATA: Mapping[str, Callable[[Data], Changed]] = {
    "agencies": _row("agencies", NANSHA.agency_id, name_en="Another"),
    "regions": _row("regions", NANSHA.region_id, name_en="Another"),
    "reports": lambda data: {"reports": [{**row, "title": "另"} if row["report_id"] == REPORT else row for row in data.reports]},
    "sources": lambda data: _row("sources", data.reports_by_id[REPORT]["source_id"], copy_kind="republished")(data),
    "successions": _succession,
    "check_counts": lambda data: {"check_counts": {**data.check_counts, REPORT: {"hard_fail": 1}}},
    "all_zero": lambda data: {"all_zero": data.all_zero | {REPORT}},
    "report_warnings": lambda data: {"report_warnings": {**data.report_warnings, REPORT: ["another"]}},
}
# No page that gathers bodies is made of these by a portion.
IN_NO_PORTION = {"problems", "peers"}


def _of(agency_id: str, data: Data, coverage: Coverage) -> Portion:
    region = data.agencies[agency_id]["region_id"]
    return Portions(data, coverage).of(
        bodies=[agency_id], regions=[region], governments=[agency_id] if agency_id in coverage.bodies else []
    )


def test_of_each_kind_of_rows_one_is_changed_here() -> None:
    assert OF_DATA.keys() | IN_NO_PORTION == set(OWN_ROWS)


@pytest.mark.parametrize("name", OF_DATA)
def test_a_row_that_is_another_thing_makes_other_portions_of_it_alone(name: str, rows: tuple[Data, Coverage]) -> None:
    data, coverage = rows
    changed = replace(data, **OF_DATA[name](data))
    before, after = (_of(NANSHA.agency_id, each, coverage) for each in (data, changed))
    assert before.key != after.key
    assert getattr(before.data, name) != getattr(after.data, name)
    before, after = (_of(BUREAU.agency_id, each, coverage) for each in (data, changed))
    assert before.key == after.key
    assert all(getattr(before.data, each) == getattr(after.data, each) for each in OWN_ROWS)


def test_what_was_due_of_a_government_is_in_its_portions_alone(rows: tuple[Data, Coverage]) -> None:
    data, coverage = rows
    key = NANSHA.agency_id
    searched = [season._replace(checked_on="2026-11-20") for season in coverage.seasons[key]]
    for other in (
        replace(coverage, seasons={**coverage.seasons, key: tuple(searched)}),
        replace(coverage, bodies={**coverage.bodies, key: {**coverage.bodies[key], "valid_to": "2020-01-01"}}),
    ):
        assert _of(key, data, coverage).key != _of(key, data, other).key
        assert _of(GUANGZHOU.agency_id, data, coverage).key == _of(GUANGZHOU.agency_id, data, other).key


def test_what_was_due_in_a_year_is_in_its_portions_alone(rows: tuple[Data, Coverage]) -> None:
    data, coverage = rows
    more = {**coverage.counts, 2020: {**coverage.counts[2020], "440000": {"late": 1}}}
    keys = [
        [Portions(data, each).of(years=[year]).key for year in (2020, 2019)]
        for each in (coverage, replace(coverage, counts=more), replace(coverage, as_of="2026-12-01"))
    ]
    assert keys[0][0] != keys[1][0] and keys[0][1] == keys[1][1]
    assert keys[0][0] != keys[2][0] and keys[0][1] != keys[2][1]


def test_a_portion_holds_no_other_rows(rows: tuple[Data, Coverage]) -> None:
    data, coverage = rows
    portion = _of(NANSHA.agency_id, data, coverage)
    assert set(portion.data.agencies) == {NANSHA.agency_id} == set(portion.coverage.bodies)
    assert {row["year"] for row in portion.data.reports} == {2019, 2020}
    assert list(portion.data.regions) == ["000000", "440000", "440100", "440115"]
    assert portion.data.paths == {key: path for key, path in data.paths.items() if key in portion.data.paths}
    assert not portion.data.problems and not portion.coverage.counts


def history() -> Sequence[tuple[Mapping[str, Report], Mapping[tuple[str, int], Searched]]]:
    """Reports, and searches that found none, over some builds: each time another page must show another thing."""
    reports = {agency.agency_id: make_report(agency=agency, public_lines=("一",)) for agency in AGENCIES}
    # A year is one in which every government was to report as soon as one of its reports is held.
    reports["first"] = make_report(agency=GUANGZHOU, year=2019, public_lines=("一",))
    other_year = {**reports, "more": make_report(agency=BUREAU, year=2019, public_lines=("一",))}
    broken = {**other_year, NANSHA.agency_id: _with_total(NANSHA, 99), "440115-ju-1": _with_total(AGENCIES[1], 99)}
    # The same sums fail, by another amount: the counts of checks stay.
    otherwise = {**broken, NANSHA.agency_id: _with_total(NANSHA, 98), "440115-ju-1": _with_total(AGENCIES[1], 98)}
    lost = make_report({("requests_new", "total"): MISSING}, agency=BUREAU, public_lines=("一",), copy_kind="republished")
    changed = {**otherwise, BUREAU.agency_id: lost}
    fewer = {key: report for key, report in changed.items() if key != "440115-ju-2"}
    return [(reports, {}), (other_year, {}), (broken, SEARCHED), (otherwise, SEARCHED), (changed, SEARCHED), (fewer, {})]


def _with_total(agency: Agency, new: int) -> Report:
    return make_report({("requests_new", "total"): new}, agency=agency, public_lines=("一",))


def test_pages_that_gather_bodies_are_those_of_a_cold_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is compared before it becomes HTML, which follows from it."""
    monkeypatch.setattr(trees, "to_html", lambda page, chrome: f"{page!r}")
    monkeypatch.setattr(site_zip, "MOST_BYTES", 0)
    monkeypatch.setattr(checks_page, "MOST_ROWS", 8)
    for module in (distribution, peers):
        monkeypatch.setattr(module, "SMALLEST_RANKED_LIST", 2)
    made: list[str] = []
    page = gathered.region_page
    monkeypatch.setattr(gathered, "region_page", lambda region, *rest: made.append(region["region_id"]) or page(region, *rest))
    standing = Standing(tmp_path / "standing")
    for step, (by_name, searched) in enumerate(history()):
        reports = [*by_name.values()]
        database = tmp_path / f"{step}.db"
        build_database(reports, database, searched=searched)
        made.clear()
        renewed = standing.build(reports, PublicLines(reports), database)
        if step == 1:
            assert set(made) == {"000000", "440000", "440300"}, "a report of Shenzhen changes nothing in Guangzhou"
        cold = tmp_path / f"cold-{step}"
        build_site(database, PublicLines(reports), cold, datasette="")
        whole = tree(cold)
        assert renewed.keys() == whole.keys()
        assert [path for path in whole if renewed[path] != whole[path]] == []
    assert standing.whole == 1
