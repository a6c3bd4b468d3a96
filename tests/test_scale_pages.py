"""What keeps a nation's site buildable: pages that stand from build to build, several processes, lists that don't grow without end."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from factories import BUREAU, GUANGZHOU, NANSHA, make_report

from extract.batch import header_of, keep
from extract.kept import KeptReports
from extract.model import Agency, Report, Section
from publish import filling, site_zip
from publish.database import Built, build_database
from publish.filing import PublicLines
from publish.pages import bodies, build_site, checks_page, feeds, index_pages, parts
from publish.pages.feeds import sitemap
from publish.pages.made import Before
from publish.pages.page import Chrome
from publish.pages.query import Database
from publish.pages.words import load_words
from publish.renewal import renew, swap
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


class Standing:
    """A site that is renewed from build to build, as build.py does it; its memory is written and read as that is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.whole = 0  # builds that made all of it
        self._told = "null"

    def build(self, reports: Sequence[Report], lines: Mapping[str, Sequence[str]], database: Path, **options: object) -> dict[str, bytes]:
        fresh = self.folder.with_name("fresh")
        fresh.mkdir()
        before = Before.of(self.folder, json.loads(self._told))
        made = build_site(database, lines, fresh, datasette="", before=before, **options)  # type: ignore[arg-type]
        if made.renewal:
            renew(self.folder, fresh, made.renewal)
        else:
            self.whole += 1
            swap(fresh, self.folder)
        self._told = json.dumps(made.made.told())
        return tree(self.folder)


def test_kept_pages_are_those_that_a_cold_build_makes(tmp_path: Path) -> None:
    """Over a random history of reports that are added, changed and removed."""
    rng = random.Random(20)
    reports = [some_report(rng) for _ in range(4)]
    standing = Standing(tmp_path / "standing")
    for step in range(4):
        cold = site(tmp_path / f"cold-{step}", reports)
        kept = standing.build(reports, PublicLines(reports), tmp_path / f"cold-{step}.db")
        assert kept.keys() == cold.keys()
        assert [path for path in cold if kept[path] != cold[path]] == []
        act = rng.choice(("add", "change", "remove"))
        if act != "add":
            reports.pop(rng.randrange(len(reports)))
        if act != "remove":
            reports.insert(rng.randrange(len(reports) + 1), some_report(rng))


def kept_database(path: Path, reports: Sequence[Report], cache: Path, statements: Sequence[Statement] = ()) -> tuple[KeptReports, Built]:
    """As a build makes it: of kept reports, with all that may be kept of the stages before."""
    paths = [cache / "reports" / hashlib.sha256(repr(report).encode()).hexdigest() for report in reports]
    for report, kept in zip(reports, paths, strict=True):
        keep(report, kept)
    kept_reports = KeptReports(paths, [header_of(report) for report in reports])
    return kept_reports, build_database(kept_reports, path, statements=statements, cache=cache / "rows")


def test_pages_found_by_what_their_rows_come_from_are_those_of_a_cold_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a history in which what is said of one body depends on another: a like text, a whole and its part, words added by hand."""
    monkeypatch.setattr(filling, "_BATCH", 1)
    monkeypatch.setattr(site_zip, "MOST_BYTES", 0)
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
    standing = Standing(tmp_path / "standing")
    for step in range(5):
        if step == 1:  # the text that is like that of another body is less like it
            reports[NANSHA] = report(NANSHA, 99, 4)
        elif step == 2:  # a part is more than its whole by less
            reports[NANSHA] = report(NANSHA, 98, 4)
        elif step == 3:
            said.append(Statement(f"{BUREAU.agency_id}-2020", None, None, "以官网为准。", "https://www.sz.gov.cn/", "2026-11-20"))
        elif step == 4:
            del reports[GUANGZHOU]
        database = tmp_path / f"{step}.db"
        kept, built = kept_database(database, [*reports.values()], tmp_path / "cache", said)
        renewed = standing.build(kept, PublicLines(kept), database, stretches=built.stretches)
        cold = tmp_path / f"cold-{step}"
        build_site(database, PublicLines(kept), cold, datasette="")
        assert renewed.keys() == tree(cold).keys()
        assert [path for path, content in tree(cold).items() if renewed[path] != content] == []
    assert standing.whole == 1


def test_rows_that_come_from_the_same_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "_BATCH", 1)
    monkeypatch.setattr(site_zip, "MOST_BYTES", 0)
    read = []
    plain = Database.plain
    monkeypatch.setattr(Database, "plain", lambda self, report: read.append(report["agency_id"]) or plain(self, report))
    standing = Standing(tmp_path / "standing")

    def build(reports: Sequence[Report]) -> None:
        read.clear()
        kept, built = kept_database(tmp_path / "test.db", reports, tmp_path / "cache")
        standing.build(kept, PublicLines(kept), tmp_path / "test.db", stretches=built.stretches)

    reports = [make_report(agency=agency, public_lines=("一",)) for agency in AGENCIES]
    build(reports)
    assert set(read) == {agency.agency_id for agency in AGENCIES}
    reports[3] = make_report({("requests_new", "other_organization"): 7}, agency=BUREAU, public_lines=("一",))
    build(reports)
    assert read == [BUREAU.agency_id]


def test_a_changed_report_makes_only_the_pages_of_its_body_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_zip, "MOST_BYTES", 0)
    reports = [make_report(agency=agency, public_lines=("一",)) for agency in AGENCIES]
    made = []
    monkeypatch.setattr(bodies, "_make", lambda body, *rest, real=bodies._make: made.append(body.agency_id) or real(body, *rest))
    standing = Standing(tmp_path / "standing")

    def build() -> dict[str, int]:
        made.clear()
        build_database(reports, tmp_path / "test.db")
        standing.build(reports, PublicLines(reports), tmp_path / "test.db")
        return {path: (standing.folder / path).stat().st_ino for path in tree(standing.folder)}

    first = build()
    assert sorted(made) == sorted(agency.agency_id for agency in AGENCIES)
    reports[3] = make_report({("requests_new", "other_organization"): 7}, agency=BUREAU, public_lines=("一",))
    second = build()
    assert made == [BUREAU.agency_id]
    written = {path for path in second if second[path] != first[path]}
    assert f"agencies/{BUREAU.agency_id}/2020/index.html" in written
    assert not written & {"about/index.html", f"agencies/{NANSHA.agency_id}/index.html", f"agencies/{BUREAU.agency_id}/2020/source.txt"}


def test_a_tree_that_its_zip_fits_is_made_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It packs all files; also where the tree before was too large for one."""
    reports = [make_report(agency=agency, public_lines=("一",)) for agency in AGENCIES]
    build_database(reports, tmp_path / "test.db")
    standing = Standing(tmp_path / "standing")
    for most, wholes in ((0, 1), (0, 1), (10**9, 2), (10**9, 3), (0, 4), (0, 4)):
        monkeypatch.setattr(site_zip, "MOST_BYTES", most)
        files = standing.build(reports, PublicLines(reports), tmp_path / "test.db")
        assert standing.whole == wholes
        cold = tmp_path / "cold"
        build_site(tmp_path / "test.db", PublicLines(reports), cold, datasette="")
        assert files == tree(cold)
        shutil.rmtree(cold)


def test_several_processes_write_what_one_does(tmp_path: Path) -> None:
    reports = [make_report(agency=agency, year=year, public_lines=("一",)) for agency in AGENCIES for year in (2019, 2020)]
    alone = site(tmp_path / "alone", reports)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        together = site(tmp_path / "together", reports, executor=executor)
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
