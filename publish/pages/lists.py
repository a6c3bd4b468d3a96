"""Plain lists of Markdown pages, for speed: items of one line, of words and links, at the left margin.

Any other list is left to markdown-it; where this block rule answers, the two agree.
"""

from __future__ import annotations

from collections.abc import Iterable

from markdown_it.rules_block import StateBlock

from publish.pages.inline import element

MARK = "- "


def list_of(lines: Iterable[str]) -> str | None:
    """Return a list of items of one line each as HTML; None where one of these lines may be more than such an item."""
    items = [element("li", line[len(MARK) :]) if line.startswith(MARK) else None for line in lines]
    return None if None in items else f"<ul>\n{''.join(items)}</ul>\n"  # type: ignore[arg-type]


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
    line = start
    while line < end and _line(state, line).startswith(MARK):
        line += 1
    content = list_of(_line(state, each) for each in range(start, line)) if line > start and _ends(state, line) else None
    if content is None:
        return False
    token = state.push("html_block", "", 0)
    token.map = [start, line]
    token.content = content
    state.line = line
    return True
