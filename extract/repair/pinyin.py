"""Pinyin that a copying site wrote behind traditional characters: 區(qū)政府."""

from __future__ import annotations

import re

from extract.model import Text
from extract.repair.edits import Act, Edit, Outcome, rewrite
from extract.repair.readings import SYLLABLE, is_reading

# The look-behind stands behind the bracket, so that the search leaps from bracket to bracket.
_TAGS = re.compile(rf"[(（](?<=[\u3400-\u9fff\U00020000-\U0003ffff].){SYLLABLE}[)）](?:[(（]{SYLLABLE}[)）])*")
_TAG = re.compile(rf"[(（]({SYLLABLE})[)）]")


def may_hold_pinyin(text: str) -> bool:
    """A quick look: is there a syllable in brackets behind a character?"""
    return _TAGS.search(text) is not None


def remove_pinyin(text: Text) -> Outcome:
    """Remove each bracket that holds a reading of the character before it, also repeated ones."""
    edits: list[Edit] = []
    example = None
    for run in _TAGS.finditer(text.clean):
        character = text.clean[run.start() - 1]
        for tag in _TAG.finditer(text.clean, run.start(), run.end()):
            if not is_reading(tag[1], character):
                break  # what follows does not stand behind the character either
            edits.append(Edit(tag.start(), tag.end(), ""))
            example = example or (character + tag[0], character)
    if not edits:
        return text, ()
    return rewrite(text, edits), [Act("pinyin", len(edits), *example)]
