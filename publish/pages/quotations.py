"""Plain quotations and notes of Markdown pages, for speed: paragraphs of one line, or one list, of words and links, at the left margin.

Any other quotation is left to markdown-it; where this block rule answers, the two agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from markdown_it.rules_block import StateBlock

from publish.pages.inline import element
from publish.pages.lists import MARK, list_of

NOTE = re.compile(r"^\[!(NOTE|WARNING)\]\s*")


def _lines(state: StateBlock, start: int, end: int) -> list[str] | None:
    """Return the lines of the quotation that begins at a line, without their marks; None where the text behind it may belong to it."""
    lines = []
    for line in range(start, end):
        text = state.src[state.bMarks[line] : state.eMarks[line]]
        if not text.startswith(">"):
            return None if text else lines
        lines.append(text[2:] if text.startswith("> ") else text[1:])
    return lines


def _content(lines: Sequence[str]) -> str | None:
    """Return paragraphs of one line each, or a list, as HTML; None where there may be more."""
    parts = [list(group) for has_text, group in groupby(lines, key=bool) if has_text]
    if len(parts) == 1 and parts[0][0].startswith(MARK):
        return list_of(parts[0])
    paragraphs = [element("p", part[0]) for part in parts if len(part) == 1]
    return "".join(paragraphs) if len(paragraphs) == len(parts) and None not in paragraphs else None  # type: ignore[arg-type]


def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The block rule: read a quotation or a note from line `start` on."""
    lines = None if silent or state.level or state.blkIndent else _lines(state, start, end)
    if not lines:
        return False
    note = NOTE.fullmatch(lines[0])
    content = _content(lines[1:] if note else lines)
    if not content:
        return False
    token = state.push("html_block", "", 0)
    token.map = [start, start + len(lines)]
    opening, closing = (f'<div class="note {note[1].lower()}" role="note">', "</div>") if note else ("<blockquote>", "</blockquote>")
    token.content = f"{opening}\n{content}{closing}\n"
    state.line = start + len(lines)
    return True
