"""The page that says how fast the program is, how large its results are, and what of it was meant and what was reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from publish.benchmark import Result, Target, targets_of
from publish.pages.escape import Markdown
from publish.pages.feeds import MOST_ADDRESSES
from publish.pages.grid import table
from publish.pages.indicator_pages import MOST_FIGURES
from publish.pages.numbers import number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.parts import MOST_REPEATED, MOST_ROWS
from publish.pages.words import Words
from publish.site_zip import MOST_BYTES

PATH = "speed/"
# What is shown of the stages of a build, each with those that it sums up: a database without pages has its search index made apart.
_STAGES = {"reading": ("reading",), "database": ("database",), "publishing": ("publishing", "search")}
_REBUILDS = ("0", "1", "100")
_MEGABYTE = 1_000_000
# What a tree stops to hold when it grows, and beyond how much of what (a key of the words `speed_limit`).
_MOVES = {
    "workbooks": ("documents", MOST_REPEATED),
    "sentences": ("documents", MOST_REPEATED),
    "long_lists": ("rows", MOST_ROWS),
    "failed_checks": ("rows", MOST_ROWS),
    "figures_of_an_indicator": ("figures", MOST_FIGURES),
    "sitemap": ("addresses", MOST_ADDRESSES),
    "archive": ("megabytes", MOST_BYTES // (1024 * 1024)),
}


def _measured(value: float | None, unit: str) -> str:
    return "—" if value is None else number(value) + (unit if unit in ("%", "/s") or not unit else f" {unit}")


def _targets(targets: Sequence[Target], words: Words) -> Markdown:
    head = [words.both(f"speed.{name}") for name in ("target", "meant", "reached", "standing")]
    standing = {True: "holds", False: "falls_short", None: "not_measured"}
    body = [
        [
            words.both(f"speed_target.{each.key}"),
            f"{'≤' if each.is_ceiling else '≥'} {_measured(each.bound, each.unit)}",
            _measured(each.reached, each.unit),
            words.both(f"speed.{standing[each.holds]}"),
        ]
        for each in targets
    ]
    return table(head, body, numeric=(1, 2))


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}"


def _stages(built: Mapping[str, Any]) -> Iterator[float | None]:
    for stages in _STAGES.values():
        told = [built["stages"][stage] for stage in stages if stage in built["stages"]]
        yield sum(told) if told else None


def _built(reports: int, built: Mapping[str, Any]) -> list[object]:
    """Return the cells that every build has: how many reports, seconds in all, of processors and by stage, and the memory."""
    seconds = [built["seconds"], built.get("cpu_seconds"), *_stages(built)]
    return [number(reports), *map(_seconds, seconds), number(round(built["peak_memory"] / _MEGABYTE))]


def _build_rows(result: Result) -> Iterator[list[object]]:
    for each in result["builds"]["sizes"]:
        again = each["rebuilds"]
        yield [*_built(each["reports"], each["cold"]), *(f"{again[n]['share'] * 100:.1f}%" if n in again else "" for n in _REBUILDS)]
    if "large" in result:
        yield [*_built(result["large"]["reports"], result["large"]), *("" for _ in _REBUILDS)]


def _builds(result: Result, words: Words) -> Markdown:
    stages, rebuilds = (f"stage_{stage}" for stage in _STAGES), (f"changed_{number}" for number in _REBUILDS)
    names = ("reports", "cold", "processors", *stages, "peak", *rebuilds)
    return table([words.both(f"speed.{name}") for name in names], _build_rows(result), numeric_from=0)


def _ledger(result: Result, words: Words) -> Markdown:
    largest = result["builds"]["sizes"][-1]
    head = [words.both("speed.kind"), words.both("speed.files"), words.both("speed.bytes_a_report")]
    sizes = largest["ledger"].items()
    body = [[words.both(f"speed_file.{kind}"), number(size["files"]), number(size["bytes_a_report"])] for kind, size in sizes]
    return table(head, body, numeric_from=1)


def _moves(words: Words) -> Markdown:
    head = [words.both(f"speed.{name}") for name in ("held", "beyond", "instead")]
    body = [
        [words.both(f"speed_held.{name}"), words.both(f"speed_limit.{unit}", number=number(limit)), words.both(f"speed_instead.{name}")]
        for name, (unit, limit) in _MOVES.items()
    ]
    return table(head, body)


def _database(result: Result, words: Words) -> Markdown | None:
    """Say what the largest database weighs in all, by its figures."""
    largest = result.get("large") or result["builds"]["sizes"][-1]
    size, figures = largest.get("database_bytes"), largest.get("figures")
    if not (size and figures):
        return None
    told = {"megabytes": number(round(size / _MEGABYTE)), "figures": number(figures), "bytes": number(round(size / figures))}
    return words.both("speed.whole_database", **told)


def _media(result: Result, words: Words) -> Markdown:
    head = [words.both(f"speed.{name}") for name in ("kind", "reports_per_second", "megabytes_per_second")]
    body = [
        [words.both(f"medium.{medium}"), number(speed["reports_per_second"]), number(speed["megabytes_per_second"])]
        for medium, speed in result["reading"]["media"].items()
    ]
    return table(head, body, numeric_from=1)


def _maker(name: str, words: Words) -> Markdown | str:
    return words.both(f"speed_maker.{name}") if f"speed_maker.{name}" in words.entries else name


def _comparisons(result: Result) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    """Yield what was done side by side: the work, and who did it in how many seconds (ours first)."""
    if "reading" in result:
        yield "readers", result["reading"]["readers"]
        yield "pdf", result["reading"]["pdf"]
    if "storage" in result:
        # Not the same number of rows: seconds a million figures.
        yield "storage", [{**each, "seconds": 1e6 / each["figures_per_second"]} for each in result["storage"]["stores"]]
    if "validation" in result:
        yield "validation", result["validation"]["validators"]
    if "pages" in result:
        yield "markdown", result["pages"]["parsers"]
        hugo = result["pages"].get("hugo")
        for kind in ("cold", "changed") if hugo else ():
            names = {"ours": "gongkai", "hugo": f"hugo {hugo['hugo']}"}
            yield f"pages_{kind}", [{"name": name, "seconds": hugo[f"{who}_{kind}_seconds"]} for who, name in names.items()]


def _side_by_side(result: Result, words: Words) -> Markdown:
    head = [words.both(f"speed.{name}") for name in ("work", "done_by", "took", "times_ours", "cells_wrong", "cells_missing")]
    body: list[list[object]] = []
    for work, entries in _comparisons(result):
        for each in entries:
            times = each["seconds"] / entries[0]["seconds"] if entries[0]["seconds"] else 0
            read = [number(each.get("wrong")), number(each.get("missing"))]
            body.append([words.both(f"speed_work.{work}"), _maker(each["name"], words), f"{each['seconds']:,.2f}", f"{times:,.2f}", *read])
    return table(head, body, numeric_from=2)


def _latency(result: Result, words: Words) -> Markdown:
    head = [words.both(f"speed.{name}") for name in ("address", "p50", "p95")]
    body = [
        [words.both(f"speed_address.{name}"), number(times["p50"]), number(times["p95"])]
        for name, times in result["latency"]["addresses"].items()
    ]
    return table(head, body, numeric_from=1)


def _runs(result: Result, words: Words) -> list[Markdown]:
    """Say of each part on which day it was measured and how busy the machine was."""
    return [
        words.zh("speed.run", part=words.say(f"speed_part.{part}"), day=told["day"], load=told["load_before"])
        for part, told in result.items()
        if isinstance(told, Mapping) and "day" in told
    ]


def speed_page(result: Result, chrome: Chrome) -> Page:
    """Return the page `speed/`."""
    words = chrome.words
    machine = result["machine"]
    text = markdown(
        "speed.md",
        PATH,
        words,
        machine=words.both("speed.machine", cores=machine["cores"], python=machine["python"], system=machine["system"]),
        targets=_targets(targets_of(result), words),
        builds=_builds(result, words) if "builds" in result else None,
        ledger=_ledger(result, words) if "builds" in result else None,
        database=_database(result, words) if "builds" in result else None,
        moves=_moves(words),
        media=_media(result, words) if "reading" in result else None,
        beside=_side_by_side(result, words),
        latency=_latency(result, words) if "latency" in result else None,
        asked=words.both("speed.asked", reports=number(result["latency"]["reports"]), clients=result["latency"]["clients"])
        if "latency" in result
        else None,
        runs=_runs(result, words),
    )
    title = words.say("page.speed")
    return Page(PATH, title, words.say("description.speed"), text, kind="explained", crumbs=((words.say("nav.speed"), None),))
