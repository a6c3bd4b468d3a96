"""Compatibility forms of characters: ，（％ and full-width digits become what Unicode (NFKC) says they stand for.

NFKC is followed only as far as it cannot change what a number is: ① ² ½ ㎡ and the like stay, and ⒈ or ⑴ unfolds only
away from other digits. The Chinese punctuation 。、“”《》〔〕 has no compatibility form and stays by itself. Beyond NFKC,
characters without width are dropped, radicals that PDF makers write for whole characters become these, and − becomes -.
This is how a text is read, not damage: it does not enter the ledger.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from typing import NamedTuple

from extract.model import Text
from extract.repair.edits import Edit, Outcome, rewrite, same_length

# Radicals that have no decomposition in Unicode, each before the character that it stands for.
_RADICALS = (
    "⺌小⺜日⺝月⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟"
)

# Ranges of code points, the end not included: spaces, radicals, ideographs, vertical and small forms, full width.
_BLOCKS = (
    (0x00A0, 0x00A1),
    (0x2000, 0x200B),
    (0x202F, 0x2030),
    (0x205F, 0x2060),
    (0x2E80, 0x2FE0),
    (0x3000, 0x3001),
    (0xF900, 0xFB00),
    (0xFE10, 0xFE70),
    (0xFF01, 0xFF66),
    (0xFFE0, 0xFFE7),
    (0x2F800, 0x2FA20),
)


def _folds() -> dict[str, str]:
    folds = {chr(code): unicodedata.normalize("NFKC", chr(code)) for first, end in _BLOCKS for code in range(first, end)}
    folds |= dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True)) | {"−": "-"}
    return {character: folded for character, folded in folds.items() if folded != character and len(folded) == 1}


_ONE_TO_ONE = _folds()
_FOLDED = frozenset(_ONE_TO_ONE)
_WIDTHLESS = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
# ⑴ ⒈ ㈠ and their series: "(1)", "1.", "(一)".
_NUMBERINGS = frozenset(chr(code) for first, end in ((0x2474, 0x249C), (0x3220, 0x322A)) for code in range(first, end))
_LONGER = re.compile(f"[{''.join(sorted(_WIDTHLESS))}]+|(?<![0-9.])[{''.join(sorted(_NUMBERINGS))}](?![0-9])")


class Folding(NamedTuple):
    """How a document with certain characters is folded: those that become one other, and whether some become none or several."""

    pairs: tuple[tuple[str, str], ...]
    has_longer: bool

    def one_to_one(self, clean: str) -> str:
        """Fold what becomes one other character: the length stays."""
        for character, folded in self.pairs:
            clean = clean.replace(character, folded)  # a report holds few of them: faster than a table of all
        return clean

    def fold(self, text: Text) -> Outcome:
        """Fold a text."""
        if text.clean.isascii():
            return text, ()
        text = same_length(text, self.one_to_one(text.clean))
        edits = [Edit(*found.span(), _longer(found[0])) for found in _LONGER.finditer(text.clean)] if self.has_longer else []
        return rewrite(text, edits) if edits else text, ()


def folding(characters: Set[str]) -> Folding | None:
    """Return how a document with these characters is folded; None if there is nothing to fold."""
    pairs = tuple((character, _ONE_TO_ONE[character]) for character in sorted(_FOLDED.intersection(characters)))
    has_longer = not characters.isdisjoint(_WIDTHLESS) or not characters.isdisjoint(_NUMBERINGS)
    return Folding(pairs, has_longer) if pairs or has_longer else None


def _longer(found: str) -> str:
    return "" if found[0] in _WIDTHLESS else unicodedata.normalize("NFKC", found)
