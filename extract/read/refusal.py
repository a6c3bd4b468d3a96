"""The sentences that say why a file cannot be read, from `refusals.yml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from extract.model import UnreadableFile


@cache
def _sentences() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("refusals.yml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


def refusal(key: str, **values: object) -> UnreadableFile:
    """Return the error `key` with its Chinese and its English sentence, to be raised."""
    sentence = _sentences()[key]
    return UnreadableFile(f"{sentence['zh']} / {sentence['en']}".format(**values))
