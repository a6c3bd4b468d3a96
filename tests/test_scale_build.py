"""A build that need not be made again, and one that does not hold every report in memory."""

from __future__ import annotations

import filecmp
import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from factories import BUREAU, NANSHA, make_report

import build
from extract import batch
from extract.batch import extract_all, header_of, keep, read_one
from extract.catalogue import read_catalogue
from extract.identity.gazetteer import load_regions
from extract.kept import KeptReports, keep_all, read_all
from extract.model import CatalogueEntry, Report
from publish import fingerprint, site_zip, standing
from publish.database import build_database
from publish.expected import government_of
from publish.filing import PublicLines, filing_of, headers
from publish.filling import by_bodies
from publish.fingerprint import folder_digests, memory_of, noted_digests
from publish.rows import report_ids

SEED = "003_5485236d7c6fb8e1.txt"


def test_a_build_is_remembered_while_its_inputs_and_its_tree_stand(tmp_path: Path, folder: Path) -> None:
    out = tmp_path / "dist"
    out.mkdir()
    page = out / "index.html"
    page.write_text("一")

    def memory(option: str = ""):
        return memory_of(tmp_path / "memory", out, [folder], option)

    def recall(option: str = "") -> bool | None:
        """Whether the inputs were the same, None where nothing is known of the tree as it stands."""
        remembered = memory(option).recall()
        return remembered.same if remembered and remembered.is_left_by(folder_digests(out)) else None

    def keep() -> None:
        memory().keep(folder_digests(out), files=1)

    assert recall() is None
    keep()
    assert recall() and memory().recall().told == {"files": 1}
    assert recall("elsewhere") is False
    page.write_text("二二")
    assert recall() is None, "a touched tree is built again"
    keep()
    (folder / SEED).write_bytes((folder / SEED).read_bytes() + b"\n")
    assert recall() is False, "a changed report is read again"
    keep()
    (folder / "catalogue.csv").write_text("file\n")
    assert recall() is False, "a file more is an input more"
    memory().forget()
    assert recall() is None
    for half in ("{", "[1]", "{}"):
        memory().file.write_text(half)
        assert recall() is None, "half a memory is none"


def test_files_that_did_not_change_are_not_read_and_all_others_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one of the same size that bears its old time."""
    folder, note, read = tmp_path / "reports", tmp_path / "note", []
    real = fingerprint._of_file
    monkeypatch.setattr(fingerprint, "_of_file", lambda file: read.append(Path(file).name) or real(file))
    folder.mkdir()
    for name in ("a", "b"):
        (folder / name).write_text(name)

    def digest() -> dict[str, str]:
        read.clear()
        found = noted_digests([folder], note)
        wanted = {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir()) if path.exists()}
        assert list(found.items()) == list(wanted.items()), "in the same order, whichever were read"
        read.sort()  # several are read at a time
        return found

    first = digest()
    assert digest() == first and read == ["a", "b"], "they have only just changed"
    monkeypatch.setattr(fingerprint, "_UNSETTLED", 0)
    assert digest() == digest() == first and read == []
    before = (folder / "a").stat()
    while (folder / "a").stat().st_ctime_ns == before.st_ctime_ns:  # the clock of a file system ticks slowly
        (folder / "a").write_text("A")
    os.utime(folder / "a", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert digest() != first and read == ["a"]
    (folder / "c").write_text("c")
    (folder / ".#c").symlink_to("nobody@nowhere")
    (folder / "b").unlink()
    digest()
    assert read == ["c"]
    note.write_text("[")
    digest()
    assert read == ["a", "c"]


def test_a_tree_is_renewed_only_where_it_stands_as_the_last_build_left_it(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Touched by somebody, or left in the midst of a renewal, it is made whole; in all cases it is the tree that a cold build makes."""
    monkeypatch.setattr(site_zip, "MOST_BYTES", 0)
    out, acts = tmp_path / "dist", []
    for name in ("renew", "swap"):
        real = getattr(standing, name)
        monkeypatch.setattr(standing, name, lambda *given, name=name, real=real: acts.append(name) or real(*given))

    def made(out: Path, cache: str) -> dict[str, bytes]:
        monkeypatch.setattr(build, "CACHE", tmp_path / cache)
        build.build_all(folder, out)
        return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}

    def add(text: str) -> None:
        with (folder / SEED).open("a", encoding="utf-8") as file:
            file.write(text)

    made(out, "cache")
    add("本报告已经核对。\n")
    renewed = made(out, "cache")
    add("本报告又经核对。\n")
    (out / "about" / "index.html").write_text("touched")
    assert made(out, "cache").keys() == renewed.keys()
    add("本报告再经核对。\n")
    with monkeypatch.context() as broken:
        compared = []
        broken.setattr(filecmp, "cmp", lambda *files, shallow: compared.append(files) or (1 / 0 if len(compared) == 3 else False))
        with pytest.raises(ZeroDivisionError):
            made(out, "cache")
    last = made(out, "cache")
    assert acts == ["swap", "renew", "swap", "renew", "swap"]
    assert last == made(tmp_path / "cold", "another")
    assert not list(tmp_path.glob(".*"))


