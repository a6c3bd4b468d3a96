"""The index of the static search: exact for pairs of characters, bounded in the size of its files, the same from run to run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from test_serve_built import TWENTY_WORDS

from publish.pages import search_index
from publish.pages.search_index import BLANK, SHARD_BYTES, Document, index_files, keys_of, normalized, shard_of
from publish.pages.search_names import name_documents


def read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def segments(index: Path, collection: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for segment in range(read(index, "index.json")[collection]["segments"]):
        yield segment, read(index, f"{collection}/{segment}.json")


def postings(index: Path, collection: str, key: str) -> set[int]:
    """Look a key up as the script does."""
    found: set[int] = set()
    start = 0
    for segment, told in segments(index, collection):
        number = 0
        for step in read(index, f"{collection}/{segment}-{shard_of(key, told['shards'])}.json").get(key, ()):
            number += step
            found.add(start + number)
        start += told["documents"]
    return found


def texts(index: Path, collection: str) -> list[list[Any]]:
    return [
        document
        for segment, told in segments(index, collection)
        for block in range(len(told["blocks"]))
        for document in read(index, f"{collection}/{segment}-text-{block}.json")
    ]


@pytest.mark.parametrize("word", [word for word in TWENTY_WORDS if len(word) <= 2])
def test_a_pair_of_characters_is_found_as_often_as_a_scan_finds_it(built: Path, word: str) -> None:
    with closing(sqlite3.connect(built / "data/gongkai.db")) as connection:
        query = "select report_id, position from sections where instr(text, ?1) or instr(heading, ?1)"
        expected = {f"section-{position}" + report_id for report_id, position in connection.execute(query, (word,))}
    documents = texts(built / "search/index", "sections")
    assert len(postings(built / "search/index", "sections", word)) == len(expected)
    assert all(word in documents[number][0] for number in postings(built / "search/index", "sections", word))


def test_every_section_stands_whole_at_an_address_that_is_there(built: Path) -> None:
    documents = texts(built / "search/index", "sections")
    with closing(sqlite3.connect(built / "data/gongkai.db")) as connection:
        held = connection.execute("select heading, text from sections join reports using (report_id) where document_type <> 'news'")
        assert sorted(text for text, *_ in documents) == sorted(f"{heading or ''}\0{text or ''}" for heading, text in held)
    for _, path, *_ in documents:
        page, _, fragment = path.partition("#")
        assert f'id="{fragment}"' in (built / page / "index.html").read_text(encoding="utf-8")


def test_no_file_of_the_index_is_larger_than_its_bound(built: Path) -> None:
    files = list((built / "search/index").rglob("*.json"))
    assert files and all(file.stat().st_size <= SHARD_BYTES + 2 for file in files), [file.name for file in files]


def test_a_growing_corpus_makes_more_files_and_no_larger_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "SEGMENT", 100)
    monkeypatch.setattr(search_index, "SHARD_BYTES", 4000)
    monkeypatch.setattr(search_index, "BLOCK_BYTES", 4000)
    words = ["".join(chr(0x4E00 + (number * 37 + place * 11) % 2000) for place in range(60)) for number in range(450)]
    documents = [Document([f"第{number}段", word], ["x"]) for number, word in enumerate(words)]
    files = {path.removeprefix("search/index/"): content for path, content in search_index.collection_files("sections", documents, set())}
    told = files.pop("sections")
    cuts = [json.loads(files[f"sections/{segment}.json"]) for segment in range(told["segments"])]
    assert [cut["documents"] for cut in cuts] == [100, 100, 100, 100, 50]
    assert all(len(content) <= 4000 + 2 for content in files.values()) and len(files) > 50
    held = json.loads(files[f"sections/2-{shard_of('第2', cuts[2]['shards'])}.json"])
    assert sum(held["第2"][:1]) == 0 and len(held["第2"]) == 100, "documents 200 to 299 all begin with 第2"

    def spread(key: str) -> list[int]:
        return json.loads(files[f"sections/keys-{shard_of(key, told['keys'])}.json"])[key]

    # 第2, 第20 … 第29, 第200 … 第299: in the first segment and the third.
    assert spread("第2") == [111, 0, 2]
    assert spread("第") == [450], "what every segment has needs no list of them"


def test_the_same_rows_give_the_same_bytes() -> None:
    documents = [Document(["公开，公开。", "ＡＢＣ abc"], ["a"]), Document(["复议", ""], ["b"])]
    assert list(index_files({"sections": documents})) == list(index_files({"sections": iter(documents)}))


def test_no_key_spans_two_parts_and_forms_are_unified() -> None:
    keys = keys_of(["公开", "申请"])
    assert {"公", "开", "公开", "申请"} <= keys and "开申" not in keys
    assert normalized("ＯＧＩ　2020\n年") == f"ogi{BLANK}2020{BLANK}年"


def test_the_hash_is_fnv_1a() -> None:
    # The published test vector of FNV-1a, 32 bits: "foobar" → 0xbf9cf968.
    assert shard_of("foobar", 1 << 32) == 0xBF9CF968


def test_former_names_find_the_body_that_followed() -> None:
    region = {
        "region_id": "2",
        "name": "上城区",
        "full_name": "浙江省杭州市上城区",
        "level": "county",
        "parent_id": None,
        "name_en": "Shangcheng District",
    }
    old = {**region, "region_id": "1", "name": "江干区", "full_name": "浙江省杭州市江干区"}
    agency = {
        "agency_id": "2",
        "name": "杭州市上城区人民政府",
        "region_id": "2",
        "agency_type": "government",
        "level": "county",
        "name_en": None,
    }

    few = SimpleNamespace(
        agencies={"2": agency},
        regions={"1": old, "2": region},
        listed_regions=[region],
        successions=[{"predecessor": "1", "successor": "2"}],
    )
    documents = name_documents(few, {})  # type: ignore[arg-type]
    assert all({"江干区", "上城区", "上城"} <= set(document.parts) for document in documents) and len(documents) == 2
    assert all({"=上城", "=江干区", "~s", "~shan", "~scq", "~chen", "~zhej"} <= document.keys for document in documents[1:])
