"""The benchmark: how fast reports are read, how a build grows with their number, what a rebuild costs, how large the result is.

`python -m bench.benchmark` prints it and writes benchmark.json, which the site shows. Times are of the machine that ran it; ratios,
shares and the exponent of growth are what compares. All reports are invented (bench/generate.py).
"""

from __future__ import annotations

import json
import math
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from bench.draft import Order
from bench.generate import generate, make
from extract.identity import identify
from extract.model import CatalogueEntry, UnreadableFile
from extract.pipeline import extract_file
from extract.prose import read_prose
from extract.read import read_file
from extract.repair import repair
from extract.tables import read_tables

RESULT = Path(__file__).parent / "benchmark.json"
SEED = 1
_MEGABYTE = 1_000_000
_SAMPLE = 30  # reports a medium
_ROUNDS = 3
_MEDIA = ("text_lines", "text_glued", "markdown", "html", "html_word", "docx", "xlsx", "pdf")


def _sample(folder: Path, medium: str) -> list[Path]:
    """Reports of one medium in the forms since 2019, as they come: two of three clean, one traditional with pinyin or labels varied."""
    folder.mkdir(parents=True, exist_ok=True)
    damage = ((), (), ("label_variant",), (), (), ("pinyin_tags",))
    paths = []
    for number in range(_SAMPLE):
        file, data, _ = make(Order(number, ("national_2019", "national_2021")[number % 2], medium, damage[number % len(damage)]), SEED)
        paths.append(folder / Path(file).name)
        paths[-1].write_bytes(data)
    return paths


def _seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _read_whole(paths: Sequence[Path]) -> None:
    for path in paths:
        extract_file(path, CatalogueEntry(path.name))


def measure_media(folder: Path) -> dict[str, dict[str, float]]:
    """Reports and megabytes a second on one core, by medium: the median of a few rounds, after one that loads the data files."""
    found = {}
    for medium in _MEDIA:
        paths = _sample(folder / medium, medium)
        megabytes = sum(path.stat().st_size for path in paths) / _MEGABYTE
        _read_whole(paths[:3])
        seconds = statistics.median(_seconds(lambda paths=paths: _read_whole(paths)) for _ in range(_ROUNDS))
        found[medium] = {"reports_per_second": round(len(paths) / seconds, 1), "megabytes_per_second": round(megabytes / seconds, 2)}
    return found


