"""A page as a value, and how it becomes HTML: Markdown template → Markdown → HTML → layout."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from publish.pages.escape import Markdown, anchor, code_block, escape, link, plain
from publish.pages.links import is_external, relative
from publish.pages.markdown import render
from publish.pages.numbers import number
from publish.pages.words import SITE, Words, gloss

_SECTION = re.compile(r"^## (.+?)(?: \*.*?\*)? \{#([^}]+)\}$", re.MULTILINE)
_FEWEST_SECTIONS = 4
MENU = ("agencies", "regions", "years", "indicators", "checks", "downloads", "search")
FOOTER_MENU = ("compare", "request", "missing", "methodology", "dictionary", "changes", "corrections", "about")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site. `path` is its address from the root; a directory ends in "/", the home page is "".

    `markdown` is the whole page; a page that is no prose (the text of a source) has `html` instead.
    """

    path: str
    title_zh: str
    description: str
    markdown: Markdown | None = None
    html: Markup | None = None
    kind: str = "prose"
    crumbs: tuple[tuple[str, str | None], ...] = ()
    json_ld: Mapping[str, Any] | None = None
    # Files of site/assets that make the page easier to use; it says everything without them.
    scripts: tuple[str, ...] = ()

    @property
    def is_directory(self) -> bool:
        """Tell whether the page is the index of a directory, with its Markdown beside it."""
        return not self.path or self.path.endswith("/")

    @property
    def file(self) -> str:
        """The file that holds the page, from the root."""
        return f"{self.path}index.html" if self.is_directory else self.path


@dataclass(frozen=True, slots=True)
class Chrome:
    """What every page needs besides its own content. `datasette` and `site_url` end in "/" or are None."""

    words: Words
    datasette: str | None
    site_url: str | None

    def policy(self, page: Page) -> str:
        """Return the content security policy: our own styles, pictures and forms, and scripts that read our files where a page has any."""
        form = " ".join(["'self'", *([self.datasette] if self.datasette and is_external(self.datasette) else [])])
        script = " script-src 'self'; connect-src 'self';" if page.scripts else ""
        return f"default-src 'none'; style-src 'self'; img-src 'self';{script} form-action {form}; base-uri 'none'"

    def rows_link(self, path: str, query: str) -> Markdown | None:
        """Return the link from a page to rows in Datasette, or None where there is no Datasette."""
        if self.datasette is None:
            return None
        target = self.datasette + query
        return Markdown(target if is_external(target) else relative(target, path))


@cache
def _markdown_templates() -> Environment:
    # Everything that a template prints is escaped unless it is Markdown already; macros would return plain text.
    # Comments have marks of their own, because "{#" begins an anchor.
    return Environment(
        loader=FileSystemLoader(SITE / "templates"),
        finalize=escape,
        comment_start_string="<!--",
        comment_end_string="-->",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


@cache
def _html_templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(SITE / "templates"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True
    )


def markdown(template: str, path: str, words: Words, **context: object) -> Markdown:
    """Return a page's Markdown: the template filled with rows, links relative to the page."""
    helpers: dict[str, Callable[..., object]] = {
        "zh": words.zh,
        "en": words.en,
        "both": words.both,
        "gloss": gloss,
        "count": number,
        "anchor": anchor,
        "code_block": code_block,
        "code": lambda name: Markdown(f"`{name}`"),
        "fragment": lambda name: Markdown(f"#{name}"),
        "url": lambda target: Markdown(relative(target, path)),
        "link": lambda text, target: link(text, relative(target, path)),
    }
    text = _markdown_templates().get_template(template).render(**helpers, **context)
    return Markdown(_tidy(text))


def _tidy(text: str) -> str:
    """Return the text with no more than one empty line in a row and one newline at the end."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).rstrip("\n") + "\n"


def html_fragment(template: str, words: Words, **context: object) -> Markup:
    """Return a fragment of HTML from a template that escapes everything."""
    return Markup(_html_templates().get_template(template).render(say=words.say, **context))


def _contents(text: str) -> list[tuple[str, str]]:
    """Return the anchors of a page's sections with their Chinese headings; nothing for a page of few sections."""
    headings = _SECTION.findall(text)
    return [(name, plain(title)) for title, name in headings] if len(headings) >= _FEWEST_SECTIONS else []


def to_html(page: Page, chrome: Chrome) -> str:
    """Return the whole HTML document of a page."""
    body = page.html if page.markdown is None else Markup(render(page.markdown))
    opening, heading, rest = body.partition("<h2 ")
    # "</" would end the script element that carries the data.
    data = Markup(json.dumps(page.json_ld, ensure_ascii=False, sort_keys=True).replace("</", "<\\/")) if page.json_ld else None
    return (
        _html_templates()
        .get_template("layout.html")
        .render(
            page=page,
            opening=Markup(opening),
            rest=Markup(heading + rest),
            contents=_contents(page.markdown or ""),
            json_ld=data,
            say=chrome.words.say,
            policy=chrome.policy(page),
            canonical=chrome.site_url + page.path if chrome.site_url else None,
            menu=MENU,
            footer_menu=FOOTER_MENU,
            url=lambda target: relative(target, page.path),
        )
    )
