"""Which report of which body and year is expected, whether we hold it, by when it was due and how late its printed date is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from publish.searched import NAME, CoverageError, Searched

DUE_DATES_FILE = Path(__file__).with_name("due_dates.yml")


@cache
def _due_dates() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.load(DUE_DATES_FILE.read_text("utf-8"), yaml.CSafeLoader))


@cache
def due_on(agency_type: str, year: int) -> str | None:
    """Return the last lawful day of publication of a report on `year`, None where the law names none."""
    for line in _due_dates():
        if agency_type in line["agency_types"] and line["from"] <= year <= line.get("to", year):
            return f"{year + 1}-{line['day']}"
    return None


def days_late(due: str | None, published: str | None) -> int | None:
    """Return the days from the due date to the printed date of publication, 0 when in time, None when one is not known."""
    if due is None or published is None:
        return None
    return max(0, (date.fromisoformat(published) - date.fromisoformat(due)).days)


def fill_coverage(
    connection: sqlite3.Connection, expected: Iterable[tuple[str, int]], searched: Mapping[tuple[str, int], Searched] | None = None
) -> None:
    """Fill `coverage`: a row for each current annual report, for each other body and year whose report is expected, and for what
    was searched for. Needs `agencies` and `reports`. Raises CoverageError where an entry names a body that is in neither.
    """
    held = connection.execute(
        "select r.agency_id, r.year, s.retrieved_on, case when s.copy_kind = 'official_site' then coalesce(s.original_url, s.url) "
        "else s.original_url end, a.agency_type, r.published_on, r.report_id "
        "from reports r join agencies a using (agency_id) join sources s using (source_id) where r.is_current = 1"
    )
    rows: dict[tuple[str, int], tuple[Any, ...]] = {}
    for agency_id, year, retrieved_on, url, agency_type, published_on, report_id in held:
        due = due_on(agency_type, year)
        rows[agency_id, year] = ("held", retrieved_on, url, due, days_late(due, published_on), report_id)
    searched = searched or {}
    types = dict(connection.execute("select agency_id, agency_type from agencies"))
    for agency_id, year in {*expected, *searched} - rows.keys():
        if agency_id not in types:
            raise CoverageError(
                f"{NAME}: {agency_id} is no body of ours and no government that was to report on {year}; correct the entry."
            )
        rows[agency_id, year] = _not_held(types[agency_id], year, searched.get((agency_id, year)))
    connection.executemany("insert into coverage values (?, ?, ?, ?, ?, ?, ?, ?)", ((*key, *row) for key, row in sorted(rows.items())))


def _not_held(agency_type: str, year: int, entry: Searched | None) -> tuple[Any, ...]:
    due = due_on(agency_type, year)
    if entry is None:
        return ("not_searched", None, None, due, None, None)
    return (entry.status, entry.checked_on, entry.official_url, None if entry.status == "not_required" else due, None, None)
