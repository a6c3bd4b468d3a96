"""Tables of Markdown pages: heads of several levels, row heads, groups of rows, and a container that scrolls sideways."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# Parts the levels of a head: full-width, so that 本年增/减 stays one label.
LEVEL = "／"
_INDENT = re.compile(r"(?:&emsp;)*")


def shape(state: StateCore) -> None:
    """Rework the tokens of every table; runs before inline parsing, so that cell contents are still text."""
    shaped: list[Token] = []
    heading = ""
    table: list[Token] | None = None
    for position, token in enumerate(state.tokens):
        if token.type == "heading_open":
            heading = state.tokens[position + 1].content
        if token.type == "table_open":
            token.meta["label"] = heading
            table = []
        if table is None:
            shaped.append(token)
            continue
        table.append(token)
        if token.type == "table_close":
            shaped.extend(_shape_table(table))
            table = None
    state.tokens = shaped


def _shape_table(tokens: list[Token]) -> list[Token]:
    for token in tokens:
        # Alignment arrives as an inline style, which the content security policy forbids.
        if token.attrGet("style") is not None:
            del token.attrs["style"]
            token.attrSet("class", "num")
    body = next((i for i, token in enumerate(tokens) if token.type == "tbody_open"), len(tokens) - 1)
    return _shape_head(tokens[:body]) + _shape_body(tokens[body:])


def _cells(row: Sequence[Token]) -> list[list[Token]]:
    """Return the cells of a row, each as its three tokens: opening, inline, closing."""
    return [list(row[i : i + 3]) for i, token in enumerate(row) if token.type in ("th_open", "td_open")]


def _shape_head(tokens: list[Token]) -> list[Token]:
    start = next(i for i, token in enumerate(tokens) if token.type == "tr_open")
    end = next(i for i, token in enumerate(tokens) if token.type == "tr_close")
    cells = _cells(tokens[start:end])
    paths = [cell[1].content.split(LEVEL) for cell in cells]
    depth = max(len(path) for path in paths)
    rows: list[Token] = []
    for level in range(depth):
        rows.append(Token("tr_open", "tr", 1, block=True))
        for _, group in groupby(range(len(paths)), key=lambda i: (paths[i][: level + 1], len(paths[i]) - 1 <= level and i)):
            members = list(group)
            path = paths[members[0]]
            if level >= len(path):
                continue
            rows.extend(_head_cell(cells[members[0]], path[level], len(members), depth - level if level == len(path) - 1 else 1))
        rows.append(Token("tr_close", "tr", -1, block=True))
    return tokens[:start] + rows + tokens[end + 1 :]


def _head_cell(cell: list[Token], content: str, columns: int, rows: int) -> list[Token]:
    opening = Token("th_open", "th", 1, block=True, attrs=dict(cell[0].attrs))
    opening.attrSet("scope", "colgroup" if columns > 1 else "col")
    if columns > 1:
        opening.attrSet("colspan", str(columns))
        opening.attrSet("class", "group")
    if rows > 1:
        opening.attrSet("rowspan", str(rows))
    inline = Token("inline", "", 0, content=content, children=[], level=cell[1].level)
    return [opening, inline, Token("th_close", "th", -1, block=True)]


def _shape_body(tokens: list[Token]) -> list[Token]:
    shaped: list[Token] = []
    row: list[Token] | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = []
        if row is None:
            shaped.append(token)
            continue
        row.append(token)
        if token.type == "tr_close":
            shaped.extend(_shape_row(row))
            row = None
    return shaped


def _shape_row(row: list[Token]) -> list[Token]:
    cells = _cells(row)
    first = cells[0]
    if first[0].attrGet("class") == "num":
        return row
    first[0].tag = first[2].tag = "th"
    first[0].attrSet("scope", "row")
    depth = len(_INDENT.match(first[1].content)[0]) // len("&emsp;")  # type: ignore[index]
    if depth:
        first[1].content = _INDENT.sub("", first[1].content)
        first[0].attrSet("class", f"depth{depth}")
    if len(cells) > 1 and not any(cell[1].content for cell in cells[1:]):
        row[0].attrSet("class", "group")
        first[0].attrSet("scope", "rowgroup")
        first[0].attrSet("colspan", str(len(cells)))
        cells = cells[:1]
    return [row[0], *(token for cell in cells for token in cell), row[-1]]


def render_open(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    """Open the table inside a container that a keyboard can scroll."""
    label = escapeHtml(_label(tokens[index].meta["label"]))
    return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">\n<table>\n'


def render_close(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: object, env: object) -> str:
    """Close the table and its container."""
    return "</table>\n</div>\n"


def _label(heading: str) -> str:
    """Return the Chinese words of a heading, without the gloss and the anchor that follow them."""
    return heading.split(" *")[0].split(" {#")[0].replace("\\", "")
