"""How fast reports are read on one core, by medium and by room of `extract/`, and beside readers that a user would pick instead."""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from bench.alternatives import run_script
from bench.draft import Order
from bench.generate import make
from bench.model import Key
from bench.nation import national_orders
from bench.positional import read_by_position
from bench.score import Score, score_cells
from extract.identity import identify
from extract.model import CatalogueEntry, UnreadableFile
from extract.pipeline import extract_file
from extract.prose import read_prose
from extract.read import read_file
from extract.repair import repair
from extract.tables import read_tables

SEED = 1
MEGABYTE = 1_000_000
SAMPLE = 30  # reports a medium
MIXED = 400  # reports of a nation, of which the text and web pages in the forms since 2019 are compared
ROUNDS = 5
TURNS = 9  # of the readers side by side
MEDIA = ("text_lines", "text_glued", "markdown", "html", "html_word", "html_site", "html_site_word", "docx", "xlsx", "pdf")
_TEXT_AND_HTML = (".txt", ".html")


def _seconds(work: Callable[[], Any]) -> float:
    """Seconds of this process alone: what else the machine does is not in them."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _median(work: Callable[[], Any]) -> float:
    return statistics.median(_seconds(work) for _ in range(ROUNDS))


def _speed(reports: int, size: int, seconds: float) -> dict[str, float]:
    return {"reports_per_second": round(reports / seconds, 1), "megabytes_per_second": round(size / MEGABYTE / seconds, 2)}


def _sample(folder: Path, medium: str) -> list[Path]:
    """Reports of one medium in the forms since 2019, as they come: two of three clean, one traditional with pinyin or labels varied."""
    folder.mkdir(parents=True, exist_ok=True)
    damage = ((), (), ("label_variant",), (), (), ("pinyin_tags",))
    paths = []
    for number in range(SAMPLE):
        file, data, _ = make(Order(number, ("national_2019", "national_2021")[number % 2], medium, damage[number % len(damage)]), SEED)
        paths.append(folder / Path(file).name)
        paths[-1].write_bytes(data)
    return paths


def _read_whole(paths: Sequence[Path]) -> None:
    for path in paths:
        extract_file(path, CatalogueEntry(path.name))


def measure_media(folder: Path) -> dict[str, dict[str, float]]:
    """Reports and megabytes a second by medium: the median of a few rounds, after one that loads the data files."""
    found = {}
    for medium in MEDIA:
        paths = _sample(folder / medium, medium)
        _read_whole(paths[:3])
        found[medium] = _speed(len(paths), sum(path.stat().st_size for path in paths), _median(lambda paths=paths: _read_whole(paths)))
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
    timed("prose", lambda: read_prose(repaired, reading.spans, reading.whole_lines))


def measure_rooms(folder: Path) -> dict[str, float]:
    """The share of each room of `extract/` in the time of reading text and HTML."""
    seconds: dict[str, float] = defaultdict(float)
    for medium in ("text_lines", "html_site", "html_site_word"):
        for path in sorted((folder / medium).iterdir()):
            _rooms(path, seconds)
    whole = sum(seconds.values())
    return {room: round(value / whole, 3) for room, value in seconds.items()}


def _of_a_nation(folder: Path) -> tuple[list[Path], list[dict[str, Any]]]:
    """Text and web pages in the forms since 2019 as a nation has them, damage and all, with their truths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths, truths = [], []
    for order in national_orders(MIXED, SEED):
        file, data, truth = make(order, SEED)
        if Path(file).suffix in _TEXT_AND_HTML and truth["form"] in ("national_2019", "national_2021") and truth["cells"]:
            paths.append(folder / Path(file).name)
            paths[-1].write_bytes(data)
            truths.append(truth)
    return paths, truths


def score_values(found: dict[Key, str], truth: dict[str, Any]) -> Counter[str]:
    """Cells right, wrong and missing of a reader that gives values alone."""
    figures = [SimpleNamespace(indicator=key[0], measure=key[1], value=value, state="printed", proof=None) for key, value in found.items()]
    score = Score()
    score_cells(SimpleNamespace(figures=figures, problems=()), truth, score)  # type: ignore[arg-type]
    return score.counts


def compare_readers(folder: Path) -> list[dict[str, Any]]:
    """Ours beside the numbers taken in their order: megabytes a second, and the cells right, wrong and missing.

    The readers take turns, for the speed of a machine that others share changes within seconds.
    """
    paths, truths = _of_a_nation(folder)
    size = sum(path.stat().st_size for path in paths)
    readers: dict[str, Callable[[Path], Any]] = {
        "gongkai": lambda path: extract_file(path, CatalogueEntry(path.name)),
        "positional": read_by_position,
    }
    cells: dict[str, Counter[str]] = {name: Counter() for name in readers}
    for name, read in readers.items():
        for path, truth in zip(paths, truths, strict=True):
            result = read(path)
            if name == "gongkai":
                score = Score()
                score_cells(result, truth, score)
                cells[name] += score.counts
            else:
                cells[name] += score_values(result, truth)
    turns = [{name: _seconds(lambda read=read: [read(path) for path in paths]) for name, read in readers.items()} for _ in range(TURNS)]
    return [_told_of(name, len(paths), size, [turn[name] for turn in turns], counts) for name, counts in cells.items()]


def _told_of(name: str, reports: int, size: int, turns: Sequence[float], counts: Counter[str]) -> dict[str, Any]:
    seconds = statistics.median(turns)
    at_best = _speed(reports, size, min(turns))["megabytes_per_second"]
    cells = {kind: counts[kind] for kind in ("right", "wrong", "missing")}
    speed = {**_speed(reports, size, seconds), "megabytes_per_second_at_best": at_best}
    return {"name": name, "reports": reports, "seconds": round(seconds, 3), **speed, **cells}


_PDFPLUMBER = """
import json, sys, time, pdfplumber
from importlib.metadata import version
start, cells = time.process_time(), 0
for path in sys.argv[1:]:
    with pdfplumber.open(path) as document:
        for page in document.pages:
            cells += sum(len(row) for table in page.extract_tables() for row in table)
print(json.dumps({"name": f"pdfplumber {version('pdfplumber')}", "seconds": round(time.process_time() - start, 3)}))
"""


def compare_pdf(folder: Path) -> list[dict[str, Any]]:
    """A PDF with a text layer: ours, from bytes to figures with who and when, beside the cells alone of a library."""
    paths = sorted((folder / "pdf").iterdir())
    ours = {"name": "gongkai", "seconds": round(_median(lambda: _read_whole(paths)), 3)}
    other = run_script(_PDFPLUMBER, *paths)
    return [{**each, "reports": len(paths)} for each in [ours, *([json.loads(other)] if other else [])]]


def measure_reading(folder: Path) -> dict[str, Any]:
    """All of it."""
    return {
        "media": measure_media(folder / "media"),
        "rooms": measure_rooms(folder / "media"),
        "readers": compare_readers(folder / "nation"),
        "pdf": compare_pdf(folder / "media"),
    }
