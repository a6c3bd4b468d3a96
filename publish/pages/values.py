"""Figures and cells outside their table: a value with what its state says, a cell by the names of its row and column."""

from __future__ import annotations

from publish.pages.data import Data
from publish.pages.escape import Markdown
from publish.pages.numbers import Number, number
from publish.pages.words import Words


def value_words(value: Number | None, state: str | None, words: Words) -> Markdown:
    """Return a figure's value, and its state where it is not simply printed; a figure that is not there says so."""
    if value is None:
        return words.zh(f"figure_state.{state or 'absent'}")
    told = "" if state in (None, "printed") else f" {words.zh(f'figure_state.{state}')}"
    return Markdown(f"{number(value)}{told}")


def cell_words(indicator: str, measure: str, data: Data, words: Words) -> Markdown:
    """Return the names of a cell's row and column; an indicator or measure that is no longer there keeps its code."""
    row, column = data.indicators.get(indicator), data.measures.get(measure)
    chinese = f"{row['label_zh'] if row else indicator}·{column['label_zh'] if column else measure}"
    english = f"{row['label_en'] if row else indicator}: {column['label_en'] if column else measure}"
    return words.pair(chinese, english)
