"""The one plain sentence about a report, and the sums of outcomes it speaks of."""

from __future__ import annotations

from collections.abc import Mapping

from publish.pages.numbers import Number, number, total
from publish.pages.query import Data, ReportRows
from publish.pages.words import Words

# Outcomes in the order of the form; the groups are sums of their leaves, which the form does not print.
OUTCOMES = ("granted", "partially_granted", "denied_total", "unable_total", "notproc_total", "other_total")
# The form of 2019 has one cell for what the form of 2021 divides in three.
_SINGLE_CELL = {"other_total": "other_all"}


def outcome_groups(rows: ReportRows, data: Data) -> Mapping[str, Number | None]:
    """Return the six kinds of outcome of the total column. A group is None when one of its leaves is unknown."""
    groups: dict[str, Number | None] = {}
    for name in OUTCOMES:
        single = _SINGLE_CELL.get(name, name)
        if (single, "total") in rows.figures and not name.endswith("_total") or single != name and (single, "total") in rows.figures:
            groups[name] = rows.value(single)
            continue
        leaves = [rows.figures[key]["value"] for key in _leaves(name, rows, data)]
        groups[name] = total(leaves) if leaves else None
    return groups


def _leaves(group: str, rows: ReportRows, data: Data) -> list[tuple[str, str]]:
    return [(key, "total") for key, row in data.indicators.items() if row["parent"] == group and (key, "total") in rows.figures]


def lead_sentence(rows: ReportRows, data: Data, words: Words) -> tuple[str, str]:
    """Return the sentence in Chinese and in English."""
    year = rows.report["year"]
    new = rows.value("requests_new")
    if rows.report["document_type"] != "annual_report":
        return words.say("lead.document", year=year), words.say("lead.document", "en", year=year)
    if new is None:
        lost = rows.figures and all(figure["state"] == "missing" for figure in rows.figures.values())
        key = "lead.tables_lost" if lost else "lead.no_requests"
        return words.say(key, year=year), words.say(key, "en", year=year)
    return _sentence(rows, data, words, "zh"), _sentence(rows, data, words, "en")


def _sentence(rows: ReportRows, data: Data, words: Words, language: str) -> str:
    stop, comma, semicolon = ("。", "，", "；") if language == "zh" else (".", ", ", "; ")
    sentence = words.say("lead.received", language, year=rows.report["year"], new=number(rows.value("requests_new")))
    carried_in = rows.value("requests_carried_in")
    if carried_in:
        sentence += words.say("lead.carried_in", language, carried_in=number(carried_in))
    outcomes = [
        words.say(f"lead.{name}", language, count=number(value)) for name, value in outcome_groups(rows, data).items() if value is not None
    ]
    if outcomes:
        sentence += semicolon + comma.join(outcomes)
    carried_out = rows.value("requests_carried_out")
    if carried_out is not None:
        sentence += semicolon + words.say("lead.carried_out", language, carried_out=number(carried_out))
    return sentence + stop
