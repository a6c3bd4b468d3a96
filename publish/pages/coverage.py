"""Which governments were to report, for which years, and what became of it: the rows of `coverage` as pages count and list them.

Only governments of divisions at county level and above are counted: of other bodies `coverage` has what is held, which is no denominator.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from publish.pages.data import Data, Row
from publish.pages.numbers import share
from publish.pages.query import Database
from publish.pages.words import Words

# What became of a report that was due, in the order in which it is told.
HELD = ("in_time", "late", "undated")
NOT_HELD = ("found_unreadable", "searched_not_found", "not_searched")
SEASON = (*HELD, *NOT_HELD)

Counts = Mapping[str, int]

# A government's agency_id is the region_id of its division, and the first two digits of that tell the province.
_BODIES = """
select a.*, r.parent_id from agencies a join regions r on r.region_id = a.agency_id
where a.agency_type = 'government' and a.level in ('provincial', 'prefectural', 'county')
and a.agency_id in (select agency_id from coverage) order by a.agency_id"""
_ROWS = "select agency_id, year, status, checked_on, official_url, days_late, report_id from coverage order by agency_id, year"


class Season(NamedTuple):
    """What became of one report. `kind` is one of SEASON, or not_required."""

    year: int
    kind: str
    checked_on: str | None
    official_url: str | None
    report_id: str | None


@dataclass(frozen=True)
class Coverage:
    """Governments by agency_id, the years for which each was to report, and how many of each kind there are by year and province."""

    bodies: Mapping[str, Row]
    seasons: Mapping[str, tuple[Season, ...]]
    counts: Mapping[int, Mapping[str, Counts]]
    # The day up to which files were added, None where no file says.
    as_of: str | None

    def of_nation(self, year: int) -> Counts:
        """Count the kinds of a year over all provinces."""
        return total(self.counts.get(year, {}).values())

    def of_provinces(self, provinces: Iterable[str]) -> Mapping[str, Counts]:
        """Count the kinds over all years by province."""
        return {key: total(year[key] for year in self.counts.values() if key in year) for key in provinces}

    def provinces(self) -> list[str]:
        """Return the provinces that have governments here, in the order of their codes."""
        return sorted({province_of(agency_id) for agency_id in self.bodies})

    def near(self, region_id: str) -> Sequence[Row]:
        """Return the government of a region and those of the regions directly below it, as they were at any time."""
        return self._near.get(region_id, ())

    @cached_property
    def _near(self) -> Mapping[str, Sequence[Row]]:
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for key, row in self.bodies.items():
            found[key].append(row)
            found[row["parent_id"]].append(row)
        return found


def province_of(agency_id: str) -> str:
    """Return the province of a division or its government by its id."""
    return f"{agency_id[:2]}0000"


def total(counts: Iterable[Counts]) -> Counts:
    """Return the sum of counts of kinds."""
    summed: Counter[str] = Counter()
    for each in counts:
        summed.update(each)
    return summed


def due(counts: Counts) -> int:
    """Return how many reports were due."""
    return sum(counts.get(kind, 0) for kind in SEASON)


def held(counts: Counts) -> int:
    """Return how many of the reports due are held."""
    return sum(counts.get(kind, 0) for kind in HELD)


def share_words(part: int, whole: int, words: Words) -> str:
    """Return a share as a percentage that is never rounded to none or all; nothing for none, and where the base is too small."""
    told = share(part, whole)
    if told is None or not part:
        return ""
    if told == "0.0%":
        return words.say("season.under")
    return words.say("season.over") if part < whole and told == "100.0%" else told


def _kind(status: str, days_late: int | None) -> str:
    if status != "held":
        return status
    return "undated" if days_late is None else "late" if days_late else "in_time"


def read_governments(source: Database) -> Mapping[str, Row]:
    """Read the governments of which reports were due, by agency_id."""
    return {row["agency_id"]: row for row in source.rows(_BODIES)}


def read_coverage(source: Database, data: Data) -> Coverage:
    """Read what was due of governments and what is held of it."""
    bodies = read_governments(source)
    # Most governments have the same story.
    stories: dict[tuple[Any, ...], tuple[Season, ...]] = {}
    told: dict[str, tuple[Season, ...]] = {}
    for agency_id, group in groupby(source.tuples(_ROWS), itemgetter(0)):
        rows = tuple(row[1:] for row in group)
        if agency_id in bodies:
            if rows not in stories:
                stories[rows] = tuple(_season(*row) for row in rows)
            told[agency_id] = stories[rows]
    added = [day for row in data.sources.values() if (day := row["added_on"] or row["retrieved_on"])]
    return Coverage(bodies, told, _counted(told), max(added, default=None))


def _season(
    year: int, status: str, checked_on: str | None, official_url: str | None, days_late: int | None, report_id: str | None
) -> Season:
    return Season(year, _kind(status, days_late), checked_on, official_url, report_id)


def _counted(seasons: Mapping[str, tuple[Season, ...]]) -> Mapping[int, Mapping[str, Counts]]:
    """Count the kinds by year and province."""
    alike = Counter((province_of(agency_id), own) for agency_id, own in seasons.items())
    counts: defaultdict[int, defaultdict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for (province, own), n in alike.items():
        for season in own:
            counts[season.year][province][season.kind] += n
    return counts
