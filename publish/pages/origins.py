"""What the rows of documents come from, as the making of the database tells it: by that, kept pages are found without reading a row."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from publish.pages.data import grouped_by
from publish.pages.query import Database
from publish.stretches import Stretch

# Digests of the stretches, and what was entered by hand about the documents.
Origin = tuple[Sequence[str], Sequence[object]]


class Origins:
    """Tells what the rows of documents come from. Without `stretches` nothing is known of it."""

    def __init__(self, source: Database, stretches: Sequence[Stretch]) -> None:
        self._stretches = sorted(stretches, key=lambda stretch: stretch.first)
        self._firsts = [stretch.first for stretch in self._stretches]
        self._statements = grouped_by(source.rows("select * from statements order by report_id, position"), "report_id")

    def _digest(self, report_id: str) -> str | None:
        place = bisect_right(self._firsts, report_id) - 1
        return self._stretches[place].checks if place >= 0 and report_id <= self._stretches[place].last else None

    def of(self, report_ids: Iterable[str]) -> Origin | None:
        """Return something that is another thing when a row of one of these documents is another; None where it is not known."""
        named = list(report_ids)
        found = {digest for report_id in named if (digest := self._digest(report_id))}
        if not all(map(self._digest, named)):
            return None
        return sorted(found), [sorted(row.items()) for report_id in named for row in self._statements.get(report_id, ())]
