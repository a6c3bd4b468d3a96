"""What people call a body or a place, for the search index: short forms, former names, pinyin, English."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pypinyin import lazy_pinyin

from publish.pages.coverage import province_of
from publish.pages.data import Data, Row
from publish.pages.search_index import Document, normalized
from publish.pages.season import body_anchor

_DIVISION_ENDINGS = ("特别行政区", "自治区", "自治州", "自治县", "地区", "新区", "林区", "省", "市", "区", "县", "旗", "盟")
_SHORTEST_NAME = 2
_LEVELS = ("national", "provincial", "prefectural", "county", "township")
# A word in Latin letters is looked up by as many of its first letters.
PREFIX = 4


def _short(name: str) -> str:
    """Return a division's name without its ending: 南沙 for 南沙区. A name of two characters keeps it."""
    for ending in _DIVISION_ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) >= _SHORTEST_NAME:
            return name.removesuffix(ending)
    return name


def _line(region: Row, data: Data) -> list[Row]:
    """Return a region and those above it, from itself up."""
    line = [region]
    while line[-1]["parent_id"]:
        line.append(data.regions[line[-1]["parent_id"]])
    return line


def _region_names(region: Row, data: Data) -> list[str]:
    """Return what people call a region: 南沙区, 南沙, 广州南沙, 广州市南沙区, its full name, its English name."""
    own, *above = [row["name"] for row in _line(region, data) if row is region or row["level"] != "national"]
    names = [own, _short(own), region["full_name"]]
    for name in above:
        names += [_short(name) + _short(own), name + own]
    return [*names, *([region["name_en"]] if region["name_en"] else [])]


def _body_names(agency: Row, region: Row) -> list[str]:
    """Return what people call a body besides its name: 深圳住房和建设局 for 深圳市住房和建设局, its English name."""
    name = agency["name"]
    names = [_short(region["name"]) + name.removeprefix(region["name"])] if name.startswith(region["name"]) else []
    return [*names, *([agency["name_en"]] if agency["name_en"] else [])]


def _former(key: str, successions: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the ids that a region or body followed, directly or by another."""
    found: list[str] = []
    waiting = [key]
    while waiting:
        for predecessor in successions.get(waiting.pop(), ()):
            if predecessor not in found and predecessor != key:
                found.append(predecessor)
                waiting.append(predecessor)
    return found


def _syllables(name: str) -> list[str]:
    return [syllable for syllable in lazy_pinyin(name) if syllable.isascii() and syllable.isalpha()]


def _name_keys(names: Iterable[str], syllables: Sequence[str]) -> Iterator[str]:
    """Yield the keys of a name besides its characters: whole names (=), and how words in Latin letters may begin (~).

    Such a word begins at a syllable (nansha, shaqu), is the initials from there (nsq), or begins a word of a name in English.
    """
    words = [word for name in names for word in normalized(name, keep_blanks=True).split(" ") if word.isascii()]
    words += ["".join(syllables[place:]) for place in range(len(syllables))]
    initials = "".join(syllable[0] for syllable in syllables)
    words += [initials[place:] for place in range(len(initials))]
    for name in names:
        yield f"={normalized(name)}"
    for word in words:
        for length in range(1, min(len(word), PREFIX) + 1):
            yield f"~{word[:length]}"


def _document(row: Row, name: str, known_as: Iterable[str], path: str, kind: str) -> Document:
    names = list(dict.fromkeys([name, *known_as]))
    syllables = _syllables(name)
    return Document(names, [path, kind, name, row["name_en"], " ".join(syllables)], frozenset(_name_keys(names, syllables)))


def name_documents(data: Data, governments: Mapping[str, Row]) -> list[Document]:
    """Return bodies and the regions that have a page, with the names by which people look for them. A government of which nothing is
    held leads to its place in the list of what is missing in its province.

    Places and their governments come before other organs and higher levels before lower ones, since a search reads the first ones first.
    """
    followed: defaultdict[str, list[str]] = defaultdict(list)
    for row in data.successions:
        followed[row["successor"]].append(row["predecessor"])
    placed: list[tuple[tuple[bool, int, int, str], Document]] = []
    for key, agency in data.agencies.items():
        region = data.regions[agency["region_id"]]
        governs = agency["agency_type"] == "government"
        former = [data.agencies[one]["name"] for one in _former(key, followed) if one in data.agencies]
        if governs:
            former += [data.regions[one]["name"] for one in _former(region["region_id"], followed) if one in data.regions]
        names = [*(_region_names(region, data) if governs else []), *_body_names(agency, region), *former]
        document = _document(agency, agency["name"], names, f"agencies/{key}/", "agency")
        placed.append(((not governs, _LEVELS.index(agency["level"]), 0, key), document))
    for region in data.listed_regions:
        former = [data.regions[one]["name"] for one in _former(region["region_id"], followed) if one in data.regions]
        names = [*_region_names(region, data), *former]
        document = _document(region, region["full_name"], names, f"regions/{region['region_id']}/", "region")
        placed.append(((False, _LEVELS.index(region["level"]), 1, region["region_id"]), document))
    for key, agency in governments.items():
        if not agency["n_documents"]:
            path = f"missing/{province_of(key)}/#{body_anchor(key)}"
            document = _document(agency, agency["name"], _region_names(data.regions[key], data), path, "expected")
            placed.append(((False, _LEVELS.index(agency["level"]), 2, key), document))
    return [document for _, document in sorted(placed, key=lambda pair: pair[0])]
