"""The search form: a plain form that asks Datasette, where there is one."""

from __future__ import annotations

from publish.pages.components import fence
from publish.pages.escape import Markdown
from publish.pages.page import Chrome


def search_form(path: str, chrome: Chrome, table: str = "sections") -> Markdown | None:
    """Return the form that searches one table, or None where there is no Datasette."""
    action = chrome.rows_link(path, table)
    if action is None:
        return None
    words = chrome.words
    labels = [words.say(f"search.{table}"), words.say(f"search.{table}", "en"), words.say("search.button")]
    return fence("search", [[action, "_search", f"q-{table}", *labels]])
