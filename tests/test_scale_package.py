"""Pieces of the bulk files kept from build to build: the package that they make is the one that a build without them makes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from factories import BUREAU, GUANGZHOU, NANSHA, make_report

from extract.batch import header_of, keep
from extract.kept import KeptReports
from extract.model import Agency, Report, Section
from publish import pieces, table_files
from publish.database import build_database
from publish.package import write_package
from publish.table_files import cut

OFFICE = Agency("440115-jiao-yu-ju", "南沙区教育局", "440115", "department", "county")
AGENCIES = (GUANGZHOU, NANSHA, OFFICE, BUREAU)
# Prose long enough to be compared; two bodies that print the same one are told so, each naming the other.
TEXTS = tuple("".join(f"第{n}项工作，编号{n * seed * 7919}，已经依照规定办结。" for n in range(60)) for seed in (3, 5))


def kept(folder: Path, reports: Sequence[Report]) -> KeptReports:
    """Put reports where a build finds them, each under a digest of what it says."""
    paths = [folder / sha256(repr(report).encode()).hexdigest() for report in reports]
    for path, report in zip(paths, reports, strict=True):
        keep(report, path)
    return KeptReports(paths, [header_of(report) for report in reports])


def some_report(rng: random.Random, number: int) -> Report:
    """Numbers of requests that a whole jurisdiction and its members, a government and its office are held to, sums that break, prose."""
    cells = {("requests_new", "other_organization"): rng.randint(0, 99), ("requests_new", "total"): rng.randint(0, 99)}
    agency, scope = rng.choice(AGENCIES), rng.choice(("own_organ", "jurisdiction_total"))
    sections = (Section(1, "overview", "总体情况", rng.choice(TEXTS), 1, 9),)
    return make_report(cells, agency=agency, scope=scope, year=rng.randint(2019, 2020), path=f"{number}.txt", sections=sections)


def publication(folder: Path, reports: Sequence[Report], cache: Path | None = None) -> dict[str, bytes]:
    database = folder / "data" / "gongkai.db"
    rows, bulk = (cache / "rows", cache / "package") if cache else (None, None)
    built = build_database(kept(folder / "reports", reports), database, cache=rows)
    write_package(database, folder, stretches=built.stretches, cache=bulk)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted((folder / "data").rglob("*")) if path.is_file()}


def history(rng: random.Random, steps: int) -> Iterable[list[Report]]:
    reports = [some_report(rng, number) for number in range(6)]
    for number in range(6, 6 + steps):
        yield list(reports)
        act = rng.choice(("add", "change", "remove"))
        if act != "add":
            reports.pop(rng.randrange(len(reports)))
        if act != "remove":
            reports.insert(rng.randrange(len(reports) + 1), some_report(rng, number))


def test_a_rebuild_gives_the_database_and_the_package_of_a_cold_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a random history of reports that are added, changed and removed, in batches of a division each."""
    monkeypatch.setattr("publish.filling._BATCH", 1)
    monkeypatch.setattr(table_files, "_KEYS", 64)
    for step, reports in enumerate(history(random.Random(7), 5)):
        again = publication(tmp_path / f"again-{step}", reports, tmp_path / "cache")
        cold = publication(tmp_path / f"cold-{step}", reports)
        assert again.keys() == cold.keys()
        assert [path for path in cold if again[path] != cold[path]] == []
    publication(tmp_path / "fresh", reports, tmp_path / "fresh-cache")
    held, needed = ({path.name for path in (tmp_path / name / "package").iterdir()} for name in ("cache", "fresh-cache"))
    assert held == needed, "what no longer serves is dropped"


def test_a_changed_report_makes_few_pieces_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("publish.filling._BATCH", 1)
    reports = [make_report(agency=agency, year=year) for agency in AGENCIES for year in (2019, 2020)]
    publication(tmp_path / "first", reports, tmp_path / "cache")
    made: list[tuple[str, int]] = []
    told = pieces.piece_of
    monkeypatch.setattr(table_files, "piece_of", lambda table, rows: made.append((table.name, len(rows))) or told(table, rows))
    reports[-1] = replace(reports[-1], sections=(Section(1, "overview", "总体情况", "短", 1, 1),))
    publication(tmp_path / "second", reports, tmp_path / "cache")
    assert {table for table, _ in made} == {"sections", "checks"}, "that of its prose is one more; its figures are those that they were"
    made.clear()
    reports[-1] = make_report({("granted", "total"): 999}, agency=AGENCIES[-1], year=2020)
    publication(tmp_path / "third", reports, tmp_path / "cache")
    long = [rows for table, rows in made if table == "figures"]
    assert long == [len(reports[-1].figures) + len(reports[-2].figures)], "of one division in three"


def test_files_of_rows_that_are_as_before_are_those_of_the_tree_before(tmp_path: Path) -> None:
    reports = [make_report(agency=agency) for agency in AGENCIES]
    publication(tmp_path / "first", reports, tmp_path / "cache")
    reports[-1] = replace(reports[-1], sections=(Section(1, "overview", "总体情况", "短", 1, 1),))
    publication(tmp_path / "second", reports, tmp_path / "cache")
    data = [tmp_path / name / "data" for name in ("first", "second")]
    same = {path.name for path in data[1].iterdir() if path.is_file() and path.samefile(data[0] / path.name)}
    assert {"figures.csv", "figures.json", "figures.parquet"} <= same
    assert not {"sections.csv", "sections.json", "sections.parquet"} & same


def test_a_file_that_somebody_changed_is_not_used_again(tmp_path: Path) -> None:
    whole = publication(tmp_path / "first", [make_report()], tmp_path / "cache")
    changed = tmp_path / "first" / "data" / "figures.csv"
    changed.write_bytes(changed.read_bytes().replace(b"granted", b"refused"))
    assert publication(tmp_path / "second", [make_report()], tmp_path / "cache") == whole


def test_a_package_is_written_over_another_without_touching_what_is_kept(tmp_path: Path) -> None:
    publication(tmp_path / "here", [make_report()], tmp_path / "cache")
    other = publication(tmp_path / "here", [make_report(agency=OFFICE)], tmp_path / "cache")
    assert other == publication(tmp_path / "there", [make_report(agency=OFFICE)])


def test_a_damaged_piece_is_made_anew(tmp_path: Path) -> None:
    reports = [make_report()]
    whole = publication(tmp_path / "first", reports, tmp_path / "cache")
    for path in (tmp_path / "cache" / "package").iterdir():
        path.write_bytes(path.read_bytes()[:-9])
    assert publication(tmp_path / "second", reports, tmp_path / "cache") == whole


def test_a_row_more_moves_no_cut_but_one() -> None:
    rows = [(f"{number:05d}", place) for number in range(20_000) for place in range(3)]
    runs = list(cut(rows))
    assert [row for run in runs for row in run] == rows
    assert len(runs) > 10 and max(map(len, runs)) <= 25_000
    more = list(cut([*rows[:5_001], ("01667-1", 0), *rows[5_001:]]))
    assert len([run for run in more if run not in runs]) == 1
    keys = [{key for key, _ in run} for run in runs]
    assert all(one.isdisjoint(other) for one, other in pairwise(keys))
