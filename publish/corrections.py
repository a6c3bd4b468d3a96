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

_KEYS = {"report", "indicator", "measure", "printed", "corrected", "reason_zh", "reason_en", "source", "date"}


class CorrectionError(Exception):
    """A correction cannot be applied. The message is one sentence that names it and the remedy."""


def read_corrections(path: Path) -> list[dict[str, Any]]:
    """Read a file of corrections; none when it is empty or not there. Raises CorrectionError."""
    if not path.exists():
        return []
    entries = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or []
    for place, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or set(entry) != _KEYS:
            raise CorrectionError(f"{path.name}: entry {place} must have these keys and no other: {', '.join(sorted(_KEYS))}.")
    return entries


def apply_corrections(connection: sqlite3.Connection, corrections: Sequence[dict[str, Any]]) -> None:
    """Fill `corrections`. Raises CorrectionError for an entry that names no figure, or one that prints something else by now."""
    for entry in corrections:
        key = (entry["report"], entry["indicator"], entry["measure"])
        name = " ".join(map(str, key))
        found = connection.execute("select value from figures where report_id = ? and indicator = ? and measure = ?", key).fetchone()
        if found is None:
            raise CorrectionError(f"The correction of {name} names no figure; remove it or mend the name.")
        if found[0] != entry["printed"]:
            raise CorrectionError(f"The correction of {name} is for {entry['printed']}, but {found[0]} is printed; check it again.")
        values = (entry["printed"], entry["corrected"], entry["reason_zh"], entry["reason_en"], entry["source"], str(entry["date"]))
        connection.execute("insert into corrections values (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*key, *values))
