"""The tables that describe the others: forms and their cells, indicators, measures, kinds of noise, the crosswalk."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import yaml

from extract.forms import load_dictionary, load_forms
from publish.rows import Row, noise_kinds

FORMATS_FILE = Path(__file__).with_name("formats.yml")

_INDICATOR_COLUMNS = (
    *("label_zh", "short_zh", "label_en", "block", "parent", "unit"),
    *("definition_zh", "definition_en", "legal_basis", "first_year", "last_year"),
)
_NOISE_KIND_KEYS = ("zh", "en", "explanation_zh", "explanation_en", "column")


def format_rows() -> list[Row]:
    """The rows of `formats`: the official forms, and the formats that have none."""
    rows = [(form.form, form.title_zh, form.title_en, form.first_year, form.last_year, form.legal_basis) for form in load_forms()]
    return rows + [tuple(entry.values()) for entry in yaml.load(FORMATS_FILE.read_text("utf-8"), yaml.CSafeLoader)]


def form_cell_rows() -> list[Row]:
    """The rows of `form_cells`, in the reading order of each form."""
    rows = []
    for form in load_forms():
        cells = [(table, cell) for table in form.tables for cell in table.cells()]
        for place, (table, (indicator, measure, column, row)) in enumerate(cells, 1):
            unit = "元" if column.money else column.unit
            rows.append((form.form, place, table.number, table.block, row.label if row else None, column.label, indicator, measure, unit))
    return rows


def fill_dictionary(connection: sqlite3.Connection) -> None:
    """Fill `formats`, `form_cells`, `indicators`, `measures` and `noise_kinds`."""
    indicators, measures = load_dictionary("indicators.yml"), load_dictionary("measures.yml")
    tables: dict[str, list[Row]] = {
        "formats": format_rows(),
        "indicators": [(e["indicator"], place, *(e[key] for key in _INDICATOR_COLUMNS)) for place, e in enumerate(indicators, 1)],
        "measures": [(e["measure"], place, e["label_zh"], e["label_en"], e["block"], e["unit"]) for place, e in enumerate(measures, 1)],
        "form_cells": form_cell_rows(),
        "noise_kinds": [(kind, *(entry[key] for key in _NOISE_KIND_KEYS)) for kind, entry in sorted(noise_kinds().items())],
    }
    for table, rows in tables.items():
        connection.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)
