"""How long lists are parted: no page lists thousands of rows, however many reports there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from publish.pages.data import Data, Row

# A tree of more documents has no workbooks beside its CSV files, and the sentences to quote figures in on the pages of cards alone.
MOST_REPEATED = 1000
# Beyond this many rows a list is parted, or ends and says how much more there is.
MOST_ROWS = 500


def top_region(region_id: str, data: Data) -> str:
    """Return the province that a division belongs to; the nation itself for national bodies."""
    parent = data.regions[region_id]["parent_id"]
    while parent and data.regions[parent]["level"] != "national":
        region_id, parent = parent, data.regions[parent]["parent_id"]
    return region_id


def by_top_region(rows: Iterable[Row], data: Data) -> Mapping[str, Sequence[Row]]:
    """Group rows that have an agency_id by the province of the body, in the order of the provinces."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(top_region(data.agencies[row["agency_id"]]["region_id"], data), []).append(row)
    return dict(sorted(grouped.items()))
