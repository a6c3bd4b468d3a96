"""What a user would write first: take the numbers of a section in their order and guess the form from how many there are.

The public readers of these reports work so. It is here to be measured beside ours: how fast it is, and how much it reads wrong once
a cell is blank, a row is lost or a label holds a number. It reads text and web pages.
"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from bench.layout import form_data, leaves
from bench.model import Key

_SECTIONS = (
    ("proactive", re.compile(r"二、[^\n]*主动公开[^\n]*"), re.compile(r"三、[^\n]*申请情况")),
    ("requests", re.compile(r"三、[^\n]*申请情况"), re.compile(r"四、[^\n]*(?:复议|诉讼)")),
    ("remedies", re.compile(r"四、[^\n]*(?:复议|诉讼)[^\n]*"), re.compile(r"五、")),
)
# Numbers of their own: not those that number a row, name an article or count something in a sentence.
_NUMBER = re.compile(r"(?<![\d.,第〔（(])[+-]?\d+(?:\.\d+)?(?![\d.．、,]|\s*[件条次年月日号场篇个项%％])")
_FORMS = ("national_2021", "national_2019")


class _Text(HTMLParser):
    """The text of a web page, a line a cell or paragraph."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "p", "h1", "h2", "tr", "div"):
            self.parts.append("\n")


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    if path.suffix != ".html":
        return text
    page = _Text()
    page.feed(text)
    return "".join(page.parts)


@cache
def _keys(form: str, block: str) -> tuple[Key, ...]:
    """The cells of a block of a form in the order in which they are printed."""
    keys: list[Key] = []

    def walk(rows: list[dict], columns: list[dict]) -> None:
        for row in rows:
            if "indicator" in row:
                keys.extend((row["indicator"], column["measure"]) for column in columns)
            walk(row.get("rows", []), columns)

    for table in form_data(form)["tables"]:
        if table["block"] == block:
            columns = leaves(table["columns"])
            walk(table.get("rows", []), columns)
            if not table.get("rows"):
                keys.extend((column["indicator"], column["measure"]) for column in columns)
    return tuple(keys)


def _section(text: str, start: re.Pattern[str], end: re.Pattern[str]) -> str:
    opening = start.search(text)
    if not opening:
        return ""
    closing = end.search(text, opening.end())
    return text[opening.end() : closing.start() if closing else len(text)]


def read_by_position(path: Path) -> dict[Key, str]:
    """The figures of the two national forms since 2019: the first number is the first cell's, and so on, whatever stands between."""
    text = _text(path)
    numbers = {block: _NUMBER.findall(_section(text, start, end)) for block, start, end in _SECTIONS}
    form = next((form for form in _FORMS if len(numbers["requests"]) >= len(_keys(form, "requests"))), _FORMS[0])
    return {key: value.lstrip("+") for block, found in numbers.items() for key, value in zip(_keys(form, block), found, strict=False)}
