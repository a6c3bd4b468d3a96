"""All Reports of a collection without all of them in memory: each lies in the cache and is read again when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import overload

from extract.batch import cache_path, header_of, headers_of_all, keep, recall, refused
from extract.model import CatalogueEntry, Report


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
        return recall(self._paths[place])

    def chosen(self, places: Sequence[int]) -> KeptReports:
        """Return some of these reports, without their headers."""
        return KeptReports([self._paths[place] for place in places], ())

    def refusing(self, reasons: Mapping[str, str]) -> KeptReports:
        """Return the same reports without the contents of some files, given by their path with the reason."""
        paths, headers = list(self._paths), list(self.headers)
        for place, header in enumerate(self.headers):
            reason = reasons.get(header.entry.file)
            if reason:
                headers[place] = refused(header, reason)
                paths[place] = self._paths[place].with_suffix(".refused")
                keep(headers[place], paths[place])
        return KeptReports(paths, headers)

    def version(self, place: int) -> str:
        """Return the name under which a report is kept: a digest of its file, its entry and the code that read it."""
        return self._paths[place].name


def read_all(
    folder: Path,
    entries: Sequence[CatalogueEntry],
    executor: Executor | None,
    store: Path,
    progress: Callable[[int], None],
    digests: Mapping[str, str] = MappingProxyType({}),
) -> KeptReports:
    """Read all files of a folder into the store, here or in processes of this machine; only headers come back from them.

    `digests` are those of the bytes of files, by their paths, as far as they are known.
    """
    paths, headers = [], []
    for entry, (path, header) in zip(entries, headers_of_all(folder, entries, executor, store, progress, digests), strict=True):
        paths.append(path)
        headers.append(replace(header, entry=entry))  # the entry itself, not its copy from another process: memory
    return KeptReports(paths, headers)


def keep_all(folder: Path, entries: Sequence[CatalogueEntry], reports: Iterable[Report], store: Path) -> KeptReports:
    """Return the reports of these entries as they come, each kept in the store: for readers that do not share its disk."""
    paths, headers = [], []
    for entry, report in zip(entries, reports, strict=True):
        path = cache_path(folder, store, entry)
        if not path.exists():
            keep(report, path)
        paths.append(path)
        headers.append(header_of(report))
    return KeptReports(paths, headers)
