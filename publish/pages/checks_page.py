"""数据核对: every check that does not add up, every problem of reading, every file that could not be read."""

from __future__ import annotations

from itertools import groupby

from publish.pages.escape import Markdown, anchor, escape, link
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.numbers import number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.query import Data, Row
from publish.pages.words import Words, gloss

_PATH = "checks/"


def checks_page(failing: list[Row], totals: list[Row], data: Data, chrome: Chrome) -> Page:
    """Return the page. `failing` are the checks that do not add up; `totals` counts all by rule and outcome."""
    words = chrome.words
    reports = {row["report_id"]: row for row in data.reports}
    unreadable = [row for row in data.problems if row["report_id"] is None]
    text = markdown(
        "checks.md",
        _PATH,
        words,
        rules=_rules(totals, data, words),
        hard=_by_report([row for row in failing if row["severity"] == "hard"], reports, data, words),
        soft=_by_report([row for row in failing if row["severity"] == "soft"], reports, data, words),
        problems=_problems([row for row in data.problems if row["report_id"] is not None], reports, data, words),
        unreadable=[(row["path"], row["detail"], row["detail_en"]) for row in unreadable],
        rows_link=chrome.rows_link(_PATH, "checks?outcome=fail"),
    )
    title = words.say("page.checks")
    return Page(_PATH, title, words.say("description.checks"), text, kind="explained", crumbs=((title, None),))


def _rules(totals: list[Row], data: Data, words: Words) -> Markdown:
    counts = {(row["rule"], row["outcome"]): row["n"] for row in totals}
    outcomes = ("pass", "fail", "not_assessable")
    head = [
        words.both("column.rule"),
        words.both("column.kind"),
        words.both("column.formula"),
        *(words.both(f"outcome.{name}") for name in outcomes),
    ]
    body = [
        [
            Markdown(f"{escape(rule['rule'])} {escape(rule['title_zh'])} {gloss(rule['title_en'])}"),
            words.both(f"severity.{rule['severity']}"),
            Markdown(f"{escape(rule['formula_zh'])} {gloss(rule['formula_en'])}"),
            *(number(counts.get((key, name), 0)) for name in outcomes),
        ]
        for key, rule in data.rules.items()
    ]
    return table(head, body, numeric_from=3)


def _by_report(failing: list[Row], reports: dict[str, Row], data: Data, words: Words) -> list[tuple[Markdown, list[Markdown]]]:
    groups = []
    for report_id, members in groupby(failing, key=lambda row: row["report_id"]):
        report = reports[report_id]
        page = relative(data.paths[report_id], _PATH)
        copy = words.zh(f"copy_kind.{data.sources[report['source_id']]['copy_kind']}")
        heading = Markdown(f"{link(data.agencies[report['agency_id']]['name'] + str(report['year']) + '年', page)}（{copy}）")
        notes = [
            Markdown(
                f"[{escape(row['rule'])}]({page}#{row['fragment']}) {escape(row['sentence_zh'])} {gloss(row['sentence_en'])}"
                f" {anchor(anchor_of(row))}"
            )
            for row in members
        ]
        groups.append((heading, notes))
    return groups


def anchor_of(check: Row) -> str:
    """Return the anchor of a check on this page; it holds as long as the report, the rule and what it is about."""
    return f"{check['report_id']}-{check['fragment']}"


def _problems(problems: list[Row], reports: dict[str, Row], data: Data, words: Words) -> Markdown | None:
    body = []
    for row in problems:
        report = reports[row["report_id"]]
        page = relative(data.paths[row["report_id"]], _PATH)
        linked = row["line"] and report["document_type"] != "news"
        place = link(row["line"], f"{page}source/index.html#L{row['line']}") if linked else row["line"]
        body.append(
            [
                Markdown(f"{link(data.agencies[report['agency_id']]['name'] + str(report['year']) + '年', page)}"),
                Markdown(f"{escape(row['detail'])} {gloss(row['detail_en'])}"),
                place,
            ]
        )
    head = [words.both("column.document"), words.both("column.detail"), words.both("column.line")]
    return table(head, body, numeric=[2]) if body else None
