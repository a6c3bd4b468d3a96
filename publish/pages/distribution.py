"""The figures of a group of comparable bodies, counted by class, with the quartiles; read once for all groups."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from publish.pages.numbers import SMALLEST_BASE_OF_A_SHARE, SMALLEST_RANKED_LIST, Number, number
from publish.pages.peers import OFFICIAL, Group
from publish.pages.query import Database

_FILE = Path(__file__).resolve().parents[1] / "distributions.yml"


@cache
def load_distributions() -> Mapping[str, Any]:
    """Return the parsed `distributions.yml`."""
    return yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader)


def is_rate(name: str) -> bool:
    """Tell whether a distribution is of a rate, in percent."""
    return name in load_distributions()["rates"]


def classes_of(name: str) -> Sequence[int]:
    """Return the smallest value of each class of a distribution."""
    return load_distributions()["percent_classes" if is_rate(name) else "classes"]


def class_of(name: str, value: Number) -> int:
    """Return the place of the class that holds a value, from 0."""
    return max(0, bisect_right(classes_of(name), value) - 1)


def class_labels(name: str) -> list[str]:
    """Return what each class holds, as a reader sees it."""
    starts = classes_of(name)
    if is_rate(name):
        ends = [*starts[1:], None]
        return [f"{start}–{end}%" if end else f"{start}–100%" for start, end in zip(starts, ends, strict=True)]
    labels = [number(low) if low == high - 1 else f"{number(low)}–{number(high - 1)}" for low, high in pairwise(starts)]
    return [*labels, f"≥{number(starts[-1])}"]


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many bodies have a figure of each class; the quartiles are figures of bodies, the lower one where two stand in the middle."""

    name: str
    n: int
    counts: Sequence[int]
    low: Number
    median: Number
    high: Number


def distribution_of(name: str, values: Mapping[Number, int]) -> Distribution:
    """Return the distribution of values, given with how often each occurs; there must be one."""
    counts = [0] * len(classes_of(name))
    for value, times in values.items():
        counts[class_of(name, value)] += times
    n = sum(values.values())
    marks = iter(sorted({"low": -(-n // 4), "median": -(-n // 2), "high": -(-3 * n // 4)}.items(), key=lambda mark: mark[1]))
    found: dict[str, Number] = {}
    seen, mark = 0, next(marks, None)
    for value in sorted(values):
        seen += values[value]
        while mark and seen >= mark[1]:
            found[mark[0]] = value
            mark = next(marks, None)
    return Distribution(name, n, counts, **found)


Groups = Mapping[Group, Mapping[str, Distribution]]

_FROM = (
    " from reports r join agencies a using (agency_id) join sources s using (source_id) join requests q on q.report_id = r.report_id"
    " and q.applicant = 'total' left join remedies m on m.report_id = r.report_id"
    f" where r.is_current = 1 and r.document_type = 'annual_report' and s.copy_kind in {OFFICIAL} and r.scope <> 'unknown'"
    " and r.completeness <> 'narrative_only' and r.format <> 'narrative'"
)


def _values(source: Database) -> Iterator[tuple[Group, str, Number]]:
    """Yield each figure that enters a distribution, with its group and the name of the distribution."""
    keys = "r.year, a.level, a.agency_type, r.scope, r.format"
    counts = load_distributions()["counts"]
    columns = ", ".join(f"{'q' if table == 'requests' else 'm'}.{name}" for table, name in (row["column"].split(".") for row in counts))
    names = [row["indicator"] for row in counts]
    for row in source.tuples(f"select {keys}, {columns}{_FROM}"):
        group = Group(*row[:5])
        for name, value in zip(names, row[5:], strict=True):
            if value is not None:
                yield group, name, value
    for rate in load_distributions()["rates"]:
        joined = _FROM.replace(" where ", " join rates t on t.report_id = r.report_id where ", 1)
        wanted = f" and t.rate = ? and t.n_inconsistent = 0 and t.denominator >= {SMALLEST_BASE_OF_A_SHARE}"
        for row in source.tuples(f"select {keys}, t.numerator, t.denominator{joined}{wanted}", rate):
            yield Group(*row[:5]), rate, percentage(row[5], row[6])


def percentage(part: Number, whole: Number) -> Decimal:
    """Return a share in percent with one decimal, as pages print it."""
    return (Decimal(str(part)) / Decimal(str(whole)) * 100).quantize(Decimal("0.1"))


def read_distributions(source: Database) -> Groups:
    """Read the distributions of every group; one of fewer than ten figures is left out."""
    values: defaultdict[Group, defaultdict[str, Counter[Number]]] = defaultdict(lambda: defaultdict(Counter))
    for group, name, value in _values(source):
        values[group][name][value] += 1
    drawn = {
        group: {name: distribution_of(name, counted) for name, counted in named.items() if counted.total() >= SMALLEST_RANKED_LIST}
        for group, named in values.items()
    }
    return {group: named for group, named in drawn.items() if named}


def names_on_bodies() -> Sequence[str]:
    """Return the distributions that stand on the pages of bodies."""
    told = load_distributions()
    return [*(row["indicator"] for row in told["counts"] if row.get("on_bodies")), *told["rates"]]
