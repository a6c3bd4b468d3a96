"""Whose annual report is expected for a year: the governments of the gazetteer's divisions, by expected.yml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from extract.identity.gazetteer import Region, load_regions, regions_by_id
from extract.identity.organs import official_place
from extract.model import Agency
from publish.coverage import due_on

_FILE = Path(__file__).with_name("expected.yml")
_GOVERNMENT = "government"


@dataclass(frozen=True, slots=True)
class Expected:
    """Bodies by agency_id, and the bodies and years whose report is expected."""

    agencies: Mapping[str, Agency]
    due: frozenset[tuple[str, int]]


@cache
def _definition() -> Mapping[str, Any]:
    return yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader)


def is_expected(region: Region, year: int) -> bool:
    """Tell whether the government of a division was bound to report on a year: it stood at the end of it, and the law was in force."""
    bound = region.level in _definition()["levels"] and region.code not in _definition()["without_duty"]
    return bound and region.stood_in(year) and not region.ended_in(year) and due_on(_GOVERNMENT, year) is not None


def government_of(region: Region, year: int) -> Agency:
    """Return the government of a division under its official name of a year."""
    organs: Mapping[str, str] = _definition()["organs_by_ending"]
    organ = next((organ for ending, organ in organs.items() if region.name.endswith(ending)), _definition()["organ"])
    return Agency(region.region_id, official_place(region, year) + organ, region.region_id, _GOVERNMENT, region.level)


def expected_governments(years: Iterable[int], also: Iterable[tuple[str, int]] = ()) -> Expected:
    """Return the governments that were bound to report on any of the years, each named as in the last of them.

    `also` holds further bodies and years; governments among them that were bound to report are added.
    """
    agencies: dict[str, Agency] = {}
    due = set()
    ordered = sorted(set(years), reverse=True)
    for region in load_regions():
        own = [year for year in ordered if is_expected(region, year)]
        if own:
            agencies[region.region_id] = government_of(region, own[0])
            due.update((region.region_id, year) for year in own)
    for agency_id, year in sorted(also):
        region = regions_by_id().get(agency_id)
        if region and is_expected(region, year):
            agencies.setdefault(agency_id, government_of(region, year))
            due.add((agency_id, year))
    return Expected(agencies, frozenset(due))
