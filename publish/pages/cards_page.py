"""The cards of a report: its figures with sentences ready to paste, their lines and how to cite the report.

Most cells of a table are zeros outside the column of totals; their sentences stand in figures.json alone, which keeps the page small.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from markupsafe import Markup, escape

from publish.pages.citation import citations
from publish.pages.data import Data, ReportRows, Row
from publish.pages.figure_card import card_of, cards_path, has_card
from publish.pages.numbers import number
from publish.pages.page import Chrome, Page, html_fragment
from publish.pages.report_page import has_source, title_of


def has_cards(rows: ReportRows) -> bool:
    """Tell whether a document has figures that can be quoted."""
    return rows.report["document_type"] == "annual_report" and any(map(has_card, rows.figures.values()))


def _card(figure: Row, sentences: tuple[str, str], rows: ReportRows, data: Data, buttons: tuple[str, str]) -> str:
    measure = data.measures[figure["measure"]]
    value = escape(number(figure["value"]) or figure["raw"] or "—")
    if figure["line"] and has_source(rows.report):
        value = Markup(f'<a href="../source/index.html#L{figure["line"]}">{value}</a>')
    chinese, english = map(escape, sentences)
    return (
        f'<dt id="{escape(card_of(figure))}">{escape(measure["label_zh"])} <span class="en" lang="en">{escape(measure["label_en"])}</span>'
        f' {value}</dt>\n<dd data-copy="{buttons[0]}">{chinese}</dd>\n<dd data-copy="{buttons[1]}" class="en" lang="en">{english}</dd>\n'
    )


def cards_page(rows: ReportRows, sentences: Mapping[tuple[str, str], tuple[str, str]], data: Data, chrome: Chrome) -> Page:
    """Return the page. `sentences` are those of `figure_sentences`."""
    words = chrome.words
    indicators, measures = ({key: place for place, key in enumerate(each)} for each in (data.indicators, data.measures))
    held = [row for row in rows.figures.values() if has_card(row)]
    held.sort(key=lambda row: (indicators[row["indicator"]], measures[row["measure"]]))
    buttons = str(escape(words.say("card.button"))), str(escape(words.say("card.button", "en")))
    groups = []
    for key, members in groupby(held, key=lambda row: row["indicator"]):
        cards = "".join(_card(row, sentences[key, row["measure"]], rows, data, buttons) for row in members)
        groups.append((key, data.indicators[key], Markup(cards)))
    title = words.say("page.cards", title=title_of(rows, words))
    return Page(
        path=cards_path(rows),
        title_zh=title,
        description=words.say("description.cards"),
        html=html_fragment(
            "cards.html", words, title=title, groups=groups, zeros_in_json=chrome.repeats, citations=citations(rows, chrome)
        ),
        kind="figure-cards",
        crumbs=(
            (rows.agency["name"], f"agencies/{rows.report['agency_id']}/"),
            (str(rows.report["year"]), rows.path),
            (words.say("nav.cards"), None),
        ),
        scripts=("copy.js",),
    )
