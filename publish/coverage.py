"""Which report of which body and year we hold, by when it was due and how late its printed date is."""

from __future__ import annotations

import sqlite3
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DUE_DATES_FILE = Path(__file__).with_name("due_dates.yml")


@cache
def _due_dates() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.load(DUE_DATES_FILE.read_text("utf-8"), yaml.CSafeLoader))


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


def fill_coverage(connection: sqlite3.Connection) -> None:
    """Fill `coverage` with a row for each current annual report."""
    held = connection.execute(
        "select r.agency_id, r.year, s.retrieved_on, case when s.copy_kind = 'official_site' then coalesce(s.original_url, s.url) "
        "else s.original_url end, a.agency_type, r.published_on, r.report_id "
        "from reports r join agencies a using (agency_id) join sources s using (source_id) where r.is_current = 1 order by 1, 2"
    )
    rows = []
    for agency_id, year, retrieved_on, url, agency_type, published_on, report_id in held:
        due = due_on(agency_type, year)
        rows.append((agency_id, year, "held", retrieved_on, url, due, days_late(due, published_on), report_id))
    connection.executemany("insert into coverage values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
