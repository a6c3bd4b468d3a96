"""Which document is which: the ids of all files and reports, told from their headers alone, so that not all need be in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extract.batch import header_of
from extract.kept import KeptReports
from extract.model import Report
from publish.rows import current_and_superseded, report_ids, source_ids


@dataclass(frozen=True, slots=True)
class Filing:
    """The ids of files and reports by their place in the catalogue, and how the versions of a report stand to each other."""

    source_ids: Sequence[str]
    report_ids: Sequence[str | None]
    current: frozenset[str]
    supersedes: Mapping[str, str]


def headers(reports: Sequence[Report]) -> Sequence[Report]:
    """Return the reports without what they say: only what tells which they are."""
    return reports.headers if isinstance(reports, KeptReports) else [header_of(report) for report in reports]


def filing_of(reports: Sequence[Report]) -> Filing:
    """Return the ids of reports (or of their headers), given in the catalogue's order."""
    identified = report_ids(reports)
    names = {id(report): report_id for report_id, report in identified}
    current, supersedes = current_and_superseded(identified)
    return Filing(source_ids(reports), [names.get(id(report)) for report in reports], frozenset(current), supersedes)


class PublicLines(Mapping[str, Sequence[str]]):
    """The lines of source.txt of each identified report by report_id, read when asked for."""

    def __init__(self, reports: Sequence[Report], places: Mapping[str, int] | None = None) -> None:
        self._reports = reports
        if places is None:
            names = filing_of(headers(reports)).report_ids
            places = {report_id: place for place, report_id in enumerate(names) if report_id}
        self._places = places

    def __getitem__(self, report_id: str) -> Sequence[str]:
        return self._reports[self._places[report_id]].public_lines

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def of(self, report_ids: Sequence[str]) -> PublicLines:
        """Return the lines of some reports alone, to be sent to another process."""
        chosen = [self._places[report_id] for report_id in report_ids]
        reports = self._reports.chosen(chosen) if isinstance(self._reports, KeptReports) else [self._reports[place] for place in chosen]
        return PublicLines(reports, {report_id: place for place, report_id in enumerate(report_ids)})

    def version(self, report_id: str) -> object:
        """Return what is another thing when the lines are others: the name under which a report is kept, or else the lines."""
        return self._reports.version(self._places[report_id]) if isinstance(self._reports, KeptReports) else tuple(self[report_id])
