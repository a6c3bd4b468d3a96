"""Whose requests a report counts: the organ's own, a whole jurisdiction's or a vertical system's, as its own words say."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from extract.identity.flow import Flow
from extract.model import Agency, Evidence

# Who may speak for a jurisdiction. A department that writes 全市 speaks of its trade, not of all organs of the city.
SPEAKS_FOR_ALL = ("government", "government_office", "management_committee")
_SENTENCE = re.compile(r"[^。;]*")


@cache
def words() -> dict[str, Any]:
    """Return scope.yml."""
    return yaml.load((Path(__file__).parent / "scope.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


@cache
def _patterns(scope: str) -> tuple[tuple[bool, re.Pattern[str]], ...]:
    """The patterns of a scope; those that stand behind the organ's name, without it, are told by True."""
    patterns = [pattern.replace("{asked}", words()["asked"]) for pattern in words()[scope]]
    return tuple((pattern.startswith("{organ}"), re.compile(pattern.removeprefix("{organ}"))) for pattern in patterns)


def _start(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return match.start() if match else None


def _start_with_name(pattern: re.Pattern[str], text: str, names: tuple[str, ...]) -> int | None:
    """Return where the first of the names stands behind which the text goes on like the pattern."""
    places = sorted((found.start(), found.start() + len(name)) for name in names if name for found in re.finditer(re.escape(name), text))
    return next((start for start, end in places if pattern.match(text, end)), None)


def scope_of(flow: Flow, agency: Agency | None, called: tuple[str, ...], title: str | None) -> Evidence | None:
    """Return the scope that the text states, with the sentence; None where it states none. `called` is how the text names the organ."""
    # The title names the organ without saying whose requests it counts, except by 本级.
    text = flow.text.replace(title, "。" * len(title)) if title and "本级" not in title else flow.text
    order = ["vertical_system", "own_organ"]
    if agency is None or agency.agency_type in SPEAKS_FOR_ALL:
        order = ["jurisdiction_total", "own_organ"]
    for scope in order:
        if scope in words()["needs"] and not any(word in text for word in words()["needs"][scope]):
            continue
        for is_behind_name, pattern in _patterns(scope):
            start = _start_with_name(pattern, text, called) if is_behind_name else _start(pattern, text)
            if start is not None:
                return Evidence("scope", scope, "sentence", flow.line_at(start), _SENTENCE.match(text, start)[0][:120])
    return None
