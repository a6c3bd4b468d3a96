"""Sentences, page fields and properties that say whose report a document is, in order of rank."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from extract.identity import titles
from extract.identity.fields import page_fields
from extract.identity.flow import Flow
from extract.identity.organs import Organ, parse_organ
from extract.model import RepairedDocument

HEAD = 8000
HEADING_LINES = 30
PATH_BREAKS = re.compile(r"[\s>/|·•:]+")
LONGEST_FULL_NAME = 40
_FULL_NAME = re.compile(r"[\u4e00-\u9fff]{4,}\Z")
SITE_BREAKS = re.compile(r"[-_|—]")


@cache
def words() -> dict[str, Any]:
    """Return statements.yml."""
    return yaml.load((Path(__file__).parent / "statements.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


@cache
def _compiled(which: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    report = titles.words()["subject"] + titles.words()["report"]
    year = titles.words()["year"].replace("?P<year>", "?:")
    return tuple(
        (entry["kind"], re.compile(entry["pattern"].replace("{year}", year).replace("{report}", report))) for entry in words()[which]
    )


@cache
def _contacts() -> re.Pattern[str]:
    return re.compile("|".join(words()["contacts"]))


@cache
def _called() -> re.Pattern[str]:
    return re.compile(words()["called"])


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


def full_names(flow: Flow, year: int | None) -> dict[str, Organ]:
    """Return the organs that the head of the text names in full with what it calls them from there on, by the latter."""
    found: dict[str, Organ] = {}
    text, behind = flow.text[:HEAD], 0
    for match in _called().finditer(text):
        name = _FULL_NAME.search(text[max(match.start() - LONGEST_FULL_NAME, behind) : match.start()])
        if not name:
            continue
        full, behind = name[0], match.end()
        ends = (parse_organ(full[start:], year) for start in range(len(full) - 3))
        organ = next((organ for organ in ends if organ and (organ.meant or organ.zone)), None)
        if organ:
            found.setdefault(match["short"], organ)
    return found


def publisher_statements(document: RepairedDocument, year: int | None) -> Iterator[Statement]:
    """Yield the organs that a page's fields and a medium's properties name as publisher."""
    for name, value, line in page_fields(document, words()["publisher_fields"]):
        organ = parse_organ(re.sub(r"\s", "", value), year)
        if organ:
            yield Statement(organ, "page_field", line, f"{name}:{value}")
    for name, value in document.source.properties:
        organ = parse_organ(re.sub(r"\s", "", value), year) if name.lower() in words()["publisher_properties"] else None
        if organ:
            yield Statement(organ, "property", None, f"{name}:{value}")


def signature_statements(document: RepairedDocument, year: int | None) -> Iterator[Statement]:
    """Yield the organ that signs: a line of its own among the last twenty, in the lower half."""
    shown = [(number, re.sub(r"\s", "", line.clean)) for number, line in enumerate(document.lines, 1) if line.clean.strip()]
    pattern = re.compile(words()["signature"])
    for number, text in reversed(shown[max(len(shown) - 20, (len(shown) + 1) // 2) :]):
        match = pattern.fullmatch(text)
        organ = parse_organ(match["organ"], year) if match else None
        if organ and not organ.bare:
            yield Statement(organ, "signature", number, text)


def heading_statements(document: RepairedDocument, year: int | None) -> Iterator[Statement]:
    """Yield the one organ that stands alone at the head, on a line or in a path; none where several do (a menu)."""
    found = []
    shown = [(number, line.clean) for number, line in enumerate(document.lines, 1) if line.clean.strip()][:HEADING_LINES]
    for number, text in shown:
        # Behind a colon stands what a label names: whom to ask, who maintains the page.
        parts = PATH_BREAKS.split(text) if ":" not in text or ">" in text else []
        organs = ((part, parse_organ(part, year)) for part in parts)
        found += [(organ, part, number) for part, organ in organs if organ and organ.meant and not organ.bare]
    if len({(organ.meant, organ.rest) for organ, _, _ in found}) == 1:
        organ, part, number = found[0]
        yield Statement(organ, "heading", number, part)


def site_statements(document: RepairedDocument, year: int | None) -> Iterator[Statement]:
    """Yield the organ whose site a medium says it is from, by its name or behind the title of the page."""
    for name, value in document.source.properties:
        parts = [value] if name.lower() in words()["site_properties"] else []
        parts += SITE_BREAKS.split(value)[1:] if name.lower() in words()["title_properties"] else []
        for part in parts:
            organ = parse_organ(re.sub(r"\s", "", part), year)
            if organ and organ.meant and not organ.bare:
                yield Statement(organ, "site", None, f"{name}:{value}")


class Voice:
    """Whose voice a text speaks in, listened to when it is asked for: most titles leave no doubt."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow

    @cached_property
    def kind(self) -> str | None:
        """Return government, department or township; None where two are equally strong."""
        counts = {voice: len(re.findall(pattern, self._flow.text)) for voice, pattern in words()["voices"].items()}
        ranked = sorted(counts, key=lambda voice: -counts[voice])
        return ranked[0] if counts[ranked[0]] > counts[ranked[1]] else None

    @cached_property
    def level(self) -> str | None:
        """Return the word for the division that the text calls its own most often: 区 where it says 我区 and 全区."""
        return _most_frequent_level(self._flow, "own_division")


def level_of_leaders(flow: Flow) -> str | None:
    """Return the word for the division whose leaders the text names most often: 区 where it says 区委 and 区政府."""
    return _most_frequent_level(flow, "led_by")


def _most_frequent_level(flow: Flow, pattern: str) -> str | None:
    counts = Counter(match["level"] for match in re.finditer(words()[pattern], flow.text))
    ranked = counts.most_common(2)
    return ranked[0][0] if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]) else None
