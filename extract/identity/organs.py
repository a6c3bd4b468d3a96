"""The name of an organ taken apart: where it is, what it is, and how it is called in full."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from extract.identity import gazetteer
from extract.identity.gazetteer import NATION_ID, Region, Zone
from extract.identity.places import Surroundings, chain_at, find_places
from extract.model import Agency

# The levels that a place which is only pointed at can have: 市科委, 区住房和城乡建设局.
RELATIVE_LEVELS = {"省": ("provincial",), "自治区": ("provincial",), "市": ("prefectural", "county", "provincial"), "州": ("prefectural",)}
TOWN_ORGANS = ("subdistrict_office", "township_government")
# Customs houses and development areas are called after a place without its kind: 广州海关, 合肥高新技术产业开发区.
KEEPS_SHORT_PLACE = ("vertical_agency", "management_committee", "public_institution", "public_enterprise")
# Cities of prefectural rank without districts: their towns hang on them directly.
TOWNS_BELOW_PREFECTURE = ("东莞市", "中山市", "嘉峪关市", "儋州市")


@cache
def words() -> dict[str, Any]:
    """Return organs.yml."""
    return yaml.load((Path(__file__).parent / "organs.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


@cache
def _national() -> dict[str, tuple[str, str]]:
    """National organs by every name → (name, type)."""
    found = {}
    for name, entry in words()["national"].items():
        for known_as in (name, *entry.get("also", [])):
            found[known_as] = (name, entry.get("type", "department"))
    return found


@cache
def _vertical() -> tuple[tuple[re.Pattern[str], str | None], ...]:
    return tuple((re.compile(entry["pattern"]), entry.get("full")) for entry in words()["vertical"])


@cache
def _rests() -> tuple[tuple[re.Pattern[str], str, str | None], ...]:
    return tuple((re.compile(entry["pattern"]), entry["type"], entry.get("full")) for entry in words()["rests"])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(words()[name])


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ's name taken apart. `meant` are the divisions that its place can be; `before` and `rest` stand around the place.

    `bare` is a place alone (南沙区2020年…), `short` a place without its kind (深圳), `relative` the level of a place that is only
    pointed at (市科委), `abbreviated` the rest as printed where `rest` is its full form from the list.
    """

    printed: str
    meant: tuple[Region, ...]
    zone: Zone | None
    place: str
    before: str
    rest: str
    kind: str
    bare: bool = False
    short: bool = False
    relative: str | None = None
    abbreviated: str | None = None


@lru_cache(maxsize=1 << 12)
def parse_organ(text: str, year: int | None) -> Organ | None:
    """Take the name of an organ apart; None if the text is not such a name. A report names its own many times."""
    name = _pattern("own_level").sub("", text.strip("《》“”\"'、,.:-_—"))
    if not 2 <= len(name) <= 42 or _holds_no_name(name):
        return None
    return _parse_national(name) or _parse_vertical(name, year) or _parse_local(name, year)


def _holds_no_name(name: str) -> bool:
    """Tell whether a text holds words that no organ's name does. Those of a division's name are its own: 日照市, 万年县, 月湖区."""
    if not _pattern("no_name").search(name):
        return False
    rest, end = "", 0
    for place in find_places(name):
        rest, end = f"{rest}{name[end : place.start]}〇", place.end
    return bool(_pattern("no_name").search(rest + name[end:]))


def _parse_national(name: str) -> Organ | None:
    known = _national().get(name.removeprefix("中华人民共和国"))
    return Organ(name, (gazetteer.regions_by_id()[NATION_ID],), None, "", known[0], "", known[1]) if known else None


def _parse_vertical(name: str, year: int | None) -> Organ | None:
    for pattern, full in _vertical():
        match = pattern.fullmatch(name)
        if not match:
            continue
        place = match["place"]
        meant, zone, end = chain_at(place, 0, year)
        if end != len(place) and not (end == 0 and full):
            continue
        whole = full.format(place=place) if full else name
        before, _, rest = whole.partition(place)
        return Organ(name, meant, zone, place, before, rest, "vertical_agency", short=_is_short(place))
    return None


