"""The search forms: one that asks the static index by script, plain ones that ask Datasette, where there is one."""

from __future__ import annotations

from publish.pages.components import fence
from publish.pages.escape import Markdown
from publish.pages.page import Chrome
from publish.pages.words import Words

FINDER_WORDS = (
    *("label", "hint", "button", "loading", "count", "most", "none", "failed"),
    *("names", "names_most", "sections", "sections_most", "section", "also", "more", "agency", "region", "expected"),
)


def search_form(path: str, chrome: Chrome, table: str = "sections") -> Markdown | None:
    """Return the form that searches one table, or None where there is no Datasette."""
    action = chrome.rows_link(path, table)
    if action is None:
        return None
    words = chrome.words
    labels = [words.say(f"search.{table}"), words.second(f"search.{table}"), words.say("search.button")]
    return fence("search", [[action, "_search", f"q-{table}", *labels]])


def home_form(words: Words) -> Markdown:
    """Return the form of the home page, which leads to the search page."""
    return fence("search", [["search/", "q", "q-home", words.say("search.home"), words.second("search.home"), words.say("search.button")]])


def finder(words: Words) -> Markdown:
    """Return the form that searches the static index, with every word that its script shows."""
    # The title of a section is a body, a year and a heading: beside it they would stand there twice.
    seconds = {name: "" if name == "section" else words.second(f"finder.{name}") for name in FINDER_WORDS}
    return fence("finder", [[name, words.say(f"finder.{name}"), second] for name, second in seconds.items()])
