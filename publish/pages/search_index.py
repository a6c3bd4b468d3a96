"""The search index of the static site: words of any length in report sections, names of bodies and regions, no server needed.

    search/index/index.json                    how many segments, shards and blocks; traditional characters
    search/index/<collection>/<segment>-<shard>.json         characters and pairs of characters → documents that have them
    search/index/<collection>/<segment>-text-<block>.json    the documents themselves

A collection (`names`, `sections`) is cut into segments of at most SEGMENT documents, a segment's index by the hash of the key
into shards of at most SHARD_BYTES, its documents into blocks of about that size: however the corpus grows, a search loads
some small files. site/assets/search.js reads them: a pair of characters is exact by the index alone, a longer word is looked
for among the documents that have all its pairs.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from opencc import OpenCC
from pypinyin import lazy_pinyin

from publish.pages.query import Data, Row

SEGMENT = 4096
SHARD_BYTES = 64 * 1024
BLANK = "␣"
# Parts of one document that no word may span: heading and text, one name and the next.
PART = "\0"
_MOST_SHARDS = 4096
_WHITE_SPACE = re.compile(r"\s+")
_DIVISION_ENDINGS = ("特别行政区", "自治区", "自治州", "自治县", "地区", "新区", "林区", "省", "市", "区", "县", "旗", "盟")
_SHORTEST_NAME = 2

Document = tuple[Sequence[str], Sequence[Any]]  # the searched parts, and what a result shows


def normalized(text: str) -> str:
    """Return the text as index and query compare it: compatibility characters unified, small letters, white space as one BLANK."""
    return _WHITE_SPACE.sub(BLANK, unicodedata.normalize("NFKC", text.replace(PART, "")).lower())


def keys_of(parts: Iterable[str]) -> set[str]:
    """Return the characters and pairs of neighbours in the parts of a document."""
    keys: set[str] = set()
    for part in map(normalized, parts):
        keys.update(part)
        keys.update(first + second for first, second in pairwise(part))
    return keys


def shard_of(key: str, shards: int) -> int:
    """Return the shard of a key: FNV-1a over its code points, modulo a power of two."""
    value = 0x811C9DC5
    for character in key:
        value = ((value ^ ord(character)) * 0x01000193) & 0xFFFFFFFF
    return value & (shards - 1)


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8")


def _deltas(numbers: Sequence[int]) -> list[int]:
    return [after - before for before, after in zip((0, *numbers), numbers, strict=False)]


def _shards(documents: Sequence[Document]) -> list[bytes]:
    """Return the shards of a segment, as many as keep each within SHARD_BYTES. A key that alone is larger stands alone."""
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for number, (parts, _) in enumerate(documents):
        for key in keys_of(parts):
            postings[key].append(number)
    entries = {key: _deltas(postings[key]) for key in sorted(postings)}
    shards = 1
    while True:
        split: list[dict[str, list[int]]] = [{} for _ in range(shards)]
        for key, numbers in entries.items():
            split[shard_of(key, shards)][key] = numbers
        written = [_dump(shard) for shard in split]
        if shards == _MOST_SHARDS or max(map(len, written)) <= SHARD_BYTES:
            return written
        shards *= 2


def _blocks(documents: Sequence[Document]) -> list[tuple[int, bytes]]:
    """Return the blocks of a segment with the number of the first document of each."""
    blocks: list[tuple[int, list[Any]]] = []
    size = SHARD_BYTES
    for number, (parts, shown) in enumerate(documents):
        document = [PART.join(part.replace(PART, "") for part in parts), *shown]
        length = len(_dump(document))
        if size + length > SHARD_BYTES:
            blocks.append((number, []))
            size = 0
        blocks[-1][1].append(document)
        size += length
    return [(first, _dump(block)) for first, block in blocks]


def _collection(name: str, documents: Sequence[Document]) -> tuple[list[Mapping[str, Any]], dict[str, bytes]]:
    """Return what index.json says of a collection, and its files."""
    told: list[Mapping[str, Any]] = []
    files: dict[str, bytes] = {}
    for segment, start in enumerate(range(0, len(documents), SEGMENT)):
        members = documents[start : start + SEGMENT]
        shards, blocks = _shards(members), _blocks(members)
        told.append({"documents": len(members), "shards": len(shards), "blocks": [first for first, _ in blocks]})
        files.update({f"{name}/{segment}-{number}.json": content for number, content in enumerate(shards)})
        files.update({f"{name}/{segment}-text-{number}.json": content for number, (_, content) in enumerate(blocks)})
    return told, files


@cache
def _traditional() -> Mapping[str, str]:
    """Return each traditional character with its simplified one, by OpenCC."""
    characters = [chr(code) for code in range(0x3400, 0xA000)]
    simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {old: new for old, new in zip(characters, simplified, strict=True) if old != new and len(new) == 1}


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
    """Return what people call a region: 南沙区, 南沙, 广州南沙, 广州市南沙区, its full name."""
    own, *above = [row["name"] for row in _line(region, data) if row is region or row["level"] != "national"]
    names = [own, _short(own), region["full_name"]]
    for name in above:
        names += [_short(name) + _short(own), name + own]
    return names


def _body_names(name: str, region: Row) -> list[str]:
    """Return what people call a body besides its name: 深圳住房和建设局 for 深圳市住房和建设局."""
    return [_short(region["name"]) + name.removeprefix(region["name"])] if name.startswith(region["name"]) else []


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


def _pinyin(name: str) -> str:
    """Return the syllables of a name, parted by blanks."""
    return " ".join(syllable for syllable in lazy_pinyin(name) if syllable.isascii() and syllable.isalpha())


def _name_document(name: str, known_as: Iterable[str], path: str, kind: str) -> Document:
    """Return a body or region: its names, and for the index the joined syllables and the initials of its own name."""
    names = list(dict.fromkeys([name, *known_as]))
    syllables = _pinyin(name).split(" ")
    spoken = [_pinyin(name), "".join(syllables), "".join(syllable[:1] for syllable in syllables)]
    return [*names, *spoken[1:]], [path, kind, name, len(names), spoken[0]]


def name_documents(data: Data) -> list[Document]:
    """Return bodies and the regions that have a page, with the names by which people look for them."""
    followed: defaultdict[str, list[str]] = defaultdict(list)
    for row in data.successions:
        followed[row["successor"]].append(row["predecessor"])
    documents = []
    for key, agency in data.agencies.items():
        region = data.regions[agency["region_id"]]
        former = [data.agencies[one]["name"] for one in _former(key, followed) if one in data.agencies]
        if agency["agency_type"] == "government":
            former += [data.regions[one]["name"] for one in _former(region["region_id"], followed) if one in data.regions]
        names = _region_names(region, data) if agency["agency_type"] == "government" else _body_names(agency["name"], region)
        documents.append(_name_document(agency["name"], [*names, *former], f"agencies/{key}/", "agency"))
    for region in data.listed_regions:
        former = [data.regions[one]["name"] for one in _former(region["region_id"], followed) if one in data.regions]
        names = [*_region_names(region, data), *former]
        documents.append(_name_document(region["full_name"], names, f"regions/{region['region_id']}/", "region"))
    return documents


def section_documents(sections: Iterable[Row], data: Data) -> list[Document]:
    """Return the sections of the documents whose text we publish. A row has `report_id`, `position`, `heading`, `text`."""
    reports = {row["report_id"]: row for row in data.reports}
    documents = []
    for row in sections:
        report = reports[row["report_id"]]
        if report["document_type"] != "news":
            title = f"{data.agencies[report['agency_id']]['name']}{report['year']}年"
            shown = [f"{data.paths[row['report_id']]}#section-{row['position']}", title]
            documents.append(([row["heading"] or "", row["text"] or ""], shown))
    return documents


def index_files(sections: Iterable[Row], data: Data) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the index with their paths from the root of the site. The same rows give the same bytes."""
    collections = {"names": name_documents(data), "sections": section_documents(sections, data)}
    held = {character for documents in collections.values() for parts, _ in documents for part in parts for character in part}
    told: dict[str, Any] = {"traditional": {old: new for old, new in _traditional().items() if new in held}}
    for name, documents in collections.items():
        told[name], files = _collection(name, documents)
        for path, content in files.items():
            yield f"search/index/{path}", content
    yield "search/index/index.json", _dump(told)
