"""Whose requests a report counts: the organ's own, a whole jurisdiction's or a vertical system's, as its own words say."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from extract.identity.flow import Flow
from extract.model import Agency, Evidence

# Who may speak for a jurisdiction. A department that writes 全市 speaks of its trade, not of all organs of the city.
SPEAKS_FOR_ALL = ("government", "government_office", "management_committee")


@cache
def words() -> dict[str, Any]:
    """Return scope.yml."""
    return yaml.load((Path(__file__).parent / "scope.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def scope_of(flow: Flow, agency: Agency | None, called: tuple[str, ...], title: str | None) -> Evidence | None:
    """Return the scope that the text states, with the sentence; None where it states none. `called` is how the text names the organ."""
    # The title names the organ without saying whose requests it counts, except by 本级.
    text = flow.text.replace(title, "。" * len(title)) if title and "本级" not in title else flow.text
    order = ["vertical_system", "own_organ"]
    if agency is None or agency.agency_type in SPEAKS_FOR_ALL:
        order = ["jurisdiction_total", "own_organ"]
    organ = "|".join(re.escape(name) for name in called if name) or r"(?!)"
    for scope in order:
        for pattern in words()[scope]:
            match = re.search(pattern.replace("{asked}", words()["asked"]).replace("{organ}", f"(?:{organ})"), text)
            if match:
                sentence = re.match(r"[^。;]*", text[match.start() :])
                return Evidence("scope", scope, "sentence", flow.line_at(match.start()), sentence[0][:120] if sentence else match[0])
    return None
