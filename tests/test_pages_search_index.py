"""The index of the static search: exact for pairs of characters, bounded in the size of its files, the same from run to run."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from test_serve_built import TWENTY_WORDS

from publish.pages import search_index
from publish.pages.search_index import BLANK, SHARD_BYTES, keys_of, normalized, shard_of


def read(folder: Path, name: str) -> object:
    return json.loads((folder / name).read_text(encoding="utf-8"))


def postings(index: Path, collection: str, key: str) -> set[int]:
    """Look a key up as the script does."""
    found: set[int] = set()
    start = 0
    for segment, told in enumerate(read(index, "index.json")[collection]):
        number = 0
        for step in read(index, f"{collection}/{segment}-{shard_of(key, told['shards'])}.json").get(key, ()):
            number += step
            found.add(start + number)
        start += told["documents"]
    return found


def texts(index: Path, collection: str) -> list[list[object]]:
    segments = enumerate(read(index, "index.json")[collection])
    return [
        document
        for segment, told in segments
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
    for _, path, _ in documents:
        page, _, fragment = path.partition("#")
        assert f'id="{fragment}"' in (built / page / "index.html").read_text(encoding="utf-8")


def test_no_file_of_the_index_is_larger_than_its_bound(built: Path) -> None:
    files = list((built / "search/index").rglob("*.json"))
    assert files and all(file.stat().st_size <= SHARD_BYTES + 2 for file in files), [file.name for file in files]


def test_a_growing_corpus_makes_more_files_and_no_larger_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "SEGMENT", 100)
    monkeypatch.setattr(search_index, "SHARD_BYTES", 4000)
    words = ["".join(chr(0x4E00 + (number * 37 + place * 11) % 2000) for place in range(60)) for number in range(450)]
    documents = [([f"第{number}段", word], ["x"]) for number, word in enumerate(words)]
    told, files = search_index._collection("sections", documents)
    assert [segment["documents"] for segment in told] == [100, 100, 100, 100, 50]
    assert all(len(content) <= 4000 + 2 for content in files.values()) and len(files) > 50
    held: Mapping[str, list[int]] = json.loads(files[f"sections/2-{shard_of('第2', told[2]['shards'])}.json"])
    assert sum(held["第2"][:1]) == 0 and len(held["第2"]) == 100, "documents 200 to 299 all begin with 第2"


def test_the_same_rows_give_the_same_bytes() -> None:
    documents = [(["公开，公开。", "ＡＢＣ abc"], ["a"]), (["复议", ""], ["b"])]
    assert search_index._collection("sections", documents) == search_index._collection("sections", [*documents])


def test_no_key_spans_two_parts_and_forms_are_unified() -> None:
    keys = keys_of(["公开", "申请"])
    assert {"公", "开", "公开", "申请"} <= keys and "开申" not in keys
    assert normalized("ＯＧＩ　2020\n年") == f"ogi{BLANK}2020{BLANK}年"


def test_the_hash_is_fnv_1a() -> None:
    # The published test vector of FNV-1a, 32 bits: "foobar" → 0xbf9cf968.
    assert shard_of("foobar", 1 << 32) == 0xBF9CF968


def test_former_names_find_the_body_that_followed() -> None:
    region = {"region_id": "2", "name": "上城区", "full_name": "浙江省杭州市上城区", "level": "county", "parent_id": None}
    old = {**region, "region_id": "1", "name": "江干区", "full_name": "浙江省杭州市江干区"}
    agency = {"agency_id": "2", "name": "杭州市上城区人民政府", "region_id": "2", "agency_type": "government"}

    few = SimpleNamespace(
        agencies={"2": agency},
        regions={"1": old, "2": region},
        listed_regions=[region],
        successions=[{"predecessor": "1", "successor": "2"}],
    )
    documents = search_index.name_documents(few)  # type: ignore[arg-type]
    assert all({"江干区", "上城区", "上城"} <= set(names) for names, _ in documents) and len(documents) == 2
