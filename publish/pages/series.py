"""The figures of a body over the years, one small chart each: breaks drawn, missing years hatched, older forms joined as graded.

A chart holds years of one scope only. An older indicator stands in the same chart where the crosswalk grades it same or close.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from publish.pages.components import fence
from publish.pages.data import Data, ReportRows, Row
from publish.pages.escape import Markdown
from publish.pages.lead import cells_of, signs_of
from publish.pages.numbers import Number, number, total
from publish.pages.words import Words

_JOINED = ("same", "close")
_FEWEST_YEARS = 2
_TONGUES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class _Point:
    """The figure of a year: the cells it rests on, its value, and the indicator that it was printed as."""

    value: Number
    cells: Sequence[Row]
    indicator: str


@cache
def _listed() -> tuple[dict[str, str], ...]:
    return tuple(yaml.load(Path(__file__).with_name("series.yml").read_text("utf-8"), yaml.CSafeLoader))


def series_charts(current: Sequence[ReportRows], data: Data, words: Words) -> Sequence[tuple[Markdown, Sequence[Markdown]]]:
    """Return the charts of each scope of which two years or more are held, scopes with more years first.

    `current` are the current annual reports of a body.
    """
    by_scope = Counter(rows.report["scope"] for rows in current)
    groups = []
    for scope, n in sorted(by_scope.items(), key=lambda item: (-item[1], item[0])):
        if n >= _FEWEST_YEARS:
            held = {rows.report["year"]: rows for rows in current if rows.report["scope"] == scope}
            if charts := list(_charts(held, data, words)):
                told = {"scope": words.say(f"scope.{scope}"), "scope_en": words.say(f"scope.{scope}", "en")}
                groups.append((words.both("series.scope", **told), charts))
    return groups


def _charts(held: dict[int, ReportRows], data: Data, words: Words) -> Iterator[Markdown]:
    for entry in _listed():
        points = {year: point for year in sorted(held) if (point := _point(entry, held[year], data))}
        if len(points) >= _FEWEST_YEARS and any(point.value for point in points.values()):
            yield _chart(entry, points, data, words)


def _point(entry: dict[str, str], rows: ReportRows, data: Data) -> _Point | None:
    """Return the figure of a year as its own form prints it, else as an older form prints what may be joined with it."""
    indicator = entry["indicator"]
    candidates = [(indicator, entry["measure"])]
    if entry["measure"] == "total":
        candidates += [(row["from_indicator"], "value") for row in _joined(indicator, data)]
    for name, measure in candidates:
        cells = cells_of(name, rows, data, measure)
        value = total([cell["value"] for cell in cells]) if cells else None
        if value is not None:
            return _Point(value, cells, name)
    return None


def _joined(indicator: str, data: Data) -> list[Row]:
    """Return the lines of the crosswalk by which older indicators of a form of its own may stand in the series."""
    return [
        row
        for row in data.crosswalk
        if row["to_indicator"] == indicator and row["grade"] in _JOINED and data.indicators[row["from_indicator"]]["block"] == "statistics"
    ]


def _breaks(indicators: set[str], first: int, last: int, data: Data) -> dict[int, Row]:
    found = {row["first_year"]: row for name in sorted(indicators) for row in data.breaks.get(name, ())}
    return {year: row for year, row in sorted(found.items()) if first < year <= last}


def _chart(entry: dict[str, str], points: dict[int, _Point], data: Data, words: Words) -> Markdown:
    indicator = data.indicators[entry["indicator"]]
    first, last = min(points), max(points)
    used = {point.indicator for point in points.values()}
    breaks = _breaks(used | {entry["indicator"]}, first, last, data)
    rows: list[list[object]] = [["series", _title(entry, data, "zh"), _title(entry, data, "en"), _unit(indicator, entry, data)]]
    for year in range(first, last + 1):
        point = points.get(year)
        shown = [number(point.value), signs_of(point.cells)] if point else ["", ""]
        rows.append([year, *shown, breaks[year]["title_zh"] if year in breaks else ""])
    if breaks:
        titles = {
            tongue: words.say("join.items", tongue).join(row[f"title_{tongue}"] for row in breaks.values()) for tongue in ("zh", "en")
        }
        rows.append(["note", *(words.say("series.broken", tongue, breaks=title) for tongue, title in titles.items())])
    for line in _joined(entry["indicator"], data):
        if line["from_indicator"] in used:
            older = data.indicators[line["from_indicator"]]
            years = sorted(year for year, point in points.items() if point.indicator == line["from_indicator"])
            grade = f"grade.{line['grade']}"
            values = {"years": f"{years[0]}–{years[-1]}" if len(years) > 1 else years[0]}
            rows.append(
                [
                    "note",
                    words.say("series.joined", "zh", **values, label=older["label_zh"], grade=words.say(grade, "zh"), note=line["note"]),
                    words.say("series.joined", "en", **values, label=older["label_en"], grade=words.say(grade, "en"), note=line["note_en"]),
                ]
            )
    standing = _standing(points, last - first + 1)
    rows.append(["note", words.say("series.standing", "zh", **standing), words.say("series.standing", "en", **standing)])
    return fence("chart", rows)


def _title(entry: dict[str, str], data: Data, tongue: str) -> str:
    label = str(data.indicators[entry["indicator"]][f"label_{tongue}"])
    if entry["measure"] in ("total", "value"):
        return label
    separator = "·" if tongue == "zh" else ": "
    return f"{label}{separator}{data.measures[entry['measure']][f'label_{tongue}']}"


def _unit(indicator: Row, entry: dict[str, str], data: Data) -> str:
    return str(data.measures[entry["measure"]]["unit"] or indicator["unit"] or "")


def _standing(points: dict[int, _Point], years: int) -> dict[str, str]:
    """Count the years whose figure is broken or inferred, and those that we do not hold."""
    signs = [signs_of(point.cells) for point in points.values()]
    return {
        "points": number(len(points)),
        "inconsistent": number(sum("※" in each for each in signs)),
        "inferred": number(sum("推" in each or "拆" in each for each in signs)),
        "missing": number(years - len(points)),
    }
