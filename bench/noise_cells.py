"""Damage to the cells of tables: what filers and copies do to numbers and labels. Each act changes cells and truth together."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

from bench.bodies import words
from bench.layout import form_data, plain
from bench.model import Cell, Draft

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_NUMBERING = re.compile(r"^(?:[一二三四五六七八九]、|（[一二三四五六七八九十]）|\d\.)")


def _figures(draft: Draft, blocks: tuple[str, ...] = ("requests", "remedies", "proactive", "statistics")) -> list[Cell]:
    return [
        cell
        for sheet in draft.sheets()
        if sheet.block in blocks
        for cell in sheet.cells()
        if cell.kind == "value" and cell.key and cell.value is not None
    ]


def _zeros(draft: Draft, rng: Random, text: Callable[[], str]) -> bool:
    zeros = [cell for cell in _figures(draft, ("requests", "remedies", "statistics")) if cell.value == 0]
    often = rng.choice((0.3, 0.8, 1.0))
    struck = [cell for cell in zeros if rng.random() < often]
    for cell in struck:
        cell.text, cell.value = text(), None
    return bool(struck)


def blank_for_zero(draft: Draft, rng: Random) -> bool:
    """Zeros left out, here and there or everywhere."""
    return _zeros(draft, rng, lambda: "")


def dash_for_zero(draft: Draft, rng: Random) -> bool:
    """A dash or slash where zero is meant."""
    dash = rng.choice(("-", "—", "/", "——"))
    return _zeros(draft, rng, lambda: dash)


def thousands_commas(draft: Draft, rng: Random) -> bool:
    """1,234 for 1234, in every number that is long enough; a few made so."""
    long = [cell for cell in _figures(draft) if re.fullmatch(r"\d{4,}", cell.text)]
    for cell in long:
        cell.text = f"{int(cell.text):,}"
    return bool(long)


def full_width_digits(draft: Draft, rng: Random) -> bool:
    """Digits of an input method left in full width."""
    cells = [cell for cell in _figures(draft) if rng.random() < 0.5]
    for cell in cells:
        cell.text = cell.text.translate(_FULL_WIDTH)
    return bool(cells)


def note_in_cell(draft: Draft, rng: Random) -> bool:
    """A counting word or a remark behind the number: 3件, 22（其中修订16件）."""
    cells = [cell for cell in _figures(draft, ("proactive",)) if cell.key[1] != "amount_yuan" and cell.value]
    for cell in cells:
        cell.text += rng.choice(("件", "项", f"（其中修订{min(abs(cell.value), 16)}件）"))
    return bool(cells)


def _labels(draft: Draft) -> list[Cell]:
    return [cell for sheet in draft.sheets() for cell in sheet.cells() if cell.kind in ("label", "header")]


@cache
def _variants(form: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}

    def walk(nodes: list[dict[str, Any]]) -> None:
        for node in nodes:
            if node.get("variants"):
                found[node["label"]] = tuple(node["variants"])
            walk(node.get("rows", []))
            walk(node.get("columns", []))

    for table in form_data(form)["tables"]:
        walk(table["columns"])
        walk(table.get("rows", []))
    return found


def label_variant(draft: Draft, rng: Random) -> bool:
    """Labels as filers vary them: another wording, without number, spaced out, in half-width brackets."""
    variants = _variants(draft.form)
    for cell in _labels(draft):
        if rng.random() < 0.5:
            continue
        ways = ["spaced", "half", "unnumbered", *(["variant"] * 2 if cell.text in variants else [])]
        way = rng.choice(ways)
        number = _NUMBERING.match(cell.text)
        if way == "variant":
            cell.text = (number.group() if number else "") + rng.choice(variants[cell.text])
        elif way == "half":
            cell.text = cell.text.replace("（", "(").replace("）", ")")
        elif way == "spaced" and len(cell.text) <= 4:
            cell.text = rng.choice(("  ", "\u3000", " ")).join(cell.text)
        elif way == "unnumbered" and number and not _ambiguous(cell.text[number.end() :]):
            cell.text = cell.text[number.end() :]
    return True


def _ambiguous(bare: str) -> bool:
    """Labels that mean something only with their number: 总计 and 其他 are columns too."""
    return bare in ("总计", "其他", "其他情形数", "被依法纠错数")


def label_note(draft: Draft, rng: Random) -> bool:
    """Instructions of a region's template inside labels."""
    notes = words("damage.yml")["label_notes"]
    for cell in _labels(draft):
        if cell.kind == "label" and rng.random() < 0.35:
            cell.text += rng.choice(notes)
    return True


def broken_label(draft: Draft, rng: Random) -> bool:
    """Labels with a line break inside, as narrow columns force it."""
    for cell in _labels(draft):
        if len(cell.text) > 4 and rng.random() < 0.5:
            place = rng.randrange(2, len(cell.text) - 1)
            cell.text = f"{cell.text[:place]}\n{cell.text[place:]}"
    return True


def groups_of(form: str) -> dict[str, list[str]]:
    """The rows of each group of a form that has no sum of its own, by the indicator that a filer's sum would have."""
    found: dict[str, list[str]] = {}

    def walk(nodes: list[dict[str, Any]]) -> None:
        for node in nodes:
            if "printed_sum" in node:
                found[node["printed_sum"]] = [row["indicator"] for row in node["rows"]]
            walk(node.get("rows", []))

    for table in form_data(form)["tables"]:
        walk(table.get("rows", []))
    return found


def subtotal_row(draft: Draft, rng: Random) -> bool:
    """A filer's own sums in the row of a group, where the form has none. Wants the flat layout, whose groups have rows."""
    groups = groups_of(draft.form)
    values = {cell.key: cell.value for cell in _figures(draft, ("requests",))}
    open_cells = [cell for sheet in draft.sheets() for cell in sheet.cells() if cell.kind == "other" and cell.key]
    for cell in open_cells:
        indicator, measure = cell.key
        parts = [values.get((row, measure)) for row in groups[indicator]]
        if None not in parts:
            cell.kind, cell.value = "value", sum(parts)
            cell.text = plain(cell.value)
    return bool(open_cells)


def broken_sum(draft: Draft, rng: Random) -> bool:
    """The filer's own arithmetic is wrong in a few cells."""
    cells = [cell for cell in _figures(draft, ("requests", "remedies")) if isinstance(cell.value, int)]
    for cell in rng.sample(cells, min(len(cells), rng.choice((1, 2, 4)))):
        cell.value += rng.choice((1, 2, 5, 30)) if cell.value < 5 else rng.choice((-1, 1, -3, 9))
        cell.text = plain(cell.value)
    return bool(cells)
