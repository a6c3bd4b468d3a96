"""From the pieces of a web page to its lines, and which of them are nothing but links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

# The edge of a block or a line break among the pieces. No text of a page holds it: the parser replaces it.
BREAK = "\0"
# Where a link to another page begins and ends. No text holds them: they are halves of characters.
LINK, END_OF_LINK = "\ud800", "\udc00"
_LINKED = re.compile(f"{LINK}[^{END_OF_LINK}]*{END_OF_LINK}?")
_MARKS = re.compile(f"[{LINK}{END_OF_LINK}]+")
_CJK = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_SPACES = re.compile(r"\s+")
# What may stand beside the links of a menu or a list: bars, bullets, the day of a page.
_NO_WORD = re.compile(r"[\s\d|/\\>»·•■◆▪:：.\-\[\]()（）年月日]*")


def lines_of(pieces: Sequence[str]) -> str:
    """Join the pieces between two breaks to a line. Line breaks of the page's source are no blanks between Chinese characters."""
    text = "".join(pieces).strip(BREAK)
    if text.isalnum():
        return text
    lines = filter(None, map(str.strip, text.split(BREAK)))
    return _SPACES.sub(_one_space, BREAK.join(lines)).replace(BREAK, "\n")


def lines_and_links(pieces: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield the lines between two breaks, each with the number of links that it consists of: 0 where a word stands beside them."""
    text = "".join(pieces)
    if LINK not in text:
        yield lines_of((unmarked(pieces),)), 0  # an anchor ends as a link does
        return
    is_open = False
    for stretch in filter(None, map(str.strip, text.split(BREAK))):
        if is_open:
            stretch = LINK + stretch
        elif stretch[0] == LINK and stretch[-1] == END_OF_LINK and stretch[1:-1].isalnum():
            yield stretch[1:-1], 1  # most entries of menus
            continue
        if line := lines_of((_MARKS.sub("", stretch),)):
            rest, links = _LINKED.subn("", stretch)
            yield line, links if _NO_WORD.fullmatch(rest) else 0
        is_open = stretch.rfind(LINK) > stretch.rfind(END_OF_LINK)


def _one_space(gap: re.Match[str]) -> str:
    before, after = gap.string[gap.start() - 1], gap.string[gap.end()]
    breaks = "\n" in gap[0] or "\r" in gap[0]
    return "" if breaks and (_CJK.match(before) or _CJK.match(after)) else " "


def unmarked(pieces: Sequence[str]) -> str:
    """Join pieces without the marks of links."""
    text = "".join(pieces)
    return _MARKS.sub("", text) if LINK in text or END_OF_LINK in text else text
