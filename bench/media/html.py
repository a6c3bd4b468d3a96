"""Web pages: plain ones, those pasted from a word processor, tables inside layout tables, and wrong charsets."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from random import Random

from bench.model import Cell, Draft, Paragraph, Sheet

_Render = Callable[[str], str]


def text_of(text: str) -> str:
    """A text as markup."""
    return escape(text).replace("\n", "<br/>")


def spans(cell: Cell) -> str:
    """The attributes of a cell that reaches over several rows or columns."""
    row = f' rowspan="{cell.row_span}"' if cell.row_span > 1 else ""
    column = f' colspan="{cell.column_span}"' if cell.column_span > 1 else ""
    return row + column


def _table(sheet: Sheet, inner: _Render, attributes: str = "") -> str:
    rows = ["".join(f"<td{spans(cell)}>{inner(cell.text)}</td>" for cell in row) for row in sheet.rows]
    return f"<table{attributes}><tbody>" + "".join(f"<tr>{row}</tr>\n" for row in rows) + "</tbody></table>"


def _paragraph(block: Paragraph, inner: _Render) -> str:
    tag = {"title": "h1", "heading": "h2"}.get(block.kind, "p")
    return f"<{tag}>{inner(block.text)}</{tag}>"


def _body(draft: Draft, inner: _Render, attributes: str = "") -> str:
    return "\n".join(_table(block, inner, attributes) if isinstance(block, Sheet) else _paragraph(block, inner) for block in draft.blocks)


def _page(draft: Draft, body: str, charset: str | None) -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    return f"<!DOCTYPE html>\n<html><head>{meta}<title>{escape(draft.title)}</title></head>\n<body>\n{body}\n</body></html>\n"


def plain(draft: Draft, rng: Random) -> bytes:
    """A clean page in UTF-8."""
    return _page(draft, _body(draft, text_of), "utf-8").encode()


def _word_runs(rng: Random) -> _Render:
    """Text in nested runs, numbers cut in two, blanks as &nbsp;, as a word processor's paste leaves it."""

    def inner(text: str) -> str:
        if not text:
            return '<p class="MsoNormal"><span lang="EN-US">&nbsp;</span></p>'
        cut = rng.randrange(len(text)) if len(text) > 1 else 0
        runs = [part for part in (text[:cut], text[cut:]) if part]
        spans = "".join(f'<span style="font-family:宋体"><font face="宋体">{text_of(part)}</font></span>' for part in runs)
        return f'<p class="MsoNormal" align="center">{spans}</p>'

    return inner


def word(draft: Draft, rng: Random) -> bytes:
    """A page pasted from a word processor, in GB18030."""
    return _page(draft, _body(draft, _word_runs(rng), ' border="1"'), "gb2312").encode("gb18030")


def layout(draft: Draft, rng: Random) -> bytes:
    """The whole report in a cell of a layout table, each data table in a table of its own inside."""

    def block_text(block: Paragraph | Sheet) -> str:
        if isinstance(block, Paragraph):
            return f"<tr><td>{_paragraph(block, text_of)}</td></tr>"
        return f'<tr><td align="center"><table><tr><td>{_table(block, text_of)}</td></tr></table></td></tr>'

    rows = "\n".join(block_text(block) for block in draft.blocks)
    side = "<ul><li>首页</li><li>政府信息公开</li><li>政务服务</li></ul>"
    body = f'<table width="980"><tr><td width="200">{side}</td><td><table>{rows}</table></td></tr></table>'
    return _page(draft, body, "utf-8").encode()


def wrong_charset(draft: Draft, rng: Random) -> bytes:
    """A page whose charset is misstated or not stated."""
    body = _body(draft, text_of)
    declared, used = rng.choice((("utf-8", "gb18030"), (None, "gb18030"), ("gb2312", "utf-8"), (None, "utf-8")))
    return _page(draft, body, declared).encode(used)
