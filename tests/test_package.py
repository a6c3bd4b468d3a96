"""The data package: valid as a stranger's tool sees it, equal to the database in every medium, safe in a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import duckdb
import frictionless
import pyarrow.parquet as pq
import pytest
from factories import BUREAU, make_report

from extract.model import NarrativeFigure, Section
from publish.database import build_database
from publish.package import write_package
from publish.pieces import spreadsheet_safe
from publish.schema import load_schema

NASTY = '=HYPERLINK("http://example.com")，第一行\n第二行，"引号"\r第三行'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of three reports, one of them with texts that break careless writers."""
    out = tmp_path_factory.mktemp("package")
    section = Section(1, "overview", "-1+1", NASTY, 1, 3)
    figure = NarrativeFigure(1, "overview", 3, None, False, "@3", "+sum", 1)
    odd = make_report({("granted", "total"): 1}, sections=(section,), narrative=(figure,))
    figures = tuple(each._replace(raw="-369") if each.measure == "items_change" else each for each in odd.figures)
    reports = [replace(odd, figures=figures), make_report(agency=BUREAU, year=2019), make_report(form="national_2021", year=2021)]
    build_database(reports, out / "data" / "gongkai.db")
    write_package(out / "data" / "gongkai.db", out)
    return out / "data"


def validate(folder: Path) -> frictionless.Report:
    return frictionless.validate(str(folder / "datapackage.json"))


def test_the_package_on_disk_is_valid(folder: Path) -> None:
    report = validate(folder)
    assert report.valid, report.flatten(["title", "message"])
    assert report.stats["tasks"] == len(load_schema().tables)
    for resource in frictionless.Package(str(folder / "datapackage.json")).resources:
        assert len(resource.schema.fields) == len(load_schema().table(resource.name).columns) > 0
        assert resource.schema.primary_key == list(load_schema().table(resource.name).primary_key)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("figures.csv", "440115-2020,granted,total,1,", "440115-2020,granted,total,many,"),
        ("reports.csv", "440115-2021,440115,", "440115-2021,999999,"),
        ("sections.csv", "440115-2020,1,overview", "440115-2020,1,preface"),
    ],
)
def test_a_damaged_package_is_not_valid(folder: Path, tmp_path: Path, name: str, old: str, new: str) -> None:
    copy = tmp_path / "data"
    copy.mkdir()
    for path in folder.glob("*.csv"):
        (copy / path.name).write_bytes(path.read_bytes())
    text = (copy / name).read_bytes().decode()
    assert old in text
    (copy / name).write_bytes(text.replace(old, new, 1).encode())
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        del resource["bytes"], resource["hash"]
    (copy / "datapackage.json").write_text(json.dumps(package), "utf-8")
    assert not validate(copy).valid


def test_licence_sources_contributors_and_hashes_are_stated(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert [licence["name"] for licence in package["licenses"]] == ["CC-BY-4.0"]
    assert package["sources"] and package["contributors"]
    for resource in package["resources"]:
        for file in (resource, *resource["alternatives"]):
            data = (folder / file["path"]).read_bytes()
            assert (file["bytes"], file["hash"]) == (len(data), "sha256:" + hashlib.sha256(data).hexdigest())


def database_rows(folder: Path, table: str) -> list[tuple]:
    key = ", ".join(load_schema().table(table).primary_key)
    with sqlite3.connect(folder / "gongkai.db") as connection:
        return connection.execute(f"select * from {table} order by {key}").fetchall()


@pytest.mark.parametrize("table", [table.name for table in load_schema().tables])
def test_json_and_parquet_hold_exactly_the_rows_of_the_database(folder: Path, table: str) -> None:
    wanted = database_rows(folder, table)
    assert [tuple(row.values()) for row in json.loads((folder / f"{table}.json").read_text("utf-8"))] == wanted
    parquet = pq.read_table(folder / f"{table}.parquet")
    assert parquet.column_names == list(load_schema().table(table).column_names)
    assert [tuple(row.values()) for row in parquet.to_pylist()] == wanted


def test_figures_stand_by_year_as_the_downloads_page_reads_them(folder: Path) -> None:
    query = f"select year, count(*) from read_parquet('{folder}/figures/*/*.parquet', hive_partitioning = true) group by 1 order by 1"
    assert duckdb.sql(query).fetchall() == [(2019, 198), (2020, 198), (2021, 200)]


def test_csv_is_utf8_with_unix_line_ends_and_whole_numbers(folder: Path) -> None:
    data = (folder / "requests.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf") and b"\r" not in data
    with (folder / "requests.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["report_id"] == "440115-2020" and row["applicant"] == "natural_person")
    assert (row["granted"], row["other_fee_unpaid"]) == ("6", "")


def csv_rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_text_cell_of_a_csv_is_a_formula(folder: Path) -> None:
    section = csv_rows(folder, "sections")[0]
    assert section["text"] == "'" + NASTY
    assert section["heading"] == "'-1+1"
    assert csv_rows(folder, "narrative_figures")[0]["phrase"] == "'@3"
    change = next(row for row in csv_rows(folder, "figures") if row["measure"] == "items_change" and row["report_id"] == "440115-2020")
    assert change["raw"] == "-369"
    assert next(row for row in csv_rows(folder, "figures") if row["value"].startswith("-"))["value"] == "-2"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("\t=1", "'\t=1"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("+44", "+44"),
        ("-369", "-369"),
        ("-1,234.5", "-1,234.5"),
        ("-", "-"),
        ("—", "—"),
        ("公开=1", "公开=1"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_would_run(text: str, safe: str) -> None:
    assert spreadsheet_safe(text) == safe


def test_the_package_says_what_was_done_to_its_texts(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert "撇号" in package["note"] and "apostrophe" in package["note_en"]


def test_the_same_database_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_package(folder / "gongkai.db", tmp_path)
    again = tmp_path / "data"
    names = sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file() and path.name != "gongkai.db")
    for name in names:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name
