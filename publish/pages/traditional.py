"""Simplified to traditional characters, for the words of the interface and the prose of templates, never for a report's words or a name.

Names keep their script: conversion by rule gets some wrong (江干区 would become 江乾區).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import yaml
from opencc import OpenCC

EXCEPTIONS = Path(__file__).resolve().parents[2] / "site" / "traditional.yml"
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff]+")
# What stays as it is in a template: code, a block of SQL (the database holds simplified characters), a mark.
_KEPT = re.compile(r"```sql\n(?:.|\n)*?\n```|`[^`\n]+`| ?(?<!\\)\*(?:\\.|[^*\\\n])+\*")


@cache
def _converter() -> tuple[OpenCC, Mapping[str, str], re.Pattern[str]]:
    """OpenCC with the standard characters of Taiwan (為, 裡) but not its words, the exceptions, and what finds them."""
    exceptions = yaml.load(EXCEPTIONS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return OpenCC("s2tw"), exceptions, re.compile(f"({'|'.join(exceptions)})")


@lru_cache(maxsize=1 << 14)
def _convert_run(run: str) -> str:
    opencc, exceptions, found = _converter()
    return "".join(exceptions.get(part) or opencc.convert(part) for part in found.split(run) if part)


def to_traditional(text: str) -> str:
    """Convert simplified to traditional characters, as OpenCC does it between two characters that are not Chinese."""
    return _IDEOGRAPHS.sub(lambda run: _convert_run(run[0]), text)


def convert_template(source: str) -> str:
    """Convert the prose of a template; its English glosses are left out."""
    parts = []
    position = 0
    for kept in _KEPT.finditer(source):
        parts.append(to_traditional(source[position : kept.start()]))
        if kept[0].startswith("`") or _IDEOGRAPHS.search(kept[0]):
            parts.append(kept[0])
        position = kept.end()
    return "".join(parts) + to_traditional(source[position:])
