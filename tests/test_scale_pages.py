"""What keeps a nation's site buildable: pages kept from build to build, several processes, lists that do not grow without end."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from factories import BUREAU, GUANGZHOU, NANSHA, make_report

from extract.batch import header_of, keep
from extract.kept import KeptReports
from extract.model import Agency, Report, Section
from publish import filling
from publish.database import build_database
from publish.filing import PublicLines
from publish.pages import bodies, build_site, checks_page, feeds, index_pages, parts
from publish.pages.feeds import sitemap
from publish.pages.page import Chrome
from publish.pages.query import Database
from publish.pages.words import load_words
from publish.statements import Statement

# Three bodies of one division, who are neighbours on each other's pages, and two elsewhere.
AGENCIES = (NANSHA, *(Agency(f"440115-ju-{n}", f"南沙区第{n}局", "440115", "department", "county") for n in (1, 2)), BUREAU, GUANGZHOU)


def some_report(rng: random.Random) -> Report:
    new = rng.randint(0, 9)
    report = make_report({("requests_new", "other_organization"): new}, agency=rng.choice(AGENCIES), year=rng.randint(2018, 2020))
    return replace(report, public_lines=tuple(f"第{n}行" for n in range(rng.randint(1, 4))))


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def site(folder: Path, reports: Sequence[Report], **options: object) -> dict[str, bytes]:
    folder.mkdir()
    database = folder.with_suffix(".db")
    build_database(reports, database)
    build_site(database, PublicLines(reports), folder, datasette="", **options)  # type: ignore[arg-type]
    return tree(folder)


def test_kept_pages_are_those_that_a_cold_build_makes(tmp_path: Path) -> None:
    """Over a random history of reports that are added, changed and removed."""
    rng = random.Random(20)
    reports = [some_report(rng) for _ in range(4)]
    for step in range(4):
        kept = site(tmp_path / f"kept-{step}", reports, cache=tmp_path / "cache")
        cold = site(tmp_path / f"cold-{step}", reports)
        assert kept.keys() == cold.keys()
        assert [path for path in cold if kept[path] != cold[path]] == []
        act = rng.choice(("add", "change", "remove"))
        if act != "add":
            reports.pop(rng.randrange(len(reports)))
        if act != "remove":
            reports.insert(rng.randrange(len(reports) + 1), some_report(rng))


def kept_site(folder: Path, reports: Sequence[Report], cache: Path, statements: Sequence[Statement]) -> dict[str, bytes]:
    """As a build makes it: from kept reports, with all that may be kept of the stages before."""
    folder.mkdir()
    paths = [cache / "reports" / hashlib.sha256(repr(report).encode()).hexdigest() for report in reports]
    for report, path in zip(reports, paths, strict=True):
        keep(report, path)
    kept = KeptReports(paths, [header_of(report) for report in reports])
    built = build_database(kept, folder.with_suffix(".db"), statements=statements, cache=cache / "rows")
    build_site(folder.with_suffix(".db"), PublicLines(kept), folder, datasette="", cache=cache / "pages", stretches=built.stretches)
    return tree(folder)


def test_pages_found_by_what_their_rows_come_from_are_those_of_a_cold_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a history in which what is said of one body depends on another: a like text, a whole and its part, words added by hand."""
    monkeypatch.setattr(filling, "_BATCH", 1)
    rng = random.Random(5)
    letters = [chr(rng.randint(0x4E00, 0x9000)) for _ in range(900)]

    def report(agency: Agency, new: int, other_letters: int) -> Report:
        text = "".join([*letters[other_letters:], *"政府信息公开"[:other_letters]])
        scope = "jurisdiction_total" if agency is GUANGZHOU else "own_organ"
        section = Section(1, "overview", "一、总体情况", text, 1, 2)
        return make_report({("requests_new", "total"): new}, agency=agency, scope=scope, sections=(section,), public_lines=("一",))

    reports = {agency: report(agency, 13, 300 * place) for place, agency in enumerate(AGENCIES)}
    reports[BUREAU] = report(BUREAU, 13, 0)
    said: list[Statement] = []
    for step in range(5):
        if step == 1:  # the text that is like that of another body is less like it
            reports[NANSHA] = report(NANSHA, 99, 4)
        elif step == 2:  # a part is more than its whole by less
            reports[NANSHA] = report(NANSHA, 98, 4)
        elif step == 3:
            said.append(Statement(f"{BUREAU.agency_id}-2020", None, None, "以官网为准。", "https://www.sz.gov.cn/", "2026-11-20"))
        elif step == 4:
            del reports[GUANGZHOU]
        kept = kept_site(tmp_path / f"kept-{step}", [*reports.values()], tmp_path / "cache", said)
        cold = kept_site(tmp_path / f"cold-{step}", [*reports.values()], tmp_path / f"cache-{step}", said)
        assert kept.keys() == cold.keys()
        assert [path for path in cold if kept[path] != cold[path]] == []


