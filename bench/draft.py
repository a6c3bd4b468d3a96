"""One report, drawn: who, when, which form, its tables with figures, its prose, then the damage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from bench import prose
from bench.bodies import draw_body, words
from bench.layout import lay_out
from bench.model import Block, Body, Draft, Paragraph
from bench.noise_sheet import SHEET_ACTS, printed_cells
from bench.noise_text import TEXT_ACTS

FORM_YEARS = {
    "shanghai_2004": (2008, 2013),
    "fujian_2008": (2008, 2018),
    "national_2014": (2014, 2018),
    "national_2019": (2019, 2020),
    "national_2021": (2021, 2025),
}
ACTS = {**SHEET_ACTS, **TEXT_ACTS}
_TITLES = (
    "{body}{year}年政府信息公开工作年度报告",
    "{body}{year}年度政府信息公开工作年度报告",
    "{year}年{body}政府信息公开工作年度报告",
    "{body}{year}年政府信息公开年度报告",
    "{body}关于{year}年度政府信息公开工作的报告",
)
_ROLES = ("overview", "proactive", "requests", "remedies", "problems", "other")
_OLD_PROSE = {"requests": "old_requests", "remedies": "old_remedies"}
_BLOCK_OF_ROLE = {"proactive": "proactive", "requests": "requests", "remedies": "remedies"}
# The instruction that the forms of 2019 and 2021 print inside this label; most filers keep it.
_PARTIAL, _PARTIAL_NOTE = "（二）部分公开", "（区分处理的，只计这一情形，不计其他情形）"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of the generator for one file. Body and year are drawn where they are not given; `bare` is a report without tables."""

    number: int
    form: str
    medium: str
    noise: tuple[str, ...] = ()
    document_type: str = "annual_report"
    body: Body | None = None
    year: int | None = None
    bare: bool = False


def _facts(body: Body, year: int) -> dict[str, str]:
    return {"body": body.name, "year": str(year), "next": str(year + 1), "site": "www.zhengwu.gov.cn"}


def _dates(rng: Random, year: int) -> tuple[str, str]:
    """A date of publication, as stored and as printed."""
    month, day = rng.choice(((1, rng.randint(8, 31)), (2, rng.randint(1, 28)), (3, rng.randint(1, 31))))
    iso = f"{year + 1}-{month:02d}-{day:02d}"
    return iso, rng.choice((iso, iso + " 16:3" + str(day % 10), f"{year + 1}年{month}月{day}日"))


def _meta_line(rng: Random, printed: str) -> Paragraph:
    return Paragraph(rng.choice(("发布日期：{}", "发布时间：{}", "日期：{} 来源：本站")).format(printed), "meta")


def _report_blocks(draft: Draft, rng: Random, tables: list, facts: dict[str, str]) -> list[Block]:
    blocks: list[Block] = [Paragraph(prose.fill(rng.choice(words("prose.yml")["preamble"]), rng, facts, {})[0])]
    old = draft.form in ("shanghai_2004", "fujian_2008", "national_2014")
    headings = words("prose.yml")["headings"]["old" if old else "modern"]
    values = {cell.key: cell.value for sheet in tables for cell in sheet.cells() if cell.key and cell.value is not None}
    for role, heading in zip(_ROLES, headings, strict=True):
        blocks.append(Paragraph(heading, "heading"))
        source = _OLD_PROSE.get(role, role) if old else role
        if not (old and role == "other"):
            texts, counted = prose.section(source, rng, facts, values, rng.randint(1, 6 if role == "overview" else 2))
            blocks += map(Paragraph, texts)
            draft.narrative += counted
        if old and role == "other":
            blocks += tables
        elif not old:
            blocks += (sheet for sheet in tables if sheet.block == _BLOCK_OF_ROLE.get(role))
    return blocks


def _text_blocks(draft: Draft, rng: Random, facts: dict[str, str]) -> list[Block]:
    text, counted = prose.fill(words("prose.yml")[draft.document_type], rng, facts, {})
    draft.narrative += counted
    return [Paragraph(line) for line in text.splitlines()]


def _title(document_type: str, rng: Random, body: Body, year: int) -> str:
    if document_type == "news":
        return f"{body.name}公布{year}年政府信息公开年报"
    if document_type == "notice":
        return f"{body.name}关于做好{year}年政府信息公开工作年度报告编制工作的通知"
    return rng.choice(_TITLES).format(body=body.name, year=year)


def draw(order: Order, rng: Random) -> Draft:
    """Draw one report. The acts of damage that found nothing to damage are not in its `noise`."""
    year = order.year or rng.randint(*FORM_YEARS[order.form])
    body = order.body or draw_body(rng, year)
    iso, printed = _dates(rng, year)
    dated = rng.random() < 0.7
    title = _title(order.document_type, rng, body, year)
    draft = Draft(body, year, order.form, order.document_type, iso if dated else None, title)
    facts = _facts(body, year)
    if order.document_type == "annual_report":
        flat = "subtotal_row" in order.noise or rng.random() < 0.3
        money_in = rng.choices(("wide_header", "header", "cell", "cell_wide", "nowhere"), (5, 2, 2, 1, 1))[0]
        tables = [] if order.bare else lay_out(order.form, body, rng, flat=flat, money_in=money_in)
        if rng.random() < 0.7:
            for cell in (cell for sheet in tables for cell in sheet.cells() if cell.text == _PARTIAL):
                cell.text += _PARTIAL_NOTE
        draft.blocks = _report_blocks(draft, rng, tables, facts)
    else:
        draft.blocks = _text_blocks(draft, rng, facts)
    draft.blocks.insert(0, Paragraph(title, "title"))
    if dated:
        draft.blocks.insert(1, _meta_line(rng, printed))
    draft.noise = _damage(draft, order.noise, rng)
    return draft


def _damage(draft: Draft, wanted: Sequence[str], rng: Random) -> tuple[str, ...]:
    """Apply acts of damage in the order in which they happen: the filer's, then the copy's, then the page's."""
    return tuple(name for name, act in ACTS.items() if name in wanted and act(draft, rng))


def truth_of(draft: Draft, order: Order, file: str) -> dict:
    """What a perfect reader would find in a draft, as plain data. A cell is its value; null where nothing is printed in it."""
    cells = {
        f"{indicator}.{measure}": None if cell.value is None else str(cell.value)
        for (indicator, measure), cell in printed_cells(draft).items()
    }
    return {
        "file": file,
        "form": draft.form,
        "medium": order.medium,
        "noise": list(draft.noise),
        "document_type": draft.document_type,
        "agency": draft.body.name,
        "region_id": draft.body.region_id,
        "year": draft.year,
        "published_on": draft.published_on,
        "cells": cells,
        "narrative": [[str(value), unit] for value, unit in draft.narrative],
    }
