"""A report as it stands on a government's site: in an editor's tables, with the site's head, menus, lists and foot around it.

The weights follow the two official pages that were seen: some 90 bytes of markup around a cell's text where an editor made the table, 300
where it was pasted from a word processor. The site around them tempts a reader: it names other organs, years and days than the report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from random import Random

from bench.bodies import place_name, words
from bench.media.html import spans, text_of
from bench.model import Block, Cell, Draft, Paragraph, Sheet
from extract.identity.gazetteer import regions_by_id

_WIDTHS = (38, 47, 62, 66, 89, 101, 149, 183, 217)
_SHEETS, _SCRIPTS = ("base", "skin", "page", "swiper"), ("jquery.min", "common", "aria", "share")
_FONT = "font-family: 微软雅黑;"
_RUN = re.compile(r"\d+|[^\d。，；（）《》]+[。，；（）《》]*|[。，；（）《》]+")
_ParagraphWriter = Callable[[str], str]
_CellWriter = Callable[[Cell, int], str]


def _edited_cell(cell: Cell, width: int) -> str:
    align = ' align="center"' if cell.kind != "label" else ""
    inner = f"<p{align}>{text_of(cell.text) or '&nbsp;'}</p>"
    return f'<td{spans(cell)} nowrap="nowrap" style="width:{width}px;">{inner}</td>'


def _edited_paragraph(text: str) -> str:
    return f'<p style="text-indent:2em;">{text_of(text)}</p>\n'


def _pasted_cell(cell: Cell, width: int) -> str:
    paragraph = f'<p style="text-align: justify; line-height: 2; {_FONT}" align="">'
    inner = f'<span style="{_FONT}">{text_of(cell.text)}</span><span style="{_FONT}"><o:p></o:p></span>'
    return f'<td{spans(cell)} style="{_FONT}" width="{width}" valign="center">\n      {paragraph}{inner}</p>\n      </td>'


def _pasted_paragraph(text: str) -> str:
    font = f'<font style="{_FONT}" face="方正仿宋_GBK">'
    runs = "".join(f'<span style="{_FONT}">{font}{text_of(run)}</font></span>' for run in _RUN.findall(text))
    return f'<p style="text-indent: 2em; text-align: justify; line-height: 2; {_FONT}" align="">{runs}</p>\n'


def _table(sheet: Sheet, write: _CellWriter, rng: Random) -> str:
    widths = [rng.choice(_WIDTHS) for _ in range(sheet.width)]
    rows = ["".join(write(cell, widths[place % sheet.width]) for place, cell in enumerate(row)) for row in sheet.rows]
    return '<table align="center" border="1" cellspacing="0"><tbody>' + "".join(f"<tr>{row}</tr>\n" for row in rows) + "</tbody></table>\n"


def _content(blocks: Sequence[Block], write: _CellWriter, paragraph: _ParagraphWriter, rng: Random) -> str:
    return "".join(_table(block, write, rng) if isinstance(block, Sheet) else paragraph(block.text) for block in blocks)


class _Site:
    """The site that a report lies on: that of the government of its organ's division."""

    def __init__(self, draft: Draft, rng: Random) -> None:
        self.words, self.rng, self.draft = words("site.yml"), rng, draft
        place = place_name(regions_by_id()[draft.body.region_id], draft.year)
        lists = words("bodies.yml")
        self.column = rng.choice(self.words["columns"])
        self.facts = {
            "site": place + "人民政府",
            "body": draft.body.name,
            "date": f"{draft.year + 1 + rng.randrange(4)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
            "code": f"{rng.randrange(10**10):010d}",
        }
        self.others = [place + name for name in rng.sample(lists["departments"]["local"] + lists["towns"], 6)]

    def fill(self, template: str) -> str:
        return escape(template.format_map(self.facts))

    def link(self, text: str) -> str:
        return f'<a href="/col/{self.rng.randrange(100, 99999)}/index.html" target="_blank" title="{escape(text)}">{escape(text)}</a>'

    def items(self, names: Sequence[str]) -> str:
        return "\n".join(f"<li>{self.link(name)}</li>" for name in names)

    def head(self) -> str:
        """The tags that the State asks of official sites, and what loads their dress."""
        draft, facts = self.draft, self.facts
        tags = {
            "SiteName": facts["site"],
            "SiteIDCode": facts["code"],
            "ColumnName": self.column,
            "ColumnType": "政府信息公开",
            "ArticleTitle": draft.title,
            **({"PubDate": f"{draft.published_on} 10:2{self.rng.randrange(10)}"} if draft.published_on else {}),
            "ContentSource": self.rng.choice((facts["body"], facts["site"])),
            "Keywords": f"{facts['site']},政府信息公开",
            "others": f"页面生成时间 {draft.year + 2}-05-28 15:46:43",
        }
        metas = "\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in tags.items())
        sheets = "".join(f'<link rel="stylesheet" type="text/css" href="/css/{name}.css">\n' for name in _SHEETS)
        scripts = "".join(f'<script type="text/javascript" src="/js/{name}.js"></script>\n' for name in _SCRIPTS)
        title = f"<title>{escape(draft.title)}{self.rng.choice(('_', '-', ' - '))}{facts['site']}</title>"
        styles = "".join(f"<style>{style}</style>\n" for style in self.words["styles"])
        return f'<head>\n<meta charset="utf-8">\n{title}\n{metas}\n{sheets}{scripts}{styles}</head>\n'

    def menus(self) -> str:
        """What stands above the report: the bar of the day, the menu, the path to here."""
        bar = "".join(f"<span>{self.fill(text)}</span>" for text in self.rng.sample(self.words["bar"], 2))
        top = f'<div class="top"><div class="wrap">{bar}<ul>{self.items(self.rng.sample(self.words["top"], 5))}</ul></div></div>\n'
        menu = "".join(
            f'<li>{self.link(name)}<ul class="sub">{self.items(below)}</ul></li>\n' for name, below in self.words["menu"].items()
        )
        path = "&gt;".join(self.link(name) for name in ("首页", "政府信息公开", self.column))
        return f'{top}<ul class="nav">\n{menu}</ul>\n<div class="place">{self.rng.choice(self.words["place"])}{path}</div>\n'

    def index(self) -> str:
        """The table that a page of disclosed information begins with."""
        rows = (
            ("名称", self.draft.title, "分类", self.column),
            ("索引号", f"{self.facts['code']}/{self.draft.year + 1}-00002", "文号", ""),
            ("发布机构", self.draft.body.name, "公开日期", self.draft.published_on or ""),
        )
        cells = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>\n" for row in rows)
        return f'<table class="index-table"><tbody>{cells}</tbody></table>\n'

    def side(self) -> str:
        """The menu beside the report."""
        return f'<div class="side"><ul>{self.items(self.words["side"])}</ul></div>\n'

    def lists(self) -> str:
        """Other reports on the site, each with its day."""
        year, rows = self.draft.year, []
        for place, other in enumerate(self.others[: self.rng.randint(3, 6)]):
            told = self.rng.choice(self.words["listed"])
            text = told.format_map(self.facts | {"other": other, "year": str(year), "before": str(year - 1)})
            rows.append(f"<li>{self.link(text)}<span>{year + 1}-01-{11 + place}</span></li>")
        return f'<div class="list"><h3>{self.rng.choice(self.words["list_heads"])}</h3><ul>\n' + "\n".join(rows) + "</ul></div>\n"

    def foot(self) -> str:
        """Links to other sites, and whose site this is."""
        options = "".join(f'<option value="/link/{number}">{name}</option>' for number, name in enumerate(self.words["links"]))
        lines = "".join(f"<p>{self.fill(line)}</p>\n" for line in self.words["foot"])
        scripts = "".join(f'<script type="text/javascript">\n{script}\n</script>\n' for script in self.words["scripts"])
        return f'<div class="foot"><select>{options}</select>\n{lines}</div>\n{scripts}'


