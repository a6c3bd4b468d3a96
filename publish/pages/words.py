"""The words of the interface, from site/strings.yml. A missing word, or one without both languages, fails the build.

A page is written in one language: `zh`, simplified Chinese with English glosses; `en`, English alone; `zh-hant`, our words
alone, in traditional characters. Names and what a report or form prints keep their script there and are marked where they differ
from the page. A mark is an emphasis: on a page in `zh` it holds English, on the others simplified Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from publish.pages.escape import Markdown, escape
from publish.pages.traditional import to_traditional

SITE = Path(__file__).resolve().parents[2] / "site"
LANGUAGES = ("zh", "en")
# An English text that reads badly where it stands alone, without the Chinese before it, has another one here.
_ALONE = "english"

_CHINESE = re.compile(r"[\u3400-\u9fff][\u3001-\u303f\u3400-\u9fff\uff00-\uffef]*")
_QUOTED = re.compile(r"(?<=[“‘])([^“”‘’]+)(?=[”’])")


def is_chinese(text: str) -> bool:
    """Tell whether a text has a Chinese character."""
    return _CHINESE.search(text) is not None


@dataclass(frozen=True, slots=True)
class Words:
    """Interface words. A key is written `group.name`; placeholders are filled as by `str.format`."""

    entries: Mapping[str, Mapping[str, str]]
    language: str = "zh"

    def say(self, key: str, language: str | None = None, **values: object) -> str:
        """Return the word in one language (the page's where none is named), placeholders filled, not escaped."""
        entry = self.entries[key]
        text = entry[language] if language else self.choose(entry["zh"], entry.get(_ALONE, entry["en"]))
        return text.format(**values) if values else text

    def second(self, key: str) -> str:
        """Return the English word where the page has English beside Chinese, else nothing; not escaped."""
        return self.entries[key]["en"] if self.language == "zh" else ""

    def zh(self, key: str, **values: object) -> Markdown:
        """Return the word in the first language of the page, its values escaped."""
        return self._marked(Markdown(self.say(key, **_escaped(values))))

    def en(self, key: str, **values: object) -> Markdown:
        """Return the English word as a gloss, where the page has English beside Chinese."""
        return self.gloss(Markdown(self.say(key, "en", **_escaped(values)))) if self.language == "zh" else Markdown("")

    def both(self, key: str, **values: object) -> Markdown:
        """Return the word with the English gloss behind it, where the page has one."""
        return _joined(self.zh(key, **values), self.en(key, **values))

    def gloss(self, text: object) -> Markdown:
        """Return English text as a gloss, where the page has English beside Chinese."""
        return gloss(text) if self.language == "zh" else Markdown("")

    def choose(self, chinese: str, english: str) -> str:
        """Return that one of two texts of the same meaning that is in the page's first language, not escaped."""
        if self.language == "en":
            return english
        return to_traditional(chinese) if self.language == "zh-hant" else chinese

    def pair(self, chinese: object, english: object) -> Markdown:
        """Return a text of ours that stands in both languages in the database, as `both` does with a word."""
        return _joined(self._marked(escape(self.choose(str(chinese), str(english)))), self.gloss(english))

    def quoting(self, chinese: str, english: str) -> Markdown:
        """Return a text of ours as `pair` does; what it quotes of a report keeps its script."""
        if self.language != "zh-hant":
            return self.pair(chinese, english)
        parts = _QUOTED.split(escape(chinese))
        # Every second part is what stood between quotation marks.
        told = (self.printed(Markdown(part)) if place % 2 else to_traditional(part) for place, part in enumerate(parts))
        return Markdown("".join(told))

    def printed(self, text: object) -> Markdown:
        """Return a name, or words of a report or a form: they keep their language and script on every page."""
        escaped = escape(text)
        foreign = is_chinese(escaped) if self.language == "en" else self.language == "zh-hant" and to_traditional(escaped) != escaped
        return gloss(escaped) if foreign else escaped

    def label(self, row: Mapping[str, Any], key: str = "name") -> str:
        """Return the name of a body or division, not escaped: on an English page the English one, where there is one."""
        return str((row["name_en"] if self.language == "en" else None) or row[key])

    def name(self, row: Mapping[str, Any], key: str = "name") -> Markdown:
        """Return the name of a body or division, marked where it is not in the language or script of the page."""
        return self.printed(self.label(row, key))

    def named(self, row: Mapping[str, Any], key: str = "name") -> Markdown:
        """Return the name of a body or division in both languages, where there are two; on a traditional page in one."""
        second = self.printed(row[key]) if self.language == "en" and row["name_en"] else self.gloss(row["name_en"] or "")
        return _joined(self.name(row, key), second)

    def _marked(self, text: Markdown) -> Markdown:
        """Mark the Chinese characters in English text, unless the values that stand in it bring marks of their own."""
        if self.language != "en" or "*" in text.replace("\\*", ""):
            return text
        return Markdown(_CHINESE.sub(lambda found: f"*{found[0]}*", text))


def _joined(first: Markdown, second: Markdown) -> Markdown:
    return Markdown(f"{first} {second}") if second else first


def _escaped(values: Mapping[str, object]) -> dict[str, Markdown]:
    return {name: escape(value) for name, value in values.items()}


def gloss(text: object) -> Markdown:
    """Return words of another language than the page's as an emphasis. On a Chinese page a space or a line end must follow."""
    escaped = escape(text)
    return Markdown(f"*{escaped}*") if escaped else escaped


@cache
def load_words(path: Path = SITE / "strings.yml") -> Words:
    """Read the words; raise ValueError where a language is missing."""
    groups = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    entries = {f"{group}.{name}": entry for group, names in groups.items() for name, entry in names.items()}
    for key, entry in entries.items():
        if set(entry or ()) - {_ALONE} != set(LANGUAGES) or not all(entry.values()):
            raise ValueError(f"{path.name}: {key} must have a text in each of {', '.join(LANGUAGES)}, and nothing else")
    return Words(entries)
