"""Sentences, page fields and properties that say whose report a document is, in order of rank."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from extract.identity import titles
from extract.identity.flow import Flow
from extract.identity.organs import Organ, parse_organ
from extract.model import RepairedDocument

HEAD = 8000
FIELD = re.compile(r"^\s*(?P<name>[^\s::]{2,8})\s*[::]?\s*(?P<value>.*)$")
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@cache
def words() -> dict[str, Any]:
    """Return statements.yml."""
    return yaml.load((Path(__file__).parent / "statements.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


@cache
def _compiled(which: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    report = titles.words()["subject"] + titles.words()["report"]
    year = titles.words()["year"].replace("?P<year>", "?:")
    return tuple((entry["kind"], re.compile(entry["pattern"].replace("{year}", year).replace("{report}", report))) for entry in words()[which])


@cache
def _contacts() -> re.Pattern[str]:
    return re.compile("|".join(words()["contacts"]))


@dataclass(frozen=True, slots=True)
class Statement:
    """An organ that the document names as its own, by which kind of evidence, on which line, in which words."""

    organ: Organ
    kind: str
    line: int | None
    text: str


def without_contacts(flow: Flow) -> Flow:
    """Blank the clauses that say whom to ask. Lengths stay, so that lines hold."""
    return Flow(_contacts().sub(lambda match: "。" * len(match[0]), flow.text), flow.starts, flow.numbers)


def body_statements(flow: Flow, year: int | None, which: str = "body") -> Iterator[Statement]:
    """Yield the organs that sentences near the head of the text name as reporting, best kind first."""
    head = flow.text[:HEAD]
    for kind, pattern in _compiled(which):
        for match in pattern.finditer(head):
            organ = parse_organ(match["organ"], year)
            if organ:
                yield Statement(organ, kind, flow.line_at(match.start("organ")), match[0][:120])


def page_fields(document: RepairedDocument, names: tuple[str, ...], limit: int = 60) -> Iterator[tuple[str, str, int]]:
    """Yield (name, value, line) of fields at the head of a page: `发布机构: X` on one line, or the value on one of the next two."""
    shown = [(number, line.clean.strip()) for number, line in enumerate(document.lines[: 4 * limit], 1) if line.clean.strip()][:limit]
    for i, (number, text) in enumerate(shown):
        match = FIELD.match(text)
        if not match or match["name"] not in names:
            continue
        if match["value"]:
            yield match["name"], match["value"].strip(), number
        elif i + 1 < len(shown) and not text.endswith((":", ":")):
            yield match["name"], shown[i + 1][1], shown[i + 1][0]


def publisher_statements(document: RepairedDocument, year: int | None) -> Iterator[Statement]:
    """Yield the organs that a page's fields and a medium's properties name as publisher."""
    for name, value, line in page_fields(document, tuple(words()["publisher_fields"])):
        organ = parse_organ(re.sub(r"\s", "", value), year)
        if organ:
            yield Statement(organ, "page_field", line, f"{name}:{value}")
    for name, value in document.source.properties:
        organ = parse_organ(re.sub(r"\s", "", value), year) if name.lower() in words()["publisher_properties"] else None
        if organ:
            yield Statement(organ, "property", None, f"{name}:{value}")


def signature_statements(document: RepairedDocument, year: int | None) -> Iterator[Statement]:
    """Yield the organ that signs: a line of its own among the last twenty."""
    shown = [(number, re.sub(r"\s", "", line.clean)) for number, line in enumerate(document.lines, 1) if line.clean.strip()]
    pattern = re.compile(words()["signature"])
    for number, text in reversed(shown[-20:]):
        match = pattern.fullmatch(text)
        organ = parse_organ(match["organ"], year) if match else None
        if organ and not organ.bare:
            yield Statement(organ, "signature", number, text)


def voice_of(flow: Flow) -> str | None:
    """Return whose voice the text speaks in: government, department, township; None where two are equally strong."""
    counts = {voice: len(re.findall(pattern, flow.text)) for voice, pattern in words()["voices"].items()}
    ranked = sorted(counts, key=lambda voice: -counts[voice])
    return ranked[0] if counts[ranked[0]] > counts[ranked[1]] else None


def uscc_is_valid(code: str) -> bool:
    """Check the last character of a unified social credit code (GB 32100-2015: weights 3^i mod 31)."""
    if not re.fullmatch(f"[{USCC_ALPHABET}]{{18}}", code):
        return False
    total = sum(USCC_ALPHABET.index(character) * pow(3, i, 31) for i, character in enumerate(code[:17]))
    return USCC_ALPHABET[(31 - total % 31) % 31] == code[17]


def index_number_code(flow: Flow) -> tuple[str, int] | None:
    """Return the unified social credit code that an index number (索引号) carries, with its line."""
    match = re.search(words()["index_number"], flow.text[:HEAD])
    if match and uscc_is_valid(match["uscc"]):
        return match["uscc"], flow.line_at(match.start("uscc"))
    return None