def _page(draft: Draft, rng: Random, write: _CellWriter, paragraph: _ParagraphWriter) -> bytes:
    site = _Site(draft, rng)
    own = {block.kind: block.text for block in draft.blocks if isinstance(block, Paragraph)}
    blocks = [block for block in draft.blocks if isinstance(block, Sheet) or block.kind not in ("title", "meta")]
    tools = "".join(f"<span>{text}</span>" for text in site.words["tools"])
    below = "".join(f"<p>{site.fill(text)}</p>" for text in rng.sample(site.words["below"], 3))
    article = (
        f'<div class="article"><h1>{escape(own["title"])}</h1>\n<div class="info"><span>{escape(own.get("meta", ""))}</span>{tools}</div>\n'
        f'<div class="content" id="content">\n{_content(blocks, write, paragraph, rng)}</div>\n<div class="below">{below}</div></div>\n'
    )
    indexed = site.index() if rng.random() < 0.5 else ""
    beside = site.side() if rng.random() < 0.5 else ""
    after = site.lists() if rng.random() < 0.7 else ""
    body = f'{site.menus()}<div class="wrap">{beside}<div class="main">{indexed}{article}{after}</div></div>\n{site.foot()}'
    return f"<!DOCTYPE html>\n<html>\n{site.head()}<body>\n{body}</body>\n</html>\n".encode()


def edited(draft: Draft, rng: Random) -> bytes:
    """A page of a government's site with the report written in the site's editor."""
    return _page(draft, rng, _edited_cell, _edited_paragraph)


def pasted(draft: Draft, rng: Random) -> bytes:
    """A page of a government's site with the report pasted from a word processor."""
    return _page(draft, rng, _pasted_cell, _pasted_paragraph)
