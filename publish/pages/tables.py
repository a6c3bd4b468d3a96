"""Tables of Markdown pages: heads of several levels, row heads, groups of rows, and a container that scrolls sideways.

One block rule in the place of markdown-it's own. A table is written with a pipe at both ends of every row, as `grid.table`
does, and becomes one piece of HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from markdown_it.common.utils import escapeHtml
from markdown_it.rules_block import StateBlock

from publish.pages.inline import render_simple

# Parts the levels of a head: full-width, so that 本年增/减 stays one label.
LEVEL = "／"
# Under this name the token of a heading that is one piece of HTML has its Markdown.
HEADING = "heading"
_DELIMITERS = re.compile(r"\|(?: *:?-+:? *\|)+")
_CELL = re.compile(r"((?:[^|\\]|\\.)*)\|")
_INDENT = "&emsp;"
# So many columns right of its block, a line is code.
_CODE = 4

Inline = Callable[[str], str]


def _line(state: StateBlock, line: int) -> str:
    """Return a line of a block if it may belong to a table, else an empty text."""
    if not 0 <= state.sCount[line] - state.blkIndent < _CODE:
        return ""
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
    return text if len(text) > 1 and text.startswith("|") and text.endswith("|") else ""


def _lines(state: StateBlock, start: int, end: int) -> list[str]:
    """Return the lines from `start` on that may belong to a table."""
    lines: list[str] = []
    while start + len(lines) < end and (line := _line(state, start + len(lines))):
        lines.append(line)
    return lines


def _split(line: str) -> list[str]:
    cells = _CELL.findall(line[1:]) if "\\" in line else line[1:-1].split("|")
    return [cell.strip() for cell in cells]


def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The block rule: read a table from line `start` on."""
    if start + 2 > end or not _line(state, start) or not _DELIMITERS.fullmatch(_line(state, start + 1)):
        return False
    if silent:
        return True
    head, delimiters, *rows = _lines(state, start, end)
    state.line = start + 2 + len(rows)
    token = state.push("html_block", "", 0)
    token.map = [start, state.line]

    def inline(text: str) -> str:
        simple = render_simple(text)
        return state.md.renderInline(text, state.env) if simple is None else simple

    numeric = _numeric(delimiters)
    levels = _simple_head(head, numeric)
    if levels is None:
        levels = _head(_split(head), numeric, inline)
    token.content = _html(levels, map(_split, rows), numeric, _heading(state), inline)
    return True


@lru_cache(maxsize=1 << 10)
def _numeric(delimiters: str) -> tuple[bool, ...]:
    """Tell of each column whether it holds numbers, which stand right."""
    return tuple(delimiter.endswith(":") for delimiter in _split(delimiters))


@lru_cache(maxsize=1 << 12)
def _simple_head(head: str, numeric: tuple[bool, ...]) -> str | None:
    """Return the rows of a head, the same on many pages; None where its cells hold more than is simple."""
    cells = _split(head)
    if None in [render_simple(label) for cell in cells for label in cell.split(LEVEL)]:
        return None
    return _head(cells, numeric, lambda label: render_simple(label) or "")


def _heading(state: StateBlock) -> str:
    """Return the Chinese words of the heading above the table, which name it for those who cannot see it."""
    for position in range(len(state.tokens) - 1, -1, -1):
        token = state.tokens[position]
        if token.type == "heading_open" or HEADING in token.meta:
            text = token.meta.get(HEADING) or state.tokens[position + 1].content
            return text.split(" *")[0].split(" {#")[0].replace("\\", "")
    return ""


def _html(levels: str, rows: Iterable[Sequence[str]], numeric: Sequence[bool], label: str, inline: Inline) -> str:
    body = "".join([_row(row, numeric, inline) for row in rows])
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{escapeHtml(label)}">\n<table>\n'
        f"<thead>\n{levels}</thead>\n<tbody>\n{body}</tbody>\n</table>\n</div>\n"
    )


def _head(cells: Sequence[str], numeric: Sequence[bool], inline: Inline) -> str:
    paths = [cell.split(LEVEL) for cell in cells]
    depth = max(len(path) for path in paths)
    levels = []
    for level in range(depth):
        row = []
        # Neighbours under the same heads share one cell; a leaf is always a cell of its own.
        for _, group in groupby(range(len(paths)), key=lambda i: (paths[i][: level + 1], len(paths[i]) - 1 <= level and i)):
            members = list(group)
            path = paths[members[0]]
            if level < len(path):
                leaf = level == len(path) - 1
                row.append(_head_cell(inline(path[level]), len(members), depth - level if leaf else 1, numeric[members[0]]))
        levels.append(f"<tr>\n{''.join(row)}</tr>\n")
    return "".join(levels)


def _head_cell(content: str, columns: int, rows: int, numeric: bool) -> str:
    if columns > 1:
        return f'<th class="group" scope="colgroup" colspan="{columns}">{content}</th>\n'
    kind = ' class="num"' if numeric else ""
    span = f' rowspan="{rows}"' if rows > 1 else ""
    return f'<th{kind} scope="col"{span}>{content}</th>\n'


def _row(cells: Sequence[str], numeric: Sequence[bool], inline: Inline) -> str:
    first, *rest = cells
    depth = 0
    while first.startswith(_INDENT):
        first, depth = first[len(_INDENT) :], depth + 1
    kind = f' class="depth{depth}"' if depth else ""
    label = inline(first)
    if rest and not any(rest):
        return f'<tr class="group">\n<th scope="rowgroup" colspan="{len(cells)}"{kind}>{label}</th>\n</tr>\n'
    opening = f'<td class="num">{label}</td>' if numeric[0] else f'<th scope="row"{kind}>{label}</th>'
    texts = [render_simple(cell) for cell in rest]
    if None in texts:
        texts = [inline(cell) for cell in rest]
    others = "".join(
        [f'<td class="num">{text}</td>\n' if right else f"<td>{text}</td>\n" for text, right in zip(texts, numeric[1:], strict=False)]
    )
    return f"<tr>\n{opening}\n{others}</tr>\n"
