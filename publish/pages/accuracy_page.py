"""The page that says how far the figures can be trusted: what was measured, on what, and what that does not show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor

from publish.accuracy import AccuracyError, Counts, Generated, Measurement, Planted, wilson
from publish.pages.data import Data
from publish.pages.escape import Markdown
from publish.pages.grid import table
from publish.pages.numbers import SMALLEST_BASE_OF_A_SHARE, number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.words import Words

PATH = "accuracy/"
_COLUMNS = ("reports", "cells", "right", "wrong", "silent", "missing", "right_share")


def share_down(part: int, whole: int) -> str | None:
    """Return a share cut off, not rounded, after one decimal: 99.96% is not shown as 100%. None below the smallest base."""
    return f"{floor(part * 1000 / whole) / 10:.1f}%" if whole >= SMALLEST_BASE_OF_A_SHARE else None


def bound_up(share: float) -> str:
    """Return an upper bound with two decimals, rounded up so that it stays one."""
    return f"{ceil(share * 10_000) / 100:.2f}%"


def _cells(counts: Counts, words: Words) -> list[object]:
    told = [number(getattr(counts, name)) for name in _COLUMNS[:-1]]
    return [*told, share_down(counts.right, counts.cells) or words.zh("accuracy.too_few")]


def _head(first: Markdown, words: Words) -> list[Markdown]:
    return [first, *(words.both(f"accuracy.{name}") for name in _COLUMNS)]


def _names(kind: str, data: Data, words: Words) -> Mapping[str, Markdown]:
    if kind == "form":
        return {key: words.pair(row["title_zh"], row["title_en"]) for key, row in data.formats.items()}
    prefix = f"{kind}."
    return {key.removeprefix(prefix): words.both(key) for key in words.entries if key.startswith(prefix)}


def _group_table(kind: str, groups: Mapping[str, Counts], data: Data, words: Words) -> Markdown:
    """Return the scores by form, medium or kind of damage, in the order of the names' own list."""
    names = _names(kind, data, words)
    if unnamed := sorted(groups.keys() - names.keys()):
        raise AccuracyError(f"accuracy.json has the {kind} {unnamed[0]}, for which strings.yml has no name; add one there.")
    body = [[name, *_cells(groups[key], words)] for key, name in names.items() if key in groups]
    return table(_head(words.both(f"accuracy.by_{kind}"), words), body, numeric_from=1)


def _real(measurement: Measurement, words: Words) -> dict[str, object]:
    counts = measurement.counts
    _, upper = wilson(counts.wrong, counts.cells)
    values = {"date": measurement.date, "n": measurement.documents, "cells": number(counts.cells), "right": number(counts.right)}
    values |= {"wrong": number(counts.wrong), "missing": number(counts.missing), "silent": number(counts.silent)}
    return {
        "what": words.pair(measurement.texts["zh"], measurement.texts["en"]),
        "result": words.both("accuracy.real_result", **values),
        "bound": words.both("accuracy.real_bound", upper=bound_up(upper), wrong=number(counts.wrong), cells=number(counts.cells)),
        "dependent": words.both("accuracy.real_dependent", n=measurement.with_tables),
        "known": words.both("accuracy.real_known") if measurement.known else None,
        "date": measurement.date,
        "command": measurement.command,
    }


def _planted_table(planted: Sequence[Planted], words: Words) -> Markdown:
    head = [words.both(f"accuracy.{name}") for name in ("planted_kind", "planted", "caught", "not_caught")]
    body = [
        [
            words.pair(kind.title_zh, kind.title_en),
            number(kind.planted),
            number(kind.caught),
            number(kind.planted - kind.caught),
        ]
        for kind in planted
    ]
    return table(head, body, numeric_from=1)


def accuracy_page(generated: Generated, real: Sequence[Measurement], planted: Sequence[Planted], data: Data, chrome: Chrome) -> Page:
    """Return the page `accuracy/`. Raises AccuracyError where a group has no name."""
    words = chrome.words
    total = generated.total
    values = {name: number(getattr(total, name)) for name in _COLUMNS[:-1]}
    text = markdown(
        "accuracy.md",
        PATH,
        words,
        real=[_real(measurement, words) for measurement in real],
        total=words.both("accuracy.generated_result", **values, share=share_down(total.right, total.cells)),
        sha256=generated.sha256,
        groups=[(kind, _group_table(kind, generated.by[kind], data, words)) for kind in generated.by],
        planted=_planted_table(planted, words),
    )
    title = words.say("page.accuracy")
    return Page(PATH, title, words.say("description.accuracy"), text, kind="explained", crumbs=((words.say("nav.accuracy"), None),))
