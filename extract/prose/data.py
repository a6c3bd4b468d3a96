"""The rules of this room as data: the YAML files beside this module, loaded once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@cache
def load(name: str) -> Any:
    """Return the content of the data file `name`.yml."""
    return yaml.load((FOLDER / f"{name}.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def either(patterns: list[str]) -> str:
    """Return one regular expression that matches what any of the patterns matches, the first listed preferred."""
    return "(?:" + "|".join(patterns) + ")"
