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
class Standing:
    """How many of the figures of a distribution do not add up or were inferred, and how many bodies have none that enters."""

    inconsistent: int = 0
    inferred: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many bodies have a figure of each class; the quartiles are figures of bodies, the lower one where two stand in the middle."""

    name: str
    n: int
    counts: Sequence[int]
    low: Number
    median: Number
    high: Number
    standing: Standing


def distribution_of(name: str, values: Mapping[Number, int], standing: Standing = Standing()) -> Distribution:
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
    return Distribution(name, n, counts, **found, standing=standing)


Groups = Mapping[Group, Mapping[str, Distribution]]

_FROM = (
    " from reports r join agencies a using (agency_id) join sources s using (source_id) join requests q on q.report_id = r.report_id"
    " and q.applicant = 'total' left join remedies m on m.report_id = r.report_id"
    f" where r.is_current = 1 and r.document_type = 'annual_report' and s.copy_kind in {OFFICIAL} and r.scope <> 'unknown'"
    " and r.completeness <> 'narrative_only' and r.format <> 'narrative'"
)


def _marked(source: Database) -> Mapping[str, Mapping[str, set[str]]]:
    """Read which figures of which reports do not add up or were inferred: {kind: {report: distributions}}."""
    names = {row["indicator"] for row in load_distributions()["counts"]}
    found: dict[str, defaultdict[str, set[str]]] = {"inconsistent": defaultdict(set), "inferred": defaultdict(set)}
    for report_id, indicator, parent, inconsistent, inferred in source.tuples(_MARKED):
        for name in names & {indicator, parent}:
            for kind, is_so in (("inconsistent", inconsistent), ("inferred", inferred)):
                if is_so:
                    found[kind][report_id].add(name)
    return found


# Only reports that have such figures are looked into.
_MARKED = (
    "select f.report_id, f.indicator, i.parent, f.check_status = 'inconsistent', f.state = 'inferred' or f.reading = 'split'"
    " from reports r join figures f using (report_id) join indicators i using (indicator)"
    " where (r.n_inconsistent > 0 or r.n_inferred > 0) and r.is_current = 1 and r.document_type = 'annual_report' and f.measure = 'total'"
    " and (f.check_status = 'inconsistent' or f.state = 'inferred' or f.reading = 'split')"
)


def _values(source: Database) -> Iterator[tuple[Group, str, Number | None, Sequence[str]]]:
    """Yield for each report and distribution its group, the distribution's name, the figure that enters, if any, and its marks."""
    marked = _marked(source)
    keys = "r.year, a.level, a.agency_type, r.scope, r.format"
    counts = load_distributions()["counts"]
    columns = ", ".join(f"{'q' if table == 'requests' else 'm'}.{name}" for table, name in (row["column"].split(".") for row in counts))
    names = [row["indicator"] for row in counts]
    for row in source.tuples(f"select {keys}, r.report_id, {columns}{_FROM}"):
        group = Group(*row[:5])
        for name, value in zip(names, row[6:], strict=True):
            yield group, name, value, [kind for kind, reports in marked.items() if name in reports.get(row[5], ())]
    for rate in load_distributions()["rates"]:
        joined = _FROM.replace(" where ", " left join rates t on t.report_id = r.report_id and t.rate = ? where ", 1)
        sound = f"t.n_inconsistent = 0 and t.denominator >= {SMALLEST_BASE_OF_A_SHARE} and t.numerator is not null"
        for row in source.tuples(f"select {keys}, {sound}, t.numerator, t.denominator, t.n_inferred{joined}", rate):
            yield Group(*row[:5]), rate, percentage(row[6], row[7]) if row[5] else None, ["inferred"] if row[8] else []


def percentage(part: Number, whole: Number) -> Decimal:
    """Return a share in percent with one decimal, as pages print it."""
    return (Decimal(str(part)) / Decimal(str(whole)) * 100).quantize(Decimal("0.1"))


def read_distributions(source: Database) -> Groups:
    """Read the distributions of every group; one of fewer than ten figures is left out."""
    values: defaultdict[Group, defaultdict[str, Counter[Number]]] = defaultdict(lambda: defaultdict(Counter))
    standings: defaultdict[tuple[Group, str], Counter[str]] = defaultdict(Counter)
    for group, name, value, marks in _values(source):
        if value is None:
            standings[group, name]["left_out"] += 1
            continue
        values[group][name][value] += 1
        standings[group, name].update(marks)
    drawn = {
        group: {
            name: distribution_of(name, counted, Standing(**standings[group, name]))
            for name, counted in named.items()
            if counted.total() >= SMALLEST_RANKED_LIST
        }
        for group, named in values.items()
    }
    return {group: named for group, named in drawn.items() if named}


def names_on_bodies() -> Sequence[str]:
    """Return the distributions that stand on the pages of bodies."""
    told = load_distributions()
    return [*(row["indicator"] for row in told["counts"] if row.get("on_bodies")), *told["rates"]]
