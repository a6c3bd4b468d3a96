"""How printed labels are compared: by a key without spaces, quotes, numbering, notes in brackets and separating punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DROPPED = re.compile("[ \t\r\n\u3000\u00a0\u200b\ufeff“”\"'‘’「」『』、,，;；/／·.．:：*_]+")
_NUMBERING = re.compile(
    r"\s*(?:其中\s*[:：]?\s*)?"
    r"(?:[(（]\s*([一二三四五六七八九十]+|\d{1,2})\s*[)）]\s*[、.．:：]?"
    r"|([一二三四五六七八九十]+)\s*[、.．]"
    r"|(\d{1,2})\s*[.．、](?!\d))\s*"
)
_AMONG = re.compile(r"\s*其中\s*[:：]?\s*")
_NOTE = re.compile(r"[(（][^()（）]*(?:[(（][^()（）]*[)）][^()（）]*)*[)）]?\s*$")
_YEAR = re.compile(r"(?:19|20)\d\d年")
_UNIT_NOTE = re.compile(r"(亿元|万元|元)\s*[)）]")


def split_numbering(label: str) -> tuple[str | None, str]:
    """Return the printed number of a label (一, 3 …; None where there is none) and the rest."""
    match = _NUMBERING.match(label) or _AMONG.match(label)
    if not match or match.end() == len(label):
        return None, label
    groups = match.groups()
    return next((group for group in groups if group), None), label[match.end() :]


@lru_cache(maxsize=1 << 14)
def number_of(label: str) -> str | None:
    """The number that a label bears."""
    return split_numbering(label)[0]


@lru_cache(maxsize=1 << 14)
def squeeze(text: str) -> str:
    """NFKC without spaces, quotes, separating punctuation and the report's year: two prints of one label become equal."""
    return _YEAR.sub("年", "".join(_DROPPED.split(unicodedata.normalize("NFKC", text))))


@lru_cache(maxsize=1 << 14)
def key_of(label: str) -> str:
    """The key of a label. A label that is nothing but a note in brackets keeps it; otherwise a note at its end is no part of it."""
    body = split_numbering(unicodedata.normalize("NFKC", label))[1]
    while True:
        shorter = _NOTE.sub("", body)
        if shorter == body or not squeeze(shorter):
            return squeeze(body)
        body = shorter


def money_unit(label: str) -> str | None:
    """The money unit that a label states in brackets: 万元 in 采购总金额(万元)."""
    match = _UNIT_NOTE.search(unicodedata.normalize("NFKC", label))
    return match.group(1) if match else None
