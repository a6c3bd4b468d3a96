"""The figures of a report, or of all reports of a body, as an XLSX workbook: the tables as the form prints them, one sheet each,
and a sheet that says where they come from, what does not add up and what to heed.

Every text is written as a text: none can become a formula or a link. The same rows give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import groupby
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from publish.pages.data import Data, ReportRows, Row
from publish.pages.forms import PrintedColumn, PrintedRow, PrintedTable, tables_for
from publish.pages.page import Chrome
from publish.pages.statutory import BLOCKS, broken_checks, printed_rows
from publish.pages.words import Words

# A workbook must carry a time of creation; ours is a function of its figures and carries always the same.
_CREATED = datetime(2008, 5, 1, tzinfo=UTC)
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_LABEL_WIDTH, _CELL_WIDTH, _FACT_WIDTH = 44, 13, 90
# Light red as on the pages, for a figure whose sum is broken.
_BROKEN = {"bg_color": "#FAE8E0", "font_color": "#9C2A14"}
_BORDER = {"border": 1, "border_color": "#8D8A80"}


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._figures: dict[tuple[bool, bool, bool], Format] = {}

    def __call__(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    def figure(self, figure: Row) -> Format:
        """Return the format of a cell: thousands parted; red where a sum with it is broken, italic where it is not printed so."""
        value = figure["value"]
        return self._figure(
            value is None or isinstance(value, int),
            figure["state"] == "inferred" or figure["reading"] != "direct",
            figure["check_status"] == "inconsistent",
        )

    def _figure(self, whole: bool, doubtful: bool, broken: bool) -> Format:
        key = (whole, doubtful, broken)
        if key not in self._figures:
            decimals = {"num_format": "#,##0" if whole else "#,##0.00"}
            properties = {**({"italic": True} if doubtful else {}), **(_BROKEN if broken else {})}
            self._figures[key] = self(align="right", **_BORDER, **decimals, **properties)
        return self._figures[key]


def _write_cell(sheet: Worksheet, place: tuple[int, int], figure: Row, words: Words, formats: _Formats) -> None:
    if figure["value"] is not None:
        sheet.write_number(*place, figure["value"], formats.figure(figure))
    elif figure["state"] == "missing":
        sheet.write_string(*place, words.say("mark.missing", "zh"), formats.figure(figure))
    else:
        sheet.write_string(*place, str(figure["raw"] or ""), formats.figure(figure))


def _write_head(sheet: Worksheet, top: int, corner: Sequence[str], columns: Sequence[PrintedColumn], formats: _Formats) -> int:
    """Write the levels of a head; return the row below them."""
    head = formats(bold=True, text_wrap=True, align="center", valign="vcenter", **_BORDER)
    paths = [*((label,) for label in corner), *(column.heads for column in columns)]
    depth = max(map(len, paths))
    for level in range(depth):
        for _, group in groupby(range(len(paths)), key=lambda i: (paths[i][: level + 1], len(paths[i]) - 1 <= level and i)):
            members = list(group)
            path = paths[members[0]]
            if level < len(path):
                bottom = top + depth - 1 if level == len(path) - 1 else top + level
                _write_span(sheet, (top + level, members[0], bottom, members[-1]), path[level], head)
    return top + depth


def _write_span(sheet: Worksheet, span: tuple[int, int, int, int], text: str, form: Format) -> None:
    if span[:2] == span[2:]:
        sheet.write_string(*span[:2], text, form)
    else:
        sheet.merge_range(*span, "", form)
        sheet.write_string(*span[:2], text, form)


def _write_table(
    sheet: Worksheet, top: int, layout: PrintedTable, figures: Mapping[tuple[str, str], Row], words: Words, formats: _Formats
) -> int:
    """Write a table of a form; return the row below it."""
    if layout.heading:
        sheet.write_string(top, 0, layout.heading, formats(bold=True))
        top += 1
    units = [words.say("column.unit", "zh")] if layout.units else []
    corner = [layout.corner, *units] if layout.rows else []
    row_at = _write_head(sheet, top, corner, layout.columns, formats)
    labels = [formats(text_wrap=True, indent=depth, **_BORDER) for depth in range(4)]
    held = {cell for cell in layout.cells() if cell in figures and figures[cell]["state"] != "missing"}
    for row in printed_rows(layout, held) if layout.rows else (PrintedRow("", 0, None, None),):
        if layout.rows:
            sheet.write_string(row_at, 0, row.label, labels[row.depth])
        if units:
            sheet.write_string(row_at, 1, row.unit or "", formats(**_BORDER))
        for place, column in enumerate(layout.columns, len(corner)):
            indicator = row.indicator or row.printed_sum or column.indicator or ""
            figure = figures.get((indicator, column.measure))
            if figure is not None:
                _write_cell(sheet, (row_at, place), figure, words, formats)
        row_at += 1
    return row_at + 1


def _layouts(block: str, rows: ReportRows, data: Data) -> Sequence[PrintedTable]:
    cells = {key for key in rows.figures if data.indicators[key[0]]["block"] == block}
    return tables_for(block, cells, rows.report["format"]) if cells else ()


def _write_block(book: Workbook, block: str, documents: Sequence[ReportRows], data: Data, words: Words, formats: _Formats) -> None:
    held = [(rows, layouts) for rows in documents if (layouts := _layouts(block, rows, data))]
    if not held:
        return
    sheet = book.add_worksheet(words.say(f"workbook.{block}", "zh"))
    has_rows = any(layout.rows for _, layouts in held for layout in layouts)
    sheet.set_column(0, 0, _LABEL_WIDTH if has_rows else _CELL_WIDTH)
    sheet.set_column(1, 20, _CELL_WIDTH)
    top = 0
    for rows, layouts in held:
        scope = words.say(f"scope.{rows.report['scope']}", "zh")
        told = words.say("workbook.heading", "zh", agency=rows.agency["name"], year=rows.report["year"], scope=scope)
        sheet.write_string(top, 0, told, formats(bold=True, font_size=12))
        top += 2
        for layout in layouts:
            top = _write_table(sheet, top, layout, rows.figures, words, formats)
        top += 1


def _facts(rows: ReportRows, data: Data, chrome: Chrome) -> Iterator[tuple[str, str]]:
    """Yield what a reader must know of a document: name and text."""
    words, report, source = chrome.words, rows.report, rows.source
    form = data.formats.get(report["format"])
    told = {
        "fact.agency": rows.agency["name"],
        "fact.year": str(report["year"]),
        "workbook.report": report["report_id"],
        "fact.scope": words.say(f"scope.{report['scope']}", "zh"),
        "fact.form": form["title_zh"] if form else report["format"],
        "fact.published_on": report["published_on"],
        "fact.copy_kind": words.say(f"copy_kind.{source['copy_kind']}", "zh"),
        "fact.original_url": source["original_url"],
        "fact.url": source["url"],
        "fact.retrieved_on": source["retrieved_on"],
        "fact.sha256": source["sha256"],
        "workbook.page": f"{chrome.site_url or ''}{rows.path}",
    }
    yield from ((words.say(key, "zh"), text or words.say("fact.not_recorded", "zh")) for key, text in told.items())
    yield words.say("workbook.copy", "zh"), words.say(f"copy_kind_meaning.{source['copy_kind']}", "zh")
    for item in broken_checks(rows):
        yield words.say("report.checks", "zh"), f"{item.sign} {item.check['sentence_zh']}"


def _warnings(documents: Sequence[ReportRows], data: Data, words: Words) -> Iterator[tuple[str, str]]:
    """Yield what to heed when using the figures: title and text."""
    yield words.say("downloads.heed", "zh"), words.say("legend.adding_up", "zh")
    for key in ("downloads.caution_scope", "downloads.caution_blank"):
        yield "", words.say(key, "zh")
    for key in ("workbook.mark_broken", "workbook.mark_doubtful", "mark_meaning.missing"):
        yield "", words.say(key, "zh")
    indicators = dict.fromkeys(indicator for rows in documents for indicator, _ in rows.figures)
    concerned = (row for key in data.indicators if key in indicators for row in data.warnings.get(key, ()))
    yield from {row["warning"]: (row["title_zh"], row["text_zh"]) for row in concerned}.values()
    yield words.say("workbook.licence", "zh"), words.say("site.licence", "zh")


def _write_facts(book: Workbook, documents: Sequence[ReportRows], data: Data, chrome: Chrome, formats: _Formats) -> None:
    sheet = book.add_worksheet(chrome.words.say("workbook.facts", "zh"))
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, _FACT_WIDTH)
    told = [fact for rows in documents for fact in (*_facts(rows, data, chrome), ("", ""))]
    for place, (name, text) in enumerate((*told, *_warnings(documents, data, chrome.words))):
        if name:
            sheet.write_string(place, 0, name, formats(bold=True, valign="top"))
        if text:
            sheet.write_string(place, 1, text, formats(text_wrap=True, valign="top"))


def workbook(documents: Sequence[ReportRows], data: Data, chrome: Chrome) -> bytes:
    """Return the workbook of one or more documents with figures, which stand one below the other in the order given."""
    content = BytesIO()
    book = Workbook(content, _PLAIN)
    book.set_properties({"title": documents[0].agency["name"], "author": chrome.words.say("site.name", "zh"), "created": _CREATED})
    formats = _Formats(book)
    for block in BLOCKS:
        _write_block(book, block, documents, data, chrome.words, formats)
    _write_facts(book, documents, data, chrome, formats)
    book.close()
    return content.getvalue()