def test_kept_reports_are_the_reports(tmp_path: Path, folder: Path) -> None:
    shutil.copy(folder / SEED, folder / "again.txt")
    entries = read_catalogue(folder)
    read = list(extract_all(folder, entries))
    kept = keep_all(folder, entries, iter(read), tmp_path / "store")
    assert list(kept) == read
    assert list(kept[1:]) == read[1:]
    assert list(headers(kept)) == [header_of(report) for report in read]
    shutil.rmtree(tmp_path / "store")
    again = keep_all(folder, entries, extract_all(folder, entries, None, tmp_path / "store"), tmp_path / "store")
    assert list(again) == read


def test_reading_into_the_store_gives_the_same_reports_cold_and_warm(tmp_path: Path, folder: Path) -> None:
    entries = read_catalogue(folder)
    read = list(extract_all(folder, entries))
    for _ in ("cold", "warm"):
        told: list[int] = []
        kept = read_all(folder, entries, None, tmp_path / "store", told.append)
        assert list(kept) == read
        assert list(headers(kept)) == [header_of(report) for report in read]
        assert told == list(range(1, len(entries) + 1))
    kept_files = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert len(kept_files) == 2, "a report, and the headers of all"
    for half in kept_files:
        half.write_bytes(half.read_bytes()[:20])
        again = read_all(folder, entries, None, tmp_path / "store", told.append)
        assert list(again) == read, "half a file is read anew"
        assert list(headers(again)) == list(headers(kept))


def test_a_file_whose_digest_is_known_is_opened_only_to_read_it(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is it another one by then, it is kept as that; so is one that came where none was."""
    entries, path = [CatalogueEntry(SEED)], folder / SEED
    looked: list[str] = []
    real = batch._digest
    monkeypatch.setattr(batch, "_digest", lambda folder, entry: looked.append(entry.file) or real(folder, entry))

    def read(digests: dict[str, str]) -> Report:
        looked.clear()
        return read_all(folder, entries, None, tmp_path / "store", lambda done: None, digests)[0]

    def told() -> dict[str, str]:
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest()}

    before, first = told(), read(told())
    assert first == read_one(folder, entries[0]) == read(before) and not looked
    path.write_bytes(path.read_bytes() + "本报告已经核对。\n".encode())
    assert read(before) == first, "it is the file that was there when the build began"
    (tmp_path / "store").rename(tmp_path / "gone")
    assert read(before) == read_one(folder, entries[0]) != first and looked == [SEED]
    assert read(told()) == read_one(folder, entries[0]) and not looked, "kept as what it is"
    path.unlink()
    assert [problem.kind for problem in read({}).problems] == ["file_absent"]
    path.write_bytes(b"")
    assert read({}) == read(told()) == read_one(folder, entries[0])


def test_a_database_of_kept_reports_has_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [make_report(agency=agency, year=year) for year in (2020, 2019) for agency in (NANSHA, BUREAU)]
    monkeypatch.setattr("publish.filling._BATCH", 3)
    build_database(reports, tmp_path / "one.db")
    paths = []
    for place, report in enumerate(reports):
        path = tmp_path / f"{place}.report"
        keep(report, path)
        paths.append(path)
    kept = KeptReports(paths, [header_of(report) for report in reports])
    build_database(kept, tmp_path / "two.db")
    assert (tmp_path / "one.db").read_bytes() == (tmp_path / "two.db").read_bytes()


def test_a_report_more_moves_few_batches() -> None:
    """Each batch is kept by all that is in it."""

    def batches(reports: Sequence[Report]) -> list[list[str | None]]:
        return [[report_id for _, report_id in batch] for batch in by_bodies(reports, filing_of(reports))]

    divisions = [region for region in load_regions() if region.level == "county"]
    reports = [make_report(agency=government_of(region, 2020), year=year, base={}) for region in divisions for year in (2019, 2020)]
    before = batches(reports)
    assert len(before) > 20 and max(map(len, before)) <= 258
    middle = len(reports) // 2
    after = batches([*reports[:middle], make_report(agency=reports[middle].identity.agency, year=2018, base={}), *reports[middle:]])
    assert len([batch for batch in after if batch not in before]) < 6


def test_public_lines_are_those_of_their_report() -> None:
    reports = [make_report(public_lines=("一",)), make_report(agency=None, base={}), make_report(agency=BUREAU, public_lines=("二", "三"))]
    lines = PublicLines(reports)
    assert {key: lines[key] for key in lines} == {key: report.public_lines for key, report in report_ids(reports)}
    assert len(lines) == 2
