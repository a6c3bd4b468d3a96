"""The tile grid 省级政府及兵团年报: for each body that reports for a province, how many years of its reports we hold.

All tiles have one size, whatever the number: it is a list of bodies laid out by where they are, not a map.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from publish.pages.components import fence
from publish.pages.data import Data
from publish.pages.escape import Markdown
from publish.pages.links import relative
from publish.pages.words import Words

_FILE = Path(__file__).with_name("tiles.yml")


@dataclass(frozen=True, slots=True)
class Tile:
    """A body and its place in the grid."""

    agency_id: str
    column: int
    row: int
    zh: str
    en: str
    code: str


@cache
def load_tiles() -> tuple[Tile, ...]:
    """The bodies of the grid; their ids are text, also where YAML reads a number."""
    entries = yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader)
    return tuple(Tile(**{**entry, "agency_id": str(entry["agency_id"])}) for entry in entries)


def tile_grid(data: Data, words: Words, path: str) -> Markdown:
    """Return the grid for the page at `path`: the number of years held of each body, linked where there is a page to go to."""
    held: defaultdict[str, set[int]] = defaultdict(set)
    for report in data.reports:
        if report["document_type"] == "annual_report":
            held[report["agency_id"]].add(report["year"])
    rows = [["", words.say("tiles.title"), words.second("tiles.title"), words.say("tiles.unit"), words.second("tiles.unit")]]
    for tile in load_tiles():
        name = words.choose(tile.zh, tile.en)
        label = tile.code if words.language == "en" else name
        rows.append([_address(tile, data, path), name, label, tile.column, tile.row, len(held[tile.agency_id])])
    return fence("tiles", rows)


def _address(tile: Tile, data: Data, path: str) -> str:
    if tile.agency_id in data.agencies:
        return relative(f"agencies/{tile.agency_id}/", path)
    region = tile.agency_id[:6]
    listed = any(each["region_id"] == region for each in data.listed_regions)
    return relative(f"regions/{region}/", path) if listed else ""
