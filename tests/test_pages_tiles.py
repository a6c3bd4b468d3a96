"""The tile grid: every government that reports for a province has one tile, with the number of years held and a way to them."""

from __future__ import annotations

import re
from pathlib import Path

from factories import make_report

from extract.identity.gazetteer import load_regions
from extract.model import Agency, CatalogueEntry
from extract.pipeline import extract_file
from publish.database import build_database, report_ids
from publish.pages import build_site
from publish.pages.tiles import load_tiles

# They publish no report under the Regulation.
NOT_UNDER_THE_REGULATION = {"710000", "810000", "820000"}
CORPS = "650000-xin-jiang-sheng-chan-jian-she-bing-tuan"
GUANGDONG = Agency("440000", "广东省人民政府", "440000", "government", "provincial")


def test_each_provincial_government_and_the_corps_has_a_place_of_its_own() -> None:
    provincial = {region.region_id for region in load_regions() if region.level == "provincial" and not region.valid_to}
    assert {tile.agency_id for tile in load_tiles()} == provincial - NOT_UNDER_THE_REGULATION | {CORPS}
    assert len({(tile.column, tile.row) for tile in load_tiles()}) == len(load_tiles())
    assert len({tile.code for tile in load_tiles()}) == len(load_tiles())


def test_a_report_of_the_corps_is_filed_where_its_tile_looks(tmp_path: Path) -> None:
    path = tmp_path / "corps.txt"
    path.write_text("新疆生产建设兵团2023年政府信息公开工作年度报告\n\n一、总体情况\n\n兵团认真贯彻落实条例。\n", "utf-8")
    identity = extract_file(path, CatalogueEntry(path.name)).identity
    assert identity and identity.agency and identity.agency.agency_id == CORPS


def test_a_tile_counts_the_years_held_and_leads_to_the_body(tmp_path: Path) -> None:
    held = [make_report(agency=GUANGDONG, year=year) for year in (2021, 2022)]
    build_database(held, tmp_path / "test.db")
    build_site(tmp_path / "test.db", {key: each.public_lines for key, each in report_ids(held)}, tmp_path, datasette=None)
    for page, label in (("regions/index.html", "广东"), ("en/regions/index.html", "Guangdong")):
        html = (tmp_path / page).read_text("utf-8")
        (address,) = re.findall(f'<a href="([^"]+)" aria-label="{label} 2">', html)
        assert (tmp_path / page).parent.joinpath(address, "index.html").resolve() == tmp_path / "agencies/440000/index.html"
        grid = html[html.index('class="chart tiles"') : html.index("</figure>")]
        assert grid.count("<a ") == 1, "bodies without a page have no link"
