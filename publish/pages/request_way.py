"""The way of requests through a year, in counts: what came in, what became of it, what was carried over; who went on, and how it ended.

Only printed counts and their sums; no share, because few bodies have outcomes enough for one.
"""

from __future__ import annotations

from collections.abc import Sequence

from publish.pages.components import fence
from publish.pages.data import Data, ReportRows, Row
from publish.pages.escape import Markdown
from publish.pages.lead import OUTCOMES, absence, cells_of, outcome_groups, signs_of
from publish.pages.numbers import Number, number
from publish.pages.standing import standing_row
from publish.pages.words import Words

_FLOW = ("requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out")
_REMEDIES = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
_RESULTS = ("upheld", "corrected", "other", "pending")


def request_way(rows: ReportRows, data: Data, words: Words) -> Markdown | None:
    """Return the picture, or None where one of the four counts that hold it together is unknown, or all are zero."""
    flow = {name: rows.value(name) for name in _FLOW}
    if any(value is None for value in flow.values()) or not any(flow.values()):
        return None
    year = rows.report["year"]
    head = [words.say("way.title", year=year), words.say("way.title", "en", year=year)]
    came, went = flow["requests_new"] + flow["requests_carried_in"], flow["outcomes_total"] + flow["requests_carried_out"]
    cells = {name: cells_of(name, rows, data) for name in (*_FLOW, *OUTCOMES)}
    lines = [head, _line("stage", words, "way.came_in", came)]
    lines += [_line("part", words, f"key.{name}", flow[name], cells[name]) for name in _FLOW[:2]]
    lines.append(_line("stage", words, "way.outcomes", flow["outcomes_total"], cells["outcomes_total"]))
    groups = outcome_groups(rows, data)
    lines += [_line("part", words, f"key.{name}", groups[name], cells[name]) for name in OUTCOMES]
    lines.append(_line("stage", words, "way.carried_over", flow["requests_carried_out"], cells["requests_carried_out"]))
    told = [value for name, value in groups.items() if value is not None]
    if came != went or (len(told) == len(groups) and sum(told) != flow["outcomes_total"]):
        lines.append(_note(words, "way.inconsistent"))
    rests = [cell for name in (*_FLOW, *OUTCOMES) for cell in cells[name]]
    rests += [rows.figures[name, result] for name in _REMEDIES for result in ("total", *_RESULTS) if (name, result) in rows.figures]
    return fence("way", [*lines, *_remedies(rows, data, words), standing_row("rests", rests, words)])


def _remedies(rows: ReportRows, data: Data, words: Words) -> list[list[str]]:
    lines: list[list[str]] = []
    for name in _REMEDIES:
        total = rows.value(name)
        if total is None:
            continue
        lines.append(_line("case", words, f"key.{name}", total, cells_of(name, rows, data)))
        results = [(result, rows.value(name, result)) for result in _RESULTS]
        for result, value in results:
            lines.append(_line("part", words, f"way.{result}", value, cells_of(name, rows, data, result)))
        told = [value for _, value in results if value is not None]
        if len(told) == len(results) and sum(told) != total:
            lines.append(_note(words, "way.inconsistent"))
    cases = sum(line[0] == "case" for line in lines)
    if cases < len(_REMEDIES):
        lines.append(_note(words, "way.no_remedies"))
    return [*lines, _note(words, "way.remedies_note")] if cases else lines


def _line(kind: str, words: Words, key: str, value: Number | None, cells: Sequence[Row] = ()) -> list[str]:
    """A row of the picture: a value and the cells that it consists of."""
    count = words.say(absence(cells)) if value is None else number(value)
    return [kind, words.say(key), words.say(key, "en"), count, signs_of(cells)]


def _note(words: Words, key: str) -> list[str]:
    return ["note", words.say(key), words.say(key, "en")]
