"""更正: how to ask for a correction, by when we answer, and every correction and statement there is."""

from __future__ import annotations

from collections.abc import Sequence

from publish.pages.checks_page import report_name
from publish.pages.components import fence
from publish.pages.contact import is_placeholder, load_contact
from publish.pages.data import Data, Row
from publish.pages.escape import Markdown, link
from publish.pages.facts import web_address
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.page import Chrome, Page, markdown
from publish.pages.values import cell_words, value_words
from publish.pages.words import Words

_PATH = "corrections/"


def corrections_page(corrections: Sequence[Row], statements: Sequence[Row], data: Data, chrome: Chrome) -> Page:
    """Return the page with all corrections and all statements of bodies."""
    words = chrome.words
    contact = load_contact()
    text = markdown(
        "corrections.md",
        _PATH,
        words,
        email=contact["email"],
        is_placeholder=is_placeholder(contact["email"]),
        issues=web_address(contact["issues_url"], words) if contact["issues_url"] else None,
        page=fence("wrong_page", [["page", words.say("corrections.page"), words.second("corrections.page")]]),
        days=contact["answer_within_working_days"],
        corrections=_corrections(corrections, data, words),
        statements=_statements(statements, data, words),
    )
    title = words.say("page.corrections")
    return Page(_PATH, title, words.say("description.corrections"), text, crumbs=((title, None),), scripts=("report.js",))


def _about(row: Row, data: Data, words: Words) -> Markdown:
    """Return the report, linked, and the cell; a statement without a cell is about the whole report."""
    report = data.reports_by_id[row["report_id"]]
    name = report_name(report, data, words)
    cell = cell_words(row["indicator"], row["measure"], data, words) if row["indicator"] else words.both("statement.whole")
    return Markdown(f"{link(name, relative(data.paths[row['report_id']], _PATH))} {cell}")


def _corrections(rows: Sequence[Row], data: Data, words: Words) -> Markdown | None:
    head = [
        words.both("changes.figure"),
        words.both("corrections.printed"),
        words.both("corrections.corrected"),
        words.both("corrections.reason"),
        words.both("statement.source"),
        words.both("changes.date"),
    ]
    body = [
        [
            _about(row, data, words),
            *(value_words(row[name], "blank" if row[name] is None else None, words) for name in ("printed", "corrected")),
            words.pair(row["reason_zh"], row["reason_en"]),
            web_address(row["source"], words),
            row["date"],
        ]
        for row in rows
    ]
    return table(head, body, numeric=[1, 2]) if body else None


def _statements(rows: Sequence[Row], data: Data, words: Words) -> Markdown | None:
    head = [words.both("statement.column"), words.both("statement.heading"), words.both("statement.source"), words.both("changes.date")]
    body = [[_about(row, data, words), words.printed(row["statement"]), web_address(row["source_url"], words), row["date"]] for row in rows]
    return table(head, body) if body else None
