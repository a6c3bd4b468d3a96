"""The official forms laid out as printed tables: from the forms' YAML files alone, never through the code that reads tables."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

import yaml

from bench import figures
from bench.bodies import words
from bench.model import Body, Cell, Key, Sheet
from extract.forms import FOLDER
from extract.model import Value

WIDEST_LABEL = 3  # label columns of the official requests table
_TEN_THOUSAND = 10_000


@cache
def form_data(form: str) -> dict[str, Any]:
    """A form as its file has it."""
    return yaml.load((FOLDER / f"{form}.yml").read_text("utf-8"), yaml.CSafeLoader)


def plain(value: Value) -> str:
    """A number without thousands commas and superfluous zeros."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def leaves(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The columns of a table that hold figures, from left to right."""
    found = []
    for node in nodes:
        for leaf in leaves(node["columns"]) if "columns" in node else [node]:
            found.append({"indicator": node.get("indicator"), **leaf} if node.get("indicator") else leaf)
    return found


def _depth(nodes: list[dict[str, Any]]) -> int:
    return 1 + max((_depth(node["columns"]) for node in nodes if "columns" in node), default=0)


def _header(nodes: list[dict[str, Any]], corner: list[Cell]) -> list[list[Cell]]:
    """The rows of a header: each label as wide as its leaves, each leaf down to the table's body."""
    rows: list[list[Cell]] = []
    depth, level = _depth(nodes), nodes
    while level:
        cells = [
            Cell(
                node["label"],
                "header",
                column_span=len(leaves([node])),
                row_span=1 if "columns" in node else depth - len(rows),
            )
            for node in level
        ]
        rows.append(cells)
        level = [child for node in level for child in node.get("columns", ())]
    for cell in corner:
        cell.row_span = depth
    rows[0] = [*corner, *rows[0]]
    return rows


def _value(key: Key, value: Value) -> Cell:
    return Cell(plain(value), "value", key, value)


def _first(texts: str | list[str] | None) -> str | None:
    return texts[0] if isinstance(texts, list) else texts


def _proactive(table: dict[str, Any], form: str, body: Body, rng: Random, money_in: str) -> Sheet:
    columns = [dict(column) for column in table["columns"]]
    factor = 1
    for column in columns:
        if column.get("money"):
            unit = {"header": "万元", "wide_header": "万元", "cell": "元", "cell_wide": "万元"}.get(money_in)
            factor = _TEN_THOUSAND if unit == "万元" else 1
            note = {"header": f"({unit})", "wide_header": f"（单位：{unit}）"}.get(money_in, "")
            column["label"] += note
            column["printed_unit"] = unit if money_in.startswith("cell") else ""
    width = 1 + len(columns)
    rows = [[Cell(table["heading"], "heading", column_span=width)]]
    rows += _header(columns, [Cell(table["corner"], "header")])
    for row in table["rows"]:
        cells = [Cell(row["label"], "label")]
        for column in columns:
            key = (row["indicator"], column["measure"])
            value = figures.proactive_cell(rng, body, key)
            if column.get("money"):
                cells.append(_money(key, value, factor, column["printed_unit"], stated=money_in != "nowhere"))
            elif column["measure"] == "items_change" and value > 0 and rng.random() < 0.6:
                cells.append(Cell(f"+{value}", "value", key, value))
            else:
                cells.append(_value(key, value))
        rows.append(cells)
    return Sheet(form, "proactive", rows, width)


def _money(key: Key, yuan: Value, factor: int, unit: str, *, stated: bool) -> Cell:
    """An amount as printed. Where no unit stands anywhere, the truth is the number as printed."""
    printed = Decimal(yuan) / factor
    text = plain(printed)
    return Cell(text + (unit if yuan else ""), "value", key, yuan if stated else printed)


def _requests(table: dict[str, Any], form: str, body: Body, rng: Random, flat: bool) -> Sheet:
    """The requests table: in the official layout with three columns of labels, `flat` with one and a row for each group."""
    values = figures.requests(rng, body, table)
    columns = leaves(table["columns"])
    labels = 1 if flat else WIDEST_LABEL
    rows = _header(table["columns"], [Cell(table["corner"], "heading", column_span=labels)])
    printed = _flat_rows(table["rows"]) if flat else _official_rows(table["rows"], labels)
    for row_labels, indicator, group in printed:
        cells = list(row_labels)
        for column in columns:
            if indicator:
                cells.append(_value((indicator, column["measure"]), values[indicator, column["measure"]]))
            else:
                cells.append(Cell("", "other", (group, column["measure"]) if group else None))
        rows.append(cells)
    return Sheet(form, "requests", rows, labels + len(columns))


