"""How to request information, and the draft of a request for an annual report that we lack."""

from __future__ import annotations

from urllib.parse import quote

from publish.pages.components import fence
from publish.pages.data import Row
from publish.pages.escape import Markdown, link
from publish.pages.links import relative
from publish.pages.page import Chrome, Page, markdown
from publish.pages.words import Words

PATH = "request/"


def draft(words: Words, agency: str | None = None, year: int | None = None) -> str:
    """Return the text of a request, with blanks to fill in where body or year is not named.

    It is in simplified Chinese whatever the language of the page, as the body that it goes to writes.
    """
    blanks = {"agency": agency or words.say("request.blank_agency", "zh"), "year": year or words.say("request.blank_year", "zh")}
    return words.say("request.draft", "zh", **blanks)


def request_link(agency: Row, year: int | None, path: str, words: Words, text: str = "request.link") -> Markdown:
    """Return the link from the page at `path` to a draft that names the body and, where it is known, the year."""
    target = f"{PATH}?agency={quote(agency['name'])}" + (f"&year={year}" if year else "") + "#draft"
    return link(words.zh(text), relative(target, path))


def request_page(chrome: Chrome) -> Page:
    """Return the page; site/assets/request.js fills body and year of the address into the draft."""
    words = chrome.words
    labels = ("agency", "year", "copy", "copied")
    rows = [[name, words.say(f"request.draft_{name}"), words.second(f"request.draft_{name}")] for name in labels]
    rows += [[f"blank_{name}", words.say(f"request.blank_{name}", "zh"), ""] for name in ("agency", "year")]
    rows += [["line", line, ""] for line in draft(words).splitlines()]
    text = markdown("request.md", PATH, words, draft=fence("draft", rows))
    title = words.say("page.request")
    return Page(PATH, title, words.say("description.request"), text, crumbs=((title, None),), scripts=("request.js",))
