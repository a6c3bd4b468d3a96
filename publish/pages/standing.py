"""What a picture or a list rests on: how many of its figures do not add up, are inferred or split, missing or blank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from publish.pages.data import Row
from publish.pages.numbers import number
from publish.pages.words import LANGUAGES, Words


def standing(cells: Iterable[Row]) -> Mapping[str, str]:
    """Count the cells of a report that a picture rests on, each once, as the words tell it."""
    once = {(cell["indicator"], cell["measure"]): cell for cell in cells}.values()
    return {
        "figures": number(len(once)),
        "inconsistent": number(sum(cell["check_status"] == "inconsistent" for cell in once)),
        "inferred": number(sum(cell["state"] == "inferred" or cell["reading"] == "split" for cell in once)),
        "missing": number(sum(cell["state"] == "missing" for cell in once)),
        "blank": number(sum(cell["value"] is None and cell["state"] != "missing" for cell in once)),
    }


def standing_row(kind: str, cells: Iterable[Row], words: Words) -> list[str]:
    """Return the row of a drawn block that tells what it rests on, in both languages."""
    counted = standing(cells)
    return [kind, *(words.say("chart.standing", language, **counted) for language in LANGUAGES)]
