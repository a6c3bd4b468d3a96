"""The dated gazetteer: divisions of province, prefecture and county level since 2008, who followed whom, and zones without a code.

Where the facts come from and under which licence stands in gazetteer.md. Dates are `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as exact as
the sources are; they compare as far as both reach.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
NATION_ID = "000000"
# What may be left off a name in running text: 南沙 for 南沙区. Longest first.
KIND_ENDINGS = ("特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "新区", "特区", "林区", "省", "市", "县", "区", "旗", "盟")


@dataclass(frozen=True, slots=True)
class Region:
    """A division under one name and code. `valid_to` is the day, month or year in which it ended; None stands for open."""

    region_id: str
    code: str
    name: str
    full_name: str
    name_en: str | None
    level: str
    parent_id: str | None
    valid_from: str | None
    valid_to: str | None
    wikidata: str | None = None

    def stood_in(self, year: int) -> bool:
        """Tell whether the division stood on at least a day of the year."""
        return (self.valid_from or "")[:4] <= str(year) and (not self.valid_to or str(year) <= self.valid_to[:4])

    def ended_in(self, year: int) -> bool:
        """Tell whether the division ended in the year."""
        return bool(self.valid_to) and self.valid_to[:4] == str(year)


@dataclass(frozen=True, slots=True)
class Succession:
    """One division (or organ) and one that followed it; kinds: renamed, recoded, converted, merged, split."""

    predecessor: str
    successor: str
    kind: str
    date: str | None
    share_note: str | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """An area run by an organ but without a code: `region_id` is the smallest division that contains it."""

    name: str
    organ: str
    region_id: str
    level: str


def _rows(name: str) -> Iterator[list[str | None]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for row in rows:
            yield [cell or None for cell in row]


@cache
def load_regions() -> tuple[Region, ...]:
    """Return every division, the nation first, by region_id."""
    return tuple(Region(*row) for row in _rows("regions.csv"))


@cache
def load_successions() -> tuple[Succession, ...]:
    """Return every succession of divisions, by predecessor and successor."""
    return tuple(Succession(*row) for row in _rows("successions.csv"))


@cache
def load_zones() -> dict[str, Zone]:
    """Return the zones by every name they go by."""
    zones = {}
    for name, organ, region_id, level, aliases in _rows("zones.csv"):
        for known_as in (name, *(aliases or "").split()):
            zones[known_as] = Zone(name, organ or f"{name}管理委员会", region_id, level)
    return zones


@cache
def load_area_codes() -> dict[str, frozenset[str]]:
    """Return the telephone area codes and the codes of the divisions that they serve."""
    served: dict[str, set[str]] = {}
    for area_code, code in _rows("area_codes.csv"):
        served.setdefault(area_code, set()).add(code)
    return {area_code: frozenset(codes) for area_code, codes in served.items()}


@cache
def regions_by_id() -> dict[str, Region]:
    """Return the divisions by region_id."""
    return {region.region_id: region for region in load_regions()}


@cache
def _by_code() -> dict[str, tuple[Region, ...]]:
    found: dict[str, list[Region]] = {}
    for region in load_regions():
        found.setdefault(region.code, []).append(region)
    return {code: tuple(bearers) for code, bearers in found.items()}


@cache
def _ethnic_groups() -> tuple[str, ...]:
    return tuple((HERE / "ethnic_groups.txt").read_text("utf-8").split())


def short_name(name: str) -> str:
    """Return the name without the word for its kind and the peoples it names: 恩施土家族苗族自治州 → 恩施, 和县 → 和."""
    stem = next((name.removesuffix(ending) for ending in KIND_ENDINGS if name.endswith(ending)), name)
    shortened = True
    while shortened and name.endswith(("自治区", "自治州", "自治县", "自治旗")):
        group = next((g for g in _ethnic_groups() if stem.endswith(g) and len(stem) > len(g) + 1), None)
        shortened = group is not None
        stem = stem.removesuffix(group or "")
    return stem


@cache
def _aliases() -> dict[str, str]:
    return {code: alias for alias, code in _rows("aliases.csv")}


def _other_names(region: Region) -> Iterator[str]:
    """Yield what a division is called besides its name: 凉山州, 积石山县, 巴州 for 巴音郭楞蒙古自治州."""
    if region.code in _aliases():
        yield _aliases()[region.code]
    if "自治" in region.name and region.level != "provincial":
        yield short_name(region.name) + region.name[-1]


@cache
def _by_name() -> dict[str, tuple[Region, ...]]:
    found: dict[str, list[Region]] = {}
    for region in load_regions():
        for name in (region.name, *_other_names(region)):
            found.setdefault(name, []).append(region)
    return {name: tuple(bearers) for name, bearers in found.items()}


@cache
def _by_short_name() -> dict[str, tuple[Region, ...]]:
    found: dict[str, list[Region]] = {}
    for region in load_regions():
        stem = short_name(region.name)
        if region.level != "national" and len(stem) > 1 and stem != region.name:
            found.setdefault(stem, []).append(region)
    return {name: tuple(bearers) for name, bearers in found.items()}


@cache
def _by_host_label() -> dict[str, tuple[Region, ...]]:
    """Divisions by how an official host spells them: rongchang, linyixian. Two letters say nothing."""
    found: dict[str, list[Region]] = {}
    for label, code in _rows("hosts.csv"):
        found[label] = list(_by_code()[code])
    for region in load_regions():
        if region.level in ("prefectural", "county") and region.name_en:
            stem = "".join(c for c in region.name_en.split()[0].lower() if c.isascii() and c.isalpha())
            kind = {"市": "shi", "县": "xian", "区": "qu", "州": "zhou", "旗": "qi"}.get(region.name[-1], "")
            for label in {stem, stem + kind, stem + kind[:1]} if len(stem) > 3 else {stem + kind}:
                found.setdefault(label, []).append(region)
    return {label: tuple(regions) for label, regions in found.items()}


def regions_hosted_by(label: str, year: int | None = None) -> tuple[Region, ...]:
    """Return the divisions that a part of an official host name can spell."""
    return in_year(_by_host_label().get(label, ()), year)


def in_year(regions: tuple[Region, ...], year: int | None) -> tuple[Region, ...]:
    """Keep the divisions of a report year: those that stood at its end, else those that ended in it or just after it began anew."""
    if year is None:
        return regions
    standing = tuple(r for r in regions if r.stood_in(year))
    at_end = tuple(r for r in standing if not r.ended_in(year))
    # A report on a year is written early in the next, by when a division of the next year may have taken over the pen.
    return at_end or standing or tuple(r for r in regions if r.stood_in(year + 1))


def regions_named(name: str, year: int | None = None) -> tuple[Region, ...]:
    """Return the divisions of this full name (or 凉山州 for 凉山彝族自治州) that stood in the year."""
    return in_year(_by_name().get(name, ()), year)


def regions_called(short: str, year: int | None = None) -> tuple[Region, ...]:
    """Return the divisions whose name without its kind is `short`: 深圳 → 深圳市."""
    return in_year(_by_short_name().get(short, ()), year)


def names_and_short_names() -> tuple[frozenset[str], frozenset[str]]:
    """Return all names by which a text may name a division: with the word for its kind, and without."""
    return frozenset(_by_name()) - {"中华人民共和国"}, frozenset(_by_short_name()) - frozenset(_by_name())


def region_of_code(code: str, year: int | None = None) -> Region | None:
    """Return the bearer of a GB/T 2260 code in the year, or None."""
    bearers = in_year(_by_code().get(code, ()), year)
    return bearers[-1] if bearers else None


def ancestors(region: Region, year: int | None = None) -> tuple[Region, ...]:
    """Return the divisions above, nearest first and without the nation, as they were in the year."""
    codes = [code for code in (region.code[:4] + "00", region.code[:2] + "0000") if code != region.code]
    above = (region_of_code(code, year) for code in dict.fromkeys(codes))
    return tuple(r for r in above if r is not None)


def resolve(chain: tuple[str, ...], year: int | None = None) -> tuple[Region, ...]:
    """Return the divisions that a chain of names can mean, none if it contradicts itself: ("深圳市", "龙华区") → 440309 alone."""
    meant: tuple[Region, ...] = ()
    for i, name in enumerate(chain):
        named = regions_named(name, year) or regions_called(name, year)
        codes = {region.code for region in meant}
        meant = named if i == 0 else tuple(r for r in named if codes & {above.code for above in ancestors(r, year)})
    return meant
