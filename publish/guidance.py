"""What a user must know before joining, comparing or summing: crosswalk, breaks in series and usage warnings, from data files."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from extract.forms import load_dictionary

HERE = Path(__file__).parent


@cache
def _entries(name: str) -> tuple[dict[str, Any], ...]:
    return tuple(yaml.load((HERE / name).read_text("utf-8"), yaml.CSafeLoader))


def crosswalk_rows() -> list[tuple[str, ...]]:
    """The rows of `crosswalk`."""
    return sorted(tuple(entry[key] for key in ("from", "to", "grade", "note", "note_en")) for entry in _entries("crosswalk.yml"))


def series_break_rows() -> list[tuple[str | int, ...]]:
    """The rows of `series_breaks`: each break with each indicator that was there before or after it."""
    rows = []
    for entry in _entries("series_breaks.yml"):
        told = tuple(entry[key] for key in ("first_year", "title_zh", "title_en", "note_zh", "note_en"))
        blocks, named = entry.get("blocks", ()), entry.get("indicators", ())
        concerned = [e["indicator"] for e in load_dictionary("indicators.yml") if e["block"] in blocks or e["indicator"] in named]
        rows += [(entry["series_break"], indicator, *told) for indicator in concerned]
    return sorted(rows)


def warnings_of_tables(names: Iterable[str]) -> list[dict[str, Any]]:
    """The usage warnings of these tables of the database, each once, in the order of the vocabulary."""
    wanted = set(names)
    return [entry for entry in _entries("usage_warnings.yml") if wanted.intersection(entry.get("tables", ()))]


def _attached(key: str) -> Iterator[tuple[str, str]]:
    for entry in _entries("usage_warnings.yml"):
        yield from ((name, entry["warning"]) for name in entry.get(key, ()))


def _indicator_warnings() -> Iterable[tuple[str, str]]:
    broken = {row[1] for row in series_break_rows()}
    with_breaks = [entry["warning"] for entry in _entries("usage_warnings.yml") if entry.get("indicators_with_breaks")]
    return {*_attached("indicators"), *((str(indicator), warning) for warning in with_breaks for indicator in broken)}


def fill_guidance(connection: sqlite3.Connection) -> None:
    """Fill `crosswalk`, `series_breaks`, `usage_warnings` and what they are attached to. Needs `reports` with their counts."""
    warnings = _entries("usage_warnings.yml")
    texts = ("title_zh", "title_en", "text_zh", "text_en")
    tables: dict[str, list[tuple[Any, ...]]] = {
        "crosswalk": list(crosswalk_rows()),
        "series_breaks": list(series_break_rows()),
        "usage_warnings": [(w["warning"], place, *(w[key] for key in texts)) for place, w in enumerate(warnings, 1)],
        "table_warnings": sorted(_attached("tables")),
        "indicator_warnings": sorted(_indicator_warnings()),
    }
    for table, rows in tables.items():
        connection.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)
    concerned = "select r.report_id, ? from reports r join sources s using (source_id) where "
    for warning in warnings:
        if "reports" in warning:
            connection.execute(f"insert into report_warnings {concerned} {warning['reports']} order by 1", (warning["warning"],))
