"""The wide tables: a current annual report in one row (requests: one a type of applicant), a column for each cell of the forms.

Which columns there are follows from the forms: a cell that a later form adds becomes a column without a change here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from extract.forms import load_dictionary, load_forms

# Sums of the items of a group, which the form itself never prints; null if an item is. Where a form has one row instead of
# the items, that row is the whole group.
GROUP_TOTALS: dict[str, str | None] = {"denied_total": None, "unable_total": None, "notproc_total": None, "other_total": "other_all"}


@cache
def form_cells(block: str) -> tuple[tuple[str, str], ...]:
    """Every (indicator, measure) that some form has in a block: indicators in the dictionary's order, measures in the forms'."""
    indicators = {entry["indicator"]: place for place, entry in enumerate(load_dictionary("indicators.yml"))}
    cells = dict.fromkeys(
        (indicator, measure)
        for form in load_forms()
        for table in form.tables
        if table.block == block
        for indicator, measure, _, _ in table.cells()
    )
    return tuple(sorted(cells, key=lambda cell: indicators[cell[0]]))


def group_leaves(total: str) -> tuple[str, ...]:
    """The indicators below a group total that the forms print."""
    printed = {indicator for indicator, _ in form_cells("requests")}
    return tuple(e["indicator"] for e in load_dictionary("indicators.yml") if e["parent"] == total and e["indicator"] in printed)


@cache
def _entries(name: str, key: str) -> dict[str, dict[str, Any]]:
    return {entry[key]: entry for entry in load_dictionary(name)}


def request_indicators() -> list[str]:
    """The indicators that some form has in the table of requests."""
    return list(dict.fromkeys(indicator for indicator, _ in form_cells("requests")))


def _field(name: str, title: str, title_en: str, description: str, description_en: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "number",
        "numeric": True,
        "title": title,
        "title_en": title_en,
        "description": description,
        "description_en": description_en,
    }


def _request_fields() -> Iterable[dict[str, Any]]:
    indicators = _entries("indicators.yml", "indicator")
    applicants = [e["measure"] for e in load_dictionary("measures.yml") if e["block"] == "requests"]
    yield {
        "name": "applicant",
        "type": "string",
        "title": "申请人类型",
        "title_en": "Applicant",
        "description": "申请人的类型；total是表格印出的总计，不可再与其他各类相加。",
        "description_en": "The type of applicant; total is the total that the form prints, not to be added to the others.",
        "constraints": {"required": True, "enum": applicants},
    }
    for name in request_indicators():
        entry = indicators[name]
        yield _field(name, entry["label_zh"], entry["label_en"], entry["definition_zh"], entry["definition_en"])
    for name in GROUP_TOTALS:
        entry = indicators[name]
        yield _field(
            name,
            entry["label_zh"],
            entry["label_en"],
            f"本站把{entry['label_zh']}各项相加所得；有一项没有数字则为空。",
            f"{entry['label_en']}: our sum of its items; empty if one of them has no figure.",
        )


def _cell_fields(block: str) -> Iterable[dict[str, Any]]:
    indicators, measures = _entries("indicators.yml", "indicator"), _entries("measures.yml", "measure")
    for indicator, measure in form_cells(block):
        row, column = indicators[indicator], measures[measure]
        yield _field(
            f"{indicator}_{measure}",
            f"{row['label_zh']}：{column['label_zh']}",
            f"{row['label_en']}: {column['label_en']}",
            f"“{row['label_zh']}”行“{column['label_zh']}”列的数字，单位{column['unit']}。",
            f"{row['label_en']}, column {column['label_en']}, in {'yuan' if column['unit'] == '元' else 'number'}.",
        )


def wide_fields(block: str) -> list[dict[str, Any]]:
    """Return the Table Schema fields that a wide table has besides its keys."""
    return list(_request_fields() if block == "requests" else _cell_fields(block))