def _parse_local(name: str, year: int | None) -> Organ | None:
    meant, zone, end = chain_at(name, 0, year)
    kind, rest = _classify(name[end:]) if end else (None, "")
    short = bool(meant) and not zone and _is_short(name[:end])
    if short and kind == "government" and end < len(name) and all(region.level == "county" for region in meant):
        # Nobody writes 南沙人民政府 for 南沙区: what looks like it is another word, 城关人民政府 of a town.
        return None
    # 和平街道 need not be of a 和平区: a town's name may begin like a division's without being in it.
    if kind is None or (short and (kind in TOWN_ORGANS or _classify(name)[0] in TOWN_ORGANS)):
        return _parse_placeless(name)
    return Organ(name, meant, zone, name[:end], "", rest, kind, bare=end == len(name), short=short, abbreviated=_abbreviated(name[end:]))


def _is_short(place: str) -> bool:
    """Tell whether a place lacks the word for its kind: 深圳, but not 深圳市 nor 深圳市南山区."""
    return not any(gazetteer.regions_named(place[start:]) for start in range(len(place)))


def _parse_placeless(name: str) -> Organ | None:
    pointed = _pattern("relative").match(name)
    own = name[pointed.end() :] if pointed else name
    kind, rest = _classify(own)
    if pointed and kind and kind not in TOWN_ORGANS:
        return Organ(name, (), None, "", "", rest, kind, relative=pointed["level"], abbreviated=_abbreviated(own))
    inside = any(not place.short and place.end - place.start > 2 for place in find_places(name))
    if kind in (*TOWN_ORGANS, "department") and not pointed and not inside and not _pattern("pointing").match(own):
        return Organ(name, (), None, "", "", rest, kind, abbreviated=_abbreviated(own))
    return None


def _abbreviated(rest: str) -> str | None:
    return rest if rest in words()["abbreviations"] else None


def _classify(rest: str) -> tuple[str | None, str]:
    """Return the type of the organ and the rest of its name in full; no type if the rest is no organ's."""
    rest = words()["abbreviations"].get(rest, rest)
    if _pattern("two_organs").search(rest):
        return None, rest
    for pattern, kind, full in _rests():
        match = pattern.fullmatch(rest)
        if match:
            if _pattern("vertical_rests").search(rest) and kind in ("department", "dispatched_office"):
                kind = "vertical_agency"
            return kind, full.format(**match.groupdict()) if full is not None else rest
    return None, rest


def place_of(organ: Organ, surroundings: Surroundings, year: int | None) -> Region | None:
    """Return the division of an organ: its own place, or the one that the document says it is; None where nothing settles it."""
    if organ.zone:
        return gazetteer.regions_by_id()[organ.zone.region_id]
    if organ.meant:
        return surroundings.choose(organ.meant, year)
    named = Counter({gazetteer.regions_by_id()[region_id]: often for region_id, often in surroundings.regions.items()})
    fitting = [r for r in sorted(named, key=lambda r: (-named[r], r.region_id)) if _fits(organ, r)]
    # A bare 教育局 can be of any level: only a document that names one place alone says which.
    known = organ.relative or organ.kind in (*TOWN_ORGANS, "vertical_agency")
    if len(fitting) == 1 or (known and len(fitting) > 1 and named[fitting[0]] >= 2 * named[fitting[1]]):
        return fitting[0]
    if not known or fitting:
        return None
    hosted = tuple(r for r in surroundings.hosted(year) if _fits(organ, r))
    return surroundings.choose(hosted, year) or (_prefecture(surroundings, year) if organ.kind in TOWN_ORGANS else None)


def _prefecture(surroundings: Surroundings, year: int | None) -> Region | None:
    """Return the prefecture that host or area code tells of: the smallest division known to contain a town whose county is not said."""
    hosted = tuple(r for r in surroundings.hosted(year) if r.level == "prefectural")
    served = tuple(r for r in surroundings.dialled(year) if r.level == "prefectural")
    return surroundings.choose(hosted or served, year)


