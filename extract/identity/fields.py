"""Fields at the head of a page (发布机构: X), in lines and in tables, and the credit code that an index number carries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from extract.identity.flow import Flow
from extract.model import RepairedDocument

HEAD = 8000
HEAD_LINES = 60
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Organs and institutions (GB 32100-2015: 11, 12): 索引号 11330000000000000A/2021-1.
INDEX_NUMBER = re.compile(r"索引号:?(?P<uscc>1[12][0-9A-HJ-NP-RTUW-Y]{16})")


def page_fields(document: RepairedDocument, names: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Yield (name, value, line) of fields at the head of a page: the value behind the name, on the next line, or below it in a table."""
    lines = ((number, line.clean) for number, line in enumerate(document.lines, 1) if line.clean.strip())
    shown = list(islice(lines, HEAD_LINES))
    field = re.compile(rf"(?:^|[\s|])(?P<name>{'|'.join(names)})\s*(?P<colon>:?)\s*(?P<value>[^\s|:]{{0,40}})")
    for i, (number, text) in enumerate(shown):
        for match in field.finditer(text):
            if match["value"]:
                yield match["name"], match["value"], number
            elif i + 1 < len(shown) and not match["colon"]:
                yield match["name"], shown[i + 1][1].strip(), shown[i + 1][0]
    yield from _table_fields(document, names)


def _table_fields(document: RepairedDocument, names: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Yield the fields of the first table that stand as a header over a row of values."""
    if not document.source.grids:
        return
    grid, texts = document.source.grids[0], document.cells[0]
    values = {(cell.row, cell.column): (text.clean.strip(), cell.line) for cell, text in zip(grid.cells, texts, strict=True)}
    for (row, column), (text, _) in values.items():
        below, line = values.get((row + 1, column), ("", 0))
        if text.rstrip(":") in names and below:
            yield text.rstrip(":"), below, line


def uscc_is_valid(code: str) -> bool:
    """Check the last character of a unified social credit code (GB 32100-2015: weights 3^i mod 31)."""
    if not re.fullmatch(f"[{USCC_ALPHABET}]{{18}}", code):
        return False
    total = sum(USCC_ALPHABET.index(character) * pow(3, i, 31) for i, character in enumerate(code[:17]))
    return USCC_ALPHABET[(31 - total % 31) % 31] == code[17]


def index_number_code(flow: Flow) -> tuple[str, int] | None:
    """Return the unified social credit code that an index number (索引号) carries, with its line."""
    match = INDEX_NUMBER.search(flow.text[:HEAD])
    if match and uscc_is_valid(match["uscc"]):
        return match["uscc"], flow.line_at(match.start("uscc"))
    return None
