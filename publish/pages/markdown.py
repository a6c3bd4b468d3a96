"""Markdown to HTML by markdown-it-py, with raw HTML off and the few conventions of our pages.

## 标题 {#anchor}        a heading, paragraph or list item with a fixed anchor
*words*                 an English gloss (Chinese is never set in italics)
> [!NOTE]               a note, not a quotation; also WARNING
| a／b | a／c |          a table head of two levels: a above b and c
| words | | |           a table row with nothing but its first cell heads a group of rows
```name                 a block of our own: see components.py; any other fence is code
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from publish.pages import tables
from publish.pages.components import COMPONENTS
from publish.pages.inline import GLOSS_CLOSE, GLOSS_OPEN, RELATION, SIGNS
from publish.pages.links import is_external

_ANCHOR = re.compile(r"\s*\{#([A-Za-z0-9_.:-]+)\}$")
_NOTE = re.compile(r"^\[!(NOTE|WARNING)\]\s*")


def _anchors(state: StateCore) -> None:
    """Move `{#anchor}` from the end of a heading, paragraph or list item into its id."""
    before: Token | None = None
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type in ("heading_open", "paragraph_open"):
            found = _ANCHOR.search(inline.content)
            if found:
                # The paragraph of a tight list item is not rendered; its item takes the anchor.
                bearer = before if opening.hidden and before is not None else opening
                bearer.attrSet("id", found[1])
                inline.content = inline.content[: found.start()]
        before = opening


def _notes(state: StateCore) -> None:
    """Turn a quotation that begins with `[!NOTE]` into a note."""
    open_quotes: list[tuple[Token, bool]] = []
    for position, token in enumerate(state.tokens):
        if token.type == "blockquote_open":
            inline = state.tokens[position + 2]
            found = _NOTE.match(inline.content) if inline.type == "inline" else None
            if found:
                inline.content = inline.content[found.end() :]
                # When a list follows the mark, nothing is left of the paragraph that held it.
                state.tokens[position + 1].hidden = state.tokens[position + 3].hidden = not inline.content
                token.tag = "div"
                token.attrSet("class", f"note {found[1].lower()}")
                token.attrSet("role", "note")
            open_quotes.append((token, bool(found)))
        elif token.type == "blockquote_close":
            _, is_note = open_quotes.pop()
            token.tag = "div" if is_note else "blockquote"


def _gloss_open(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    return GLOSS_OPEN


def _gloss_close(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    return GLOSS_CLOSE


def _link_open(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    token = tokens[index]
    target = str(token.attrGet("href") or "")
    if is_external(target):
        token.attrSet("rel", RELATION)
    kind = SIGNS.get(tokens[index + 1].content[:1])
    if kind:
        token.attrSet("class", kind)
    return renderer.renderToken(tokens, index, options, env)  # type: ignore[arg-type]


def _fence(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    token = tokens[index]
    component: Callable[[str], str] | None = COMPONENTS.get(token.info.strip())
    if component is None:
        # Long lines of code scroll, so the keyboard must reach them.
        code = RendererHTML.fence(renderer, tokens, index, options, env)  # type: ignore[arg-type]
        return code.replace("<pre>", '<pre tabindex="0">', 1)
    return component(token.content)


@cache
def parser() -> MarkdownIt:
    """Return the parser of our pages."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.block.ruler.at("table", tables.rule, {"alt": ["paragraph", "reference"]})
    made.core.ruler.before("inline", "anchors", _anchors)
    made.core.ruler.before("inline", "notes", _notes)
    rules: Mapping[str, Callable[..., str]] = {
        "em_open": _gloss_open,
        "em_close": _gloss_close,
        "link_open": _link_open,
        "fence": _fence,
    }
    for name, rule in rules.items():
        made.add_render_rule(name, rule)
    return made


def render(text: str) -> str:
    """Return the HTML of a Markdown page."""
    return parser().render(text)
