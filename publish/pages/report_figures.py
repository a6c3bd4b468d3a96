"""The figures that open a report page: key figures, outcomes as a picture, rates, and the checks in words."""

from __future__ import annotations

from collections import Counter
from typing import Any

from publish.pages.components import fence
from publish.pages.data import Data, ReportRows, Row
from publish.pages.escape import Markdown, escape
from publish.pages.grid import table
from publish.pages.lead import OUTCOMES, cells_of, outcome_groups, sign
from publish.pages.numbers import SMALLEST_BASE_OF_A_SHARE, number, share
from publish.pages.standing import standing_row
from publish.pages.words import Words, gloss

_KEY_FIGURES = ("requests_new", "granted", "partially_granted", "denied_total", "outcomes_total", "requests_carried_out")
_REMEDIES = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")


def key_figures(rows: ReportRows, data: Data, words: Words) -> Markdown | None:
    """Return the key figures, each linked to its line."""
    groups = outcome_groups(rows, data)
    entries = []
    for name in _KEY_FIGURES:
        value = groups[name] if name in groups else rows.value(name)
        figure = rows.figures.get((name, "total"))
        target = f"source/index.html#L{figure['line']}" if figure and figure["line"] else "#requests"
        if value is not None:
            entries.append(
                [
                    words.say(f"key.{name}"),
                    words.say(f"key.{name}", "en"),
                    number(value),
                    words.say("unit.件"),
                    target,
                    sign(name, rows, data),
                ]
            )
    for name in _REMEDIES:
        value = rows.value(name)
        if value is not None:
            label, label_en = words.say(f"key.{name}"), words.say(f"key.{name}", "en")
            entries.append([label, label_en, number(value), words.say("unit.件"), "#remedies", sign(name, rows, data)])
    return fence("figures", entries) if entries else None


def outcomes_chart(rows: ReportRows, data: Data, words: Words) -> Markdown | None:
    """Return the outcomes as bars, with shares where the total adds up and is large enough."""
    groups = outcome_groups(rows, data)
    base = rows.value("outcomes_total")
    total_cell = rows.figures.get(("outcomes_total", "total"))
    sound = total_cell is not None and total_cell["check_status"] != "inconsistent"
    bars = [
        [
            words.say(f"key.{name}"),
            words.say(f"key.{name}", "en"),
            number(value),
            (sound and share(value, base)) or "",
            sign(name, rows, data),
        ]
        for name, value in groups.items()
        if value is not None
    ]
    if not bars or not base:
        return None
    year = rows.report["year"]
    head = [
        "bars",
        words.say("report.outcomes_chart", year=year),
        words.say("report.outcomes_chart", "en", year=year),
        words.say("unit.件"),
    ]
    rests = standing_row("note", [cell for name in (*OUTCOMES, "outcomes_total") for cell in cells_of(name, rows, data)], words)
    return fence("chart", [head, *bars, rests])


def share_note(rows: ReportRows, words: Words) -> Markdown | None:
    """Return the sentence that says why there are no rates, or None where there may be some."""
    base = rows.value("outcomes_total")
    if base is None or base >= SMALLEST_BASE_OF_A_SHARE:
        return None
    return words.both("report.too_few", count=number(base))


def check_summary(rows: ReportRows, data: Data, words: Words) -> Markdown:
    """Return what the checks found, in words."""
    hard = [check["outcome"] for check in rows.checks if check["severity"] == "hard"]
    if not hard:
        return words.both("check_summary.none")
    parts = {"passed": hard.count("pass"), "failed": hard.count("fail"), "unassessable": hard.count("not_assessable")}
    keys: list[tuple[str, dict[str, Any]]] = [("check_summary.counts", {"total": len(hard), **parts})]
    if rows.report["report_id"] in data.all_zero:
        keys = [("check_summary.zero", {})]
    soft = sum(1 for check in rows.checks if check["severity"] == "soft" and check["outcome"] == "fail")
    if soft:
        keys.append(("check_summary.soft", {"count": soft}))
    chinese = "".join(words.zh(key, **values) for key, values in keys)
    return Markdown(f"{chinese} " + gloss(" ".join(words.say(key, "en", **values) for key, values in keys)))


def rates_table(rows: ReportRows, data: Data, words: Words) -> Markdown | None:
    """Return the rates of a report whose base is large enough and whose figures all add up, each with its counts and its caveat."""
    body, left_out, inferred = [], Counter(), 0
    for rate in rows.rates:
        percentage = share(rate["numerator"], rate["denominator"])
        if why := _not_shown(rate):
            left_out[why] += 1
            continue
        inferred += bool(rate["n_inferred"])
        definition = data.rate_definitions[rate["rate"]]
        body.append(
            [
                Markdown(f"{escape(definition['label_zh'])} {gloss(definition['label_en'])}"),
                f"{number(rate['numerator'])}／{number(rate['denominator'])}",
                percentage,
                Markdown(f"{escape(definition['caveat_zh'])} {gloss(definition['caveat_en'])}"),
            ]
        )
    head = [words.both("column.rate"), words.both("column.counts"), words.both("column.share"), words.both("column.caveat")]
    if not body:
        return None
    counts = {name: number(left_out[name]) for name in ("inconsistent", "missing", "few")}
    rests = words.both("report.rates_standing", shown=number(len(body)), inferred=number(inferred), **counts)
    return Markdown(f"{table(head, body, numeric=[1, 2])}\n\n{rests}")


def _not_shown(rate: Row) -> str | None:
    """Return why a rate is not shown: a figure of it is missing, its base is too small, or its figures do not add up."""
    if rate["n_inconsistent"]:
        return "inconsistent"
    if rate["numerator"] is None or rate["denominator"] is None:
        return "missing"
    return "few" if rate["denominator"] < SMALLEST_BASE_OF_A_SHARE else None
