"""Portions of the rows: what some pages may use and no others, with a digest that covers all of it.

Pages that gather many bodies are made of a portion, so nothing that the digest leaves out can show on them. Each row is digested once,
however many portions it is in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, NamedTuple

from publish.pages.coverage import Counts, Coverage, Season
from publish.pages.data import Data, Row
from publish.pages.tree import digest


@dataclass(frozen=True)
class Portion:
    """Some rows, laid out when they are first asked for. `key` digests them."""

    key: str
    _lay_out: Callable[[], tuple[Data, Coverage]]

    @cached_property
    def _rows(self) -> tuple[Data, Coverage]:
        return self._lay_out()

    @property
    def data(self) -> Data:
        """These rows without all others."""
        return self._rows[0]

    @property
    def coverage(self) -> Coverage:
        """What was due of these governments and in these years, and nothing else."""
        return self._rows[1]


class _Chosen(NamedTuple):
    """What a portion is made of: ids, and rows that have none."""

    reports: Sequence[str]
    agencies: Sequence[str]
    regions: Sequence[str]
    governments: Sequence[str]
    successions: Sequence[Row]
    counts: Mapping[int, Mapping[str, Counts]]
    as_of: str | None


class Portions:
    """Takes portions out of all rows."""

    def __init__(self, data: Data, coverage: Coverage) -> None:
        self._data = data
        self._coverage = coverage
        self._stories: dict[Sequence[Season], str] = {}

    @cached_property
    def _documents(self) -> Mapping[str, str]:
        """Digests of the documents, each with all that is known of it."""
        data = self._data
        return {
            key: digest(
                tuple(row.values()),
                tuple(data.sources[row["source_id"]].values()),
                data.check_counts.get(key),
                key in data.all_zero,
                data.report_warnings.get(key),
            )
            for key, row in data.reports_by_id.items()
        }

    @cached_property
    def _bodies(self) -> Mapping[str, str]:
        return {key: digest(tuple(row.values())) for key, row in self._data.agencies.items()}

    @cached_property
    def _divisions(self) -> Mapping[str, str]:
        return {key: digest(tuple(row.values())) for key, row in self._data.regions.items()}

    @cached_property
    def _governments(self) -> Mapping[str, str]:
        return {key: digest(tuple(row.values()), self._story(key)) for key, row in self._coverage.bodies.items()}

    def _story(self, agency_id: str) -> str:
        """Return a digest of the years of a government: most have the same."""
        seasons = self._coverage.seasons.get(agency_id, ())
        if seasons not in self._stories:
            self._stories[seasons] = digest([tuple(season) for season in seasons])
        return self._stories[seasons]

    def _with_those_above(self, regions: Iterable[str]) -> Sequence[str]:
        found: set[str] = set()
        for region in regions:
            place: str | None = region
            while place and place not in found:
                found.add(place)
                place = self._data.regions[place]["parent_id"]
        return sorted(found)

    def _of_the_same_years(self, reports: Iterable[Row]) -> Sequence[Row]:
        """Return documents with the others of the same body and year: by these, addresses and versions are told."""
        wanted = {(row["agency_id"], row["year"]) for row in reports}
        bodies = sorted({agency_id for agency_id, _ in wanted})
        return [row for key in bodies for row in self._data.reports_by_agency[key] if (key, row["year"]) in wanted]

    def of(
        self,
        reports: Iterable[Row] = (),
        bodies: Iterable[str] = (),
        regions: Iterable[str] = (),
        governments: Iterable[str] = (),
        years: Iterable[int] = (),
    ) -> Portion:
        """Return the portion of some documents with their bodies, and of bodies with all of their documents; of divisions with those
        above and what became of them; of what was due of governments, and of all governments for some years.
        """
        data, coverage = self._data, self._coverage
        governments = sorted(governments)
        whole = {key for key in (*bodies, *governments) if key in data.agencies}
        documents = [*self._of_the_same_years(reports), *(row for key in whole for row in data.reports_by_agency.get(key, ()))]
        became = {id(row): row for region in regions for row in data.successions_of.get(region, ())}.values()
        named = {row[end] for row in became for end in ("predecessor", "successor")}
        agencies = sorted(whole | {row["agency_id"] for row in documents} | (named & data.agencies.keys()))
        counts = {year: {key: dict(each) for key, each in coverage.counts.get(year, {}).items()} for year in sorted(years)}
        seats = [data.agencies[key]["region_id"] for key in agencies] + [coverage.bodies[key]["region_id"] for key in governments]
        provinces = [province for each in counts.values() for province in each]
        divisions = self._with_those_above([*regions, *seats, *provinces, *(named & data.regions.keys())])
        chosen = _Chosen(
            reports=sorted({row["report_id"] for row in documents}),
            agencies=agencies,
            regions=divisions,
            governments=governments,
            successions=sorted(became, key=lambda row: (row["predecessor"], row["successor"])),
            counts=counts,
            as_of=coverage.as_of if counts else None,
        )
        return Portion(self._key(chosen), partial(self._lay_out, chosen))

    def _key(self, chosen: _Chosen) -> str:
        return digest(
            [self._documents[key] for key in chosen.reports],
            [self._bodies[key] for key in chosen.agencies],
            [self._divisions[key] for key in chosen.regions],
            [self._governments[key] for key in chosen.governments],
            [tuple(row.values()) for row in chosen.successions],
            chosen.counts,
            chosen.as_of,
        )

    def _lay_out(self, chosen: _Chosen) -> tuple[Data, Coverage]:
        data, coverage, held = self._data, self._coverage, set(chosen.reports)
        reports = [row for key in chosen.agencies for row in data.reports_by_agency.get(key, ()) if row["report_id"] in held]
        rows: dict[str, Any] = {
            "agencies": {key: data.agencies[key] for key in chosen.agencies},
            "regions": {key: data.regions[key] for key in chosen.regions},
            "reports": reports,
            "sources": {row["source_id"]: data.sources[row["source_id"]] for row in reports},
            "successions": chosen.successions,
            "problems": (),
            "check_counts": {key: data.check_counts[key] for key in chosen.reports if key in data.check_counts},
            "all_zero": data.all_zero & held,
            "report_warnings": {key: data.report_warnings[key] for key in chosen.reports if key in data.report_warnings},
            "peers": {},
        }
        bodies = {key: coverage.bodies[key] for key in chosen.governments}
        seasons = {key: coverage.seasons[key] for key in chosen.governments if key in coverage.seasons}
        return replace(data, **rows), Coverage(bodies, seasons, chosen.counts, chosen.as_of)
