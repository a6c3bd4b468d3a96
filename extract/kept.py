"""All Reports of a collection without all of them in memory: each lies in the cache and is read again when it is asked for."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import overload

from extract.batch import cache_path, keep
from extract.model import CatalogueEntry, Report


def header_of(report: Report) -> Report:
    """Return a report without what it says: only what tells which it is, and its problems."""
    identity = replace(report.identity, evidence=(), problems=()) if report.identity else None
    return replace(report, identity=identity, figures=(), sections=(), narrative=(), noise=(), public_lines=())


class KeptReports(Sequence[Report]):
    """Reports in the catalogue's order, with their headers in memory."""

    def __init__(self, paths: Sequence[Path], headers: Sequence[Report]) -> None:
        self._paths = paths
        self.headers = headers

    def __len__(self) -> int:
        return len(self._paths)

    @overload
    def __getitem__(self, place: int) -> Report: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Report]: ...
    def __getitem__(self, place: int | slice) -> Report | Sequence[Report]:
        if isinstance(place, slice):
            return KeptReports(self._paths[place], self.headers[place])
        with self._paths[place].open("rb") as file:
            return pickle.load(file)

    def chosen(self, places: Sequence[int]) -> KeptReports:
        """Return some of these reports, without their headers."""
        return KeptReports([self._paths[place] for place in places], ())

    def version(self, place: int) -> str:
        """Return the name under which a report is kept: a digest of its file, its entry and the code that read it."""
        return self._paths[place].name


def keep_all(folder: Path, entries: Sequence[CatalogueEntry], reports: Iterable[Report], store: Path) -> KeptReports:
    """Return the reports of these entries as they come, each kept in the store that `extract_all` uses."""
    paths, headers = [], []
    for entry, report in zip(entries, reports, strict=True):
        path = cache_path(folder, store, entry)
        if not path.exists():
            keep(report, path)
        paths.append(path)
        headers.append(header_of(report))
    return KeptReports(paths, headers)
