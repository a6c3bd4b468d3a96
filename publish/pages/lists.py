"""Plain lists of Markdown pages, for speed: items of one line, of words and links, at the left margin.

Any other list is left to markdown-it; where this block rule answers, the two agree.
"""

from __future__ import annotations

import re

from markdown_it.common.utils import escapeHtml
from markdown_it.rules_block import StateBlock

from publish.pages.inline import render_simple

ANCHOR = re.compile(r"\s*\{#([A-Za-z0-9_.:-]+)\}$")
_MARK = "- "


def _item(text: str) -> str | None:
    """Return an item as HTML, or None where it may be more than words and links."""
    if not (text[:1].isalpha() or text[:1] == "["):
        return None
    found = ANCHOR.search(text)
    content = render_simple(text[: found.start()].rstrip() if found else text)
    if content is None:
        return None
    return f'<li id="{escapeHtml(found[1])}">{content}</li>\n' if found else f"<li>{content}</li>\n"


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] : state.eMarks[line]]


def _ends(state: StateBlock, line: int) -> bool:
    """Tell whether a list is over at a line: the end, or an empty line that no further item and no indented line follows."""
    if line < state.lineMax and not state.isEmpty(line):
        return False
    following = state.skipEmptyLines(line)
    return following >= state.lineMax or (not state.sCount[following] and _line(state, following)[:1] not in ("-", ""))


def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The block rule: read a list from line `start` on."""
    if silent or state.level or state.blkIndent:
        return False
    items, line = [], start
    while line < end and _line(state, line).startswith(_MARK):
        item = _item(_line(state, line)[len(_MARK) :].rstrip())
        if item is None:
            return False
        items.append(item)
        line += 1
    if not items or not _ends(state, line):
        return False
    token = state.push("html_block", "", 0)
    token.map = [start, line]
    token.content = f"<ul>\n{''.join(items)}</ul>\n"
    state.line = line
    return True
