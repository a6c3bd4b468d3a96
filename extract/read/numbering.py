"""The numbers that Word prints before paragraphs without storing them in the text: 一、 （二） 3."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field

from lxml import etree

from extract.read.ooxml import attribute, child, children, number

_CHINESE = "零一二三四五六七八九"
_CHINESE_FORMATS = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCounting", "taiwaneseCountingThousand")
)
_UNPRINTED_FORMATS = frozenset(("bullet", "none"))
_MAX_STYLE_DEPTH = 20


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str


@dataclass(slots=True)
class Numbering:
    """Counts the numbered paragraphs of a document as they go by."""

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)  # by list and level
    lists: dict[str, str] = field(default_factory=dict)  # the list that a number id stands for
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)  # number id and level of a paragraph style
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def label(self, properties: etree._Element | None) -> str:
        """Return what Word prints before the paragraph with these properties, and count it."""
        number_id, depth = self._place(properties)
        name = self.lists.get(number_id)
        level = self.levels.get((name, depth)) if name else None
        if level is None:
            return ""
        counts = self._counts[name]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        if level.format in _UNPRINTED_FORMATS:
            return ""
        return re.sub(r"%([1-9])", lambda place: self._figure(name, int(place[1]) - 1), level.text)

    def _place(self, properties: etree._Element | None) -> tuple[str, int]:
        numbered = child(properties, "numPr")
        style = self.styles.get(attribute(child(properties, "pStyle"), "val") or "", ("", 0))
        number_id = attribute(child(numbered, "numId"), "val") or style[0]
        return number_id, number(attribute(child(numbered, "ilvl"), "val"), style[1])

    def _figure(self, name: str, depth: int) -> str:
        level = self.levels.get((name, depth))
        if level is None:
            return ""
        return _written(self._counts[name].get(depth, level.start), level.format)


def read_numbering(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """Read the lists of `word/numbering.xml` and the styles that belong to them."""
    found = Numbering()
    for definition in children(numbering, "abstractNum"):
        name = attribute(definition, "abstractNumId") or ""
        for level in children(definition, "lvl"):
            found.levels[name, number(attribute(level, "ilvl"))] = _level(level)
    for instance in children(numbering, "num"):
        number_id = attribute(instance, "numId") or ""
        name = attribute(child(instance, "abstractNumId"), "val") or ""
        overrides = children(instance, "lvlOverride")
        if overrides:
            name = _restarted(found, name, number_id, overrides)
        found.lists[number_id] = name
    found.styles = _numbered_styles(styles)
    return found


def _level(level: etree._Element) -> _Level:
    return _Level(
        number(attribute(child(level, "start"), "val"), 1),
        attribute(child(level, "numFmt"), "val") or "decimal",
        attribute(child(level, "lvlText"), "val") or "",
    )


def _restarted(found: Numbering, name: str, number_id: str, overrides: list[etree._Element]) -> str:
    """Add a list of its own for a number id that begins its counts anew, and return its name."""
    own = f"{name} of {number_id}"
    for (list_name, depth), level in list(found.levels.items()):
        if list_name == name:
            found.levels[own, depth] = level
    for override in overrides:
        depth = number(attribute(override, "ilvl"))
        level = _level(replaced) if (replaced := child(override, "lvl")) is not None else found.levels.get((own, depth))
        if level is not None:
            start = number(attribute(child(override, "startOverride"), "val"), level.start)
            found.levels[own, depth] = _Level(start, level.format, level.text)
    return own


def _numbered_styles(styles: etree._Element | None) -> dict[str, tuple[str, int]]:
    by_id = {attribute(style, "styleId") or "": style for style in children(styles, "style")}
    numbered = {}
    for style_id, style in by_id.items():
        for _ in range(_MAX_STYLE_DEPTH):
            place = child(style, "pPr", "numPr")
            if place is not None:
                number_id = attribute(child(place, "numId"), "val") or ""
                numbered[style_id] = (number_id, number(attribute(child(place, "ilvl"), "val")))
                break
            style = by_id.get(attribute(child(style, "basedOn"), "val") or "")
            if style is None:
                break
    return numbered


def _written(count: int, format_: str) -> str:
    if format_ in _CHINESE_FORMATS:
        return _in_chinese(count)
    if format_ == "decimalEnclosedCircle" and 1 <= count <= 20:
        return chr(0x245F + count)
    if format_ in ("upperLetter", "lowerLetter") and 1 <= count <= 26:
        return chr((64 if format_ == "upperLetter" else 96) + count)
    return str(count)


def _in_chinese(count: int) -> str:
    """Return a count below a hundred in Chinese numerals, a larger one in digits."""
    if not 0 <= count < 100:
        return str(count)
    tens, ones = divmod(count, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _CHINESE[tens] + "十"
    return head + (_CHINESE[ones] if ones or not tens else "")
