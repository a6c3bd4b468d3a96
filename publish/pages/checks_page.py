"""数据核对: every check that does not add up, every problem of reading, every file that could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from publish.pages.data import Data, Row
from publish.pages.escape import Markdown, anchor, escape, link
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.numbers import number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.parts import MOST_ROWS
from publish.pages.words import Words

_PATH = "checks/"


Parts = Mapping[int, tuple[list[Row], list[Row]]]


def parted(failing: Sequence[Row], data: Data) -> Parts:
    """Return the checks that do not add up and the problems of reports by year, the latest first; nothing where one page can list all."""
    problems = [row for row in data.problems if row["report_id"] is not None]
    if len(failing) + len(problems) <= MOST_ROWS:
        return {}
    parts: dict[int, tuple[list[Row], list[Row]]] = {}
    for place, rows in enumerate((failing, problems)):
        for row in rows:
            parts.setdefault(data.reports_by_id[row["report_id"]]["year"], ([], []))[place].append(row)
    return {year: parts[year] for year in sorted(parts, reverse=True)}


def checks_page(failing: Sequence[Row], parts: Parts, totals: Sequence[Row], data: Data, chrome: Chrome) -> Page:
    """Return the page, which lists all, or where there are `parts`, counts what the page of each year lists.

    `failing` are the checks that do not add up; `totals` counts all by rule and outcome.
    """
    words = chrome.words
    title = words.say("page.checks")
    unreadable = [row for row in data.problems if row["report_id"] is None]
    listed = [] if parts else data.in_form_order(failing)
    problems = [] if parts else [row for row in data.problems if row["report_id"] is not None]
    more = {
        "heading": title,
        "rules": _rules(totals, data, words),
        "unreadable": [(row["path"], row["detail"], row["detail_en"]) for row in unreadable[:MOST_ROWS]],
        "unlisted": max(0, len(unreadable) - MOST_ROWS),
        "years": _years(parts, words) if parts else None,
    }
    return _page(_PATH, listed, problems, ((title, None),), data, chrome, **more)


def checks_of_year(year: int, failing: Sequence[Row], problems: Sequence[Row], data: Data, chrome: Chrome) -> Page:
    """Return the page of a year: its checks that do not add up, in the order of the forms, and its problems."""
    words = chrome.words
    title = words.say("page.checks")
    crumbs = ((title, _PATH), (words.say("page.year", year=year), None))
    none = {"years": None, "rules": None, "unreadable": None, "unlisted": 0}
    return _page(f"{_PATH}{year}/", failing, problems, crumbs, data, chrome, **none, heading=f"{title} {year}")


def _page(
    path: str,
    failing: Sequence[Row],
    problems: Sequence[Row],
    crumbs: tuple[tuple[str, str | None], ...],
    data: Data,
    chrome: Chrome,
    **more: object,
) -> Page:
    words = chrome.words
    text = markdown(
        "checks.md",
        path,
        words,
        hard=_by_report([row for row in failing if row["severity"] == "hard"], data, words, path),
        soft=_by_report([row for row in failing if row["severity"] == "soft"], data, words, path),
        problems=_problems(problems, data, words, path),
        rows_link=chrome.rows_link(path, "checks?outcome=fail"),
        **more,
    )
    return Page(path, crumbs[-1][0], words.say("description.checks"), text, kind="explained", crumbs=crumbs)


def _years(parts: Parts, words: Words) -> Markdown:
    head = [words.both("column.year"), words.both("outcome.fail"), words.both("checks.problems")]
    body = [[link(year, f"{year}/"), number(len(failing)), number(len(problems))] for year, (failing, problems) in parts.items()]
    return table(head, body, numeric=[1, 2])


def _rules(totals: Sequence[Row], data: Data, words: Words) -> Markdown:
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
            Markdown(f"{escape(rule['rule'])} {words.pair(rule['title_zh'], rule['title_en'])}"),
            words.both(f"severity.{rule['severity']}"),
            words.pair(rule["formula_zh"], rule["formula_en"]),
            *(number(counts.get((key, name), 0)) for name in outcomes),
        ]
        for key, rule in data.rules.items()
    ]
    return table(head, body, numeric_from=3)


def _by_report(failing: Sequence[Row], data: Data, words: Words, path: str) -> tuple[list[tuple[Markdown, list[Markdown]]], int]:
    """Return the checks under a heading for each report, and how many are not listed."""
    groups = []
    for report_id, members in groupby(failing[:MOST_ROWS], key=lambda row: row["report_id"]):
        report = data.reports_by_id[report_id]
        page = relative(data.paths[report_id], path)
        copy = words.zh(f"copy_kind.{data.sources[report['source_id']]['copy_kind']}")
        heading = Markdown(link(report_name(report, data, words), page) + words.zh("join.aside", text=copy))
        notes = [
            Markdown(
                f"[{escape(row['rule'])}]({page}#{row['fragment']}) {words.quoting(row['sentence_zh'], row['sentence_en'])}"
                f" {anchor(anchor_of(row))}"
            )
            for row in members
        ]
        groups.append((heading, notes))
    return groups, max(0, len(failing) - MOST_ROWS)


def report_name(report: Row, data: Data, words: Words) -> Markdown:
    """Return the body and year of a document."""
    return words.zh("report.short", agency=words.name(data.agencies[report["agency_id"]]), year=report["year"])


def anchor_of(check: Row) -> str:
    """Return the anchor of a check on this page; it holds as long as the report, the rule and what it is about."""
    return f"{check['report_id']}-{check['fragment']}"


def _problems(problems: Sequence[Row], data: Data, words: Words, path: str) -> Markdown | None:
    body = []
    for row in problems[:MOST_ROWS]:
        report = data.reports_by_id[row["report_id"]]
        page = relative(data.paths[row["report_id"]], path)
        linked = row["line"] and report["document_type"] != "news"
        place = link(row["line"], f"{page}source/index.html#L{row['line']}") if linked else row["line"]
        body.append(
            [
                link(report_name(report, data, words), page),
                words.quoting(row["detail"], row["detail_en"]),
                place,
            ]
        )
    head = [words.both("column.document"), words.both("column.detail"), words.both("column.line")]
    if not body:
        return None
    rest = len(problems) - len(body)
    return Markdown("\n\n".join([table(head, body, numeric=[2]), *([words.both("listing.more", n=rest)] if rest else [])]))
