"""The page of measurements: its numbers are those of the file, targets are held against them, a damaged file is refused in one sentence."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from serve_small_database import canned_queries

from bench.builds import kind_of_file
from bench.latency import addresses
from bench.reading import MEDIA
from publish import benchmark
from publish.benchmark import BenchmarkError, Target, read_benchmark, targets_of
from publish.pages import feeds, parts
from publish.pages.page import Chrome, in_language
from publish.pages.speed_page import speed_page
from publish.pages.words import load_words
from publish.schema import load_schema


def build(reports: int, seconds: float, share: float) -> dict:
    rebuilds = {number: {"share": share} for number in ("0", "1", "100")}
    ledger = {"database": {"files": 1, "bytes": 50_000, "bytes_a_report": 50}}
    cold = {"seconds": seconds, "stages": {"reading": 1.5, "publishing": 2.5}, "peak_memory": 300_000_000}
    return {"reports": reports, "cold": cold, "rebuilds": rebuilds, "ledger": ledger, "bytes_a_figure": 42.5}


RESULT = {
    "machine": {"cores": 2, "python": "3.11.7", "system": "Linux"},
    "builds": {"day": "2026-11-21", "load_before": 0.5, "growth_exponent": 1.01,
               "sizes": [build(1000, 40, 0.2), build(10_000, 290.3, 0.123)]},
    "large": {
        "day": "2026-11-21", "load_before": 0.1, "reports": 100_000, "seconds": 900.0, "stages": {"reading": 800.0},
        "peak_memory": 2_100_000_000, "bytes_a_figure": 41.0, "figures": 15_000_000, "database_bytes": 3_000_000_000,
    },
    "latency": {
        "day": "2026-11-21", "load_before": 0.1, "reports": 100_000, "clients": 4,
        "addresses": {"home": {"kind": "page", "p50": 10.0, "p95": 260.0}, "report_json": {"kind": "data", "p50": 5.0, "p95": 49.0}},
    },
}  # fmt: skip


def reached(result: dict) -> dict[str, Target]:
    return {each.key: each for each in targets_of(result)}


def test_targets_are_held_against_what_was_measured() -> None:
    found = reached(RESULT)
    assert (found["growth_exponent"].reached, found["growth_exponent"].holds) == (1.01, True)
    assert (found["cold_10000"].reached, found["cold_10000"].holds) == (290.3, True)
    assert (found["unchanged_10000"].reached, found["unchanged_10000"].holds) == (12.3, False)
    assert (found["peak_100000"].reached, found["peak_100000"].holds) == (2100, False)
    assert (found["bytes_a_figure"].reached, found["bytes_a_figure"].holds) == (41.0, True)
    assert found["datasette_pages"].holds is False and found["datasette_json"].holds is True
    assert found["pages_cold"].reached is None and found["pages_cold"].holds is None
    smaller = {**RESULT, "large": {**RESULT["large"], "reports": 30_000}}
    assert reached(smaller)["peak_100000"].holds is None, "a smaller corpus says nothing of a larger one"


@pytest.mark.parametrize("language", ["zh", "zh-hant", "en"])
def test_the_page_shows_the_numbers_and_what_falls_short(language: str) -> None:
    text = speed_page(RESULT, in_language(Chrome(load_words(), None, None), language)).markdown
    assert "15,000,000" in text and "3,000 MB" in text and "200" in text
    assert "290.3" in text and "1.01" in text and "2,100" in text and "12.3%" in text
    assert {"zh": "未达到 *falls short*", "zh-hant": "未達到", "en": "falls short"}[language] in text


def test_the_page_of_this_site_is_built_from_the_committed_file(built: Path, root: Path) -> None:
    text = (built / "speed/index.md").read_text("utf-8")
    told = json.loads((root / "bench/benchmark.json").read_text("utf-8"))
    for each in told["builds"]["sizes"]:
        assert f"| {each['reports']:,} | {each['cold']['seconds']:,.1f} |" in text
    assert (built / "en/speed/index.html").exists() and (built / "zh-hant/speed/index.html").exists()
    assert "(../speed/)" in (built / "accuracy/index.md").read_text("utf-8")


def test_every_name_that_the_benchmark_writes_has_words(built: Path) -> None:
    entries = load_words().entries
    targets = yaml.safe_load(benchmark.TARGETS.read_text("utf-8"))
    kinds = {kind_of_file(path.relative_to(built).as_posix()) for path in built.rglob("*") if path.is_file()}
    wanted = [
        *(f"speed_target.{key}" for key in targets),
        *(f"speed_file.{kind}" for kind in kinds),
        *(f"speed_address.{name}" for name in addresses(built / "data" / "gongkai.db")),
        *(f"medium.{medium}" for medium in MEDIA),
    ]
    assert not [key for key in wanted if key not in entries]


@pytest.mark.parametrize(
    "text", [None, "{", "[]", '{"builds": {}}', '{"machine": {}, "reading": {"pdf": []}}', '{"machine": {}, "builds": []}']
)
def test_a_damaged_file_is_refused_in_one_sentence(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "benchmark.json"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(BenchmarkError, match=r"^benchmark\.json [^\n]+; write it anew with `make bench`\.$"):
        read_benchmark(path)


def test_what_leaves_a_tree_that_grows_is_found_where_the_page_says() -> None:
    text = speed_page(RESULT, Chrome(load_words(), None, None)).markdown or ""
    section = text.partition("{#moves}")[2].partition("{#")[0]
    for limit in (parts.MOST_REPEATED, parts.MOST_ROWS, feeds.MOST_ADDRESSES):
        assert f"{limit:,}" in section
    known = {*canned_queries(), *(table.name for table in load_schema().tables)}
    named = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", section.replace("\\", "")))
    assert len(named) >= 2 and named <= known
