"""English names of reporting bodies, composed of the English names of divisions and reviewed terms for organs.

They are ours, except those of national organs, and only where every part is known: a place that the gazetteer has, followed by an
organ that english_organs.yml has. Everything else stays without one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from extract.identity.gazetteer import Region, regions_by_id
from extract.model import Agency

_KINDS = ("City", "Province", "Municipality")


@cache
def _terms() -> Mapping[str, Any]:
    return yaml.load(Path(__file__).with_name("english_organs.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def _line(region: Region) -> list[Region]:
    """Return a division and those above it below the nation, from itself up."""
    line = []
    current: Region | None = region
    while current is not None and current.level != "national":
        line.append(current)
        current = regions_by_id().get(current.parent_id) if current.parent_id else None
    return line


def _name(region: Region) -> str | None:
    return _terms()["municipalities"].get(region.name, region.name_en)


def _stem(name: str) -> str:
    """Return a name without the kind that goes without saying beside a division below it: Guangzhou for Guangzhou City."""
    kind = name.rpartition(" ")[2]
    return name.removesuffix(f" {kind}") if kind in _KINDS else name


def place(region: Region) -> str | None:
    """Return a division in English, below its prefecture with that: Nansha District, Guangzhou."""
    line = _line(region)
    names = [_name(one) for one in line]
    if not line or not all(names):
        return None
    told = [str(name) for name in names]
    return f"{told[0]}, {_stem(told[1])}" if region.level == "county" and len(told) > 1 else told[0]


def _without_place(name: str, region: Region) -> str | None:
    """Return the name of a body without its division, written with or without those above; None where another place stands there."""
    before = ""
    for one in _line(region):
        before = one.name + before
        if name.startswith(before):
            return name.removeprefix(before)
    return None


def english_name(agency: Agency) -> str | None:
    """Return the name of a body in English, or None where a part of it has no settled English."""
    terms, region = _terms(), regions_by_id().get(agency.region_id)
    if region is None or region.level == "national":
        return terms["national"].get(agency.name.removeprefix("中华人民共和国"))
    organ, where = _without_place(agency.name, region), place(region)
    if organ is None or where is None:
        return None
    term = terms["government"] if organ == "人民政府" and agency.agency_type == "government" else terms["local"].get(organ)
    return f"{term} of {where}" if term else None
