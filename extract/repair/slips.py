"""Byte slips: what is left when a pinyin tagger cut GBK bytes between two characters.

The tagger looked for the two bytes of a character anywhere, also across the border of two others, and wrote its reading
behind them. In `變為一次申辦` the last byte of 變 and the first of 為 are 優, so it wrote (yōu) after the first byte of 為:
that byte and the bracket became one unreadable `?`, and everything behind it was read one byte out of step:
`變?yōu)橐淮紊贽k`. The tag is the key: the lost byte is the one that makes 優, a character read yōu, of the last byte of 變.
"""

from __future__ import annotations

import re
from functools import cache

from extract.model import Text
from extract.repair.edits import Act, Edit, Outcome, rewrite
from extract.repair.readings import SYLLABLE, is_reading
from extract.repair.script import is_traditional, shadow

_SLIP = re.compile(rf"\?(?<=[\u3400-\u9fff)].)({SYLLABLE})\)")
# The character before a slip may be tagged itself: 尚未審(shěn)?jìng)Y is 尚未審結.
_BEFORE = re.compile(rf"([\u3400-\u9fff])(?:\({SYLLABLE}\)){{0,3}}\Z")
_FURTHEST_BEFORE = 31
_MARK = re.compile(rf"\?({SYLLABLE})\)")
_TONED = re.compile("[^a-zü]")
# Stands in the clean text for what cannot be restored.
_LOST = "\ufffd"
_MEANT = re.compile(r"[\u4e00-\u9fff、。“”‘’《》〈〉〔〕【】…—·，：；（）！？]")
# The longest run out of step that we believe in: it ends at the first character whose second byte is an ASCII letter,
# on average one in five of a traditional text.
_LONGEST = 80


def may_hold_slip(text: str) -> bool:
    """A quick look."""
    return _SLIP.search(text) is not None


def undo_slips(text: Text) -> Outcome:
    """Undo every slip that has exactly one solution; the question mark of any other becomes the sign for lost text."""
    edits: list[Edit] = []
    acts: list[Act] = []
    position = 0
    while slip := _SLIP.search(text.clean, position):
        candidates = _candidates(text.clean, slip)
        solutions = [edit for lost in candidates if (edit := _step_back(text.clean, slip, lost))]
        if len(solutions) > 1:
            # Homophones beside each other in the code: they differ in the first character only, and only one is in use.
            solutions = [edit for edit in solutions if _is_common(edit.new[0])]
        edit = solutions[0] if len(solutions) == 1 else Edit(slip.start(), slip.start() + 1, _LOST)
        position = max(slip.end(), edit.end)
        if len(solutions) == 1:
            acts.append(Act("byte_slip", 1, text.clean[edit.start : edit.end], edit.new))
        elif candidates or _TONED.search(slip[1]):
            acts.append(Act("byte_slip_left", 1, slip[0]))
        else:
            continue  # a question mark and a word in a bracket
        edits.append(edit)
    return (rewrite(text, edits), acts) if edits else (text, ())


def _candidates(clean: str, slip: re.Match[str]) -> tuple[int, ...]:
    """The bytes that may have been lost."""
    before = _BEFORE.search(clean, max(0, slip.start() - _FURTHEST_BEFORE), slip.start())
    encoded = _bytes(before[1]) if before else None
    return _second_bytes(encoded[1], slip[1]) if encoded and len(encoded) == 2 else ()


def _is_common(character: str) -> bool:
    """Tell whether the character, in simplified script, is of the first level of GB 2312: the 3755 in common use."""
    encoded = shadow(character).encode("gb2312", "ignore")
    return len(encoded) == 2 and 0xB0 <= encoded[0] <= 0xD7


def _step_back(clean: str, slip: re.Match[str], lost: int) -> Edit | None:
    """Read on from `lost` until characters and bytes are in step again."""
    meant: list[str] = []
    sources: list[int] = []
    pending, came_from = lost, slip.start()
    position = slip.end()
    while position < min(len(clean), slip.end() + _LONGEST):
        mark = _MARK.match(clean, position)
        if mark is not None:
            # The pair was a real character this time: its second byte was lost with the bracket, and the step is found.
            seconds = _second_bytes(pending, mark[1])
            if len(seconds) != 1:
                return None
            return _edit(slip, mark.end(), [*meant, _character(pending, seconds[0])], [*sources, came_from])
        encoded = _bytes(clean[position])
        if encoded is None:
            return None
        character = _character(pending, encoded[0])
        if character is None or not _MEANT.match(character):
            return None
        meant.append(character)
        sources.append(came_from)
        if len(encoded) == 1:
            return _edit(slip, position + 1, meant, sources)
        pending, came_from = encoded[1], position
        position += 1
    return None


def _edit(slip: re.Match[str], end: int, meant: list[str | None], sources: list[int]) -> Edit:
    return Edit(slip.start(), end, "".join(character or "" for character in meant), tuple(sources))


@cache
def _second_bytes(first: int, syllable: str) -> tuple[int, ...]:
    """The bytes that make, behind `first`, a traditional character of this reading: the tagger marks no others."""
    found = []
    for second in range(0x40, 0xFF):
        character = _character(first, second)
        if character and is_traditional(character) and is_reading(syllable, character):
            found.append(second)
    return tuple(found)


def _character(first: int, second: int) -> str | None:
    try:
        decoded = bytes((first, second)).decode("gbk")
    except UnicodeDecodeError:
        return None
    return decoded if len(decoded) == 1 else None


def _bytes(character: str) -> bytes | None:
    try:
        return character.encode("gbk")
    except UnicodeEncodeError:
        return None
