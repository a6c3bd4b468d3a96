"""Taiwan's vocabulary back to the mainland's, in copies that a machine translated into it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from extract.model import Text
from extract.repair.edits import Act, Edit, Outcome, rewrite


class _Terms(NamedTuple):
    """The words to look for, the patterns around them (one group for each entry), and what each became."""

    words: re.Pattern[str]
    found: re.Pattern[str]
    became: tuple[str, ...]


@cache
def _data() -> dict[str, list]:
    return yaml.load((Path(__file__).parent / "taiwan.yml").read_text("utf-8"), yaml.CSafeLoader)


@cache
def _terms(key: str) -> _Terms:
    entries = _data()[key]
    return _Terms(
        re.compile("|".join(entry["word"] for entry in entries)),
        re.compile("|".join(f"({entry.get('found', entry['word'])})" for entry in entries)),
        tuple(entry["became"] for entry in entries),
    )


def speaks_taiwan(text: str) -> bool:
    """Tell whether a text in traditional characters holds a word of Taiwan's that no mainland report uses."""
    return any(marker in text for marker in _data()["markers"])


def to_mainland(text: Text) -> Outcome:
    """Put the mainland's words into a simplified text that is in Taiwan's."""
    return _replace(text, "taiwan_term", _terms("terms"))


def mend_spellings(text: Text) -> Outcome:
    """Replace spellings that conversion to simplified script leaves."""
    return _replace(text, "spelling", _terms("spellings"))


def _replace(text: Text, kind: str, terms: _Terms) -> Outcome:
    if not terms.words.search(text.clean):
        return text, ()
    edits = [Edit(*found.span(), terms.became[found.lastindex - 1]) for found in terms.found.finditer(text.clean)]
    if not edits:
        return text, ()
    return rewrite(text, edits), [Act(kind, 1, text.clean[edit.start : edit.end], edit.new) for edit in edits]
