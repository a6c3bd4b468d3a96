"""The benchmark in plain lines, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_MEGABYTE = 1_000_000


def _reading(part: Mapping[str, Any]) -> Iterator[str]:
    for medium, speed in part["media"].items():
        yield f"{medium:14} {speed['reports_per_second']:8.1f} reports/s {speed['megabytes_per_second']:8.2f} MB/s on one core"
    yield "rooms: " + ", ".join(f"{room} {share:.0%}" for room, share in part["rooms"].items())
    for reader in part["readers"]:
        cells = ", ".join(f"{kind} {reader[kind]}" for kind in ("right", "wrong", "missing"))
        speed = f"{reader['megabytes_per_second']} MB/s ({reader['megabytes_per_second_at_best']} at best)"
        yield f"text and web pages by {reader['name']}: {speed}; cells {cells}"
    yield from _beside("PDF", part["pdf"], "seconds")


def _beside(what: str, entries: Sequence[Mapping[str, Any]], key: str) -> Iterator[str]:
    """Lines that hold each entry against the first."""
    first = entries[0][key]
    for each in entries:
        more = "".join(f", {name} {each[name]}" for name in ("figures_per_second", "errors") if name in each)
        yield f"{what} by {each['name']}: {each[key]} s ({each[key] / first if first else 0:.2f} times ours){more}"


def _builds(part: Mapping[str, Any]) -> Iterator[str]:
    for each in part["sizes"]:
        cold = each["cold"]
        stages = ", ".join(f"{name} {seconds:.1f}" for name, seconds in cold["stages"].items())
        cpu = f"{cold['cpu_seconds']:.1f} s of processors"
        yield f"{each['reports']} reports: cold {cold['seconds']:.1f} s ({stages}), {cpu}; peak {cold['peak_memory'] / _MEGABYTE:.0f} MB"
        yield "  again: " + ", ".join(f"{number} changed {again['share']:.2%}" for number, again in each["rebuilds"].items())
        yield from _database(each)
        yield f"  tree {each['tree_bytes'] / _MEGABYTE:.0f} MB; bytes a report:"
        for kind, size in each["ledger"].items():
            yield f"    {kind:36} {size['bytes_a_report']:>9,} in {size['files']:,} files"
    if part["growth_exponent"] is not None:
        yield f"exponent of growth {part['growth_exponent']}, of processor time {part['growth_exponent_cpu']}"


def _database(each: Mapping[str, Any]) -> Iterator[str]:
    size = f"{each['database_bytes'] / _MEGABYTE:.1f} MB"
    yield f"  database {size} for {each['figures']:,} figures, {each.get('bytes_a_figure')} bytes each with their keys"


def _large(part: Mapping[str, Any]) -> Iterator[str]:
    stages = ", ".join(f"{name} {seconds:.0f}" for name, seconds in part["stages"].items())
    yield f"{part['reports']} reports, no pages: {part['seconds']:.0f} s ({stages}); peak {part['peak_memory'] / _MEGABYTE:.0f} MB"
    yield from _database(part)


def _latency(part: Mapping[str, Any]) -> Iterator[str]:
    yield f"Datasette on the database of {part['reports']} reports, {part['clients']} clients at a time, milliseconds:"
    for name, times in part["addresses"].items():
        yield f"  {name:36} p50 {times['p50']:8.1f}  p95 {times['p95']:8.1f}"


def _pages(part: Mapping[str, Any]) -> Iterator[str]:
    yield from _beside("Markdown to HTML", part["parsers"], "seconds")
    if "hugo" in part:
        hugo = part["hugo"]
        yield (
            f"{hugo['pages']} pages: {hugo['ours_cold_seconds']} s cold, hugo {hugo['hugo']} {hugo['hugo_cold_seconds']} s "
            f"({hugo['cold_share']} of it); one changed {hugo['ours_changed_seconds']} s, {hugo['hugo_changed_seconds']} s "
            f"({hugo['one_changed_share']} of it)"
        )


_TOLD = {
    "reading": _reading,
    "builds": _builds,
    "large": _large,
    "storage": lambda part: _beside("figures into SQLite", part["stores"], "seconds"),
    "validation": lambda part: _beside("validation", part["validators"], "seconds"),
    "pages": _pages,
    "latency": _latency,
}


def told(result: Mapping[str, Any]) -> Iterator[str]:
    """All that was measured, a line each."""
    for name, tell in _TOLD.items():
        if name in result:
            yield from tell(result[name])
