"""The benchmark: its arithmetic, and one small run of its measures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import benchmark
from bench.generate import generate


def test_the_exponent_of_growth() -> None:
    def build(reports: int, seconds: float) -> dict:
        return {"reports": reports, "cold": {"seconds": seconds}}

    assert benchmark.exponent([build(100, 2), build(1000, 20)]) == 1.0
    assert benchmark.exponent([build(100, 2), build(1000, 200)]) == 2.0
    assert benchmark.exponent([build(100, 2)]) is None


def test_reading_is_measured_by_medium_and_by_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "_SAMPLE", 2)
    monkeypatch.setattr(benchmark, "_ROUNDS", 1)
    monkeypatch.setattr(benchmark, "_MEDIA", ("text_lines", "html", "html_word"))
    speeds = benchmark.measure_media(tmp_path)
    assert set(speeds) == {"text_lines", "html", "html_word"}
    assert all(speed["reports_per_second"] > 0 and speed["megabytes_per_second"] > 0 for speed in speeds.values())
    rooms = benchmark.measure_rooms(tmp_path)
    assert set(rooms) == {"read", "repair", "tables", "identity", "prose"}
    assert sum(rooms.values()) == pytest.approx(1, abs=0.01)


def test_a_timed_build_tells_its_stages_and_its_size(tmp_path: Path) -> None:
    generate(tmp_path / "reports", 9, 1)
    build = benchmark._build(tmp_path / "reports", tmp_path / "out", tmp_path / "cache", 1)
    assert {"extraction", "database", "package", "site"} <= set(build["stages"])
    assert sum(build["stages"].values()) <= build["seconds"] + 0.1
    assert build["peak_memory"] > 10_000_000
    sizes = benchmark._sizes(tmp_path / "out")
    assert sizes["figures"] > 0
    assert sizes["pages"] > 9
    assert sizes["tree_bytes"] > sizes["database_bytes"] > 0


def test_the_published_benchmark_is_whole() -> None:
    result = json.loads(benchmark.RESULT.read_text("utf-8"))
    assert result["builds"]
    assert {"reading", "rooms", "growth_exponent", "machine", "jobs"} <= set(result)