def _rooms(path: Path, seconds: dict[str, float]) -> None:
    """Read one report room by room."""

    def timed(room: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        seconds[room] += time.perf_counter() - start
        return result

    try:
        document = timed("read", lambda: read_file(path))
    except UnreadableFile:
        return
    repaired = timed("repair", lambda: repair(document))
    reading = timed("tables", lambda: read_tables(repaired))
    timed("identity", lambda: identify(repaired, CatalogueEntry(path.name)))
    timed("prose", lambda: read_prose(repaired, reading.spans))


def measure_rooms(folder: Path) -> dict[str, float]:
    """The share of each room of `extract/` in the time of reading text and HTML."""
    seconds: dict[str, float] = defaultdict(float)
    for medium in ("text_lines", "html", "html_word"):
        for path in sorted((folder / medium).iterdir()):
            _rooms(path, seconds)
    whole = sum(seconds.values())
    return {room: round(value / whole, 3) for room, value in seconds.items()}


def _build(reports: Path, out: Path, cache: Path, jobs: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.timed_build", *map(str, (reports, out, cache, jobs))]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"the build of {reports} failed: {done.stderr.strip().splitlines()[-1:]}")
    return json.loads(done.stdout.splitlines()[-1])


def _sizes(out: Path) -> dict[str, Any]:
    """What the result weighs: the database by figure, the tree by page."""
    database = out / "data" / "gongkai.db"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        (figures,) = connection.execute("select count(*) from figures").fetchone()
    files = [path for path in out.rglob("*") if path.is_file()]
    return {
        "figures": figures,
        "database_bytes": database.stat().st_size,
        "tree_bytes": sum(path.stat().st_size for path in files),
        "pages": sum(path.suffix == ".html" for path in files),
    }


def measure_builds(folder: Path, sizes: Sequence[int], jobs: int) -> Iterator[dict[str, Any]]:
    """A cold build of each size, the same again with nothing changed, and again after one report changed."""
    for reports in sizes:
        here = folder / str(reports)
        generate(here / "reports", reports, SEED)
        source = sum(path.stat().st_size for path in (here / "reports").rglob("*") if path.is_file())
        cold = _build(here / "reports", here / "out", here / "cache", jobs)
        unchanged = _build(here / "reports", here / "out", here / "cache", jobs)
        _change_one(here / "reports")
        changed = _build(here / "reports", here / "out", here / "cache", jobs)
        yield {
            "reports": reports,
            "source_bytes": source,
            "cold": cold,
            "unchanged_share": round(unchanged["seconds"] / cold["seconds"], 4),
            "one_changed_share": round(changed["seconds"] / cold["seconds"], 4),
            **_sizes(here / "out"),
        }


def _change_one(reports: Path) -> None:
    """Add a sentence to the first text report."""
    path = min(reports.rglob("*.txt"))
    path.write_bytes(path.read_bytes() + "本报告已经核对。\n".encode())


def exponent(builds: Sequence[dict[str, Any]]) -> float | None:
    """How the time of a cold build grows with the number of reports: 1 is in proportion. Between the smallest and the largest build."""
    if len(builds) < 2:
        return None
    first, last = builds[0], builds[-1]
    return round(math.log(last["cold"]["seconds"] / first["cold"]["seconds"]) / math.log(last["reports"] / first["reports"]), 3)


def _print(result: dict[str, Any]) -> None:
    for medium, speed in result["reading"].items():
        click.echo(f"{medium:14} {speed['reports_per_second']:8.1f} reports/s {speed['megabytes_per_second']:8.2f} MB/s on one core")
    click.echo("rooms: " + ", ".join(f"{room} {share:.0%}" for room, share in result["rooms"].items()))
    for each in result["builds"]:
        cold = each["cold"]
        stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in cold["stages"].items())
        click.echo(
            f"{each['reports']} reports: cold {cold['seconds']:.1f} s ({stages}); unchanged {each['unchanged_share']:.1%}, one changed "
            f"{each['one_changed_share']:.1%} of it; peak {cold['peak_memory'] / _MEGABYTE:.0f} MB; database "
            f"{each['database_bytes'] / _MEGABYTE:.1f} MB for {each['figures']} figures; {each['pages']} pages, "
            f"{each['tree_bytes'] / _MEGABYTE:.0f} MB in all"
        )
    if result["growth_exponent"] is not None:
        click.echo(f"exponent of growth {result['growth_exponent']}")


@click.command()
@click.option("--reports", "sizes", multiple=True, type=click.IntRange(1), help="Sizes to build, smallest first.  [default: 300, 1000]")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Processes of a build.  [default: one a core]")
@click.option("--write/--no-write", default=True, show_default=True, help="Write benchmark.json.")
def main(sizes: tuple[int, ...], jobs: int, write: bool) -> None:
    """Measure reading and building of invented reports."""
    load = os.getloadavg()[0]  # other work on the machine: times taken beside it are too long
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        reading = measure_media(folder / "media")
        rooms = measure_rooms(folder / "media")
        builds = list(measure_builds(folder / "builds", sizes or (300, 1000), jobs))
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system(), "processor": platform.machine()}
    machine["load_before"] = round(load, 1)
    result = {
        "machine": machine,
        "jobs": jobs,
        "reading": reading,
        "rooms": rooms,
        "builds": builds,
        "growth_exponent": exponent(builds),
    }
    _print(result)
    if write:
        RESULT.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
