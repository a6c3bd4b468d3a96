"""A page as a value, and how it becomes HTML: Markdown template → Markdown → HTML → layout."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, FunctionLoader, StrictUndefined
from markupsafe import Markup
from markupsafe import escape as html_escape

from publish.pages.contact import direct_ways, load_contact
from publish.pages.escape import Markdown, anchor, code_block, escape, link, plain
from publish.pages.frame import Frames, frame_of
from publish.pages.inline import GLOSS_OPEN
from publish.pages.languages import LANGUAGES, alternatives, in_trees
from publish.pages.links import is_external, relative
from publish.pages.markdown import render
from publish.pages.numbers import number
from publish.pages.traditional import convert_template, to_traditional
from publish.pages.words import SITE, Words, is_chinese

# It begins with plain characters, which a search of a long text finds fast.
_SECTION = re.compile(r"\n## (.+?)(?: \*.*?\*)? \{#([^}]+)\}$", re.MULTILINE)
# Examples of queries hold what is asked for, whatever the language of the page.
_SQL = re.compile(r"```sql\n.*?\n```", re.DOTALL)
# Escapes and emphases, which a table of contents does without.
_MARK = re.compile(r"\\(?=[!-/:-@\[-`{-~])|(?<!\\)[*`]")
_FEWEST_SECTIONS = 4
MENU = ("agencies", "regions", "years", "indicators", "checks", "downloads", "search")
# What a link to a page shows elsewhere; site/og.html is its source.
_PICTURE = "assets/og.png"
FOOTER_MENU = ("compare", "request", "missing", "methodology", "accuracy", "dictionary", "changes", "corrections", "about")


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
    # The address of a feed of what the page lists, from the root, beside the feed of the whole site.
    feed: str | None = None

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
    # Whether figures and sentences that stand in one file of the tree are repeated in others.
    repeats: bool = True
    # What pages have in common, as soon as one of them is made.
    frames: Frames = field(default_factory=dict, compare=False, repr=False)

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


def in_language(chrome: Chrome, language: str) -> Chrome:
    """Return what the pages in a language need."""
    return replace(chrome, words=replace(chrome.words, language=language))


def _traditional_template(name: str) -> str:
    return convert_template((SITE / "templates" / name).read_text(encoding="utf-8"))


@cache
def _markdown_templates(language: str) -> Environment:
    # Everything that a template prints is escaped unless it is Markdown already; macros would return plain text.
    # Comments have marks of their own, because "{#" begins an anchor.
    return Environment(
        loader=FunctionLoader(_traditional_template) if language == "zh-hant" else FileSystemLoader(SITE / "templates"),
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
        "choose": words.choose,
        "pair": words.pair,
        "printed": words.printed,
        "quoting": words.quoting,
        "name": words.name,
        "named": words.named,
        "gloss": words.gloss,
        "count": number,
        "anchor": anchor,
        "code_block": code_block,
        "code": lambda name: Markdown(f"`{name}`"),
        "fragment": lambda name: Markdown(f"#{name}"),
        "url": lambda target: Markdown(relative(target, path)),
        "link": lambda text, target: link(text, relative(target, path)),
    }
    name = _in_language(template, words.language)
    text = _markdown_templates(words.language).get_template(name).render(**helpers, **context)
    return Markdown(_tidy(text))


@cache
def _in_language(template: str, language: str) -> str:
    """Return the template of a page in a language; raise ValueError where one with Chinese prose has no English version."""
    if language != "en":
        return template
    english = template.removesuffix(".md") + ".en.md"
    if (SITE / "templates" / english).is_file():
        return english
    if is_chinese(_SQL.sub("", (SITE / "templates" / template).read_text(encoding="utf-8"))):
        raise ValueError(f"site/templates/{template} has Chinese prose and needs its English in {english}")
    return template


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


def contents_of(text: str) -> list[tuple[str, str]]:
    """Return the anchors of a page's sections with their Chinese headings; nothing for a page of few sections."""
    headings = _SECTION.findall(f"\n{text}")
    return [(name, plain(_MARK.sub("", title))) for title, name in headings] if len(headings) >= _FEWEST_SECTIONS else []


def _label(text: str, chrome: Chrome) -> Markup:
    """Return a title or a name as HTML; a name in another script than the page's is marked."""
    told = html_escape(text)
    language = chrome.words.language
    foreign = is_chinese(text) if language == "en" else language == "zh-hant" and to_traditional(text) != text
    return Markup('<span lang="zh-Hans">{}</span>').format(told) if foreign else told


def _both(key: str, chrome: Chrome) -> Markup:
    """Return a word of the interface as HTML, with the English beside it on a page that has both."""
    return _beside(chrome.words.say(key), chrome.words.second(key))


@cache
def _beside(first: str, second: str) -> Markup:
    return Markup('{} <span class="en" lang="en">{}</span>').format(first, second) if second else html_escape(first)


def to_html(page: Page, chrome: Chrome) -> str:
    """Return the whole HTML document of a page, whose address is that in the tree of its language."""
    words, language = chrome.words, LANGUAGES[chrome.words.language]
    body = page.html if page.markdown is None else Markup(render(page.markdown))
    if language.folder:
        # What is marked in a tree is Chinese, as it is printed.
        body = Markup(str(body).replace(GLOSS_OPEN, '<span lang="zh-Hans">'))
    opening, heading, rest = body.partition("<h2 ")
    # "</" would end the script element that carries the data.
    data = Markup(json.dumps(page.json_ld, ensure_ascii=False, sort_keys=True).replace("</", "<\\/")) if page.json_ld else None
    shared = page.path.removeprefix(language.folder)
    context: dict[str, object] = {
        "path": shared,
        "language": language,
        "say": words.say,
        "second": words.second,
        "both": lambda key: _both(key, chrome),
        "menu": MENU,
        "footer_menu": FOOTER_MENU,
        "url": lambda target: relative(language.folder + target if in_trees(target) else target, page.path),
    }
    templates = _html_templates()
    return templates.get_template("layout.html").render(
        **context,
        page=page,
        frame=frame_of(page.path, language, chrome.frames, templates, context),
        others=alternatives(page.path, language.code),
        is_translated=in_trees(shared),
        opening=Markup(opening),
        rest=Markup(heading + rest),
        contents=contents_of(page.markdown or ""),
        json_ld=data,
        label=lambda text: _label(text, chrome),
        policy=chrome.policy(page),
        direct_ways=direct_ways(page.path, chrome.site_url, load_contact()),
        picture=chrome.site_url + _PICTURE if chrome.site_url else relative(_PICTURE, page.path),
        canonical=chrome.site_url + page.path if chrome.site_url else None,
        file=lambda target: relative(target, page.path),
    )
