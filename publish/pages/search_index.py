"""The search index of the static site: words of any length in report sections, names of bodies and regions, no server needed.

    search/index/index.json                        the collections, how many files each has; traditional characters
    search/index/<collection>/keys-<shard>.json    keys → how many documents have them, and in which segments
    search/index/<collection>/<segment>.json       how the segment is cut
    search/index/<collection>/<segment>-<shard>.json         keys → documents of the segment that have them
    search/index/<collection>/<segment>-text-<block>.json    the documents themselves

A key is a character or a pair of neighbours; names have further ones (search_names). A collection (`names`, `sections`) is cut into
segments of at most SEGMENT documents, keys by their hash into shards of at most SHARD_BYTES, documents into blocks of about BLOCK_BYTES.
site/assets/search.js reads the shards of the keys asked for, then only segments that have all of them, until it has enough to
show: what a search loads is bounded however the corpus grows. A pair of characters is exact by the index alone, a longer word is
looked for among the documents that have all its pairs. A collection of one segment has no `keys` files.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import Any

from opencc import OpenCC

from publish.pages.data import Data, Row

FOLDER = "search/index/"
SEGMENT = 4096
SHARD_BYTES = 32 * 1024
BLOCK_BYTES = 16 * 1024
BLANK = "␣"
# Parts of one document that no word may span: heading and text, one name and the next.
PART = "\0"
_MOST_SHARDS = 4096
_WHITE_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Document:
    """The searched parts, what a result shows, and keys besides the characters of the parts."""

    parts: Sequence[str]
    shown: Sequence[Any]
    keys: frozenset[str] = frozenset()


# Makes the segments of a collection, given with its name: counts of each segment's keys, and its files.
Segments = Callable[[str, Iterable[Sequence[Document]]], Iterator[tuple[Mapping[str, int], Mapping[str, bytes]]]]
_quoted = json.JSONEncoder(ensure_ascii=False).encode


def normalized(text: str, *, keep_blanks: bool = False) -> str:
    """Return the text as index and query compare it: compatibility characters unified, small letters, white space as one BLANK."""
    return _WHITE_SPACE.sub(" " if keep_blanks else BLANK, unicodedata.normalize("NFKC", text.replace(PART, "")).lower())


def keys_of(parts: Iterable[str]) -> set[str]:
    """Return the characters and pairs of neighbours in the parts of a document."""
    keys: set[str] = set()
    for part in map(normalized, parts):
        keys.update(part)
        keys.update(first + second for first, second in pairwise(part))
    return keys


def _hash(key: str) -> int:
    """Return FNV-1a over the code points of a key."""
    value = 0x811C9DC5
    for character in key:
        value = ((value ^ ord(character)) * 0x01000193) & 0xFFFFFFFF
    return value


def shard_of(key: str, shards: int) -> int:
    """Return the shard of a key: its hash modulo a power of two."""
    return _hash(key) & (shards - 1)


def _dump(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8")


def _deltas(numbers: Sequence[int]) -> list[int]:
    return [after - before for before, after in zip((0, *numbers), numbers, strict=False)]


def _shards(entries: Mapping[str, Sequence[int]]) -> list[bytes]:
    """Return entries, which come in the order of their keys, cut by the hash of these into as many shards as keep each within SHARD_BYTES.

    A key that alone is larger stands alone.
    """
    written = [(_hash(key), f"{_quoted(key)}:[{','.join(map(str, numbers))}]".encode()) for key, numbers in entries.items()]
    size = sum(len(entry) + 1 for _, entry in written)
    shards = 1
    # Fewer shards can't all be small enough.
    while shards < _MOST_SHARDS and size > shards * SHARD_BYTES:
        shards *= 2
    while True:
        split: list[list[bytes]] = [[] for _ in range(shards)]
        for place, entry in written:
            split[place & (shards - 1)].append(entry)
        joined = [b"{" + b",".join(shard) + b"}" for shard in split]
        if shards == _MOST_SHARDS or max(map(len, joined)) <= SHARD_BYTES:
            return joined
        shards *= 2


def _blocks(documents: Sequence[Document]) -> list[tuple[int, bytes]]:
    """Return the blocks of a segment with the number of the first document of each."""
    blocks: list[tuple[int, list[bytes]]] = []
    size = BLOCK_BYTES
    for number, document in enumerate(documents):
        written = _dump([PART.join(part.replace(PART, "") for part in document.parts), *document.shown])
        if size + len(written) > BLOCK_BYTES:
            blocks.append((number, []))
            size = 0
        blocks[-1][1].append(written)
        size += len(written)
    return [(first, b"[" + b",".join(block) + b"]") for first, block in blocks]


def segment(documents: Sequence[Document]) -> tuple[dict[str, int], dict[str, bytes]]:
    """Return how many documents of a segment have each key, and its files by the end of their names."""
    postings: dict[str, list[int]] = {}
    for number, document in enumerate(documents):
        for key in keys_of(document.parts) | document.keys:
            postings.setdefault(key, []).append(number)
    shards = _shards({key: _deltas(postings[key]) for key in sorted(postings)})
    blocks = _blocks(documents)
    files = {".json": _dump({"documents": len(documents), "shards": len(shards), "blocks": [first for first, _ in blocks]})}
    files |= {f"-{number}.json": content for number, content in enumerate(shards)}
    files |= {f"-text-{number}.json": content for number, (_, content) in enumerate(blocks)}
    return {key: len(numbers) for key, numbers in postings.items()}, files


def counts_in(shards: Iterable[bytes]) -> dict[str, int]:
    """Return how many documents of a segment have each key, from its shards."""
    return {key: len(numbers) for shard in shards for key, numbers in json.loads(shard).items()}


def _segments(name: str, parts: Iterable[Sequence[Document]]) -> Iterator[tuple[Mapping[str, int], Mapping[str, bytes]]]:
    for number, members in enumerate(parts):
        counts, files = segment(members)
        yield counts, {f"{FOLDER}{name}/{number}{end}": content for end, content in files.items()}


def collection_files(
    name: str, documents: Iterable[Document], held: set[str], segments: Segments = _segments
) -> Iterator[tuple[str, bytes | Mapping[str, int]]]:
    """Yield the files of a collection, one segment in memory at a time, and last what index.json says of it.

    `held` takes the characters of the documents.
    """
    source = iter(documents)
    spread: dict[str, list[int]] = {}
    number = 0
    for counts, files in segments(name, iter(lambda: list(islice(source, SEGMENT)), [])):
        for key, n in counts.items():
            told = spread.setdefault(key, [0])
            told[0] += n
            told.append(number)
        held.update(key for key in counts if len(key) == 1)
        yield from files.items()
        number += 1
    shards: list[bytes] = []
    if number > 1:
        # A key that every segment has needs no list of them.
        shards = _shards({key: [n] if len(at) == number else [n, *_deltas(at)] for key, (n, *at) in sorted(spread.items())})
        yield from ((f"{FOLDER}{name}/keys-{place}.json", content) for place, content in enumerate(shards))
    yield name, {"segments": number, "keys": len(shards)}


@cache
def _traditional() -> Mapping[str, str]:
    """Return each traditional character with its simplified one, by OpenCC."""
    characters = [chr(code) for code in range(0x3400, 0xA000)]
    simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {old: new for old, new in zip(characters, simplified, strict=True) if old != new and len(new) == 1}


def section_documents(sections: Iterable[Row], data: Data) -> Iterator[Document]:
    """Yield the sections of the documents whose text we publish. A row has `report_id`, `position`, `heading`, `text`."""
    reports = data.reports_by_id
    for row in sections:
        report = reports[row["report_id"]]
        if report["document_type"] != "news":
            agency = data.agencies[report["agency_id"]]
            path = f"{data.paths[row['report_id']]}#section-{row['position']}"
            yield Document([row["heading"] or "", row["text"] or ""], [path, agency["name"], agency["name_en"], report["year"]])


def index_files(collections: Mapping[str, Iterable[Document]], segments: Segments = _segments) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the index with their paths from the root of the site. The same documents give the same bytes.

    `segments` makes the segments of a collection; the files that it has written itself it does not name.
    """
    told: dict[str, Any] = {}
    held: set[str] = set()
    for name, documents in collections.items():
        for path, content in collection_files(name, documents, held, segments):
            if isinstance(content, bytes):
                yield path, content
            else:
                told[path] = content
    told["traditional"] = {old: new for old, new in _traditional().items() if new in held}
    yield f"{FOLDER}index.json", _dump(told)
