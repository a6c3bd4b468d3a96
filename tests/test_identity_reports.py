"""The reports that we hold, read and repaired: who, when, which year, and why, as a person reads them."""

from pathlib import Path

import pytest

from extract.identity import identify
from extract.model import CatalogueEntry
from extract.read import read_file
from extract.repair import repair

REPORTS = Path(__file__).parents[1] / "reports"


def identified(name: str):
    return identify(repair(read_file(REPORTS / name)), CatalogueEntry(name))


@pytest.mark.parametrize(
    ("file", "agency", "region", "kind", "year", "published", "document_type"),
    [
        ("000_785346d3fbf60bbf.txt", "深圳市龙华区人民政府", "440309", "government", 2020, None, "annual_report"),
        ("001_4e8b61ef566fcfa4.txt", "深圳市人民政府办公厅", "440300", "government_office", 2018, None, "news"),
        ("002_6fd43bb944f829ae.txt", "广州市南沙区人民政府", "440115", "government", 2020, "2021-02-10", "annual_report"),
        ("003_5485236d7c6fb8e1.txt", "深圳市住房和建设局", "440300", "department", 2020, None, "annual_report"),
        ("004_b43ed0d0557a88e2.txt", "杭州市江干区人民政府", "330104", "government", 2020, None, "annual_report"),
    ],
)
def test_who_when_and_what(file, agency, region, kind, year, published, document_type):
    found = identified(file)
    assert (found.agency.name, found.agency.region_id, found.agency.agency_type) == (agency, region, kind)
    assert (found.year, found.published_on, found.document_type) == (year, published, document_type)
    assert not found.problems


def test_ids_as_in_the_contract():
    assert identified("002_6fd43bb944f829ae.txt").agency.agency_id == "440115"
    assert identified("003_5485236d7c6fb8e1.txt").agency.agency_id == "440300-zhu-fang-he-jian-she-ju"


def test_a_report_without_title_is_known_by_its_portal_and_its_own_words():
    found = identified("004_b43ed0d0557a88e2.txt")
    assert found.title is None
    assert [(e.kind, e.line) for e in found.evidence if e.field == "agency"] == [("body_portal", 1)]
    assert (found.scope, found.scope_line) == ("jurisdiction_total", 9)


def test_the_contact_organ_of_a_report_is_not_its_own():
    assert "政务服务数据管理局" not in identified("000_785346d3fbf60bbf.txt").agency.name