_LabelledRow = tuple[list[Cell], str | None, str | None]  # labels, indicator, indicator of the filer's own subtotal


def _flat_rows(nodes: list[dict[str, Any]]) -> Iterator[_LabelledRow]:
    for node in nodes:
        yield [Cell(node["label"], "label")], node.get("indicator"), node.get("printed_sum")
        yield from _flat_rows(node.get("rows", []))


def _official_rows(nodes: list[dict[str, Any]], width: int) -> Iterator[_LabelledRow]:
    for node in nodes:
        if "rows" not in node:
            yield [Cell(node["label"], "label", column_span=width)], node["indicator"], None
            continue
        inner = list(_official_rows(node["rows"], width - 1))
        group = Cell(node["label"], "label", row_span=len(inner))
        for place, (labels, indicator, _) in enumerate(inner):
            yield ([group] if place == 0 else []) + labels, indicator, None


def _remedies(table: dict[str, Any], form: str, rng: Random, asked: int) -> Sheet:
    values = figures.remedies(rng, asked)
    columns = leaves(table["columns"])
    rows = _header(table["columns"], [])
    rows.append([_value((column["indicator"], column["measure"]), values[column["indicator"], column["measure"]]) for column in columns])
    return Sheet(form, "remedies", rows, len(columns))


def _statistics_rows(rng: Random, form: str, table: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows that one report prints and the sums among them: where a form knows several partings of a sum, one of them."""
    sums: dict[str, list[dict[str, Any]]] = {}
    for each in table["column_sums"]:
        sums.setdefault(each["right"][0], []).append(each)
    chosen = [rng.choice(variants) for variants in sums.values()]
    kept = {name for each in chosen for name in each["left"]}
    dropped = {name for each in table["column_sums"] for name in each["left"]} - kept

    def rows_of(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for node in nodes:
            if node.get("indicator") not in dropped:
                yield node
            yield from rows_of(node.get("rows", []))

    return list(rows_of(table["rows"])), [*chosen, *words("weights.yml")["sums"].get(form, ())]


def _statistics(table: dict[str, Any], form: str, body: Body, rng: Random) -> Sheet:
    rows, sums = _statistics_rows(rng, form, table)
    values = figures.statistics(rng, body, rows, sums)
    columns = [column for column in table["columns"] if not column.get("optional") or rng.random() < 0.5]
    label_header, unit_header = ("指标名称", "计量单位") if form != "national_2014" else ("统计指标", "单位")
    grid = _header(columns, [Cell(label_header, "heading"), Cell(unit_header, "heading")])
    for number, row in enumerate(rows, 1):
        group = "indicator" not in row
        unit = "——" if group else rng.choice(("元", "万元")) if row.get("money") else row["unit"]
        cells = [Cell(row["label"], "label"), Cell(unit, "unit")]
        for column in columns:
            if column.get("ignored"):
                other = f"{number:02d}" if column["label"] == "代码" else str(figures.heavy(rng, 1.0, 1.0, 0.6))
                cells.append(Cell("" if group else other, "other"))
            elif group:
                cells.append(Cell("", "other"))
            else:
                value = values[row["indicator"]]
                if column["measure"] == "cumulative":
                    value += figures.heavy(rng, 4.0, 1.5, 0.3)
                key = (row["indicator"], column["measure"])
                cells.append(
                    _money(key, value, _TEN_THOUSAND if unit == "万元" else 1, "", stated=True) if row.get("money") else _value(key, value)
                )
        grid.append(cells)
    return Sheet(form, "statistics", grid, len(columns) + 2)


def lay_out(form: str, body: Body, rng: Random, *, flat: bool = False, money_in: str = "wide_header") -> list[Sheet]:
    """All tables of a form with drawn figures. `money_in` says where the unit of money stands: header, wide_header, cell, nowhere."""
    sheets = []
    asked = 0
    for table in form_data(form)["tables"]:
        if table["block"] == "proactive":
            sheets.append(_proactive(table, form, body, rng, money_in))
        elif table["block"] == "requests":
            sheet = _requests(table, form, body, rng, flat)
            asked = next(cell.value for cell in sheet.cells() if cell.key == ("requests_new", "total"))
            sheets.append(sheet)
        elif table["block"] == "remedies":
            sheets.append(_remedies(table, form, rng, asked))
        else:
            sheets.append(_statistics(table, form, body, rng))
    return sheets
