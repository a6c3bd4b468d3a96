"""Damage to text: traditional copies with pinyin tags and byte slips, Taiwan vocabulary, spam, page furniture."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from random import Random

from opencc import OpenCC
from pypinyin import Style, pinyin

from bench.bodies import words
from bench.model import Draft, Paragraph, Sheet

_HANZI_RUN = re.compile(r"[\u4e00-\u9fff]{6,}")
# Of the characters that differ from their simplified form a tagger knows only some: those whose code leaves this rest.
_TAGGED_OF, _TAGGED_REST = 4, 1


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


@cache
def _traditional_character(character: str) -> bool:
    return OpenCC("t2s").convert(character) != character


def _map_text(draft: Draft, change: Callable[[str], str]) -> None:
    for block in draft.blocks:
        if isinstance(block, Sheet):
            for cell in block.cells():
                cell.text = change(cell.text)
        else:
            block.text = change(block.text)


def traditional(draft: Draft, rng: Random) -> bool:
    """A copy in traditional characters."""
    _map_text(draft, _to_traditional().convert)
    return True


def taiwan(draft: Draft, rng: Random) -> bool:
    """A traditional copy with the vocabulary of Taiwan."""

    def change(text: str) -> str:
        text = _to_traditional().convert(text)
        for mainland, island in words("damage.yml")["taiwan"].items():
            text = text.replace(mainland, island)
        return text

    _map_text(draft, change)
    return True


def _tagged(text: str) -> str:
    out = []
    for character in text:
        out.append(character)
        if "\u4e00" <= character <= "\u9fff" and ord(character) % _TAGGED_OF == _TAGGED_REST and _traditional_character(character):
            out.append(f"({pinyin(character, style=Style.TONE)[0][0]})")
    return "".join(out)


def pinyin_tags(draft: Draft, rng: Random) -> bool:
    """A traditional copy in which some characters carry their reading in brackets."""
    _map_text(draft, lambda text: _tagged(_to_traditional().convert(text)))
    return True


def _slipped(text: str, rng: Random) -> str | None:
    """One slip of a tagger that works on GBK bytes and takes the second byte of a character and the next one's first for one."""
    runs = [match for match in _HANZI_RUN.finditer(text)]
    rng.shuffle(runs)
    for run in runs:
        data = text[: run.end()].encode("gbk", "replace")
        head = len(text[: run.start()].encode("gbk", "replace"))
        for place in range(head, len(data) - 6, 2):
            pair = data[place + 1 : place + 3]
            try:
                reading = pinyin(pair.decode("gbk"), style=Style.TONE)[0][0]
                rest = data[place + 3 :].decode("gbk")
            except UnicodeDecodeError:
                continue
            if reading.isalpha() and not re.search("[\u4e00-\u9fff]", reading):
                return f"{data[: place + 2].decode('gbk')}?{reading}){rest}{text[run.end() :]}"
    return None


def byte_slip(draft: Draft, rng: Random) -> bool:
    """A traditional copy with pinyin in which the tagger slipped by a byte in one or two sentences without figures."""
    _map_text(draft, _to_traditional().convert)
    bodies = [block for block in draft.blocks if isinstance(block, Paragraph) and block.kind == "body" and not re.search(r"\d", block.text)]
    struck = 0
    for paragraph in rng.sample(bodies, min(2, len(bodies))):
        slipped = _slipped(paragraph.text, rng)
        if slipped:
            paragraph.text, struck = slipped, struck + 1
    for block in draft.blocks:
        if isinstance(block, Sheet):
            for cell in block.cells():
                cell.text = _tagged(cell.text)
        elif "?" not in block.text:
            block.text = _tagged(block.text)
    return struck > 0


def spam_lines(draft: Draft, rng: Random) -> bool:
    """Lines of gambling advertising above or below the report."""
    for line in rng.sample(words("damage.yml")["spam_lines"], 2):
        draft.blocks.insert(rng.choice((0, len(draft.blocks))), Paragraph(line, "furniture"))
    return True


def spam_inline(draft: Draft, rng: Random) -> bool:
    """A gambling phrase inside a sentence."""
    bodies = [block for block in draft.blocks if isinstance(block, Paragraph) and block.kind == "body" and "，" in block.text]
    for paragraph in rng.sample(bodies, min(2, len(bodies))):
        commas = [match.end() for match in re.finditer("，", paragraph.text)]
        place = rng.choice(commas)
        paragraph.text = paragraph.text[:place] + rng.choice(words("damage.yml")["spam_phrases"]) + paragraph.text[place:]
    return bool(bodies)


def page_furniture(draft: Draft, rng: Random) -> bool:
    """Buttons, counters and links of the page around the report."""
    for line in rng.sample(words("damage.yml")["furniture"], 4):
        draft.blocks.insert(rng.choice((0, len(draft.blocks))), Paragraph(line, "furniture"))
    return True


TEXT_ACTS = {act.__name__: act for act in (spam_inline, traditional, taiwan, pinyin_tags, byte_slip, spam_lines, page_furniture)}