def _fits(organ: Organ, region: Region) -> bool:
    """Tell whether an organ that does not name its place can be of this division."""
    if organ.relative:
        return region.level in RELATIVE_LEVELS.get(organ.relative, ("county",)) and region.name.endswith(organ.relative)
    return organ.kind not in TOWN_ORGANS or region.level == "county" or region.name in TOWNS_BELOW_PREFECTURE


def official_place(region: Region, year: int | None) -> str:
    """Return how a division is called in its organs' names: districts carry their city, all others stand alone."""
    above = gazetteer.ancestors(region, year)
    if region.level == "county" and region.name.endswith("区") and above and not region.name.endswith(("特区", "林区")):
        return above[0].name + region.name
    return region.name


def agency_of(organ: Organ, region: Region, year: int | None) -> Agency:
    """Return the organ under its full official name, with its id, type and level."""
    if organ.zone:
        return _zone_agency(organ, organ.zone)
    if region.region_id == NATION_ID:
        return Agency(f"{NATION_ID}-{slug(organ.before)}", organ.before, NATION_ID, organ.kind, "national")
    if organ.kind == "government":
        return Agency(region.region_id, official_place(region, year) + organ.rest, region.region_id, organ.kind, region.level)
    smallest, inner = _smallest(organ, region, year)
    place = official_place(region, year)
    if (organ.short and organ.kind in KEEPS_SHORT_PLACE) or (organ.place and not organ.meant):
        place = organ.place
    elif not organ.place and organ.kind in TOWN_ORGANS and region.level == "prefectural" and region.name not in TOWNS_BELOW_PREFECTURE:
        # Its county stands between and is not known: the name is left as printed.
        place = ""
    own = organ.before + ("" if organ.meant or not organ.place else organ.place) + organ.rest.replace(inner, "", 1)
    level = smallest.level
    if organ.kind in TOWN_ORGANS:
        # 天河区人民政府石牌街道办事处 and 天河区石牌街道办事处 are one.
        own, level = own.removeprefix("人民政府"), "township"
    return Agency(f"{smallest.region_id}-{slug(own)}", organ.before + place + organ.rest, smallest.region_id, organ.kind, level)


def _zone_agency(organ: Organ, zone: Zone) -> Agency:
    """Return the organ of a zone: its committee (or government) by the name on record, or an organ below it."""
    if organ.bare or organ.kind in ("government", "management_committee"):
        kind = "government" if zone.organ.endswith(("人民政府", "兵团")) else "management_committee"
        return Agency(f"{zone.region_id}-{slug(zone.organ)}", zone.organ, zone.region_id, kind, zone.level)
    name = zone.organ.removesuffix("管理委员会").removesuffix("人民政府") + organ.rest
    level = "township" if organ.kind in TOWN_ORGANS else zone.level
    return Agency(f"{zone.region_id}-{slug(name)}", name, zone.region_id, organ.kind, level)


def _smallest(organ: Organ, region: Region, year: int | None) -> tuple[Region, str]:
    """Return the division inside `region` that a branch names (深圳市公安局南山分局 → 南山区), and the words that name it."""
    if organ.kind not in ("dispatched_office", "vertical_agency") or not organ.rest.endswith(("分局", "所", "站", "大队")):
        return region, ""
    for place in find_places(organ.rest):
        named = gazetteer.regions_called(place.name, year) if place.short else gazetteer.regions_named(place.name, year)
        below = [r for r in named if region.code in {above.code for above in gazetteer.ancestors(r, year)}]
        if len(below) == 1:
            return below[0], place.name
    return region, ""


@lru_cache(maxsize=1 << 14)
def slug(name: str) -> str:
    """Return the syllables of a name joined by hyphens: 住房和建设局 → zhu-fang-he-jian-she-ju."""
    # Loading the dictionary takes a fifth of a second, and governments go by their division's code.
    from pypinyin import Style, lazy_pinyin

    readings = words()["readings"]
    syllables = []
    for part in re.split(f"({'|'.join(readings)})", name):
        syllables += readings[part].split() if part in readings else lazy_pinyin(part, style=Style.NORMAL)
    return "-".join(part for syllable in syllables for part in re.findall(r"[a-z0-9]+", syllable.lower()))
