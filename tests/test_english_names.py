"""English names of bodies: of known parts, or none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from extract.identity.organs import words
from extract.model import Agency
from publish.english_names import _terms, english_name


@pytest.mark.parametrize(
    ("name", "region", "kind", "level", "english"),
    [
        ("广州市南沙区人民政府", "440115", "government", "county", "People's Government of Nansha District, Guangzhou"),
        ("南沙区人民政府", "440115", "government", "county", "People's Government of Nansha District, Guangzhou"),
        ("深圳市住房和建设局", "440300", "department", "prefectural", "Housing and Construction Bureau of Shenzhen City"),
        ("广东省深圳市住房和建设局", "440300", "department", "prefectural", "Housing and Construction Bureau of Shenzhen City"),
        ("上海市浦东新区人民政府", "310115", "government", "county", "People's Government of Pudong New Area, Shanghai"),
        ("北京市人民政府", "110000", "government", "provincial", "People's Government of Beijing Municipality"),
        ("内蒙古自治区教育厅", "150000", "department", "provincial", "Department of Education of Inner Mongolia Autonomous Region"),
        ("哈尔滨市财政局", "230100", "department", "prefectural", "Finance Bureau of Harbin City"),
        ("拉萨市人民政府", "540100", "government", "prefectural", "People's Government of Lhasa City"),
        ("外交部", "000000", "department", "national", "Ministry of Foreign Affairs"),
        ("广州市南沙区黄阁镇人民政府", "440115", "township_government", "township", None),
        ("西湖街道办事处", "330106", "subdistrict_office", "township", None),
        ("深圳市前海管理局", "440300", "authorized_organization", "prefectural", None),
        ("佛山市南海区教育局", "440115", "department", "county", None),
        ("国务院某办公室", "000000", "department", "national", None),
    ],
)
def test_a_name_is_put_together_of_known_parts_or_there_is_none(name: str, region: str, kind: str, level: str, english: str | None) -> None:
    assert english_name(Agency(region, name, region, kind, level)) == english


def test_every_national_organ_that_we_name_is_one_that_we_know() -> None:
    assert _terms()["national"].keys() <= words()["national"].keys()


def test_no_two_organs_share_a_term() -> None:
    for terms in (_terms()["national"], _terms()["local"]):
        assert len(set(terms.values())) == len(terms)
        assert not any(re.search(r"[^A-Za-z ,'-]", term) for term in terms.values())


def test_the_english_pages_search_and_machines_know_the_name(built: Path) -> None:
    name = "People's Government of Nansha District, Guangzhou"
    assert f"[{name}]" in (built / "en/agencies/index.md").read_text("utf-8")
    page = (built / "agencies/440115/index.html").read_text("utf-8")
    described = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])  # type: ignore[index]
    assert described["alternateName"] == name and "our translation" in page
    texts = [json.loads(path.read_text("utf-8")) for path in sorted((built / "search/index/names").glob("0-text-*.json"))]
    assert any(name in document[0].split("\0") for documents in texts for document in documents)
