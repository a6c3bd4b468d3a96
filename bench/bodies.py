"""Reporting organs of every kind, drawn from the dated gazetteer."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from bench.model import Body
from extract.identity.gazetteer import Region, ancestors, load_regions, regions_called, regions_named, short_name

HERE = Path(__file__).parent
# Taiwan, Hong Kong and Macao: the Regulation is not in force there.
_NO_REPORTS = ("71", "81", "82")
KINDS = {
    "government": 18,
    "government_office": 3,
    "department": 40,
    "township_government": 17,
    "subdistrict_office": 10,
    "management_committee": 5,
    "vertical_agency": 7,
}


@cache
def words(name: str) -> dict[str, Any]:
    """A file of word lists of the generator."""
    return yaml.load((HERE / name).read_text("utf-8"), yaml.CSafeLoader)


@cache
def standing(year: int, level: str) -> dict[str, Region]:
    """By region_id, the divisions that stand through the year and whose official name means only one of them."""
    return {
        region.region_id: region
        for region in load_regions()
        if region.level == level
        and region.code[:2] not in _NO_REPORTS
        and region.stood_in(year)
        and region.stood_in(year + 1)
        and not region.ended_in(year)
        and not region.ended_in(year + 1)
        and ((region.name.endswith("区") and level == "county") or len(regions_named(region.name, year)) == 1)
    }


@cache
def _regions(year: int, level: str) -> tuple[Region, ...]:
    return tuple(standing(year, level).values())


def place_name(region: Region, year: int) -> str:
    """A division as its organs' names begin: a district carries its city."""
    above = ancestors(region, year)
    if region.level == "county" and region.name.endswith("区") and above and not region.name.endswith(("特区", "林区")):
        return above[0].name + region.name
    return region.name


def _local(rng: Random, year: int, kind: str) -> tuple[str, Region]:
    lists = words("bodies.yml")
    levels = ("county",) if kind in ("township_government", "subdistrict_office") else ("provincial", "prefectural", "county")
    level = rng.choices(levels, (3, 25, 72)[3 - len(levels) :] if len(levels) == 3 else (1,))[0]
    region = rng.choice(_regions(year, level))
    place = place_name(region, year)
    if kind == "government":
        rest = "人民政府"
    elif kind == "government_office":
        rest = "人民政府办公厅" if level == "provincial" else "人民政府办公室"
    elif kind == "department":
        rest = rng.choice(lists["departments"]["provincial" if level == "provincial" else "local"])
    elif kind == "township_government":
        rest = rng.choice(lists["towns"]) + "人民政府"
    elif kind == "subdistrict_office":
        rest = rng.choice(lists["subdistricts"]) + "办事处"
    else:
        rest = rng.choice(lists["zones"]) + "管理委员会"
    return place + rest, region


def vertical_names(region: Region, year: int) -> list[str]:
    """Names of local organs of a national administration."""
    place = place_name(region, year)
    if year < 2018:
        return [place + rest for rest in ("国家税务局", "地方税务局", "气象局")]
    names = [f"国家税务总局{place}税务局", f"{place}气象局"]
    if len(regions_called(short_name(region.name), year)) == 1:
        names.append(f"国家统计局{short_name(region.name)}调查队")
    return names


def _vertical(rng: Random, year: int) -> tuple[str, Region]:
    region = rng.choice(_regions(year, rng.choice(("prefectural", "county"))))
    return rng.choice(vertical_names(region, year)), region


def draw_body(rng: Random, year: int) -> Body:
    """An organ that could have reported on the year."""
    kind = rng.choices(tuple(KINDS), tuple(KINDS.values()))[0]
    name, region = _vertical(rng, year) if kind == "vertical_agency" else _local(rng, year, kind)
    return Body(name, region.region_id, kind)
