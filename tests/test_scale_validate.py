"""Validation in SQL against frictionless itself: on a sound package both find nothing, and each planted defect is found by both."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import frictionless
import pyarrow
import pytest
from click import ClickException
from click.testing import CliRunner
from factories import BUREAU, make_report

import build
from extract import batch
from extract.model import CatalogueEntry, Report, Section
from extract.pipeline import extract_file
from publish.database import Built, build_database
from publish.package import write_package
from publish.schema import load_schema
from publish.validate import ValidationError, _stored, check_constraints, files_at_fault, violations
from publish.validate_package import validate_package

_CELL = "where report = 1 and cell in (select cell from figure_cells where indicator = 'granted' and measure = 'total')"
_KIND = f"where kind in (select kind from figure_values {_CELL})"
DEFECTS = {
    "enum": (f"update figure_kinds set state = 'guessed' {_KIND}", ("figures", "state")),
    "required": ("update regions set name = '' where region_id = '440115'", ("regions", "name")),
    "pattern": ("update sources set sha256 = 'abc'", ("sources", "sha256")),
    "type": (f"update figure_values set line = 'three' {_CELL}", ("figures", "line")),
    "maximum": (f"update figure_kinds set confidence = 1.5 {_KIND}", ("figures", "confidence")),
    "minimum": (f"update figure_kinds set confidence = -1 {_KIND}", ("figures", "confidence")),
    "foreign key": ("update figure_cells set indicator = 'nothing' where indicator = 'granted'", ("figures", '"indicator"')),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "gongkai.db"
    build_database([make_report(), make_report(agency=BUREAU)], path)
    return path


def by_frictionless(database: Path, out: Path) -> frictionless.Report:
    write_package(database, out)
    return frictionless.validate(str(out / "data" / "datapackage.json"))


def test_a_sound_database_has_no_violation(sound: Path, tmp_path: Path) -> None:
    assert violations(sound) == []
    assert by_frictionless(sound, tmp_path).valid


@pytest.mark.parametrize(
    "broken",
    [
        lambda report: replace(report, figures=tuple(each._replace(state="guessed") for each in report.figures)),
        lambda report: replace(report, sections=(Section(1, "preface", None, "", 1, 1),)),
        lambda report: replace(report, identity=replace(report.identity, year=1840)),
    ],
)
def test_what_a_report_breaks_is_known_before_the_whole_is_read(tmp_path: Path, broken: Callable[[Report], Report]) -> None:
    sound_one, other = make_report(), make_report(agency=BUREAU)
    assert build_database([sound_one, other], tmp_path / "sound.db").unverified
    built = build_database([sound_one, broken(other)], tmp_path / "broken.db")
    assert files_at_fault(tmp_path / "broken.db", built.unverified).keys() == {other.source.path}


@pytest.mark.parametrize("constraint", DEFECTS)
def test_a_planted_defect_is_found_as_frictionless_finds_it(constraint: str, sound: Path, tmp_path: Path) -> None:
    database = tmp_path / "broken.db"
    shutil.copy(sound, database)
    statement, (table, column) = DEFECTS[constraint]
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute(statement).rowcount
        connection.commit()
    assert [(each.table, each.column, each.constraint) for each in violations(database)] == [(table, column, constraint)]
    if constraint == "type":
        with pytest.raises(pyarrow.ArrowInvalid):  # such a package can't even be written
            write_package(database, tmp_path / "out")
    else:
        assert not by_frictionless(database, tmp_path / "out").valid


def test_a_doubled_key_is_found(sound: Path, tmp_path: Path) -> None:
    """In a table that lost its key, as a copy made with `create table … as` has."""
    database = tmp_path / "doubled.db"
    shutil.copy(sound, database)
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(
            "create table bare as select * from rates; drop table rates; alter table bare rename to rates; "
            "insert into rates select * from rates limit 1"
        )
    assert [(each.table, each.constraint, each.rows) for each in violations(database)] == [("rates", "primary key", 1)]


def test_one_sentence_says_what_is_broken_where_and_what_to_do(sound: Path, tmp_path: Path) -> None:
    database = tmp_path / "broken.db"
    shutil.copy(sound, database)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(DEFECTS["enum"][0])
        connection.execute(DEFECTS["required"][0])
        connection.commit()
    with pytest.raises(ValidationError, match=r"^regions: name breaks its constraint `required` in 1 rows, for example 440115; 1 other"):
        check_constraints(database)
    check_constraints(sound)


def test_every_column_of_a_view_is_found_in_what_is_stored() -> None:
    computed = {"figures": {"raw"}, "checks": {"difference", "sentence_zh", "sentence_en"}}
    for table in load_schema().tables:
        assert set(table.column_names) - set(_stored(table)) == computed.get(table.name, set())


def test_a_broken_constraint_stops_the_publication(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **named: object) -> Built:
        built = build_database(*arguments, **named)
        with closing(sqlite3.connect(arguments[1])) as connection:
            connection.execute("update coverage set status = 'guessed'")
            connection.commit()
        return built

    monkeypatch.setattr(build, "build_database", broken)
    monkeypatch.setattr(build, "CACHE", tmp_path / "cache")
    with pytest.raises(ClickException, match="coverage: status breaks its constraint `enum`"):
        build.build_all(folder, tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


def test_a_file_whose_contents_break_the_schema_costs_no_other(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "003_5485236d7c6fb8e1.txt"

    def slipped(path: Path, entry: CatalogueEntry) -> Report:
        report = extract_file(path, entry)
        return replace(report, identity=replace(report.identity, year=1840)) if entry.file == name else report

    monkeypatch.setattr(batch, "extract_file", slipped)
    monkeypatch.setattr(build, "CACHE", tmp_path / "cache")
    shutil.copytree(root / "reports", tmp_path / "reports")
    assert build.build_all(tmp_path / "reports", tmp_path / "dist").files == 5
    assert f"{name}: what was read from it breaks the schema (reports.year: minimum)" in capsys.readouterr().err
    with closing(sqlite3.connect(tmp_path / "dist/data/gongkai.db")) as connection:
        assert connection.execute("select count(*) from reports").fetchone() == (4,)
        assert connection.execute("select kind from problems where path = ?", (name,)).fetchall() == [("program_error",)]
    assert name in (tmp_path / "dist/checks/index.html").read_text("utf-8")


def test_no_text_costs_another_its_place(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Digits beyond any integer, a year before any report, a page of a report that names nobody, amounts beyond the economy."""
    sound = next(folder.glob("*.txt")).read_text("utf-8", "replace")
    (folder / "digits.txt").write_text(sound.replace("1", "9" * 23), "utf-8")
    (folder / "early.txt").write_text("济南市人民政府1999年政府信息公开工作年度报告\n一、概述\n1999年，收到申请3件。\n", "utf-8")
    (folder / "page.txt").write_text("四、结转下年度继续办理 0 0 0 0 0 0 0\n未出现申请行政复议、提起行政诉讼的情况。\n", "utf-8")
    head = "<tr><td>信息内容</td><td>采购项目数量</td><td>采购总金额</td></tr>"
    amount = f"<table>{head}<tr><td>政府集中采购</td><td>8</td><td>{'9' * 15}亿元</td></tr></table>"
    title = "<h1>济南市财政局2019年政府信息公开工作年度报告</h1><p>二、主动公开政府信息情况</p><p>第二十条第（九）项</p>"
    (folder / "amount.html").write_text(title + amount, "utf-8")
    monkeypatch.setattr(build, "CACHE", tmp_path / "cache")
    assert build.build_all(folder, tmp_path / "dist").files == 5
    with closing(sqlite3.connect(tmp_path / "dist/data/gongkai.db")) as connection:
        held = {path for (path,) in connection.execute("select path from reports join sources using (source_id)")}
        assert held == {"003_5485236d7c6fb8e1.txt", "digits.txt", "amount.html"}
        (value, raw) = connection.execute("select value, raw from figures where raw like '999%亿元'").fetchone()
        assert value == float("9" * 15 + "0" * 8) and raw == "9" * 15 + "亿元"
        assert connection.execute("select count(*) from figures where raw like ? and value is not null", ("9" * 23 + "%",)).fetchone() == (
            0,
        )


def test_frictionless_reads_a_small_package_whole_and_of_a_long_table_a_sample(sound: Path, tmp_path: Path) -> None:
    write_package(sound, tmp_path)
    whole = validate_package(tmp_path / "data", 10_000)
    assert whole.sampled == () and whole.tables == len(load_schema().tables)
    part = validate_package(tmp_path / "data", 100)
    assert {"figures", "regions"} <= set(part.sampled)
    figures = tmp_path / "data" / "figures.csv"
    figures.write_text(figures.read_text("utf-8").replace(",printed,", ",guessed,"), "utf-8")
    for most in (100, 10_000):
        with pytest.raises(ValidationError, match="frictionless finds"):
            validate_package(tmp_path / "data", most)


def test_the_command_says_what_it_found(built: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(build.main, ["validate", "--out", str(built)])
    assert done.exit_code == 0 and f"frictionless finds {len(load_schema().tables)} tables valid" in done.output
    nothing = CliRunner().invoke(build.main, ["validate", "--out", str(tmp_path)])
    assert nothing.exit_code == 1 and "there is no data package" in nothing.output
