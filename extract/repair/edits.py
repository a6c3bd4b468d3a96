"""Changing a `Text` without losing where its characters came from, and saying what was done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from extract.model import Text, maker

MASK = "■"
_text = maker(Text)


class Act(NamedTuple):
    """What a step did to one line: a `Noise` that does not know its line yet. `kind` is a key of kinds.yml."""

    kind: str
    count: int = 1
    found: str | None = None
    became: str | None = None


# What a step returns: the text, the very same object where nothing was to be done, and its acts.
Outcome = tuple[Text, Sequence[Act]]


class Edit(NamedTuple):
    """Put `new` in the place of `clean[start:end]`.

    `sources[i]` is the index in `clean` that `new[i]` came from. Without it the characters are taken in order; what is
    longer than its original comes from the last character there.
    """

    start: int
    end: int
    new: str
    sources: Sequence[int] | None = None


def rewrite(text: Text, edits: Iterable[Edit]) -> Text:
    """Apply edits that are sorted and do not overlap."""
    clean, old = text.clean, text.origin
    pieces: list[str] = []
    kept: list[int] = []  # indices in `clean`, one for each new character
    position = 0
    for start, end, new, sources in edits:
        pieces += (clean[position:start], new)
        kept.extend(range(position, start))
        kept.extend(sources if sources is not None else (min(start + i, end - 1) for i in range(len(new))))
        position = end
    pieces.append(clean[position:])
    kept.extend(range(position, len(clean) + 1))
    if old is not None:
        kept = [old[i] for i in kept]
    return Text(text.raw, "".join(pieces), _compact(kept))


def _compact(origin: list[int]) -> tuple[int, ...] | None:
    """None for the identity."""
    return None if origin[-1] == len(origin) - 1 and origin == list(range(len(origin))) else tuple(origin)


def same_length(text: Text, clean: str) -> Text:
    """Replace the clean text by one whose characters correspond one to one."""
    return text if clean == text.clean else _text((text.raw, clean, text.origin))


def emptied(raw: str) -> Text:
    """A line of which nothing is meant."""
    return Text(raw, "", (len(raw),) if raw else None)


def cover(text: Text, spans: Iterable[tuple[int, int]]) -> Text:
    """Cover in the raw text what stands there for these spans of the clean one, by ■ of the same length."""
    raw = text.raw
    for start, end in spans:
        first, last = (start, end) if text.origin is None else (text.origin[start], text.origin[end])
        raw = raw[:first] + MASK * (last - first) + raw[last:]
    return Text(raw, text.clean, text.origin)
