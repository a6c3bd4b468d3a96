"""更正: how to ask for a correction, by when we answer, and every correction and statement there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from publish.pages.checks_page import report_name
from publish.pages.escape import Markdown, address, link
from publish.pages.facts import web_address
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.page import Chrome, Page, markdown
from publish.pages.query import Data, Row
from publish.pages.values import cell_words, value_words
from publish.pages.words import SITE, Words

_PATH = "corrections/"
_KEYS = {"email", "issues_url", "answer_within_working_days"}


@cache
def load_contact(path: Path = SITE / "contact.yml") -> Mapping[str, Any]:
    """Read where we can be reached; raise ValueError where the page could not say it."""
    contact = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    if not isinstance(contact, dict) or set(contact) != _KEYS:
        raise ValueError(f"{path.name} must have exactly the keys {', '.join(sorted(_KEYS))}")
    if not isinstance(contact["email"], str) or "@" not in contact["email"]:
        raise ValueError(f"{path.name}: email must be an e-mail address")
    if contact["issues_url"] and not address(str(contact["issues_url"])):
        raise ValueError(f"{path.name}: issues_url must be a web address or empty")
    if not isinstance(contact["answer_within_working_days"], int) or contact["answer_within_working_days"] < 1:
        raise ValueError(f"{path.name}: answer_within_working_days must be a whole number of days")
    return contact


def corrections_page(corrections: Sequence[Row], statements: Sequence[Row], data: Data, chrome: Chrome) -> Page:
    """Return the page with all corrections and all statements of bodies."""
    words = chrome.words
    contact = load_contact()
    text = markdown(
        "corrections.md",
        _PATH,
        words,
        email=contact["email"],
        is_placeholder=contact["email"].endswith(".example"),
        issues=web_address(contact["issues_url"], words) if contact["issues_url"] else None,
        days=contact["answer_within_working_days"],
        corrections=_corrections(corrections, data, words),
        statements=_statements(statements, data, words),
    )
    title = words.say("page.corrections")
    return Page(_PATH, title, words.say("description.corrections"), text, crumbs=((title, None),))


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
