"""Comparable bodies: who is one, how their figures are drawn, and what one report changes for the others."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from factories import MISSING, make_report

from extract.model import Agency, Figure, Report
from publish.database import build_database, report_ids
from publish.pages import build_site
from publish.pages.distribution import class_labels, class_of, distribution_of
from publish.pages.distribution_picture import distribution_figure

# Districts and counties of Guangdong; the first five belong to Guangzhou.
CODES = (440103, 440104, 440105, 440106, 440111, 440203, 440204, 440303, 440304, 440305, 440306, 440402)
GROUP = "peers/2020/county-government-own_organ-national_2019/"


def body(code: int) -> Agency:
    return Agency(str(code), f"某{code}人民政府", str(code), "government", "county")


def report(code: int, new: int = 13, **more) -> Report:
    cells = {("requests_new", "total"): new, ("requests_new", "natural_person"): new - 3}
    return make_report(cells, agency=body(code), **more)


def site_of(out: Path, reports: list[Report]) -> Path:
    out.mkdir(parents=True)
    build_database(reports, out / "test.db")
    build_site(out / "test.db", {key: each.public_lines for key, each in report_ids(reports)}, out, datasette="")
    return out


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reports = [report(code, 10 + 10 * place) for place, code in enumerate(CODES)]
    reports += [report(440500, scope="unknown"), report(440507, copy_kind="republished"), report(440511, scope="jurisdiction_total")]
    return site_of(tmp_path_factory.mktemp("peers") / "dist", reports)


def read(out: Path, path: str) -> str:
    return (out / path).read_text(encoding="utf-8")


def test_classes_hold_every_count_and_every_share() -> None:
    assert class_labels("requests_new")[:3] == ["0", "1–4", "5–9"] and class_labels("requests_new")[-1] == "≥5,000"
    assert [class_of("requests_new", value) for value in (0, 1, 4, 5, 99, 100, 99999)] == [0, 1, 1, 2, 5, 6, 11]
    assert [class_of("disclosure", value) for value in (0, 9.9, 10, 100)] == [0, 0, 1, 9]


def test_quartiles_are_figures_of_bodies() -> None:
    found = distribution_of("requests_new", dict.fromkeys(range(1, 13), 1))
    assert (found.n, found.low, found.median, found.high, sum(found.counts)) == (12, 3, 6, 9, 12)
    one = distribution_of("requests_new", {7: 10})
    assert (one.low, one.median, one.high) == (7, 7, 7)


def test_a_body_stands_in_the_picture_of_its_group(many: Path) -> None:
    text = read(many, "agencies/440106/index.md")
    assert f"../../{GROUP}requests_new.svg#b4" in text, "40 requests: the class 20–49"
    assert "本机关40件" in text and "同一上级地区的可比机关" in text
    picture = ElementTree.parse(many / GROUP / "requests_new.svg").getroot()
    assert picture.find(".//*[@id='b4']") is not None
    assert "中位数60" in "".join(picture.itertext()) and "有此数字的12个机关" in "".join(picture.itertext())
    assert "style=" not in read(many, f"{GROUP}requests_new.svg")


def test_a_body_is_marked_in_its_group_and_leads_to_the_indicator(many: Path) -> None:
    html = read(many, "agencies/440106/index.html")
    target = f"../../{GROUP}#requests-new-2020-county-government-own-organ-national-2019-b4"
    assert f'href="{target}"' in html and 'href="../../indicators/requests_new/"' in html
    group = read(many, f"{GROUP}index.html")
    assert 'id="requests-new-2020-county-government-own-organ-national-2019-b4"' in group and "←本机关" in group
    assert 'id="disclosure-2020-county-government-own-organ-national-2019-b4"' in group, "also where too few have the figure"


def test_a_distribution_says_how_many_of_its_figures_are_broken_or_inferred_and_how_many_bodies_have_none(tmp_path: Path) -> None:
    inferred = Figure("requests_new", "total", 13, "件", "inferred", proof="row_sum")
    special = [{("requests_new", "total"): 14}, {("requests_new", "total"): inferred}, {("requests_new", "total"): MISSING}]
    reports = [make_report(cells, agency=body(code)) for code, cells in zip(CODES, [*special, *[{}] * 9], strict=True)]
    out = site_of(tmp_path / "dist", reports)
    told = "有此数字的11个机关，中位数13；居中的一半在13至13之间。数字不符的1个，推算的1个；未计入1个。"
    assert told in read(out, "indicators/requests_new/index.md") and told in read(out, f"{GROUP}index.md")
    assert "1 do not add up, 1 inferred; 1 bodies left out." in read(out, "en/indicators/requests_new/index.html")
    assert "数字不符的1个，推算的1个；未计入1个。" in read(out, f"{GROUP}requests_new.svg")


def test_neighbours_lead_into_the_comparison(many: Path) -> None:
    text = read(many, "agencies/440106/index.md")
    assert "compare/?year=2020&bodies=440106,440103,440104,440105,440111" in text
    assert "[某440203人民政府]" not in text.split("{#peers}")[1], "the division above it has neighbours enough"


@pytest.mark.parametrize("code", [440500, 440507])
def test_what_may_not_be_compared_stands_in_no_picture(many: Path, code: int) -> None:
    text = read(many, f"agencies/{code}/index.md")
    assert "不作比较" in text and ".svg" not in text
    assert f"某{code}" not in read(many, f"{GROUP}index.md")


def test_scopes_do_not_mix_and_few_are_not_drawn(many: Path) -> None:
    text = read(many, "agencies/440511/index.md")
    assert "本站没有收录可比的机关，不作分布。" in text and ".svg" not in text
    assert [path.parent.name for path in (many / "peers").rglob("*.svg")].count("county-government-own_organ-national_2019") == 4
    assert not list((many / "peers").glob("*/*jurisdiction_total*"))


def test_nine_are_too_few_and_ten_are_enough(tmp_path: Path) -> None:
    nine = site_of(tmp_path / "nine", [report(code) for code in CODES[:9]])
    assert "可比机关仅8个，不作分布。" in read(nine, "agencies/440106/index.md") and not list((nine / "peers").rglob("*.svg"))
    assert "{#distributions}" not in read(nine, "indicators/requests_new/index.md")
    ten = site_of(tmp_path / "ten", [report(code) for code in CODES[:10]])
    assert (ten / GROUP / "requests_new.svg").is_file() and "```distribution" in read(ten, "indicators/requests_new/index.md")


def test_a_share_is_drawn_only_of_thirty_outcomes(many: Path) -> None:
    assert "disclosure.svg" not in read(many, "agencies/440106/index.md"), "its outcomes are too few"
    assert "不足10个" in read(many, f"{GROUP}disclosure.svg")


def test_one_report_changes_the_pictures_and_not_the_pages_of_others(tmp_path: Path, many: Path) -> None:
    before = site_of(tmp_path / "before", [report(code) for code in CODES])
    after = site_of(tmp_path / "after", [report(code, 777 if code == CODES[-1] else 13) for code in CODES])
    changed = {
        path.relative_to(before).as_posix()
        for path in before.rglob("*")
        if path.is_file() and path.suffix != ".db" and path.read_bytes() != (after / path.relative_to(before)).read_bytes()
    }
    assert f"{GROUP}requests_new.svg" in changed
    assert {path.split("/")[1] for path in changed if path.startswith("agencies/")} == {str(CODES[-1])}


def test_the_page_of_a_group_lists_its_bodies_in_the_order_of_codes(many: Path) -> None:
    text = read(many, f"{GROUP}index.md")
    assert re.findall(r"\[某(\d+)人民政府\]", text.split("{#bodies}")[1]) == [str(code) for code in CODES]
    assert "sort.js" in read(many, f"{GROUP}index.html")
    assert "- 机关自报：" in text and "- 件数太少（12份）：" in text
    english = read(many, f"en/{GROUP}index.html")
    assert "12 bodies with this figure" in english


def test_the_page_of_a_group_tells_a_blank_from_a_lost_figure(tmp_path: Path) -> None:
    special = [{("requests_new", "total"): None}, {("requests_new", "total"): MISSING}]
    reports = [make_report(cells, agency=body(code)) for code, cells in zip(CODES, [*special, *[{}] * 10], strict=True)]
    text = read(site_of(tmp_path / "dist", reports), f"{GROUP}index.md")
    rows = [line.split(" | ") for line in text.splitlines() if "人民政府](" in line]
    assert [row[2] for row in rows[:3]] == ["空", "缺", "13"]


def test_an_indicator_shows_its_distributions_with_their_data(many: Path) -> None:
    html = read(many, "indicators/requests_new/index.html")
    figure = html[html.index('<figure class="chart distribution">') :].split("</figure>")[0]
    assert "<title id=" in figure and "<desc id=" in figure and figure.count('<th scope="row">') == 12


def test_what_a_picture_is_told_is_escaped() -> None:
    head = ["k", "<b>", "<i>", "&", "", "t", "", "<u>"]
    drawn = distribution_figure([head, ["<0>", "3"]])
    assert "<b>" not in drawn and "<u>" not in drawn and "&lt;0&gt;" in drawn
