"""How fast the program is and how large its results: bench/benchmark.json, held against the targets. Nothing is measured at build time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
BENCHMARK = ROOT / "bench" / "benchmark.json"
TARGETS = Path(__file__).with_name("targets.yml")

_REMEDY = "write it anew with `make bench`"
_MEGABYTE = 1_000_000
Result = Mapping[str, Any]


class BenchmarkError(Exception):
    """The file of measurements is missing or malformed. The message is one sentence that names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached, and what was: None where it was not measured."""

    key: str
    bound: float
    is_ceiling: bool
    unit: str
    reached: float | None

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None where nothing was measured."""
        if self.reached is None:
            return None
        return self.reached <= self.bound if self.is_ceiling else self.reached >= self.bound


def read_benchmark(path: Path = BENCHMARK) -> Result:
    """Read the measurements as `python -m bench.benchmark` leaves them. Raises BenchmarkError."""
    try:
        told = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BenchmarkError(f"{path.name} is not there; {_REMEDY}.") from error
    except ValueError as error:
        raise BenchmarkError(f"{path.name} cannot be read; {_REMEDY}.") from error
    if not isinstance(told, dict) or "machine" not in told:
        raise BenchmarkError(f"{path.name} is malformed (it names no machine); {_REMEDY}.")
    try:
        targets_of(told)
    except (KeyError, TypeError, AttributeError, ValueError, ZeroDivisionError) as error:
        raise BenchmarkError(f"{path.name} is malformed ({error!r}); {_REMEDY}.") from error
    return told


def _build_of(result: Result, reports: int) -> Mapping[str, Any] | None:
    return next((each for each in result.get("builds", {}).get("sizes", ()) if each["reports"] == reports), None)


def _rebuild(number: str) -> Callable[[Result], float | None]:
    def percent(result: Result) -> float | None:
        build = _build_of(result, 10_000)
        return round(build["rebuilds"][number]["share"] * 100, 2) if build else None

    return percent


def _cold(result: Result) -> float | None:
    build = _build_of(result, 10_000)
    return round(build["cold"]["seconds"], 1) if build else None


def _peak(result: Result) -> float | None:
    large = result.get("large")
    return round(large["peak_memory"] / _MEGABYTE) if large and large["reports"] >= 100_000 else None


def _bytes_a_figure(result: Result) -> float | None:
    sizes: Sequence[Mapping[str, Any]] = [*result.get("builds", {}).get("sizes", ()), *([result["large"]] if "large" in result else [])]
    return sizes[-1].get("bytes_a_figure") if sizes else None


def _slowest(kind: str) -> Callable[[Result], float | None]:
    def milliseconds(result: Result) -> float | None:
        times = [each["p95"] for each in result.get("latency", {}).get("addresses", {}).values() if each["kind"] == kind]
        return max(times) if times else None

    return milliseconds


def _pdf(result: Result) -> float | None:
    if "reading" not in result:
        return None
    ours = result["reading"]["pdf"][0]
    return round(ours["seconds"] / ours["reports"], 3)


_REACHED: Mapping[str, Callable[[Result], float | None]] = {
    "growth_exponent": lambda result: result.get("builds", {}).get("growth_exponent"),
    "cold_10000": _cold,
    "peak_100000": _peak,
    "read_speed": lambda result: result["reading"]["readers"][0]["megabytes_per_second"] if "reading" in result else None,
    "pdf": _pdf,
    "figures_per_second": lambda result: result["storage"]["stores"][0]["figures_per_second"] if "storage" in result else None,
    "bytes_a_figure": _bytes_a_figure,
    "pages_cold": lambda result: result.get("pages", {}).get("hugo", {}).get("cold_share"),
    "pages_one_changed": lambda result: result.get("pages", {}).get("hugo", {}).get("one_changed_share"),
    "unchanged_10000": _rebuild("0"),
    "one_changed_10000": _rebuild("1"),
    "datasette_pages": _slowest("page"),
    "datasette_json": _slowest("data"),
}


def targets_of(result: Result) -> Sequence[Target]:
    """Return every target with what was reached."""
    bounds = yaml.load(TARGETS.read_text("utf-8"), yaml.CSafeLoader)
    return [
        Target(key, bound.get("at_most", bound.get("at_least")), "at_most" in bound, bound.get("unit", ""), _REACHED[key](result))
        for key, bound in bounds.items()
    ]
