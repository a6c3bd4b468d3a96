"""The benchmark: its arithmetic, its ledger, what it compares with, and one small run of every part."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bench import alternatives, benchmark, builds, latency, pages, reading, storage
from bench.draft import Order
from bench.generate import make
from bench.positional import read_by_position
from bench.telling import told
from bench.watch import tree_memory, watch


def test_the_exponent_of_growth() -> None:
    def build(reports: int, seconds: float) -> dict:
        return {"reports": reports, "cold": {"seconds": seconds}}

    assert builds.exponent([build(100, 2), build(1000, 20)]) == 1.0
    assert builds.exponent([build(100, 2), build(1000, 200)]) == 2.0
    assert builds.exponent([build(100, 2)]) is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("data/gongkai.db", "database"),
        ("data/figures/year=2020/part-0.parquet", "table_parquet"),
        ("data/gongkai-site.zip", "other_data"),
        ("agencies/440115/2020/index.html", "body_pages"),
        ("agencies/440115/2020/index.md", "body_markdown"),
        ("agencies/440115/figures.json", "own_figures"),
        ("agencies/440115/2020/source/index.html", "source"),
        ("agencies/440115/2020/source.txt", "source"),
        ("en/indicators/index.html", "other_languages"),
        ("indicators/index.html", "other_pages"),
        ("assets/site.css", "rest"),
    ],
)
def test_a_file_has_its_place_in_the_ledger(path: str, kind: str) -> None:
    assert builds.kind_of_file(path) == kind


def test_the_ledger_adds_up_and_counts_a_linked_file_once(tmp_path: Path) -> None:
    for name, size in (("index.html", 10), ("data/gongkai.db", 300), ("agencies/1/index.html", 20)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size))
    (tmp_path / "agencies" / "1" / "index.md").hardlink_to(tmp_path / "agencies" / "1" / "index.html")
    found = builds.ledger(tmp_path, 10)
    assert sum(kind["bytes"] for kind in found.values()) == 330
    assert next(iter(found)) == "database" and found["database"] == {"files": 1, "bytes": 300, "bytes_a_report": 30}


def test_the_memory_of_all_processes_is_seen() -> None:
    held = 40_000_000
    code = f"import subprocess, sys, time; block = bytearray({held}); time.sleep(0.8)"
    starter = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}]); print('done')"
    done = watch([sys.executable, "-c", starter])
    assert done.stdout == "done\n" and done.seconds > 0.8 and done.cpu_seconds > 0
    if Path("/proc").is_dir():
        assert done.peak_memory > held
        with subprocess.Popen([sys.executable, "-c", code]) as running:
            time.sleep(0.4)
            assert tree_memory(running.pid) > held


def test_a_program_that_fails_ends_the_benchmark_in_one_sentence() -> None:
    with pytest.raises(click.ClickException, match="failed: ValueError: broken"):
        watch([sys.executable, "-c", "raise ValueError('broken')"])


def test_numbers_in_order_read_a_clean_report_and_slip_where_a_row_is_lost(tmp_path: Path) -> None:
    scores = {}
    for noise in ((), ("row_lost",)):
        _, data, truth = make(Order(3, "national_2021", "text_lines", noise), 1)
        path = tmp_path / "report.txt"
        path.write_bytes(data)
        scores[noise] = reading.score_values(read_by_position(path), truth)
    assert scores[()]["right"] > 185 and scores[()]["wrong"] <= 5
    assert scores["row_lost",]["wrong"] > scores[()]["wrong"]


def test_reading_is_measured_by_medium_and_room_and_beside_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SAMPLE": 2,
        "ROUNDS": 1,
        "TURNS": 2,
        "MIXED": 20,
        "MEDIA": ("text_lines", "html_site", "html_site_word", "pdf"),
    }.items():
        monkeypatch.setattr(reading, name, value)
    monkeypatch.setattr(alternatives, "FOLDER", tmp_path)
    result = reading.measure_reading(tmp_path)
    assert all(speed["reports_per_second"] > 0 and speed["megabytes_per_second"] > 0 for speed in result["media"].values())
    assert set(result["rooms"]) == {"read", "repair", "tables", "identity", "prose"}
    assert sum(result["rooms"].values()) == pytest.approx(1, abs=0.01)
    ours, other = result["readers"]
    assert all(each["megabytes_per_second_at_best"] >= each["megabytes_per_second"] > 0 for each in (ours, other))
    assert ours["reports"] == other["reports"] and ours["right"] > 1000
    assert ours["right"] > other["right"] and ours["wrong"] < other["wrong"]
    assert [each["name"] for each in result["pdf"]] == ["gongkai"], "what is not installed is left out"


def test_every_other_part_runs_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "VALIDATED", 4)
    monkeypatch.setattr(storage.compare_validation, "__defaults__", (4,))
    monkeypatch.setattr(latency.measure_latency, "__defaults__", (3,))
    monkeypatch.setattr(alternatives, "FOLDER", tmp_path)
    monkeypatch.setattr(pages, "ROUNDS", 1)
    monkeypatch.setattr(builds, "CHANGED", (0, 1))
    result = benchmark.measure(benchmark.Task(tmp_path, (6,), 12, 1), ("builds", "large", "storage", "validation", "pages", "latency"))
    (small,) = result["builds"]["sizes"]
    assert {"reading", "database", "publishing"} == set(small["cold"]["stages"])
    assert sum(small["cold"]["stages"].values()) <= small["cold"]["seconds"] + 0.1
    assert small["rebuilds"]["0"]["seconds"] < small["cold"]["seconds"] and small["rebuilds"]["0"]["stages"] == {}
    assert result["large"]["figures"] > small["figures"] > 0 and small["tree_bytes"] > small["database_bytes"] > 0
    assert small["bytes_a_figure"] > 1 and small["ledger"]["body_pages"]["files"] >= 6
    assert {"reading", "database", "search"} == set(result["large"]["stages"]) and result["large"]["reports"] == 12
    assert result["large"]["peak_memory"] > 10_000_000
    assert [each["name"] for each in result["storage"]["stores"]] == ["gongkai", "sqlite-utils insert_all"]
    assert [each["errors"] for each in result["validation"]["validators"]] == [0, 0]
    kinds = [each["kind"] for each in result["latency"]["addresses"].values()]
    assert kinds.count("page") == 10 and kinds.count("data") >= 5 and result["latency"]["reports"] == 12
    assert all(0 < each["p50"] <= each["p95"] for each in result["latency"]["addresses"].values())
    lines = list(told(result))
    assert any(line.startswith("6 reports: cold") for line in lines) and any("p95" in line for line in lines)


def test_a_part_measured_alone_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(benchmark, "RESULT", tmp_path / "benchmark.json")
    monkeypatch.setitem(benchmark.PARTS, "pages", lambda task: {"parsers": [{"name": "gongkai", "seconds": 1.0}]})
    benchmark.RESULT.write_text(json.dumps({"machine": {}, "latency": {"day": "2026-01-01"}, "pages": {"old": True}}), "utf-8")
    done = CliRunner().invoke(benchmark.main, ["--part", "pages", "--folder", str(tmp_path)])
    assert done.exit_code == 0, done.output
    result = json.loads(benchmark.RESULT.read_text("utf-8"))
    assert result["latency"] == {"day": "2026-01-01"} and "old" not in result["pages"]
    assert {"day", "load_before"} < set(result["pages"])


def test_a_part_that_needs_a_build_says_so(tmp_path: Path) -> None:
    done = CliRunner().invoke(benchmark.main, ["--part", "latency", "--folder", str(tmp_path), "--no-write"])
    assert done.exit_code == 1 and "measure the builds first" in done.output
