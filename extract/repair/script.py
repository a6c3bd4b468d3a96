"""Traditional to simplified characters, as OpenCC does it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Set
from functools import cache, lru_cache
from operator import ne
from typing import NamedTuple

from opencc import OpenCC

from extract.model import Text
from extract.repair.edits import Act, Outcome, same_length

# Replaced one by one, so many characters take no longer than a table of all.
_FEW = 20
# Of the characters of a traditional copy about a third are written otherwise in simplified script, of a report none.
THRESHOLD = 0.02

# t2s for any traditional text; tw2s knows the variants that Taiwan prefers (著力). tw2sp would also replace words, among
# them those of mainland law: 查询 by 查找, 文件 by 文档, 执行 by 运行.
CONFIGURATIONS = {"hant": "t2s", "hant-tw": "tw2s"}


class _Dictionary(NamedTuple):
    """One step of a conversion: where no phrase occurs, OpenCC converts each character by itself."""

    phrases: re.Pattern[str]
    characters: dict[int, str]


@cache
def _converter(configuration: str) -> tuple[OpenCC, tuple[_Dictionary, ...]]:
    """OpenCC, and its dictionaries again in the form that `str.translate` and `re` are fast with."""
    converter = OpenCC(configuration)
    steps = []
    for group in converter._dict_chain_data:
        phrases: list[str] = []
        characters: dict[int, str] = {}
        for _, _, entries in group:
            for key, value in entries.items():
                if len(key) == 1:
                    characters.setdefault(ord(key), value.split(" ")[0])
                else:
                    phrases.append(key)
        steps.append(_Dictionary(re.compile("|".join(sorted(phrases))), characters))
    return converter, tuple(steps)


# No sentence is so long without a punctuation mark, and OpenCC's time grows with the square of it.
_LONGEST_PIECE = 1000


@lru_cache(maxsize=1 << 14)
def _convert_piece(piece: str, configuration: str) -> str:
    """Convert text between two separators; a phrase anywhere in it wants OpenCC itself."""
    if len(piece) > _LONGEST_PIECE:
        parts = (piece[start : start + _LONGEST_PIECE] for start in range(0, len(piece), _LONGEST_PIECE))
        return "".join(_convert_piece(part, configuration) for part in parts)
    converter, steps = _converter(configuration)
    converted = piece
    for step in steps:
        if step.phrases.search(converted):
            return converter.convert(piece)
        converted = converted.translate(step.characters)
    return converted


def to_simplified(text: str, script: str = "hant") -> str:
    """Convert exactly as OpenCC does. Every entry of the dictionaries keeps the length, so characters correspond."""
    configuration = CONFIGURATIONS[script]
    converter, steps = _converter(configuration)
    if len(steps) == 1 and not steps[0].phrases.search(text):
        return text.translate(steps[0].characters)
    return "".join(_convert_piece(piece, configuration) for piece in converter.split_chars_re.split(text))


def simplify(text: Text, script: str) -> Outcome:
    """Convert one line or cell."""
    if text.clean.isascii():
        return text, ()
    simplified = to_simplified(text.clean, script)
    changed = sum(map(ne, simplified, text.clean))
    return (same_length(text, simplified), [Act("traditional_characters", changed)]) if changed else (text, ())


@cache
def _traditional() -> dict[int, str]:
    """Every character that is written otherwise in simplified script, with that other form."""
    return {code: new for code, new in _converter("t2s")[1][0].characters.items() if chr(code) != new}


def is_traditional(character: str) -> bool:
    """Tell whether simplified script writes the character otherwise."""
    return ord(character) in _traditional()


def traditional_among(characters: set[str]) -> frozenset[str]:
    """The characters of a whole text that simplified script writes otherwise."""
    return _forms() & characters


@cache
def _forms() -> frozenset[str]:
    return frozenset(map(chr, _traditional()))


def may_be_traditional(text: str, traditional: Set[str], characters: Set[str]) -> bool:
    """A quick look: whether a text's share may be above the threshold. It has at least as many Chinese characters as different ones."""
    different = sum("\u3400" <= character <= "\u9fff" for character in characters)
    return len(traditional) > _FEW or sum(map(text.count, traditional)) > THRESHOLD * different


def traditional_share(text: str) -> float:
    """The share of Chinese characters that simplified script writes otherwise."""
    counts = Counter(text)
    changed = _traditional()
    chinese = sum(count for character, count in counts.items() if "\u3400" <= character <= "\u9fff" or character > "\uffff")
    return sum(count for character, count in counts.items() if ord(character) in changed) / chinese if chinese else 0.0


def shadow_of(traditional: Set[str]) -> Callable[[str], str]:
    """Return `shadow` for texts with no other traditional characters than these: a button 繁體版 stands on many a page."""
    pairs = [(character, _traditional()[ord(character)]) for character in sorted(traditional)]
    if len(pairs) > _FEW or any(simplified in traditional for _, simplified in pairs):
        return shadow

    def replaced(text: str) -> str:
        for character, simplified in pairs:
            text = text.replace(character, simplified)
        return text

    return replaced


def shadow(text: str) -> str:
    """The text with every character simplified by itself: of the same length, good for matching words only."""
    return text if text.isascii() else text.translate(_traditional())
