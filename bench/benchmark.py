"""The benchmark: how fast reports are read, how a build grows with their number, what a rebuild costs, how large the result is.

`python -m bench.benchmark` prints it and writes benchmark.json, which the site shows. Times are of the machine that ran it; ratios,
shares and the exponent of growth are what compares. All reports are invented (bench/generate.py). A part can be measured alone; the
others stay as they were measured before.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bench.builds import exponent, measure_builds, measure_large
from bench.latency import CLIENTS, measure_latency
from bench.pages import compare_pages
from bench.reading import measure_reading
from bench.storage import compare_storage, compare_validation
from bench.telling import told
from publish.benchmark import BenchmarkError, read_benchmark

RESULT = Path(__file__).parent / "benchmark.json"
SIZES = (1000, 10_000)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be measured, where, with how many processes."""

    folder: Path
    sizes: tuple[int, ...]
    large: int | None
    jobs: int

    def largest(self) -> Path:
        """The largest result in the folder that has a database."""
        held = [self.folder / str(size) / "out" for size in sorted({*self.sizes, *([self.large] if self.large else [])}, reverse=True)]
        found = next((out for out in held if (out / "data" / "gongkai.db").exists()), None)
        if found is None:
            raise click.ClickException("there is no build to ask; measure the builds first, with the same --folder.")
        return found

    def site(self) -> Path:
        """The largest built site in the folder."""
        held = [self.folder / str(size) / "out" for size in sorted(self.sizes, reverse=True)]
        found = next((out for out in held if (out / "agencies").exists()), None)
        if found is None:
            raise click.ClickException("there is no site whose pages could be made; measure the builds first, with the same --folder.")
        return found


def _builds(task: Task) -> dict[str, Any]:
    builds = list(measure_builds(task.folder, task.sizes, task.jobs))
    grown = {"growth_exponent": exponent(builds), "growth_exponent_cpu": exponent(builds, "cpu_seconds")}
    return {"jobs": task.jobs, "sizes": builds, **grown}


def _latency(task: Task) -> dict[str, Any]:
    out = task.largest()
    return {"reports": int(out.parent.name), "clients": CLIENTS, "addresses": measure_latency(out)}


PARTS: dict[str, Callable[[Task], Any]] = {
    "reading": lambda task: measure_reading(task.folder / "reading"),
    "builds": _builds,
    "large": lambda task: measure_large(task.folder, task.large, task.jobs) if task.large else None,
    "storage": lambda task: {"stores": compare_storage(task.largest() / "data" / "gongkai.db", task.folder / "storage")},
    "validation": lambda task: {"validators": compare_validation(task.folder / "validation", task.jobs)},
    "pages": lambda task: compare_pages(task.site(), task.jobs),
    "latency": _latency,
}


def _machine() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system(), "processor": platform.machine()}


def measure(task: Task, parts: tuple[str, ...]) -> dict[str, Any]:
    """Measure parts; each says on which day, and how busy the machine was with other work before (load average)."""
    result: dict[str, Any] = {"machine": _machine()}
    for part in parts:
        load = os.getloadavg()[0]
        shutil.rmtree(task.folder / part, ignore_errors=True)
        measured = PARTS[part](task)
        if measured is not None:
            result[part] = {"day": datetime.date.today().isoformat(), "load_before": round(load, 1), **measured}
    return result


def _readable() -> bool:
    try:
        read_benchmark(RESULT)
    except BenchmarkError:
        return False
    return True


def _write(result: dict[str, Any]) -> None:
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


@click.command()
@click.option("--part", "parts", multiple=True, type=click.Choice(tuple(PARTS)), help="Measure this part alone.  [default: all]")
@click.option("--reports", "sizes", multiple=True, type=click.IntRange(1), help="Sizes to build, smallest first.  [default: 1000, 10000]")
@click.option("--large", type=click.IntRange(1), help="Also read so many and write their database, without pages (100000 takes long).")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, help="Processes of a build.  [default: one a core]")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Work here and leave it standing.")
@click.option("--write/--no-write", default=True, show_default=True, help="Write benchmark.json.")
def main(parts: tuple[str, ...], sizes: tuple[int, ...], large: int | None, jobs: int, folder: Path | None, write: bool) -> None:
    """Measure reading, building and serving of invented reports, beside what a user would pick instead."""
    if write and not _readable():
        # Every build shows this file and refuses one that it can't read: those to be measured too.
        _write({"machine": _machine()})
    with tempfile.TemporaryDirectory() as scratch:
        result = measure(Task((folder or Path(scratch)).resolve(), sizes or SIZES, large, jobs), parts or tuple(PARTS))
    for line in told(result):
        click.echo(line)
    if write:
        before = json.loads(RESULT.read_text("utf-8")) if parts and RESULT.exists() else {}
        _write({**before, **result})


if __name__ == "__main__":
    main()
