"""Division names in running text, and what the whole text says about which of two divisions of one name is meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from urllib.parse import urlsplit

from extract.identity import gazetteer
from extract.identity.gazetteer import Region, Zone

GOVERNMENT_HOST = re.compile(r"(?<![\w.-])((?:[\w-]+\.)+)gov\.cn(?![\w-]|\.\w)", re.ASCII)
AREA_CODE = re.compile(r"(?<!\d)(0(?:10|2\d|[3-9]\d{2}))(?=[\s)—–-]{0,2}\d{7,8}(?!\d))")


@dataclass(frozen=True, slots=True)
class Place:
    """A place named in `text[start:end]`: by its name with or without the word for its kind, or a zone."""

    start: int
    end: int
    name: str
    zone: Zone | None = None
    short: bool = False


@cache
def _names() -> dict[str, Place]:
    full, short = gazetteer.names_and_short_names()
    places = {name: Place(0, len(name), name, short=True) for name in short}
    places |= {name: Place(0, len(name), name) for name in full}
    return places | {name: Place(0, len(name), name, zone=zone) for name, zone in gazetteer.load_zones().items()}


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """The lengths of names by their first two characters, longest first: what to try at a position of the text."""
    lengths: dict[str, set[int]] = {}
    for name in _names():
        lengths.setdefault(name[:2], set()).add(len(name))
    return {head: tuple(sorted(found, reverse=True)) for head, found in lengths.items()}


def place_at(text: str, start: int) -> Place | None:
    """Return the longest place name that begins at `start`."""
    for length in _lengths().get(text[start : start + 2], ()):
        found = _names().get(text[start : start + length])
        if found:
            return Place(start, start + len(found.name), found.name, found.zone, found.short)
    return None


def find_places(text: str) -> Iterator[Place]:
    """Yield the places of a text from left to right, longest names first, none inside another."""
    heads, end = _lengths(), 0
    for start in [start for start in range(len(text)) if text[start : start + 2] in heads]:
        found = place_at(text, start) if start >= end else None
        if found and not (found.short and _cuts_a_name(text, found)):
            yield found
            end = found.end


def _cuts_a_name(text: str, short: Place) -> bool:
    """Tell whether a name with its kind begins inside a short one: 江干区和平潭县 names no 和平."""
    inside = (place_at(text, start) for start in range(short.start + 1, short.end))
    return any(place and not place.short and place.end > short.end for place in inside)


def narrow(meant: tuple[Region, ...], place: Place, year: int | None) -> tuple[Region, ...]:
    """Return what a place means behind the places of a chain: the divisions of its name below one of those meant so far."""
    name = gazetteer.regions_named(place.name, year) or gazetteer.regions_named(place.name)
    if place.short:
        name = gazetteer.regions_called(place.name, year) or gazetteer.regions_called(place.name)
    codes = {region.code for region in meant}
    return tuple(r for r in name if not meant or codes & {above.code for above in gazetteer.ancestors(r, year)})


def chain_at(text: str, start: int, year: int | None) -> tuple[tuple[Region, ...], Zone | None, int]:
    """Return what the chain of places that begins at `start` means, and where it ends: 浙江省杭州市江干区…"""
    meant: tuple[Region, ...] = ()
    end = start
    while (found := place_at(text, end)) is not None:
        if found.zone:
            return meant, found.zone, found.end
        below = narrow(meant, found, year)
        if not below or (found.short and meant):
            break
        meant, end = below, found.end
    return meant, None, end


class Surroundings:
    """What a text (and the addresses of the file) mentions, read when it is asked for: most reports name their place in full."""

    def __init__(self, text: str, year: int | None, urls: tuple[str, ...] = ()) -> None:
        self._text, self._year, self._urls = text, year, urls

    @property
    def regions(self) -> Counter[str]:
        """How often the text names each division beyond doubt, by region_id."""
        return self._named[0]

    @property
    def names(self) -> Counter[str]:
        """How often the text prints each name of a division or zone."""
        return self._named[1]

    @cached_property
    def _named(self) -> tuple[Counter[str], Counter[str]]:
        regions: Counter[str] = Counter()
        names: Counter[str] = Counter()
        meant: tuple[Region, ...] = ()
        end = -1
        for place in find_places(self._text.replace("中华人民共和国", "。" * 7)):
            names[place.name] += 1
            if place.zone:
                meant, end = (), -1
                continue
            below = narrow(meant, place, self._year) if place.start == end and not place.short else ()
            meant, end = below or narrow((), place, self._year), place.end
            # A short name may be a word (和平, 共和): it counts as a name only, for the divisions that other evidence is about.
            if len(meant) == 1 and not place.short:
                regions[meant[0].region_id] += 1
        return regions, names

    @cached_property
    def area_codes(self) -> frozenset[str]:
        """Telephone area codes."""
        return frozenset(AREA_CODE.findall(self._text))

    @cached_property
    def host_labels(self) -> frozenset[str]:
        """The parts of the names of official hosts."""
        hosts = [f"{urlsplit(url).hostname} " for url in self._urls]
        found = (host for part in (self._text, *hosts) for host in GOVERNMENT_HOST.findall(part.lower()))
        return frozenset(label for host in found for label in host.strip(".").split("."))

    def hosted(self, year: int | None) -> tuple[Region, ...]:
        """Return the divisions that the official hosts spell."""
        found = {region.region_id: region for label in self.host_labels for region in gazetteer.regions_hosted_by(label, year)}
        return tuple(found[region_id] for region_id in sorted(found))

    def dialled(self, year: int | None) -> tuple[Region, ...]:
        """Return the divisions that the telephone area codes serve."""
        codes = sorted(frozenset().union(*(gazetteer.load_area_codes().get(area_code, frozenset()) for area_code in self.area_codes)))
        return tuple(region for code in codes if (region := gazetteer.region_of_code(code, year)) is not None)

    def support(self, region: Region, year: int | None) -> tuple[int, int]:
        """Return how many kinds of evidence speak for a division, weighed, and how often it or one above it is named."""
        above = gazetteer.ancestors(region, year)
        codes = {r.code for r in (region, *above)}
        weight = 4 * bool(self.regions[region.region_id]) + 3 * bool(codes & {r.code for r in self.dialled(year)})
        # Two divisions of one name spell their own hosts alike: the host of the one above weighs more.
        weight += bool(host_names(region) & self.host_labels) + 3 * any(host_names(r) & self.host_labels for r in above)
        # 吉林 alone names the province as much as the city in it: a short name that both have speaks for neither.
        own = gazetteer.short_name(region.name)
        named = [self.names[r.name] + (self.names[short] if (short := gazetteer.short_name(r.name)) != own else 0) for r in above]
        weight += 2 * any(named[:1]) + any(named)
        return weight, self.regions[region.region_id] + sum(named)

    def choose(self, meant: tuple[Region, ...], year: int | None) -> Region | None:
        """Return the one division that the evidence speaks for; None where nothing or too little tells two apart."""
        if len(meant) <= 1:
            return meant[0] if meant else None
        ranked = sorted(
            ((self.support(region, year), region.region_id, region) for region in meant), reverse=True, key=lambda item: item[:2]
        )
        best, second = ranked[0], ranked[1]
        clear = best[0][0] > second[0][0] or (best[0][0] == second[0][0] > 0 and best[0][1] >= 3 * max(second[0][1], 1))
        return best[2] if clear else None


@cache
def host_names(region: Region) -> frozenset[str]:
    """Return how a division's official host may be spelled: shenzhen, sz, szs for 深圳市."""
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(gazetteer.short_name(region.name), style=Style.NORMAL)
    kind = lazy_pinyin(region.name[-1], style=Style.NORMAL)[0]
    whole, initials = "".join(syllables), "".join(s[0] for s in syllables)
    return frozenset({whole, whole + kind, initials + kind[0], *([initials] if len(initials) > 1 else [])})