def test_rows_that_come_from_the_same_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "_BATCH", 1)
    read = []
    plain = Database.plain
    monkeypatch.setattr(Database, "plain", lambda self, report: read.append(report["agency_id"]) or plain(self, report))
    reports = [make_report(agency=agency, public_lines=("一",)) for agency in AGENCIES]
    kept_site(tmp_path / "first", reports, tmp_path / "cache", [])
    assert set(read) == {agency.agency_id for agency in AGENCIES}
    read.clear()
    reports[3] = make_report({("requests_new", "other_organization"): 7}, agency=BUREAU, public_lines=("一",))
    kept_site(tmp_path / "second", reports, tmp_path / "cache", [])
    assert read == [BUREAU.agency_id]


def test_a_changed_report_makes_only_the_pages_of_its_body_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [make_report(agency=agency, public_lines=("一",)) for agency in AGENCIES]
    made = []
    monkeypatch.setattr(bodies, "_make", lambda body, *rest, real=bodies._make: made.append(body.agency_id) or real(body, *rest))
    site(tmp_path / "first", reports, cache=tmp_path / "cache")
    assert sorted(made) == sorted(agency.agency_id for agency in AGENCIES)
    made.clear()
    reports[3] = make_report({("requests_new", "other_organization"): 7}, agency=BUREAU, public_lines=("一",))
    site(tmp_path / "second", reports, cache=tmp_path / "cache")
    assert made == [BUREAU.agency_id]


def test_several_processes_write_what_one_does(tmp_path: Path) -> None:
    reports = [make_report(agency=agency, year=year, public_lines=("一",)) for agency in AGENCIES for year in (2019, 2020)]
    alone = site(tmp_path / "alone", reports)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        together = site(tmp_path / "together", reports, executor=executor, cache=tmp_path / "cache")
    assert together == alone


def test_long_lists_are_parted_and_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {("outcomes_total", "natural_person"): 99}
    reports = [make_report(broken, agency=agency, year=year, public_lines=("一",)) for agency in AGENCIES for year in (2019, 2020)]
    whole = site(tmp_path / "whole", reports)
    for module in (index_pages, checks_page):
        monkeypatch.setattr(module, "MOST_ROWS", 4)
    monkeypatch.setattr(checks_page, "MOST_ROWS", 40)
    parted = site(tmp_path / "parted", reports)
    assert "years/2020/440000/index.html" in parted
    assert "years/2020/440000/index.html" not in whole
    agency_links = re.compile(r'href="[./]*agencies/([^/"]+)/2020/"')
    listed = set(agency_links.findall(parted["years/2020/440000/index.html"].decode()))
    assert listed == {agency.agency_id for agency in AGENCIES} == set(agency_links.findall(whole["years/2020/index.html"].decode()))
    assert not agency_links.findall(parted["years/2020/index.html"].decode())
    anchors = re.compile(r'id="([^"]+-check-[^"]+)"')
    of_years = {year: set(anchors.findall(parted[f"checks/{year}/index.html"].decode())) for year in (2019, 2020)}
    in_one = set(anchors.findall(whole["checks/index.html"].decode()))
    assert of_years[2019] and of_years[2020]
    assert of_years[2019] | of_years[2020] <= in_one
    assert not anchors.findall(parted["checks/index.html"].decode())


def test_a_sitemap_of_many_pages_is_an_index_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MOST_ADDRESSES", 3)
    chrome = Chrome(load_words(), None, "https://example.org/")
    pages = [f"agencies/{n}/" for n in range(7)]
    files = {name: content.decode() for name, content in sitemap(pages, chrome).items()}
    named = re.findall(r"<loc>https://example.org/([^<]+)</loc>", files.pop("sitemap.xml"))
    assert named == list(files) == ["sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml"]
    assert [place for text in files.values() for place in re.findall(r"<loc>https://example.org/([^<]*)</loc>", text)] == pages
    assert list(sitemap(pages[:3], chrome)) == ["sitemap.xml"]


def test_a_large_tree_does_not_repeat_figures_and_has_no_dead_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_REPEATED", 2)
    files = site(tmp_path / "large", [make_report(agency=agency, public_lines=("一",)) for agency in (NANSHA, BUREAU, GUANGZHOU)])
    held = {path.rpartition("/")[2] for path in files if path.startswith("agencies/440115/")}
    assert held == {"index.html", "index.md", "figures.csv", "figures.json", "source.txt"}
    assert "sentence_zh" not in files["agencies/440115/2020/figures.json"].decode()
    assert "data-copy" in files["agencies/440115/2020/cards/index.html"].decode()
    assert "data-copy" not in files["agencies/440115/2020/index.html"].decode()
    for folder in ("agencies/440115/2020/", "agencies/440115/"):
        assert f"{folder}figures.csv" in files and f"{folder}figures.json" in files, "these addresses are promised at any size"
    for folder in ("agencies/440115/", "agencies/440115/2020/"):
        for name in re.findall(r"\]\(([a-z]+\.[a-z]+)\)", files[f"{folder}index.md"].decode()):
            assert folder + name in files
