"""The prose of a report, with the counted figures that it states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

from bench.bodies import words
from bench.model import Key
from extract.model import Value

_SLOT = re.compile(r"\{(?P<name>=?[a-z_.]+)(?:\[(?P<low>\d+)-(?P<high>\d+)\])?(?:\|(?P<unit>[^}]*))?\}")

Counted = tuple[Value, str | None]


def fill(template: str, rng: Random, facts: Mapping[str, str], table: Mapping[Key, Value]) -> tuple[str, list[Counted]] | None:
    """A template with its slots filled and the figures it counts; None where it speaks of a cell that the tables lack."""
    counted: list[Counted] = []
    missing = False

    def slot(match: re.Match[str]) -> str:
        nonlocal missing
        name, unit = match["name"], match["unit"]
        if unit is None:
            return facts[name]
        if name.startswith("="):
            indicator, measure = name[1:].split(".")
            value = table.get((indicator, measure))
            missing = missing or value is None
        else:
            value = rng.randint(int(match["low"]), int(match["high"]))
        if value is not None:
            counted.append((value, unit or None))
        return f"{value}{unit}"

    text = _SLOT.sub(slot, template)
    return None if missing else (text, counted)


def section(role: str, rng: Random, facts: Mapping[str, str], table: Mapping[Key, Value], most: int) -> tuple[list[str], list[Counted]]:
    """Up to `most` paragraphs of a section, in their order."""
    templates = words("prose.yml")[role]
    wanted = sorted(rng.sample(range(len(templates)), min(most, len(templates))))
    filled = [fill(templates[place], rng, facts, table) for place in wanted]
    kept = [each for each in filled if each]
    return [text for text, _ in kept], [figure for _, figures in kept for figure in figures]
