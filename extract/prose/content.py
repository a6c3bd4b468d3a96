"""The role of prose whose heading is lost in a copy, told by what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from extract.prose.data import either, load
from extract.prose.flow import Paragraph
from extract.prose.headings import Heading

ROLES = ("overview", "proactive", "requests", "remedies", "problems", "other")


def without_headings(paragraphs: Sequence[Paragraph]) -> list[Heading]:
    """Return where the sections of a text without any heading begin: headings without text."""
    found: list[Heading] = []
    numbered_before = False
    for index, paragraph in enumerate(paragraphs):
        if not found and "。" not in paragraph.text:
            continue  # a title, a date, a navigation line
        numbered = bool(_pattern("any_number").match(paragraph.text))
        restarts = bool(_pattern("first_number").match(paragraph.text)) and numbered_before
        if not numbered or restarts or not found:
            role = _role_of_group(paragraph.text, found[-1].role if found else "overview", restarts)
            if not found or role != found[-1].role:
                found.append(Heading(index, 0, 0, role, ""))
        numbered_before = numbered
    return found


def lost_headings(paragraphs: Sequence[Paragraph], headings: Sequence[Heading]) -> list[Heading]:
    """Return where sections begin that have lost their heading, beside those that have kept it."""
    found: list[Heading] = []
    roles = {heading.role for heading in headings}
    first = headings[0].paragraph
    if "overview" not in roles:
        found += _lost_overview(paragraphs[:first])
    lost = [role for role in ROLES if role not in roles and role in load("content")["openers"]]
    titled = {heading.paragraph for heading in headings}
    for role in lost:
        # A section stands behind those that come before it on the form.
        after = max((heading.paragraph for heading in headings if ROLES.index(heading.role) < ROLES.index(role)), default=first)
        before = min((heading.paragraph for heading in headings if heading.paragraph > after), default=len(paragraphs))
        candidates = (index for index in range(after + 1, before) if index not in titled)
        opening = next((index for index in candidates if _opener(role).match(paragraphs[index].text)), None)
        if opening is not None:
            found.append(Heading(opening, 0, 0, role, ""))
    return found


def _lost_overview(preamble: Sequence[Paragraph]) -> list[Heading]:
    for index, paragraph in enumerate(preamble):
        if "。" in paragraph.text and not _pattern("preamble").search(paragraph.text):
            return [Heading(index, 0, 0, "overview", "")]
    return []


def _role_of_group(text: str, before: str, restarts: bool) -> str:
    lead = text[: load("content")["reach"]]
    for role, pattern in _groups():
        if pattern.search(lead):
            return role
    return load("content")["restart"] if restarts and before not in ("problems", "other") else before


@cache
def _groups() -> list[tuple[str, re.Pattern[str]]]:
    return [(rule["role"], re.compile(rule["pattern"])) for rule in load("content")["groups"]]


@cache
def _opener(role: str) -> re.Pattern[str]:
    return re.compile(either(load("content")["openers"][role]))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load("content")[name])
