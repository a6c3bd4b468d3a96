"""Builds of invented nations: cold, again after 0, 1 and 100 reports changed, how time grows, what the result weighs."""

from __future__ import annotations

import json
import math
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from bench.generate import TRUTH, generate
from bench.watch import python
from publish.opened import read_only

SEED = 1
CHANGED = (0, 1, 100)
_LANGUAGES = ("en", "zh-hant")
_DATA = {".csv": "table_csv", ".json": "table_json", ".parquet": "table_parquet", ".db": "database", ".xlsx": "table_xlsx"}


def _build(reports: Path, out: Path, cache: Path, jobs: int, *more: str) -> dict[str, Any]:
    """Build in a process of its own, which does not wait until what was written before it is on the disk."""
    os.sync()
    done = python("bench.timed_build", reports, out, cache, jobs, *more)
    return {**json.loads(done.stdout.splitlines()[-1]), "cpu_seconds": round(done.cpu_seconds, 3), "peak_memory": done.peak_memory}


def kind_of_file(path: str) -> str:
    """What a file of the tree counts as in the ledger."""
    parts = path.split("/")
    name, suffix = parts[-1], Path(path).suffix
    if parts[0] == "data":
        return _DATA.get(suffix, "other_data")
    if parts[0] in _LANGUAGES:
        return "other_languages"
    if parts[0] != "agencies":
        return {".html": "other_pages", ".md": "other_pages"}.get(suffix, "rest")
    if name.startswith("figures."):
        return "own_figures"
    if name == "source.txt" or parts[-2] == "source":
        return "source"
    return {".html": "body_pages", ".md": "body_markdown"}.get(suffix, "rest")


def ledger(out: Path, reports: int) -> dict[str, dict[str, float]]:
    """Files, bytes and bytes a report, by kind of file; a file that stands in the tree under two names counts once."""
    kinds: dict[str, dict[str, float]] = {}
    seen = set()
    for path in sorted(out.rglob("*")):
        told = path.lstat()
        if not path.is_file() or (told.st_dev, told.st_ino) in seen:
            continue
        seen.add((told.st_dev, told.st_ino))
        kind = kinds.setdefault(kind_of_file(path.relative_to(out).as_posix()), {"files": 0, "bytes": 0})
        kind["files"] += 1
        kind["bytes"] += told.st_size
    for kind in kinds.values():
        kind["bytes_a_report"] = round(kind["bytes"] / reports)
    return dict(sorted(kinds.items(), key=lambda each: -each[1]["bytes"]))


def database_sizes(database: Path) -> dict[str, Any]:
    """What a database weighs, by figure: in all, and what the figures themselves with their keys take (where SQLite tells)."""
    with closing(read_only(database)) as connection:
        (figures,) = connection.execute("select count(*) from figures").fetchone()
        told = {"figures": figures, "database_bytes": database.stat().st_size}
        try:
            tables = dict(connection.execute("select name, sum(pgsize) from dbstat group by name"))
        except sqlite3.OperationalError:
            return told
        owner = dict(connection.execute("select name, tbl_name from sqlite_master where type in ('table', 'index')"))
    parts: dict[str, int] = {}
    for name, size in tables.items():
        parts[owner.get(name, name)] = parts.get(owner.get(name, name), 0) + size
    holding = {name: size for name, size in parts.items() if name.startswith("figure")}
    told["bytes_a_figure"] = round(sum(holding.values()) / figures, 1) if figures else None
    told["largest_tables"] = dict(sorted(parts.items(), key=lambda each: -each[1])[:8])
    return told


def _change(reports: Path, number: int) -> None:
    """Add a sentence to so many text reports, here and there in the catalogue."""
    paths = sorted(reports.rglob("*.txt"))
    for path in paths[:: max(1, len(paths) // number)][:number] if number else ():
        path.write_bytes(path.read_bytes() + f"本报告已经核对{number}次。\n".encode())


def measure_builds(folder: Path, sizes: Sequence[int], jobs: int) -> Iterator[dict[str, Any]]:
    """A cold build of each size, then rebuilds after some reports changed. The last build is left in the folder."""
    for reports in sizes:
        here = folder / str(reports)
        shutil.rmtree(here, ignore_errors=True)
        generate(here / "reports", reports, SEED, jobs=jobs)
        source = sum(path.stat().st_size for path in (here / "reports").rglob("*") if path.is_file())
        click.echo(f"building {reports} reports", err=True)
        cold = _build(here / "reports", here / "out", here / "cache", jobs)
        told = {"reports": reports, "source_bytes": source, "cold": cold, "rebuilds": {}}
        told |= database_sizes(here / "out" / "data" / "gongkai.db")
        told["ledger"] = ledger(here / "out", reports)
        told["tree_bytes"] = sum(int(kind["bytes"]) for kind in told["ledger"].values())
        for number in CHANGED:
            _change(here / "reports", number)
            again = _build(here / "reports", here / "out", here / "cache", jobs)
            shares = {f"{kind}share": round(again[f"{kind}seconds"] / cold[f"{kind}seconds"], 4) for kind in ("", "cpu_")}
            told["rebuilds"][str(number)] = {**again, **shares}
        yield told


def measure_large(folder: Path, reports: int, jobs: int) -> dict[str, Any]:
    """Reading and database alone of many reports, once. Their corpus is made where it does not lie there."""
    here = folder / str(reports)
    if not (here / "reports" / TRUTH).exists():
        generate(here / "reports", reports, SEED, jobs=jobs)
    for name in ("out", "cache"):
        shutil.rmtree(here / name, ignore_errors=True)
    click.echo(f"reading {reports} reports and writing their database", err=True)
    built = _build(here / "reports", here / "out", here / "cache", jobs, "database")
    return {"reports": reports, **built, **database_sizes(here / "out" / "data" / "gongkai.db")}


def exponent(builds: Sequence[dict[str, Any]], time: str = "seconds") -> float | None:
    """How the time of a cold build grows with the number of reports: 1 is in proportion. Between the smallest and the largest build.

    `time` is `cpu_seconds` for that of processors alone, which other work on the machine lengthens less.
    """
    if len(builds) < 2:
        return None
    first, last = builds[0], builds[-1]
    return round(math.log(last["cold"][time] / first["cold"][time]) / math.log(last["reports"] / first["reports"]), 3)
