"""What bodies themselves say about a figure or a report: `statements.yml`, stored and shown beside it, never in its place."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from publish.changes import fault_of_keys, is_date, is_web_address

NAME = "statements.yml"
_REQUIRED = ("report_id", "statement", "source_url", "date")
_OPTIONAL = ("indicator", "measure")


class StatementError(Exception):
    """A statement cannot be used. The message is one sentence that names the entry and the remedy."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A body's words of a date about a figure, or about the whole report where `indicator` and `measure` are None."""

    report_id: str
    indicator: str | None
    measure: str | None
    statement: str
    source_url: str
    date: str


def _fault(entry: object) -> str | None:
    """Say what is wrong with an entry, None when nothing is."""
    if fault := fault_of_keys(entry, _REQUIRED, _OPTIONAL, "a statement"):
        return fault
    if ("indicator" in entry) != ("measure" in entry):
        return "names only one of indicator and measure; name both, or neither for the whole report"
    if empty := [key for key, value in entry.items() if not str(value or "").strip()]:
        return f"has an empty {empty[0]}; fill it in"
    if not is_date(str(entry["date"])):
        return f"has the date {entry['date']!r}; write YYYY-MM-DD"
    if not is_web_address(str(entry["source_url"])):
        return f"has the source_url {entry['source_url']!r}; write a whole web address"
    return None


def read_statements(path: Path) -> tuple[Statement, ...]:
    """Return the statements of a file in its order; none when there is no such file. Raises StatementError."""
    if not path.exists():
        return ()
    try:
        entries: Any = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StatementError(f"{NAME} is not YAML ({' '.join(str(error).split())}); correct it.") from error
    if not isinstance(entries or [], list):
        raise StatementError(f"{NAME} must be a list of statements; begin each entry with “- report_id:”.")
    statements = []
    for place, entry in enumerate(entries or [], 1):
        if fault := _fault(entry):
            raise StatementError(f"{NAME} entry {place} {fault}.")
        values = {key: entry.get(key) for key in (*_REQUIRED, *_OPTIONAL)}
        told = {key: value.isoformat() if isinstance(value, date) else value and str(value).strip() for key, value in values.items()}
        statements.append(Statement(**told))
    return tuple(statements)


def fill_statements(connection: sqlite3.Connection, statements: Sequence[Statement]) -> None:
    """Fill `statements`. Needs `reports` and `figures`. Raises StatementError where one is about nothing that we hold."""
    positions: Counter[str] = Counter()
    rows = []
    for place, s in enumerate(statements, 1):
        if not connection.execute("select 1 from reports where report_id = ?", (s.report_id,)).fetchone():
            raise StatementError(f"{NAME} entry {place}: there is no report {s.report_id}; correct report_id or remove the entry.")
        cell = (s.report_id, s.indicator, s.measure)
        if (
            s.indicator
            and not connection.execute("select 1 from figures where report_id = ? and indicator = ? and measure = ?", cell).fetchone()
        ):
            what = f"{s.report_id} has no figure {s.indicator} {s.measure}"
            raise StatementError(f"{NAME} entry {place}: {what}; correct indicator and measure or remove the entry.")
        positions[s.report_id] += 1
        rows.append((s.report_id, positions[s.report_id], s.indicator, s.measure, s.statement, s.source_url, s.date))
    connection.executemany("insert into statements values (?, ?, ?, ?, ?, ?, ?)", sorted(rows, key=lambda row: row[:2]))
