"""Floors stop a publication that lost data: a total, a form or a year with far less than it once had.

A file of floors belongs to a collection of reports:

    share: 0.02                  how much may be lost before the publication stops
    total: {reports: 4, figures: 792}
    format: {national_2019: {reports: 4, figures: 792}}
    year: {2020: {reports: 4, figures: 792}}

`reports` counts current annual reports, `figures` those of their figures that have a value.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

from publish.opened import read_only

_REPORTS = "select count(*) from reports r where r.is_current = 1"
_FIGURES = "select count(f.value) from reports r join figures f using (report_id) where r.is_current = 1"


class FloorError(Exception):
    """Something fell below its floor. The message is one sentence that says what, from what to what."""


def _held(connection: sqlite3.Connection, condition: str, *parameters: Any) -> dict[str, int]:
    counts = (("reports", _REPORTS), ("figures", _FIGURES))
    return {what: connection.execute(query + condition, parameters).fetchone()[0] for what, query in counts}


def _read(path: Path) -> dict[str, Any]:
    try:
        floors: Any = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FloorError(f"{path.name} is not YAML ({' '.join(str(error).split())}); correct it.") from error
    if not isinstance(floors, dict) or not isinstance(floors.get("share"), int | float):
        raise FloorError(f"{path.name} must have a share, such as 0.02, beside total, format and year.")
    return floors


def check_floors(database: Path, floors_file: Path) -> None:
    """Compare a database with its floors; without a file there are none. Raises FloorError."""
    if not floors_file.exists():
        return
    floors = _read(floors_file)
    with closing(read_only(database)) as connection:
        held = [("in all", floors.get("total", {}), _held(connection, ""))]
        for name, floor in floors.get("format", {}).items():
            held.append((f"of the form {name}", floor, _held(connection, " and r.format = ?", name)))
        for year, floor in floors.get("year", {}).items():
            held.append((f"of the year {year}", floor, _held(connection, " and r.year = ?", year)))
    for where, floor, counted in held:
        for what, before in floor.items():
            if counted[what] < before * (1 - floors["share"]):
                raise FloorError(
                    f"{what} {where} fell from {before} to {counted[what]}, more than {floors['share']:.0%}; "
                    f"find out why, or lower the floor in {floors_file.name}."
                )
