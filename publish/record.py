"""What is recorded of the reports of a folder beside them, in the folder above: all that a build reads besides reports and program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publish.changes import ChangeFile, read_changes
from publish.corrections import read_corrections
from publish.searched import NAME as COVERAGE
from publish.searched import Searched, read_searched
from publish.statements import Statement, read_statements

_CORRECTIONS, _CHANGES, _STATEMENTS, _FLOORS = "corrections.yml", "changes", "statements.yml", "floors.yml"


@dataclass(frozen=True, slots=True)
class Record:
    """What was recorded; `floors` is a file, whether or not it is there."""

    corrections: Sequence[Mapping[str, Any]]
    changes: Sequence[ChangeFile]
    statements: Sequence[Statement]
    searched: Mapping[tuple[str, int], Searched]
    floors: Path


def inputs_of(reports: Path) -> list[Path]:
    """Return the folder of the reports, and the files and folders of their record, whether or not they are there."""
    return [reports, *(reports.parent / name for name in (_CORRECTIONS, _CHANGES, _STATEMENTS, COVERAGE, _FLOORS))]


def read_record(folder: Path) -> Record:
    """Read the record in a folder. Raises ChangesError, CorrectionError, CoverageError or StatementError."""
    return Record(
        read_corrections(folder / _CORRECTIONS),
        read_changes(folder / _CHANGES),
        read_statements(folder / _STATEMENTS),
        read_searched(folder / COVERAGE),
        folder / _FLOORS,
    )
