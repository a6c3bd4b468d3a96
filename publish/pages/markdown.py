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
from itertools import accumulate
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, blockquote, fence, heading
from markdown_it.rules_core import StateCore, block, normalize
from markdown_it.token import Token

from publish.pages import lists, quotations, tables
from publish.pages.components import COMPONENTS
from publish.pages.inline import ANCHOR, GLOSS_CLOSE, GLOSS_OPEN, RELATION, SIGNS, begins_with_words, render_simple, with_anchor
from publish.pages.links import is_external
from publish.pages.quotations import NOTE

# One with a hash that doesn't begin an anchor may have marks at its end.
_HEADING = re.compile(r"(#{1,6}) +([^#{\s](?:[^#{]|\{#?)*)")


def _normalize(state: StateCore) -> None:
    """Look for foreign line ends where there may be any."""
    if "\r" in state.src or "\0" in state.src:
        normalize(state)


class _Lines(StateBlock):
    """The state of the block rules, with the marks of all lines made at once."""

    def __init__(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> None:
        super().__init__("", md, env, tokens)
        self.src = src
        lines = src.split("\n")
        # Blanks after the last line end are no line.
        if not lines[-1].strip(" \t"):
            lines.pop()
        self.lineMax = len(lines)
        starts = list(accumulate([len(line) + 1 for line in lines], initial=0))[:-1]
        # A line more than there is, as the rules expect.
        self.bMarks = [*starts, len(src)]
        self.eMarks = [*[start + len(line) for start, line in zip(starts, lines, strict=True)], len(src)]
        self.tShift, self.sCount, self.bsCount = ([0] * len(self.bMarks) for _ in range(3))
        for number in [number for number, line in enumerate(lines) if line.startswith((" ", "\t"))]:
            blank = lines[number][: len(lines[number]) - len(lines[number].lstrip(" \t"))]
            self.tShift[number], self.sCount[number] = len(blank), len(blank.expandtabs(4))


def _block(state: StateCore) -> None:
    if state.inlineMode:
        block(state)
    else:
        lines = _Lines(state.src, state.md, state.env, state.tokens)
        state.md.block.tokenize(lines, 0, lines.lineMax)


def _anchors(state: StateCore) -> None:
    """Move `{#anchor}` from the end of a heading, paragraph or list item into its id."""
    before: Token | None = None
    for opening, inline in zip(state.tokens, state.tokens[1:], strict=False):
        if opening.type in ("heading_open", "paragraph_open"):
            found = ANCHOR.search(inline.content)
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
            # A paragraph's words are the second token after the mark; an empty quotation may end the page before.
            inline = state.tokens[min(position + 2, len(state.tokens) - 1)]
            found = NOTE.match(inline.content) if inline.type == "inline" else None
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


def _inline(state: StateCore) -> None:
    """Parse the inline Markdown of blocks; what is simple becomes one piece of HTML at once."""
    for token in state.tokens:
        if token.type == "inline":
            simple = render_simple(token.content)
            if simple is None:
                state.md.inline.parse(token.content, state.md, state.env, token.children)
            else:
                token.children = [Token("html_inline", "", 0, content=simple)]


def _push_simple(state: StateBlock, start: int, tag: str, text: str) -> Token | None:
    """Push a heading or paragraph of one line that stands in no other block, as one piece of HTML; None where it is not simple."""
    if state.level:
        return None
    content = with_anchor(tag, text)
    if content is None:
        return None
    token = state.push("html_block", "", 0)
    token.map = [start, start + 1]
    token.content = content
    state.line = start + 1
    return token


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a heading; its words stay with its token, for the table below it."""
    found = _HEADING.fullmatch(state.src, state.bMarks[start] + state.tShift[start], state.eMarks[start])
    text = mdTrim(found[2]) if found else ""
    token = _push_simple(state, start, f"h{len(found[1])}", text) if found else None
    if token is None:
        return heading(state, start, end, silent)
    token.meta = {tables.HEADING: text}
    return True


def _by_first_character(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The first block rule, for speed: it knows what nearly all lines of our pages are without trying every rule in turn."""
    first = state.bMarks[start] + state.tShift[start]
    if silent or state.sCount[start] != state.blkIndent:
        return False
    character = state.src[first : first + 1]
    rule = _RULES.get(character)
    if rule is not None:
        return rule(state, start, end, False)
    if start + 1 < state.lineMax and not state.isEmpty(start + 1):
        return False
    text = mdTrim(state.src[first : state.eMarks[start]])
    if begins_with_words(text) and _push_simple(state, start, "p", text):
        return True
    # A line of its own that begins with a letter can be nothing but a paragraph.
    if not character.isalpha():
        return False
    state.line = start + 1
    state.push("paragraph_open", "p", 1).map = [start, state.line]
    inline = state.push("inline", "", 0)
    inline.content = text
    inline.map = [start, state.line]
    inline.children = []
    state.push("paragraph_close", "p", -1)
    return True


_RULES: Mapping[str, Callable[[StateBlock, int, int, bool], bool]] = {
    "#": _heading,
    ">": lambda *given: quotations.rule(*given) or blockquote(*given),
    "|": tables.rule,
    "`": fence,
    "-": lists.rule,
}


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
    made.block.ruler.before("table", "by_first_character", _by_first_character)
    made.block.ruler.at("table", tables.rule, {"alt": ["paragraph", "reference"]})
    made.core.ruler.at("normalize", _normalize)
    made.core.ruler.at("block", _block)
    made.core.ruler.at("inline", _inline)
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
