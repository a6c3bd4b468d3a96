"""The record of changes: `changes/DATE.json` as values, read strictly and written the same way every time.

A file says how one publication differs from the one before. It is committed and never written again, so it refers to reports,
indicators and rules by name and stands also when one of them is gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

KINDS_FILE = Path(__file__).with_name("changes.yml")
_NUMBERS = ("old_value", "new_value")
_REMEDY = "write it anew with `build.py compare` or remove it."


class ChangesError(Exception):
    """The changes cannot be read or written. The message is one sentence that names the file and the remedy."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. Which fields are set follows from `kind` (changes.yml).

    `n_figures` counts the figures with a value of a report that came or went, or the cells in which a report differs from the
    one it replaced. For a check the states are its outcomes (`not_checked` where it was not there), the values its differences.
    """

    kind: str
    report_id: str
    old_report_id: str | None = None
    indicator: str | None = None
    measure: str | None = None
    rule: str | None = None
    subject: str | None = None
    old_value: float | None = None
    new_value: float | None = None
    old_state: str | None = None
    new_state: str | None = None
    n_figures: int | None = None

    def key(self) -> tuple[int, str, str, str, str, str]:
        """What identifies a change within its date; changes are listed in this order."""
        kind = list(kinds()).index(self.kind)
        return (kind, self.report_id, self.indicator or "", self.measure or "", self.rule or "", self.subject or "")


@dataclass(frozen=True, slots=True)
class ChangeFile:
    """All changes of one date (YYYY-MM-DD), in order."""

    date: str
    changes: tuple[Change, ...]


_FIELDS = tuple(field.name for field in fields(Change))


@cache
def kinds() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The kinds of change with the fields that each has."""
    return yaml.load(KINDS_FILE.read_text("utf-8"), yaml.CSafeLoader)


def is_web_address(text: str) -> bool:
    """Tell whether a text is a whole web address."""
    try:
        address = urlsplit(text)
    except ValueError:
        return False
    return address.scheme in ("http", "https") and bool(address.hostname)


def fault_of_keys(entry: object, required: Sequence[str], optional: Sequence[str], called: str) -> str | None:
    """Say what is wrong with the keys of an entry of a file kept by hand, which is `called` a statement; None when nothing is."""
    if not isinstance(entry, dict):
        return f"must have {', '.join(required)}; write it as a list of keys and values"
    if lacking := [key for key in required if key not in entry]:
        return f"lacks {lacking[0]}; add it"
    if extra := sorted(set(map(str, entry)) - {*required, *optional}):
        return f"has {extra[0]}, which {called} does not have; remove it"
    return None


def is_date(text: str) -> bool:
    """Tell whether a text is a day of the calendar, written YYYY-MM-DD."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def as_json(date: str, changes: Iterable[Change]) -> str:
    """Return the text of a change file: one change a line, sorted, fields without a value left out."""
    lines = [
        json.dumps({name: getattr(change, name) for name in _FIELDS if getattr(change, name) is not None}, ensure_ascii=False)
        for change in sorted(changes, key=Change.key)
    ]
    body = ",\n".join(lines)
    return f'{{"date": "{date}", "changes": [\n{body}\n]}}\n' if lines else f'{{"date": "{date}", "changes": []}}\n'


def _is_of_type(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return False
    if name in _NUMBERS:
        return isinstance(value, int | float)
    if name == "n_figures":
        return isinstance(value, int) and value >= 0
    return isinstance(value, str) and bool(value)


def _fault(entry: object) -> str | None:
    """Say what is wrong with an entry, None when nothing is."""
    if not isinstance(entry, dict):
        return "is no object"
    kind = kinds().get(entry.get("kind", ""))
    if kind is None:
        return f"has the kind {entry.get('kind')!r}, which does not exist"
    required = {"kind", "report_id", *kind["required"]}
    if lacking := sorted(required - set(entry)):
        return f"lacks {', '.join(lacking)}"
    if extra := sorted(set(entry) - required - set(kind["optional"])):
        return f"has {', '.join(map(str, extra))}, which a {entry['kind']} does not have"
    if wrong := sorted(name for name, value in entry.items() if not _is_of_type(name, value)):
        return f"has a {wrong[0]} of the wrong type: {entry[wrong[0]]!r}"
    return None


def parse(text: str, name: str) -> ChangeFile:
    """Return the changes that the text of the file `name` holds. Raises ChangesError."""
    try:
        raw: Any = json.loads(text)
    except ValueError as error:
        raise ChangesError(f"{name} is not JSON ({error}); {_REMEDY}") from error
    if not isinstance(raw, dict) or set(raw) != {"date", "changes"} or not isinstance(raw["changes"], list):
        raise ChangesError(f"{name} must hold `date` and the list `changes`, and nothing else; {_REMEDY}")
    if not isinstance(raw["date"], str) or not is_date(raw["date"]) or Path(name).name != f"{raw['date']}.json":
        raise ChangesError(f"{name} must be named after its date, which is {raw['date']!r} (YYYY-MM-DD); {_REMEDY}")
    changes: list[Change] = []
    for place, entry in enumerate(raw["changes"], 1):
        if fault := _fault(entry):
            raise ChangesError(f"{name}: change {place} {fault}; {_REMEDY}")
        changes.append(Change(**entry))
    keys = [change.key() for change in changes]
    if any(one >= other for one, other in pairwise(keys)):
        raise ChangesError(f"{name}: its changes are not in order, or one is listed twice; {_REMEDY}")
    return ChangeFile(raw["date"], tuple(changes))


def read_changes(folder: Path) -> tuple[ChangeFile, ...]:
    """Return all change files of a folder, earliest first; none when there is no such folder. Raises ChangesError."""
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    read = []
    for path in files:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise ChangesError(f"{folder.name}/{path.name} is not UTF-8 text; {_REMEDY}") from error
        read.append(parse(text, f"{folder.name}/{path.name}"))
    return tuple(read)


def change_rows(files: Iterable[ChangeFile]) -> Iterator[tuple[Any, ...]]:
    """The rows of `changes`."""
    for file in files:
        for position, change in enumerate(file.changes, 1):
            yield (file.date, position, *(getattr(change, name) for name in _FIELDS))
