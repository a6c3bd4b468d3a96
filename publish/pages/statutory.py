"""The statutory tables of a report, in the layout of the form and with the figures as printed.

What is wrong with a figure stands in its cell: ※ and a number where a sum is broken, △ where a soft check fails,
推 for an inferred value, 拆 for one split from a run of digits, 缺 where this copy lost the cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from publish.pages.data import Data, ReportRows, Row
from publish.pages.escape import Markdown, escape, link
from publish.pages.figure_card import has_card
from publish.pages.forms import PrintedColumn, PrintedRow, PrintedTable, tables_for
from publish.pages.grid import table
from publish.pages.numbers import number
from publish.pages.versions import statement_signs
from publish.pages.words import Words, gloss

BLOCKS = ("proactive", "requests", "remedies", "statistics")
# A side with more terms than this (the sum of all outcomes) is not marked cell by cell: its sentence names it.
_MARKED_TERMS = 4


@dataclass(frozen=True, slots=True)
class BrokenCheck:
    """A check that does not add up, with the sign that its cells carry."""

    sign: str
    check: Row


@dataclass(frozen=True, slots=True)
class StatutoryTable:
    """A table ready to print: its heading in the form, and its Markdown, or None when this copy lacks the whole table."""

    heading: str | None
    markdown: Markdown | None


@dataclass(frozen=True, slots=True)
class Block:
    """One of the statutory blocks of a report: its tables, the kinds of marks it uses, and the checks that fail in it by kind of note."""

    block: str
    tables: Sequence[StatutoryTable]
    broken: Sequence[tuple[str, Sequence[BrokenCheck]]]
    marks: Sequence[str]
    lost: bool


def broken_checks(rows: ReportRows) -> list[BrokenCheck]:
    """Number the failing checks of a report: ※1 … for hard rules, △1 … for soft ones."""
    counters = {"hard": 0, "soft": 0}
    signs = {"hard": "※", "soft": "△"}
    broken = []
    for check in rows.checks:
        if check["outcome"] == "fail":
            counters[check["severity"]] += 1
            broken.append(BrokenCheck(f"{signs[check['severity']]}{counters[check['severity']]}", check))
    return broken


def _marked_cells(rows: ReportRows, broken: Sequence[BrokenCheck]) -> Mapping[tuple[str, str], list[BrokenCheck]]:
    marked: defaultdict[tuple[str, str], list[BrokenCheck]] = defaultdict(list)
    for item in broken:
        cells = rows.check_cells.get((item.check["rule"], item.check["subject"]), ())
        for side in ("left", "right"):
            own = [cell for cell in cells if cell["side"] == side and cell["cell_report_id"] == rows.report["report_id"]]
            if len(own) <= _MARKED_TERMS:
                for cell in own:
                    marked[cell["indicator"], cell["measure"]].append(item)
    return marked


def block_of(item: BrokenCheck, rows: ReportRows, data: Data) -> str | None:
    """Return the block that a check is about: that of its first cell."""
    for cell in rows.check_cells.get((item.check["rule"], item.check["subject"]), ()):
        if cell["indicator"] in data.indicators:
            return str(data.indicators[cell["indicator"]]["block"])
    return None


@dataclass(frozen=True, slots=True)
class _Printer:
    """Prints the cells of one report."""

    rows: ReportRows
    data: Data
    words: Words
    marked: Mapping[tuple[str, str], list[BrokenCheck]]
    has_source: bool
    # The indicators with a figure in this copy, whose cards a row's label leads to.
    with_cards: frozenset[str]

    def cell(self, indicator: str, column: PrintedColumn, marks: set[str], *, money: bool = False) -> Markdown:
        figure = self.rows.figures.get((indicator, column.measure))
        if figure is None:
            return Markdown("")
        if figure["state"] == "missing":
            marks.add("missing")
            return self.words.zh("mark.missing")
        text = self._printed(figure, marks, money=money or column.money)
        if self.has_source and figure["line"]:
            text = Markdown(f"[{text}](source/index.html#L{figure['line']})")
        for item in self.marked.get((indicator, column.measure), ()):
            marks.add(item.check["severity"])
            text = Markdown(f"{text}\u00a0[{item.sign}](#{item.check['fragment']})")
        return Markdown(text + statement_signs(indicator, column.measure, self.rows, self.words))

    def _printed(self, figure: Row, marks: set[str], *, money: bool) -> Markdown:
        if figure["state"] == "blank":
            marks.add("blank")
            return self.words.zh("mark.blank")
        if figure["state"] == "inferred" or figure["reading"] == "split":
            kind = "inferred" if figure["state"] == "inferred" else "split"
            marks.add(kind)
            return Markdown(f"{number(figure['value'])} {self.words.zh(f'mark.{kind}')}")
        raw = figure["raw"] if figure["raw"] not in (None, "") else number(figure["value"]).replace(",", "")
        if figure["reading"] == "ocr":
            marks.add("ocr")
            return Markdown(f"{escape(raw)} {self.words.zh('mark.ocr')}")
        if money and figure["value"] is not None:
            return self._money(str(raw), figure)
        return escape(raw)

    def _money(self, raw: str, figure: Row) -> Markdown:
        if figure["unit"] is None:
            return Markdown(f"{escape(raw)}{self.words.zh('figure.no_unit')}")
        amount = f"{number(figure['value'])}{figure['unit']}"
        return escape(raw) if raw.replace(",", "") == amount.replace(",", "") else Markdown(f"{escape(raw)}（＝{amount}）")

    def label(self, row: PrintedRow) -> Markdown:
        indent = "&emsp;" * row.depth
        key = row.indicator or row.printed_sum or ""
        indicator = self.data.indicators.get(key)
        english = gloss(indicator["label_en"]) if indicator else Markdown("")
        label = link(row.label, f"cards/index.html#{key}") if key in self.with_cards else escape(row.label)
        return Markdown(f"{indent}{label} {english}".rstrip())

    def head(self, column: PrintedColumn) -> Markdown:
        measure = self.data.measures.get(column.measure)
        english = f" {gloss(measure['label_en'])}" if measure else ""
        return Markdown("／".join(escape(label) for label in column.heads) + english)


def _print_table(printer: _Printer, layout: PrintedTable, marks: set[str]) -> StatutoryTable:
    figures = printer.rows.figures
    cells = set(layout.cells())
    held = [cell for cell in cells if cell in figures and figures[cell]["state"] != "missing"]
    if not held:
        return StatutoryTable(layout.heading, None)
    if not layout.rows:
        body = [[printer.cell(column.indicator or "", column, marks) for column in layout.columns]]
        return StatutoryTable(layout.heading, table([printer.head(column) for column in layout.columns], body, numeric_from=0))
    body = []
    for row in printed_rows(layout, set(held)):
        indicator = row.indicator or row.printed_sum or ""
        unit = [row.unit or ""] if layout.units else []
        body.append([printer.label(row), *unit, *(printer.cell(indicator, column, marks, money=row.money) for column in layout.columns)])
    head = [
        layout.corner,
        *([printer.words.both("column.unit")] if layout.units else []),
        *(printer.head(column) for column in layout.columns),
    ]
    return StatutoryTable(layout.heading, table(head, body, numeric_from=2 if layout.units else 1))


def printed_rows(layout: PrintedTable, held: set[tuple[str, str]]) -> list[PrintedRow]:
    """Return the rows to print: all of a form whose every cell is due, else those held and the heads above them."""
    if layout.every_cell_is_due:
        return list(layout.rows)
    indicators = {indicator for indicator, _ in held}
    kept: list[PrintedRow] = []
    wanted_depth = -1
    for row in reversed(layout.rows):
        if row.indicator in indicators or (row.indicator is None and row.depth < wanted_depth):
            kept.insert(0, row)
            wanted_depth = row.depth
    return kept


def _by_note(broken: Sequence[BrokenCheck]) -> list[tuple[str, Sequence[BrokenCheck]]]:
    notes = {"WARNING": "hard", "NOTE": "soft"}
    by_note = [(note, [item for item in broken if item.check["severity"] == severity]) for note, severity in notes.items()]
    return [(note, items) for note, items in by_note if items]


def statutory_blocks(rows: ReportRows, data: Data, words: Words, *, has_source: bool) -> list[Block]:
    """Return the statutory blocks that the report's form has, in its order."""
    broken = broken_checks(rows)
    held = frozenset(indicator for (indicator, _), figure in rows.figures.items() if has_card(figure))
    printer = _Printer(rows, data, words, _marked_cells(rows, broken), has_source, held)
    blocks = []
    for name in BLOCKS:
        cells = {key for key in rows.figures if data.indicators[key[0]]["block"] == name}
        layouts = tables_for(name, cells, rows.report["format"]) if cells else ()
        if not layouts:
            continue
        marks: set[str] = set()
        tables = [_print_table(printer, layout, marks) for layout in layouts]
        blocks.append(
            Block(
                block=name,
                tables=tables,
                broken=_by_note([item for item in broken if block_of(item, rows, data) == name]),
                marks=sorted(marks),
                lost=all(item.markdown is None for item in tables),
            )
        )
    return blocks
