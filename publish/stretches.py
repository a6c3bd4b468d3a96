"""Stretches of a database's reports, and what all rows about them depend on: by it files made of these rows need not be made again."""

from __future__ import annotations

import hashlib
import marshal
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from publish.rows import Row


@dataclass(frozen=True, slots=True)
class Stretch:
    """The reports whose ids lie between two. `figures` and `checks` are other digests where those views show other rows of them."""

    first: str
    last: str
    figures: str
    checks: str


class Stretches:
    """Notes what the rows of each batch of reports are made of. Batches come in the order of report_id."""

    def __init__(self) -> None:
        self._firsts: list[str] = []
        self._lasts: list[str] = []
        self._keys: list[str] = []
        self._checks: list[hashlib._Hash] = []

    def add(self, report_ids: Iterable[str], key: str) -> None:
        """Add a batch of reports. `key` digests all that its rows were made from before any other batch was looked at."""
        named = sorted(report_ids)
        if named:
            self._firsts.append(named[0])
            self._lasts.append(named[-1])
            self._keys.append(key)
            self._checks.append(hashlib.sha256(key.encode()))

    def note_check(self, report_id: str, told: Row) -> None:
        """Note what the checks of a report say beyond what its batch alone tells."""
        if self._firsts:
            self._checks[bisect_right(self._firsts, report_id) - 1].update(marshal.dumps(told, 2))

    def __iter__(self) -> Iterator[Stretch]:
        for first, last, key, checks in zip(self._firsts, self._lasts, self._keys, self._checks, strict=True):
            yield Stretch(first, last, key, checks.hexdigest())
