"""Corrections of figures as data: both values are shown, the printed one is never lost.

A file of corrections belongs to a collection of reports. It is a YAML list of

    - report: 440115-2020          what is corrected, by report_id, indicator and measure
      indicator: granted
      measure: total
      printed: 799                 the value that the copy prints (null for a blank); when it changes, the entry no longer applies
      corrected: 789
      reason_zh: …                 one sentence each
      reason_en: …
      source: https://…            what it rests on
      date: 2026-11-21             when it was recorded
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from publish.changes import is_date

_KEYS = {"report", "indicator", "measure", "printed", "corrected", "reason_zh", "reason_en", "source", "date"}


class CorrectionError(Exception):
    """A correction cannot be applied. The message is one sentence that names it and the remedy."""


def _is_value(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _fault(entry: object) -> str | None:
    """Say what is wrong with an entry, None when nothing is."""
    if not isinstance(entry, dict) or set(entry) != _KEYS:
        return f"must have these keys and no other: {', '.join(sorted(_KEYS))}"
    if wrong := [name for name in ("printed", "corrected") if not _is_value(entry[name])]:
        return f"has {entry[wrong[0]]!r} for {wrong[0]}; write a number, or null for a blank"
    if empty := [name for name in sorted(_KEYS - {"printed", "corrected"}) if not str(entry[name] or "").strip()]:
        return f"has an empty {empty[0]}; fill it in"
    if not is_date(str(entry["date"])):
        return f"has the date {str(entry['date'])!r}; write YYYY-MM-DD"
    return None


def read_corrections(path: Path) -> list[dict[str, Any]]:
    """Read a file of corrections; none when it is empty or not there. Raises CorrectionError."""
    if not path.exists():
        return []
    try:
        entries: Any = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorrectionError(f"{path.name} is not YAML ({' '.join(str(error).split())}); correct it.") from error
    if not isinstance(entries, list):
        raise CorrectionError(f"{path.name} must be a list of corrections; begin each entry with “- report:”.")
    for place, entry in enumerate(entries, 1):
        if fault := _fault(entry):
            raise CorrectionError(f"{path.name}: entry {place} {fault}.")
    return entries


def apply_corrections(connection: sqlite3.Connection, corrections: Sequence[dict[str, Any]]) -> None:
    """Fill `corrections`. Raises CorrectionError for an entry that names no figure, or one that prints something else by now."""
    corrected: set[tuple[str, str, str]] = set()
    for entry in corrections:
        key = (entry["report"], entry["indicator"], entry["measure"])
        name = " ".join(map(str, key))
        if key in corrected:
            raise CorrectionError(f"There are two corrections of {name}; leave one of them.")
        corrected.add(key)
        found = connection.execute("select value from figures where report_id = ? and indicator = ? and measure = ?", key).fetchone()
        if found is None:
            raise CorrectionError(f"The correction of {name} names no figure; remove it or mend the name.")
        if found[0] != entry["printed"]:
            raise CorrectionError(f"The correction of {name} is for {entry['printed']}, but {found[0]} is printed; check it again.")
        values = (entry["printed"], entry["corrected"], entry["reason_zh"], entry["reason_en"], entry["source"], str(entry["date"]))
        connection.execute("insert into corrections values (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*key, *values))
