"""Validation in SQL against frictionless itself: on a sound package both find nothing, and each planted defect is found by both."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import frictionless
import pyarrow
import pytest
from factories import BUREAU, make_report

from publish.database import build_database
from publish.package import write_package
from publish.validate import violations

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
