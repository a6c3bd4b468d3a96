"""What we know of reports that we do not hold: `coverage.yml`, a YAML list of

- agency_id: '440304'              the body, quoted where it is all digits
  year: 2020                       the report year
  status: searched_not_found       or found_unreadable, not_required
  checked_on: 2026-11-21           when somebody looked
  official_url: https://…          where; needed for found_unreadable
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from publish.changes import fault_of_keys, is_date, is_web_address

NAME = "coverage.yml"
_REQUIRED = ("agency_id", "year", "status", "checked_on")
_OPTIONAL = ("official_url",)
_STATUSES = ("searched_not_found", "found_unreadable", "not_required")


class CoverageError(Exception):
    """An entry cannot be used. The message is one sentence that names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search for the report of a body and year came to."""

    status: str
    checked_on: str
    official_url: str | None


def _fault(entry: object) -> str | None:
    """Say what is wrong with an entry, None when nothing is."""
    if fault := fault_of_keys(entry, _REQUIRED, _OPTIONAL, "an entry"):
        return fault
    return _fault_of_values(entry)


def _fault_of_values(entry: Mapping[str, Any]) -> str | None:
    if not isinstance(entry["agency_id"], str):
        return f"has the agency_id {entry['agency_id']!r}; write it between quotation marks"
    if type(entry["year"]) is not int:
        return f"has the year {entry['year']!r}; write YYYY"
    if entry["status"] not in _STATUSES:
        return f"has the status {entry['status']!r}; write {', '.join(_STATUSES[:-1])} or {_STATUSES[-1]}"
    if not is_date(str(entry["checked_on"])):
        return f"has checked_on {entry['checked_on']!r}; write YYYY-MM-DD"
    if "official_url" not in entry:
        return "says found_unreadable without official_url; add where it was found" if entry["status"] == "found_unreadable" else None
    if not is_web_address(str(entry["official_url"])):
        return f"has the official_url {entry['official_url']!r}; write a whole web address"
    return None


def read_searched(path: Path) -> dict[tuple[str, int], Searched]:
    """Return the entries of a file by body and year; none when there is no such file. Raises CoverageError."""
    if not path.exists():
        return {}
    try:
        entries: Any = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise CoverageError(f"{NAME} is not YAML ({' '.join(str(error).split())}); correct it.") from error
    if not isinstance(entries or [], list):
        raise CoverageError(f"{NAME} must be a list; begin each entry with “- agency_id:”.")
    found: dict[tuple[str, int], Searched] = {}
    for place, entry in enumerate(entries or [], 1):
        if fault := _fault(entry):
            raise CoverageError(f"{NAME} entry {place} {fault}.")
        key = (entry["agency_id"], entry["year"])
        if key in found:
            raise CoverageError(f"{NAME} entry {place} is about {key[0]} and {key[1]}, as one before it is; remove one of them.")
        url = entry.get("official_url")
        found[key] = Searched(entry["status"], str(entry["checked_on"]), None if url is None else str(url))
    return found
