"""How well the reader reads: measured on invented reports, on real ones read by hand, and with errors planted in true tables.

Nothing here is measured at build time. The three files are written where it was measured; a build only checks that they are whole.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
GENERATED = ROOT / "bench" / "accuracy.json"
REAL = ROOT / "site" / "accuracy_real.yml"
PLANTED = ROOT / "publish" / "planted_errors.yml"

GROUPINGS = ("form", "medium", "noise")
_COUNTS = ("reports", "cells", "right", "wrong", "silent", "missing")
# The two-sided 95% point of the normal distribution.
_Z = 1.959964


class AccuracyError(Exception):
    """A file of measurements is missing or malformed. The message is one sentence that names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Cells of a group of reports: each is right, wrong or missing; `silent` are the wrong ones that nothing warns of."""

    reports: int
    cells: int
    right: int
    wrong: int
    silent: int
    missing: int


@dataclass(frozen=True, slots=True)
class Generated:
    """The score on invented reports: in all, and by form, medium and kind of damage. `sha256` pins the corpus."""

    sha256: str
    total: Counts
    by: Mapping[str, Mapping[str, Counts]]


@dataclass(frozen=True, slots=True)
class Measurement:
    """The score on real documents whose cells people read by hand."""

    date: str
    command: str
    texts: Mapping[str, str]
    documents: int
    with_tables: int
    known: bool
    counts: Counts


@dataclass(frozen=True, slots=True)
class Planted:
    """How many errors of a kind were planted in tables that add up, and how many the checks caught."""

    title_zh: str
    title_en: str
    arithmetic_can: bool
    planted: int
    caught: int


def wilson(events: int, trials: int) -> tuple[float, float]:
    """Return the 95% interval of a share by Wilson's score method. It assumes independent trials, of which there must be some."""
    share, square = events / trials, _Z * _Z
    centre = share + square / (2 * trials)
    spread = _Z * sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    whole = 1 + square / trials
    return max(0.0, (centre - spread) / whole), min(1.0, (centre + spread) / whole)


def _malformed(path: Path, what: str, remedy: str) -> AccuracyError:
    return AccuracyError(f"{path.name} {what}; {remedy}.")


def _load(path: Path, remedy: str) -> Any:
    try:
        text = path.read_text("utf-8")
        return json.loads(text) if path.suffix == ".json" else yaml.load(text, yaml.CSafeLoader)
    except OSError as error:
        raise _malformed(path, "is not there", remedy) from error
    except (ValueError, yaml.YAMLError) as error:
        raise _malformed(path, "cannot be read", remedy) from error


def _counts(told: Mapping[str, Any], name: str) -> Counts:
    """Return the counts of a group; raise ValueError where one is missing, no count, or they do not add up."""
    numbers = {key: told[key] for key in _COUNTS}
    if not all(type(value) is int and value >= 0 for value in numbers.values()):
        raise ValueError(f"{name} has a count that is no whole number")
    counts = Counts(**numbers)
    if counts.right + counts.wrong + counts.missing != counts.cells or counts.silent > counts.wrong:
        raise ValueError(f"the cells of {name} do not add up")
    return counts


def read_generated(path: Path = GENERATED) -> Generated:
    """Read the score on invented reports, as `python -m bench.accuracy --update` leaves it. Raises AccuracyError."""
    remedy = "write it anew with `python -m bench.accuracy --update`"
    told = _load(path, remedy)
    try:
        by = {kind: {name: _counts(group, name) for name, group in told["by"][kind].items()} for kind in GROUPINGS}
        return Generated(str(told["corpus"]["sha256"]), _counts(told["total"], "total"), by)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _malformed(path, f"is malformed ({error})", remedy) from error


def read_real(path: Path = REAL) -> Sequence[Measurement]:
    """Read the scores on real documents, in the order of the file. Raises AccuracyError."""
    remedy = "each entry needs the date, the command, the documents and counts of cells that add up"
    told = _load(path, remedy)
    try:
        return [
            Measurement(
                date=datetime.date.fromisoformat(str(each["date"])).isoformat(),
                command=str(each["command"]),
                texts={language: str(each[f"what_{language}"]) for language in ("zh", "en")},
                documents=int(each["documents"]),
                with_tables=int(each["with_tables"]),
                known=bool(each["known_while_writing"]),
                counts=_counts({**each, "reports": each["with_tables"]}, str(each["date"])),
            )
            for each in told
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise _malformed(path, f"is malformed ({error})", remedy) from error


def read_planted(path: Path = PLANTED) -> Sequence[Planted]:
    """Read what the checks catch of planted errors. Raises AccuracyError."""
    remedy = "tests/test_checks_planted.py says what it must hold"
    told = _load(path, remedy)
    try:
        return [Planted(**kind) for kind in told["kinds"].values()]
    except (KeyError, TypeError, AttributeError) as error:
        raise _malformed(path, f"is malformed ({error})", remedy) from error
