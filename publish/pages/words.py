"""The words of the interface, from site/strings.yml. A missing word, or one without both languages, fails the build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from publish.pages.escape import Markdown, escape

SITE = Path(__file__).resolve().parents[2] / "site"
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """Interface words. A key is written `group.name`; placeholders are filled as by `str.format`."""

    entries: Mapping[str, Mapping[str, str]]

    def say(self, key: str, language: str = "zh", **values: object) -> str:
        """Return the word in one language, placeholders filled, not escaped."""
        text = self.entries[key][language]
        return text.format(**values) if values else text

    def zh(self, key: str, **values: object) -> Markdown:
        """Return the Chinese word, its values escaped."""
        return Markdown(self.say(key, "zh", **_escaped(values)))

    def en(self, key: str, **values: object) -> Markdown:
        """Return the English word as a gloss."""
        return gloss(Markdown(self.say(key, "en", **_escaped(values))))

    def both(self, key: str, **values: object) -> Markdown:
        """Return the Chinese word with the English gloss behind it."""
        return Markdown(f"{self.zh(key, **values)} {self.en(key, **values)}")


def _escaped(values: Mapping[str, object]) -> dict[str, Markdown]:
    return {name: escape(value) for name, value in values.items()}


def gloss(text: object) -> Markdown:
    """Return English text as an emphasis, which the renderer marks as English. It must be followed by a space or a line end."""
    escaped = escape(text)
    return Markdown(f"*{escaped}*") if escaped else escaped


@cache
def load_words(path: Path = SITE / "strings.yml") -> Words:
    """Read the words; raise ValueError where a language is missing."""
    groups = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    entries = {f"{group}.{name}": entry for group, names in groups.items() for name, entry in names.items()}
    for key, entry in entries.items():
        if set(entry or ()) != set(LANGUAGES) or not all(entry.values()):
            raise ValueError(f"{path.name}: {key} must have a text in each of {', '.join(LANGUAGES)}, and nothing else")
    return Words(entries)
