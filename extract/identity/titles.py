"""The title of a document: what it is, whose, and of which year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from extract.identity.flow import Token
from extract.identity.organs import Organ, parse_organ

LONGEST_TITLE = 90
WINDOW = 5
# A title calls its report 报告 or 年报: where this character is not, there is no title.
IN_EVERY_TITLE = "报"
DIGITS = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")


@cache
def words() -> dict[str, Any]:
    """Return titles.yml."""
    return yaml.load((Path(__file__).parent / "titles.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


@cache
def _shapes() -> tuple[re.Pattern[str], ...]:
    parts = {
        "year": words()["year"],
        "half": words()["half"],
        "report": words()["subject"] + words()["report"],
        "tail": words()["furniture"],
    }
    shapes = []
    for shape in words()["shapes"]:
        for name, pattern in parts.items():
            shape = shape.replace(f"{{{name}}}", pattern)
        shapes.append(re.compile(shape))
    return tuple(shapes)


@cache
def _report() -> re.Pattern[str]:
    """What every title contains."""
    return re.compile(words()["subject"] + words()["report"] + words()["behind_report"])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(words()[name])


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed, without spaces. `organ` is what it names, where that is an organ; `line` is None for a medium's property.

    `told` if a sentence says that somebody published it, `stated` if the report's own sentence does (现公布…).
    """

    text: str
    line: int | None
    year: int | None
    organ: Organ | None
    organ_text: str
    told: bool = False
    half: bool = False
    stated: bool = False


def year_number(digits: str) -> int:
    """Return 2020 for 2020, 二〇二〇 and 二○二○."""
    return int(digits.translate(DIGITS))


def read_title(text: str, line: int | None) -> Title | None:
    """Read a text as the title of a report; None if it is not one."""
    title = _read_title(text) if IN_EVERY_TITLE in text else None
    return replace(title, line=line) if title else None


@lru_cache(maxsize=1 << 10)
def _read_title(text: str) -> Title | None:
    text = _pattern("called").sub("", text.strip("《》“”"))
    if not 8 <= len(text) <= LONGEST_TITLE or not _report().search(text):
        return None
    states = _pattern("states").match(text)
    if states:
        title = read_title(text[states.end() :], None)
        return replace(title, stated=True) if title and title.organ else None
    fallback = None
    for shape in _shapes():
        match = shape.fullmatch(text)
        if not match:
            continue
        year = year_number(match["year"])
        whose = match["organ"].strip("《“”\"'")
        told = _pattern("publishes").search(whose)
        whose = _pattern("when").sub("", whose[: told.start()]) if told else whose
        # 泾县人民政府信息公开 reads 泾县人民 + 政府信息公开: the word 政府 is the organ's.
        whose += "政府" if whose.endswith("人民") else ""
        organ = parse_organ(whose, year) if whose else None
        printed = text[: match.start("tail")] if match["tail"].startswith(("-", "_", "—", ".", "正文", "全文", "(全文")) else text
        title = Title(printed.strip("《》“”"), None, year, organ, whose, told=bool(told), half=bool(match["half"]))
        if organ or not whose:
            return title
        fallback = fallback or title
    return fallback


def titles_of(tokens: list[Token]) -> Iterator[Title]:
    """Yield every title that one to five neighbouring tokens make: a title may be broken by spaces and lines."""
    may_end_here = [IN_EVERY_TITLE in token.text for token in tokens]
    for start, head in enumerate(tokens):
        if True not in may_end_here[start : start + WINDOW]:
            continue
        text = ""
        for token in tokens[start : start + WINDOW]:
            # What runs over lines begins with a line: the last words of the line above are no part of it.
            text += token.text
            if len(text) > LONGEST_TITLE or (token.line != head.line and not head.first):
                break
            title = read_title(text, head.line)
            if title and not (token is not head and title.organ and start and _is_menu(tokens[start - 1], head, title)):
                yield title


def _is_menu(before: Token, head: Token, title: Title) -> bool:
    """Tell whether the name at the head of a broken title is the last of several organs in a list."""
    other = parse_organ(before.text, title.year) if head.text == title.organ_text else None
    return bool(other and other.kind == "department" and other.meant and other.rest != title.organ.rest)


def best_title(titles: list[Title]) -> Title | None:
    """Return the title that says most: one that names an organ before one that names none, the first of equals."""
    placed = [t for t in titles if t.organ and (t.organ.meant or t.organ.zone) and not t.told and not t.stated]
    # A name without a place may have caught words that stand before it: the shortest has caught none.
    named = placed or sorted((t for t in titles if t.organ and not t.told and not t.stated), key=lambda t: len(t.organ_text))
    plain = [t for t in titles if not t.organ_text and not t.told]
    stated = [t for t in titles if t.organ and t.stated]
    # Whose it is was not understood, but the year stands there; the shortest carries least of what stood before it.
    unread = [t for t in titles if t.organ_text and not t.organ and not t.told and not _pattern("sentence").search(t.organ_text)]
    unread.sort(key=lambda t: len(t.text))
    return (named or stated or plain or unread or [None])[0]


def best_told(titles: list[Title]) -> Title | None:
    """Return the title in a sentence about a report that says most."""
    told = [t for t in titles if t.told]
    return next((t for t in told if t.organ and t.organ.meant), told[0] if told else None)


def type_by_title(text: str) -> str | None:
    """Return the document type that a title's own words say, or None."""
    return next((name for name, pattern in _document_types() if pattern.search(text)), None)


@cache
def _document_types() -> tuple[tuple[str, re.Pattern[str]], ...]:
    year = r"(?:20\d{2}|二.{3})年度?"
    return tuple((entry["type"], re.compile(entry["pattern"].replace("{year}", year))) for entry in words()["document_types"])
