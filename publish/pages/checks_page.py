"""数据核对: every check that does not add up, every problem of reading, every file that could not be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def checks_pages(failing: list[Row], totals: list[Row], data: Data, chrome: Chrome) -> Iterator[Page]:
    """Yield the page, and where there is much to list, a page for each year.

    `failing` are the checks that do not add up; `totals` counts all by rule and outcome.
    """
    words = chrome.words
    reports = {row["report_id"]: row for row in data.reports}
    problems = [row for row in data.problems if row["report_id"] is not None]
    unreadable = [row for row in data.problems if row["report_id"] is None]
    title = words.say("page.checks")

    def page(path: str, failing: list[Row], problems: list[Row], crumbs: Sequence[tuple[str, str | None]], **more: object) -> Page:
        text = markdown(
            "checks.md",
            path,
            words,
            hard=_by_report([row for row in failing if row["severity"] == "hard"], reports, data, words, path),
            soft=_by_report([row for row in failing if row["severity"] == "soft"], reports, data, words, path),
            problems=_problems(problems, reports, data, words, path),
            rows_link=chrome.rows_link(path, "checks?outcome=fail"),
            **more,
        )
        name = crumbs[-1][0]
        return Page(path, name, words.say("description.checks"), text, kind="explained", crumbs=tuple(crumbs))

    whole = {
        "heading": title,
        "rules": _rules(totals, data, words),
        "unreadable": [(row["path"], row["detail"], row["detail_en"]) for row in unreadable[:MOST_ROWS]],
        "unlisted": max(0, len(unreadable) - MOST_ROWS),
    }
    if len(failing) + len(problems) <= MOST_ROWS:
        yield page(_PATH, failing, problems, [(title, None)], years=None, **whole)
        return
    parts: dict[int, tuple[list[Row], list[Row]]] = {}
    for place, rows in enumerate((failing, problems)):
        for row in rows:
            parts.setdefault(reports[row["report_id"]]["year"], ([], []))[place].append(row)
    years = sorted(parts, reverse=True)
    head = [words.both("column.year"), words.both("outcome.fail"), words.both("checks.problems")]
    body = [[link(year, f"{year}/"), number(len(parts[year][0])), number(len(parts[year][1]))] for year in years]
    yield page(_PATH, [], [], [(title, None)], years=table(head, body, numeric=[1, 2]), **whole)
    for year in years:
        crumbs = [(title, _PATH), (words.say("page.year", year=year), None)]
        heading = f"{title} {year}"
        yield page(f"{_PATH}{year}/", *parts[year], crumbs, years=None, rules=None, unreadable=None, unlisted=0, heading=heading)


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
            Markdown(f"{escape(rule['rule'])} {words.pair(rule['title_zh'], rule['title_en'])}"),
            words.both(f"severity.{rule['severity']}"),
            words.pair(rule["formula_zh"], rule["formula_en"]),
            *(number(counts.get((key, name), 0)) for name in outcomes),
        ]
        for key, rule in data.rules.items()
    ]
    return table(head, body, numeric_from=3)


def _by_report(
    failing: list[Row], reports: dict[str, Row], data: Data, words: Words, path: str
) -> tuple[list[tuple[Markdown, list[Markdown]]], int]:
    """Return the checks under a heading for each report, and how many are not listed."""
    groups = []
    for report_id, members in groupby(failing[:MOST_ROWS], key=lambda row: row["report_id"]):
        report = reports[report_id]
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


def _problems(problems: list[Row], reports: dict[str, Row], data: Data, words: Words, path: str) -> Markdown | None:
    body = []
    for row in problems[:MOST_ROWS]:
        report = reports[row["report_id"]]
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
