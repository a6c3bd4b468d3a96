"""Every division of the gazetteer is found under its own name: as a government, as a place alone, and before a department."""

from __future__ import annotations

import pytest

from extract.identity.gazetteer import load_regions, load_zones
from extract.identity.titles import read_title

# Where the Regulation on Open Government Information is not law.
NOT_UNDER_IT = ("71", "81", "82")
SHAPES = (
    "{name}人民政府2023年政府信息公开工作年度报告",
    "{name}财政局2023年政府信息公开工作年度报告",
    "2023年{name}政府信息公开工作年度报告",
)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_title_with_a_division_names_it_and_no_other(shape: str) -> None:
    wrong = []
    for region in load_regions():
        # What was a zone first goes by its zone's record until it is a division.
        zone = any(name in region.full_name for name in load_zones())
        if region.level == "national" or region.valid_to or (region.valid_from or "") > "2023" or zone or region.code[:2] in NOT_UNDER_IT:
            continue
        title = read_title(shape.format(name=region.full_name), 1)
        meant = [each.region_id for each in title.organ.meant] if title and title.organ else None
        if meant != [region.region_id]:
            wrong.append((region.full_name, meant))
    assert not wrong
