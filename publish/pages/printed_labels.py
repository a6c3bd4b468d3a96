"""The rows of the official forms as they are printed, each with its indicator: the way from a paper table into the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from publish.pages.data import Data
from publish.pages.escape import Markdown
from publish.pages.forms import PrintedTable, printed_forms
from publish.pages.grid import table
from publish.pages.indicator_pages import form_name, indicator_link
from publish.pages.words import Words


def labels_by_form(data: Data, words: Words, path: str) -> Sequence[tuple[str, str, Markdown]]:
    """Return, for each form from the newest on, its id, its name and a table of its rows: table, row number, printed label, indicator."""
    head = [words.both("column.table"), words.both("indicator.row"), words.both("indicator.label"), words.both("column.meaning")]
    forms = []
    for form in sorted(printed_forms(), key=lambda name: (-(data.formats[name]["first_year"] or 0), name)):
        body = [
            [heading, position, words.printed(label), indicator_link(data.indicators[indicator], words, path)]
            for layout in printed_forms()[form]
            for heading, position, label, indicator in _rows(layout, words)
        ]
        forms.append((form, form_name(form, data, words), table(head, body, numeric=[1])))
    return forms


def _rows(layout: PrintedTable, words: Words) -> Iterator[tuple[object, int, str, str]]:
    """Yield heading, row number, label and indicator; of a table without rows the heads of its groups of columns."""
    heading = words.printed(layout.heading) if layout.heading else words.zh(f"block.{layout.block}")
    named = [(row.label, row.indicator) for row in layout.rows if row.indicator]
    for position, (label, indicator) in enumerate(named, 1):
        yield heading, position, label, indicator
    if not layout.rows:
        groups = dict.fromkeys((column.heads[:-1], column.indicator) for column in layout.columns if column.indicator)
        for heads, indicator in groups:
            yield heading, 1, "／".join(heads), indicator
