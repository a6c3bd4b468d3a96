"""The text we hold of a document, with an anchor at every line."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from publish.pages.data import ReportRows
from publish.pages.page import Chrome, Page, html_fragment
from publish.pages.report_page import title_of


def source_page(rows: ReportRows, lines: Sequence[str], chrome: Chrome) -> Page:
    """Return the page that shows the public lines of a document."""
    words = chrome.words
    title = words.say("page.source", title=title_of(rows, words))
    return Page(
        path=f"{rows.path}source/",
        title_zh=title,
        description=words.say("source.how"),
        html=html_fragment("source.html", words, title=title, lines=_items(lines)),
        kind="text",
        crumbs=(
            (rows.agency["name"], f"agencies/{rows.report['agency_id']}/"),
            (str(rows.report["year"]), rows.path),
            (words.say("nav.source"), None),
        ),
    )


def _items(lines: Sequence[str]) -> Markup:
    """Return the lines as items of a list; a template would take thrice as long for the hundreds of lines of each document."""
    items = (
        f'<li id="L{number}"><a href="#L{number}">{number}</a>{escape(line)}</li>\n' if line else f'<li id="L{number}"></li>\n'
        for number, line in enumerate(lines, 1)
    )
    return Markup("".join(items))


def source_text(lines: Sequence[str]) -> bytes:
    """Return source.txt: the same lines as a text file."""
    return ("\n".join(lines) + "\n").encode("utf-8")
