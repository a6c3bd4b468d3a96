"""The readings of a Chinese character, as pinyin."""

from __future__ import annotations

import unicodedata
from functools import cache

# One syllable as copying sites write it: with tone marks, composed or not, or with none; ɑ and ɡ stand for a and g.
SYLLABLE = "[a-zāáǎàēéěèêīíǐìńňǹōóǒòūúǔùǖǘǚǜüɑɡḿ\u0300\u0301\u0304\u0308\u030c]{1,8}"

_TONES = {"\u0300", "\u0301", "\u0304", "\u030c"}
_LETTERS = str.maketrans("ɑɡ", "ag")


def is_reading(syllable: str, character: str) -> bool:
    """Tell whether the character can be read so; a syllable without tone mark fits every tone."""
    syllable = unicodedata.normalize("NFC", syllable.translate(_LETTERS))
    return syllable in _readings(character)


@cache
def _readings(character: str) -> frozenset[str]:
    """All readings, each with its tone mark and without; ü also as v and u, as keyboards write it."""
    # Loading the dictionary takes a fifth of a second, and only damaged copies need it.
    from pypinyin import Style, pinyin

    toned = {reading for reading in pinyin(character, style=Style.TONE, heteronym=True)[0] if reading != character}
    plain = {_without_tone(reading) for reading in toned}
    return frozenset(toned | plain | {reading.replace("ü", spelling) for reading in plain for spelling in "vu"})


def _without_tone(reading: str) -> str:
    marks = unicodedata.normalize("NFD", reading)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
