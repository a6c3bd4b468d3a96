"""The dated gazetteer: its facts, and that its parts fit each other."""

import re
from collections import Counter

import pytest

from extract.identity import load_regions, load_successions, resolve
from extract.identity.fields import uscc_is_valid
from extract.identity.gazetteer import ancestors, load_area_codes, load_zones, region_of_code, regions_by_id, regions_named, short_name
from extract.identity.places import Surroundings, chain_at, find_places

BY_ID = regions_by_id()


def test_size_and_levels():
    levels = Counter(r.level for r in load_regions())
    assert levels["national"] == 1
    assert levels["provincial"] == 34
    assert 330 <= levels["prefectural"] <= 360
    assert 2800 <= levels["county"] <= 3300


def test_ids_are_unique_and_parents_exist():
    ids = [r.region_id for r in load_regions()]
    assert len(ids) == len(set(ids))
    assert all(r.parent_id in BY_ID for r in load_regions() if r.region_id != "000000")
    assert all(re.fullmatch(r"\d{6}(-\d{6})?", i) for i in ids)


def test_the_bearers_of_a_code_do_not_overlap():
    for region in load_regions():
        others = [r for r in load_regions() if r.code == region.code and r is not region]
        for other in others:
            earlier, later = sorted((region, other), key=lambda r: r.valid_from or "")
            assert earlier.valid_to and later.valid_from and earlier.valid_to <= later.valid_from, (earlier, later)


def test_successions_join_divisions_that_exist_and_ended():
    for s in load_successions():
        assert s.predecessor in BY_ID and s.successor in BY_ID and s.predecessor != s.successor
        assert s.kind in ("renamed", "recoded", "converted", "merged", "split")
        assert s.date
        if not s.share_note:
            assert BY_ID[s.predecessor].valid_to, s


def test_every_division_that_ended_has_an_heir():
    followed = {s.predecessor for s in load_successions()}
    assert [r.region_id for r in load_regions() if r.valid_to and r.region_id not in followed] == []


@pytest.mark.parametrize(
    ("region_id", "name", "parent", "valid_from", "valid_to"),
    [
        ("440115", "南沙区", "440100", None, None),
        ("330104", "江干区", "330100", None, "2021-04"),
        ("330103", "下城区", "330100", None, "2021-04"),
        ("330113", "临平区", "330100", "2021-04", None),
        ("440309", "龙华区", "440300", "2016", None),
        ("460106", "龙华区", "460100", None, None),
        ("350128", "平潭县", "350100", None, None),
        ("310119", "南汇区", "310000", None, "2009"),
        ("310103", "卢湾区", "310000", None, "2011-06"),
        ("310108", "闸北区", "310000", None, "2015-11"),
        ("110103", "崇文区", "110000", None, "2010-07"),
        ("371200", "莱芜市", "370000", None, "2019-01"),
        ("419001", "济源市", "410000", "2008", None),
        ("420600-201012", "襄阳市", "420000", "2010", None),
        ("500110-201110", "綦江区", "500000", "2011", None),
        ("330205", "江北区", "330200", None, None),
        ("500105", "江北区", "500000", None, "2025-11"),
    ],
)
def test_known_divisions(region_id, name, parent, valid_from, valid_to):
    region = BY_ID[region_id]
    assert (region.name, region.parent_id, region.valid_from, region.valid_to) == (name, parent, valid_from, valid_to)


@pytest.mark.parametrize(
    ("predecessor", "successors"),
    [
        ("330104", {"330102", "330114"}),
        ("330103", {"330105"}),
        ("330110", {"330113"}),
        ("310119", {"310115"}),
        ("310103", {"310101"}),
        ("310108", {"310106"}),
        ("110103", {"110101"}),
        ("110104", {"110102"}),
        ("371200", {"370100"}),
        ("320829", {"320813"}),
        ("500110", {"500110-201110"}),
    ],
)
def test_known_successions(predecessor, successors):
    assert {s.successor for s in load_successions() if s.predecessor == predecessor} == successors


@pytest.mark.parametrize(
    ("chain", "year", "ids"),
    [
        (("龙华区",), 2020, {"440309", "460106"}),
        (("龙华区",), 2012, {"460106"}),
        (("深圳市", "龙华区"), 2020, {"440309"}),
        (("浙江省", "杭州市", "江干区"), 2020, {"330104"}),
        (("江干区",), 2023, set()),
        (("深圳市", "江干区"), 2020, set()),
        (("深圳",), 2020, {"440300"}),
        (("凉山州",), 2020, {"513400"}),
        (("济宁市", "市中区"), 2010, {"370802"}),
        (("襄樊市",), 2009, {"420600"}),
        (("襄阳市",), 2012, {"420600-201012"}),
    ],
)
def test_names_by_year(chain, year, ids):
    assert {r.region_id for r in resolve(chain, year)} == ids


@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("440115", "Nansha District"),
        ("350128", "Pingtan County"),
        ("310115", "Pudong New Area"),
        ("150000", "Inner Mongolia Autonomous Region"),
        ("610000", "Shaanxi Province"),
        ("341500", "Lu'an City"),
        ("430100", "Changsha City"),
        ("510100", "Chengdu City"),
        ("500000", "Chongqing City"),
        ("371722", "Shan County"),
        ("222400", "Yanbian Korean Autonomous Prefecture"),
        ("652800", "Bayinguoleng Mongol Autonomous Prefecture"),
    ],
)
def test_english_names(code, english):
    assert region_of_code(code, 2022).name_en == english


def test_ancestors_as_of_the_year():
    assert [r.name for r in ancestors(BY_ID["420602"], 2009)] == ["襄樊市", "湖北省"]
    assert [r.name for r in ancestors(BY_ID["420602"], 2015)] == ["襄阳市", "湖北省"]
    assert [r.name for r in ancestors(BY_ID["110105"], 2015)] == ["北京市"]


def test_short_names():
    assert short_name("恩施土家族苗族自治州") == "恩施"
    assert short_name("内蒙古自治区") == "内蒙古"
    assert short_name("积石山保安族东乡族撒拉族自治县") == "积石山"
    assert short_name("和县") == "和"


def test_area_codes_and_zones_point_at_divisions():
    codes = {r.code for r in load_regions()}
    assert load_area_codes()["0755"] == {"440300"}
    assert all(served <= codes for served in load_area_codes().values())
    assert load_zones()["平潭综合实验区"].organ == "平潭综合实验区管理委员会"
    assert all(zone.region_id in BY_ID for zone in load_zones().values())


def test_places_in_running_text():
    text = "浙江省杭州市江干区和平潭综合实验区"
    assert [p.name for p in find_places(text)] == ["浙江省", "杭州市", "江干区", "平潭综合实验区"]
    meant, zone, end = chain_at(text, 0, 2020)
    assert ([r.region_id for r in meant], zone, text[:end]) == (["330104"], None, "浙江省杭州市江干区")


def test_the_name_of_the_state_names_no_county():
    assert regions_named("共和县")
    assert not Surroundings("根据《中华人民共和国政府信息公开条例》", 2020).regions


@pytest.mark.parametrize("code", ["11330800002618197P", "113325000026455663", "11341702486344515H", "116223010139324488"])
def test_credit_codes(code):
    assert uscc_is_valid(code)
    assert not uscc_is_valid(code[:-1] + ("A" if code[-1] != "A" else "B"))
    assert not uscc_is_valid(code[:9] + code[10] + code[9] + code[11:]) or code[9] == code[10]
