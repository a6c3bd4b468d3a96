"""The five seeds after repair, against what was read by hand in them."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from extract.model import Document, RepairedDocument
from extract.repair import repair
from extract.repair.readings import is_reading
from extract.repair.script import is_traditional

ROOT = Path(__file__).parent.parent
SEEDS = {path.name[:3]: path for path in sorted((ROOT / "reports").glob("00*.txt"))}


@cache
def seed(name: str) -> RepairedDocument:
    lines = tuple(SEEDS[name].read_text("utf-8").split("\n"))
    return repair(Document("text/plain", "utf-8", lines))


def clean(name: str) -> str:
    return "\n".join(text.clean for text in seed(name).lines)


def counts(name: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for act in seed(name).noise:
        found[act.kind] += act.count
    return found


@pytest.mark.parametrize(("name", "script"), [("000", "hant"), ("001", "hans"), ("002", "hant"), ("003", "hant-tw"), ("004", "hans")])
def test_script(name, script):
    assert seed(name).script == script


@pytest.mark.parametrize(("name", "tags", "slips"), [("000", 500, 1), ("002", 581, 3), ("001", 0, 0), ("003", 0, 0), ("004", 0, 0)])
def test_every_pinyin_tag_and_byte_slip_is_undone(name, tags, slips):
    assert (counts(name)["pinyin"], counts(name)["byte_slip"], counts(name)["byte_slip_left"]) == (tags, slips, 0)


@pytest.mark.parametrize("name", SEEDS)
def test_no_bracket_holds_a_reading_any_more(name):
    brackets = re.findall(r"([\u4e00-\u9fff])[(（]([^()（）]{1,8})[)）]", clean(name))
    assert not [(character, inside) for character, inside in brackets if is_reading(inside, character)]
    assert "?" not in clean(name)


@pytest.mark.parametrize(
    ("name", "line", "sentence"),
    [
        ("000", 13, "推动由原来的多个事项多次申办、串联审批变为一次申办、并联审批,切实提升群众办事便利度满意度。"),
        ("002", 17, "同时通过网上查询入口、微信、短信等途径提醒群众办事进度。"),
        ("002", 17, "坚持数据同源,以区政府门户网站为载体"),
        ("002", 601, "使主流声音和权威信息迅速广泛传播"),
        ("000", 4, "着力推进基层政务公开标准化、规范化"),
        ("003", 6, "着力建机制、强保障"),
        ("003", 6, "切实保障人民群众的知情权、参与权,监督权"),
        ("003", 8, "对新出台的政府规章、规范性文件和需广泛知晓的重要政策性文件进行同步解读"),
        ("003", 9, "在门户网站设置“政民互动”栏目,开展民意征集25期,开展在线访谈6期,公开群众留言及回复结果308件"),
        ("003", 10, "(四)优化建议提案结果公开"),
        ("000", 8, "建立个人档案"),
        ("004", 17, "区档案馆"),
        ("004", 4, "围绕重大建设项目、公共资源交易等26个试点领域标准指引,结合区政府权责清单和公共服务事项清单"),
    ],
)
def test_sentences(name, line, sentence):
    assert sentence in seed(name).lines[line - 1].clean


def labels() -> list[str]:
    """The row and column labels of the national form of 2019, as the form prints them."""
    form = yaml.safe_load((ROOT / "extract/forms/national_2019.yml").read_text("utf-8"))
    found: list[str] = []

    def collect(node: object) -> None:
        if isinstance(node, dict):
            found.extend(value for key, value in node.items() if key == "label" and isinstance(value, str))
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    collect(form)
    return found


@pytest.mark.parametrize("name", ["002", "003"])
def test_the_official_labels_are_found(name):
    text = re.sub(r"\s", "", clean(name))
    missing = {label for label in labels() if re.sub(r"\s", "", label).replace("（", "(").replace("）", ")") not in text}
    # 002 prints 需另行制作 for 需要另行制作.
    assert {label for label in missing if "没有现成信息" not in label} == set()
    assert labels()


@pytest.mark.parametrize("name", ["001", "004"])
def test_simplified_seeds_are_not_converted(name):
    raw = SEEDS[name].read_text("utf-8").split("\n")
    touched = {act.line for act in seed(name).noise}
    assert touched == ({1, 24, 25} if name == "001" else {4})
    assert [text.clean for n, text in enumerate(seed(name).lines, 1) if n not in touched] == [
        line for n, line in enumerate(raw, 1) if n not in touched
    ]


@pytest.mark.parametrize("name", ["000", "002", "003"])
def test_nothing_traditional_is_left(name):
    assert [character for character in clean(name) if is_traditional(character)] == []


def test_spam_is_gone_from_everything_the_public_sees():
    assert seed("002").public_lines[613] == ""
    assert seed("002").lines[613].clean == ""
    assert counts("002")["spam_line"] == 1
    assert seed("004").public_lines[3].count("■") == len("麻将胡了最新官方版下载")
    assert counts("004")["spam_phrase"] == 1
    for name in SEEDS:
        seen = "\n".join((*seed(name).public_lines, clean(name), *(act.found or "" for act in seed(name).noise)))
        assert not re.search("麻将|亚洲|无码|欧美|国产日韩|久久", seen)


def test_public_lines_are_the_file_but_for_what_is_covered():
    for name, path in SEEDS.items():
        raw = path.read_text("utf-8").split("\n")
        public = seed(name).public_lines
        assert len(public) == len(raw)
        changed = {number for number, (seen, found) in enumerate(zip(public, raw, strict=True), 1) if seen != found}
        assert changed == {"000": {2}, "002": {614}, "004": {4}}.get(name, set())


def test_furniture_of_the_page():
    chrome = {name: [act.line for act in seed(name).noise if act.kind == "page_chrome"] for name in SEEDS}
    assert chrome == {
        "000": [],
        "001": [1, 24, 25],
        "002": [3, 6, 7, 607, 608, 609, 610, 613],
        "003": [310, 312, 314],
        "004": [],
    }
    assert seed("002").lines[3].clean.strip() == "• 2021-02-10"
    assert seed("002").lines[4].clean.strip() == "• 来源:南沙区"
    assert seed("000").lines[0].clean.startswith("首页 > 信息公开")


def test_personal_data_and_addresses_of_000():
    line = seed("000").lines[1]
    assert "23727930" not in seed("000").public_lines[1] + line.clean
    assert "联系电话:" + "■" * 13 + ";邮编518000" in line.clean
    assert counts("000")["personal_data"] == 1
    assert [act.found for act in seed("000").noise if act.kind == "foreign_host"] == ["www.yongtulingjun.cn"]


def test_numbers_of_the_tables_stand_where_they_stood():
    for name in ("002", "003"):
        for found, text in zip(seed(name).source.lines, seed(name).lines, strict=True):
            if re.fullmatch(r"\s*[+-]?[\d.]+元?\s*", found):
                assert (text.raw, text.clean, text.origin) == (found, found, None)


def test_every_kind_is_described():
    kinds = yaml.safe_load((ROOT / "extract/repair/kinds.yml").read_text("utf-8"))
    columns = {"script", "pinyin_removed", "byte_slips_repaired", "spam_removed", "chrome_lines_removed", "personal_data_masked", None}
    for kind, entry in kinds.items():
        assert all(entry[key] for key in ("zh", "en", "explanation_zh", "explanation_en", "counts")), kind
        assert entry["column"] in columns
    assert {kind for name in SEEDS for kind in counts(name)} <= set(kinds)
