"""Documents made by tests: clean text, or grids of cells, as the readers would hand them on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.forms import Table, load_forms
from extract.model import Document, Grid, GridCell, RepairedDocument, Text


def text_document(text: str) -> RepairedDocument:
    """A document of undamaged simplified text."""
    lines = tuple(text.split("\n"))
    source = Document("text/plain", "utf-8", lines)
    return RepairedDocument(source, tuple(Text(line, line) for line in lines), (), lines, "hans", ())


def grid_document(*grids: Sequence[Sequence[str]], before: Sequence[str] = ()) -> RepairedDocument:
    """A document of lines, then one grid after the other; each cell of a grid stands on a line of its own."""
    lines = list(before)
    made: list[Grid] = []
    for number, rows in enumerate(grids, 1):
        first = len(lines) + 1
        cells = []
        for row, texts in enumerate(rows, 1):
            for column, text in enumerate(texts, 1):
                lines.append(text)
                cells.append(GridCell(text, len(lines), row, column))
        made.append(Grid(number, tuple(cells), first, len(lines)))
    source = Document("text/html", "utf-8", tuple(lines), tuple(made))
    cells = tuple(tuple(Text(cell.text, cell.text) for cell in grid.cells) for grid in made)
    return RepairedDocument(source, tuple(Text(line, line) for line in lines), cells, tuple(lines), "hans", ())


def form_table(form: str, block: str, number: int | None = None) -> Table:
    """The table of a form that a test is about."""
    tables = next(each.tables for each in load_forms() if each.form == form)
    return next(table for table in tables if table.block == block and number in (None, table.number))


APPLICANTS = ["申请人情况", "自然人", "法人或其他组织", "总计", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"


def requests_rows(form: str, rows: dict[str, Sequence[str]]) -> list[tuple[str, Sequence[str]]]:
    """Every printed row label of a requests table with its values; rows not given are zeros, groups have none."""
    table = form_table(form, "requests")
    zero = ["0"] * len(table.columns)
    return [(row.label, rows.get(row.indicator, zero) if row.indicator else []) for row in table.rows]


def requests_lines(form: str, rows: dict[str, Sequence[str]]) -> str:
    """A requests table as a text copy flattens it: one cell a line."""
    parts = [CORNER, *APPLICANTS]
    for label, values in requests_rows(form, rows):
        parts += [label, *values]
    return "\n".join(parts)


def requests_glued(form: str, rows: dict[str, Sequence[str]]) -> str:
    """A requests table whose cell borders are all lost."""
    return re.sub(r"\n", "", requests_lines(form, rows))
