"""The title of a document: what it is, whose, and of which year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from extract.identity.flow import Token
from extract.identity.organs import Organ, parse_organ

LONGEST_TITLE = 90
WINDOW = 5
DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
# Verbs before a title that tell of the report rather than head it: 深圳市人民政府办公厅公布2018年…
STATES = re.compile(r"^.{0,6}?(?:现|特|现将|特将|予以)(?:予以|向社会|对外)?(?:公布|公开|发布)?(?=.{4})")
WHEN = re.compile(r"^(?:近日|日前|今日|今天|昨日|昨天|(?:\d{4}年)?\d{1,2}月\d{1,2}日)+")
PUBLISHES = re.compile(r"(?:正式|对外|向社会|今日|近日|日前)*(?:公布|发布|公开发布|晒出|编制)(?:了|完成)?$")


@cache
def words() -> dict[str, Any]:
    """Return titles.yml."""
    return yaml.load((Path(__file__).parent / "titles.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


@cache
def _shapes() -> tuple[re.Pattern[str], ...]:
    year, report = words()["year"], f"(?:{words()['subject']}(?:{words()['report']})?|{words()['report']})"
    report = f"(?P<report>{words()['subject']}{words()['report']})"
    half = r"(?P<half>上半年|下半年|第?[一二三四]季度)?"
    tail = words()["furniture"]
    return (
        re.compile(f"(?P<organ>.{{0,44}}?)(?:关于)?{year}{half}(?:关于|的)?{report}(?P<tail>{tail})"),
        re.compile(f"{year}{half}(?P<organ>.{{2,44}}?){report}(?P<tail>{tail})"),
        re.compile(rf"(?P<organ>.{{2,44}}?){report}\(?{year}{half}\)?(?P<tail>{tail})"),
        re.compile(rf"\(?{year}{half}\)?(?P<organ>.{{0,44}}?)(?:关于)?{report}(?P<tail>{tail})"),
    )


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed, without spaces. `organ` is what it names, where that is an organ.

    `told` if a sentence says that somebody published it, `stated` if the report's own sentence does (现公布…).
    """

    text: str
    line: int
    year: int | None
    organ: Organ | None
    organ_text: str
    told: bool = False
    half: bool = False
    stated: bool = False


def year_number(digits: str) -> int:
    """Return 2020 for 2020, 二〇二〇 and 二○二○."""
    return int(digits.translate(DIGITS))


def read_title(text: str, line: int) -> Title | None:
    """Read a text as the title of a report; None if it is not one."""
    if not 8 <= len(text) <= LONGEST_TITLE:
        return None
    states = STATES.match(text)
    if states:
        title = read_title(text[states.end() :], line)
        return replace(title, stated=True) if title and title.organ else None
    fallback = None
    for shape in _shapes():
        match = shape.fullmatch(text)
        if not match:
            continue
        year = year_number(match["year"])
        whose = match["organ"].strip("《“”\"'")
        told = PUBLISHES.search(whose)
        whose = WHEN.sub("", whose[: told.start()]) if told else whose
        organ = parse_organ(whose, year) if whose else None
        printed = text[: match.start("tail")] if match["tail"].startswith(("-", "_", "—", ".", "正文", "全文", "(全文")) else text
        title = Title(printed.strip("《》“”"), line, year, organ, whose, told=bool(told), half=bool(match["half"]))
        if organ or not whose:
            return title
        fallback = fallback or title
    return fallback


def titles_of(tokens: list[Token]) -> Iterator[Title]:
    """Yield every title that one to five neighbouring tokens make: a title may be broken by spaces and lines."""
    for start in range(len(tokens)):
        text = ""
        for token in tokens[start : start + WINDOW]:
            text += token.text
            if len(text) > LONGEST_TITLE:
                break
            title = read_title(text, tokens[start].line)
            if title:
                yield title


def best_title(titles: list[Title]) -> Title | None:
    """Return the title that says most: one that names an organ before one that names none, the first of equals."""
    placed = [t for t in titles if t.organ and (t.organ.meant or t.organ.zone) and not t.told and not t.stated]
    named = placed or [t for t in titles if t.organ and not t.told and not t.stated]
    plain = [t for t in titles if not t.organ_text and not t.told]
    stated = [t for t in titles if t.organ and t.stated]
    # Whose it is was not understood, but the year stands there; the shortest carries least of what stood before it.
    unread = sorted((t for t in titles if t.organ_text and not t.organ and not t.told), key=lambda t: len(t.text))
    return (named or stated or plain or unread or [None])[0]


def best_told(titles: list[Title]) -> Title | None:
    """Return the title in a sentence about a report that says most."""
    told = [t for t in titles if t.told]
    return next((t for t in told if t.organ and t.organ.meant), told[0] if told else None)


def type_by_title(text: str) -> str | None:
    """Return the document type that a title's own words say, or None."""
    for entry in words()["document_types"]:
        if re.search(entry["pattern"], text):
            return entry["type"]
    return None
