"""The one plain sentence about a report, and the sums of outcomes it speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from publish.pages.data import Data, ReportRows, Row
from publish.pages.numbers import Number, number, total
from publish.pages.words import Words
from publish.wide import GROUP_TOTALS

# Outcomes in the order of the form; the groups are sums of their leaves, which the form does not print.
OUTCOMES = ("granted", "partially_granted", "denied_total", "unable_total", "notproc_total", "other_total")


def outcome_groups(rows: ReportRows, data: Data) -> Mapping[str, Number | None]:
    """Return the six kinds of outcome of the total column. A group is None when one of its leaves is unknown."""
    return {name: _group(name, rows, data) if name in GROUP_TOTALS else rows.value(name) for name in OUTCOMES}


def _group(name: str, rows: ReportRows, data: Data) -> Number | None:
    leaves = [figure["value"] for figure in cells_of(name, rows, data)]
    return total(leaves) if leaves else None


def cells_of(name: str, rows: ReportRows, data: Data, measure: str = "total") -> list[Row]:
    """Return the cells of a column that an indicator or a group of outcomes consists of."""
    single = GROUP_TOTALS.get(name) if name in GROUP_TOTALS else name
    if single and (single, measure) in rows.figures:
        return [rows.figures[single, measure]]
    if name not in GROUP_TOTALS:
        return []
    leaves = ((key, measure) for key, row in data.indicators.items() if row["parent"] == name)
    return [rows.figures[leaf] for leaf in leaves if leaf in rows.figures]


def absence(cells: Sequence[Row]) -> str:
    """Return the word that stands for a number that these cells don't give: this copy lost one of them, or all or some are blank."""
    if not cells or any(cell["state"] == "missing" for cell in cells):
        return "mark.missing"
    return "mark.blank" if all(cell["value"] is None for cell in cells) else "mark.partly_blank"


def sign(name: str, rows: ReportRows, data: Data) -> str:
    """Return the signs that a figure carries: ※ where a sum with it is broken, 推 where it is inferred, 拆 where it is split."""
    return signs_of(cells_of(name, rows, data))


def signs_of(cells: Sequence[Row]) -> str:
    """Return the signs of a number that is the sum of these cells."""
    signs = {
        "※": any(cell["check_status"] == "inconsistent" for cell in cells),
        "推": any(cell["state"] == "inferred" for cell in cells),
        "拆": any(cell["reading"] == "split" for cell in cells),
    }
    return "".join(mark for mark, applies in signs.items() if applies)


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
