"""The inline Markdown of cells and paragraphs, for speed: what they mostly hold, rendered without the full parser.

A report page has some six hundred cells and nearly all are a number, a linked number, or words with an English gloss; many stand
on thousands of pages. `render_simple` answers None for anything else, which then goes to markdown-it; where it answers, the two agree.
"""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it.common.utils import escapeHtml, mdTrim

from publish.pages.links import is_external

GLOSS_OPEN = '<span class="en" lang="en">'
GLOSS_CLOSE = "</span>"
# The signs that a cell carries, by their first character, with the class of their links.
SIGNS = {"※": "sign hard", "△": "sign soft"}
RELATION = "external nofollow noopener"

_CHARACTER = r"(?:[^\\`*_\[\]<>&!\r\n]|\\[!-/:-@\[-`{-~])"
_GLOSS = rf"(?!\s){_CHARACTER}+(?<!\s)"
# Whether a star opens or closes depends on its neighbours; beside these it does what it looks like.
_PART = re.compile(
    rf"(?P<text>{_CHARACTER}+)"
    rf"|\[(?:\*(?P<name>{_GLOSS})\*(?:(?<=[^\W_]\*)|(?=[],])))?(?P<label>{_CHARACTER}*)\]"
    r"\((?P<target>(?:[A-Za-z0-9_./#?=&:,+-]|%[0-9A-F]{2})+)\)"
    rf"|(?:(?<=[ “\"(.])|^)\*(?P<gloss>{_GLOSS})\*(?=[ ：（；，、”\")]|$)"
    r"|(?<!`)`(?P<code>[A-Za-z0-9_./:=-]+)`(?!`)"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
# What a line begins with that can begin nothing but a paragraph, if it is simple.
_WORDS = re.compile(r"[^\W\d_]|[^\x00-\x7f\s]|\[|\*[^\s*]|\d+(?![\d.)])")
ANCHOR = re.compile(r"\s*\{#([A-Za-z0-9_.:-]+)\}$")


def _text(source: str) -> str:
    return escapeHtml(_ESCAPE.sub(r"\1", source))


def _gloss(source: str) -> str:
    return f"{GLOSS_OPEN}{_text(source)}{GLOSS_CLOSE}"


def _link(name: str | None, label: str, target: str) -> str:
    relation = f' rel="{RELATION}"' if is_external(target) else ""
    sign = SIGNS.get(label[:1]) if name is None else None
    kind = f' class="{sign}"' if sign else ""
    return f'<a href="{escapeHtml(target)}"{relation}{kind}>{"" if name is None else _gloss(name)}{_text(label)}</a>'


@lru_cache(maxsize=1 << 15)
def render_simple(source: str) -> str | None:
    """Return the HTML of a cell or paragraph, or None when it holds more than words, links, glosses and names in code."""
    parts = []
    position = 0
    while position < len(source):
        part = _PART.match(source, position)
        if part is None:
            return None
        if part["text"] is not None:
            parts.append(_text(part["text"]))
        elif part["gloss"] is not None:
            parts.append(_gloss(part["gloss"]))
        elif part["code"] is not None:
            parts.append(f"<code>{part['code']}</code>")
        elif is_external(part["target"]) or ":" not in part["target"]:
            parts.append(_link(part["name"], part["label"], part["target"]))
        else:
            return None
        position = part.end()
    return "".join(parts)


def begins_with_words(text: str) -> bool:
    """Tell whether a line that `render_simple` can render is one of a paragraph, whatever block may begin with such a character."""
    return _WORDS.match(text) is not None


def with_anchor(tag: str, text: str) -> str | None:
    """Return an element of one line, with the anchor at the line's end as its id, or None where the line holds more than is simple."""
    found = ANCHOR.search(text, len(text[: text.rfind("{")].rstrip())) if text.endswith("}") else None
    content = render_simple(text[: found.start()] if found else text)
    if content is None:
        return None
    return f'<{tag} id="{found[1]}">{content}</{tag}>\n' if found else f"<{tag}>{content}</{tag}>\n"


def element(tag: str, text: str) -> str | None:
    """Return a paragraph or an item of a list, or None where its line may be more than words and links."""
    return with_anchor(tag, mdTrim(text)) if begins_with_words(text) else None
