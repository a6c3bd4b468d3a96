"""Comparable bodies: of the same year, level, kind, scope and form, each with an official copy of its report.

What a body's page may say of the others is little and seldom changes: how many they are while they are too few, and its
nearest neighbours among them. All else stands in files of the group.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from publish.pages.compare_page import why_not
from publish.pages.data import Data, Row
from publish.pages.numbers import SMALLEST_RANKED_LIST
from publish.pages.parts import top_region

OFFICIAL = ("official_site", "official_archive")
_NEIGHBOURS = 5


class Group(NamedTuple):
    """What comparable reports have in common."""

    year: int
    level: str
    agency_type: str
    scope: str
    form: str

    @property
    def path(self) -> str:
        """The folder of the group's page and pictures."""
        return f"peers/{self.year}/{self.level}-{self.agency_type}-{self.scope}-{self.form}/"


def group_of(report: Row, data: Data) -> Group | None:
    """Return the group that a report belongs to; None for one that may not be compared."""
    if report["document_type"] != "annual_report" or not report["is_current"] or why_not(report):
        return None
    if data.sources[report["source_id"]]["copy_kind"] not in OFFICIAL:
        return None
    agency = data.agencies[report["agency_id"]]
    return Group(report["year"], agency["level"], agency["agency_type"], report["scope"], report["format"])


def peer_groups(data: Data) -> Mapping[Group, Sequence[Row]]:
    """Return the reports of each group in the order of their bodies, the latest year first; also groups of one."""
    found: defaultdict[Group, list[Row]] = defaultdict(list)
    for report in data.reports:
        if group := group_of(report, data):
            found[group].append(report)
    return {group: found[group] for group in sorted(found, key=lambda group: (-group.year, group[1:]))}


def is_drawn(members: Sequence[Row]) -> bool:
    """Tell whether a group is large enough for a distribution."""
    return len(members) >= SMALLEST_RANKED_LIST


def _nearness(region_id: str, data: Data) -> Sequence[tuple[str, str]]:
    """Return the places that make neighbours, nearest first: the division, that above it, the province."""
    parent = data.regions[region_id]["parent_id"]
    return [("division", region_id), *([("parent", parent)] if parent else []), ("province", top_region(region_id, data))]


def peers_of_bodies(data: Data) -> Mapping[str, Mapping[str, Any]]:
    """Return what the page of each body with a comparable report says of its peers, by agency_id: the group of its latest such report,
    the size of the group while it is too small to draw, and the nearest members with what makes them near.
    """
    groups = peer_groups(data)
    newest: dict[str, Group] = {}
    for group, members in groups.items():
        for report in members:
            newest.setdefault(report["agency_id"], group)
    near: defaultdict[tuple[Group, str, str], list[str]] = defaultdict(list)
    for group, members in groups.items():
        for report in members:
            for kind, place in _nearness(data.agencies[report["agency_id"]]["region_id"], data):
                near[group, kind, place].append(report["agency_id"])
    told = {}
    for agency_id, group in newest.items():
        kind, bodies = _neighbours(agency_id, group, near, data)
        told[agency_id] = {
            "group": tuple(group),
            "size": min(len(groups[group]), SMALLEST_RANKED_LIST),
            "near": kind,
            "bodies": [(other, data.agencies[other]["name"]) for other in bodies],
        }
    return told


def _neighbours(
    agency_id: str, group: Group, near: Mapping[tuple[Group, str, str], Sequence[str]], data: Data
) -> tuple[str | None, Sequence[str]]:
    """Return what makes the neighbours of a body near and who they are: those that follow it in order, the first after the last."""
    for kind, place in _nearness(data.agencies[agency_id]["region_id"], data):
        members = near[group, kind, place]
        if len(members) > 1:
            start = bisect_left(members, agency_id) + 1
            return kind, sorted([*members[start:], *members[: start - 1]][:_NEIGHBOURS])
    return None, ()
