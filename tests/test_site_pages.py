"""The page of a government's site: what stands around the report on it is read for who and when, and is no part of the report."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.draft import Order, draw, truth_of
from bench.media import write
from bench.model import Paragraph
from bench.score import score_report
from extract.model import CatalogueEntry, Document, Report
from extract.pipeline import extract_file
from extract.read import read_data
from extract.repair import repair

REPORT = [
    "甲县财政局2021年政府信息公开工作年度报告",
    "一、总体情况",
    "2021年，我局主动公开政府信息12条。",
    "二、主动公开政府信息情况",
    "公开预决算信息2条。",
    "六、其他需要报告的事项",
    "无。",
]
MENU = ["首页", "走进甲县", "概况", "新闻中心", "政府信息公开", "监督保障", "互动交流"]


def page(*parts: str) -> Document:
    """A page of these blocks between `<body>` and its end."""
    return read_data(("<!DOCTYPE html><html><body>" + "".join(parts) + "</body></html>").encode(), "page.html")


def paragraphs(lines: list[str]) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def links(names: list[str], around: str = "<ul>{}</ul>", each: str = "<li>{}</li>", behind: str = "") -> str:
    return around.format("".join(each.format(f'<a href="/{place}.html">{name}</a>{behind}') for place, name in enumerate(names)))


def kept(document: Document) -> list[str]:
    return [line.clean for line in repair(document).lines if line.clean]


MENUS = {
    "a list": links(MENU),
    "blocks": links(MENU, "<div>{}</div>", "<div>{}</div>"),
    "blocks inside links": links([f"<div>{name}</div>" for name in MENU], "<div>{}</div>", "{}"),
    "one line": links(MENU, "<p>{}</p>", "{} | "),
    "a table without data": links(MENU, "<table>{}</table>", "<tr><td>{}</td></tr>"),
    "bullets": links(MENU, "<div>{}</div>", "· {}<br>"),
}


@pytest.mark.parametrize("name", MENUS)
def test_a_menu_is_no_part_of_the_report(name):
    document = page(MENUS[name], paragraphs(REPORT))
    assert kept(document) == kept(page(paragraphs(REPORT)))
    acts = [act for act in repair(document).noise if act.kind == "page_chrome"]
    assert [act.line for act in acts] == [1] and acts[0].count == len(document.lines) - len(REPORT)
    assert repair(document).public_lines == document.lines, "the source shows it as found"


def test_a_list_of_other_reports_is_no_part_of_the_report():
    others = ["甲县教育局2021年政府信息公开工作年度报告", "甲县财政局2020年政府信息公开工作年度报告"]
    for behind in ("<span>2022-01-12</span>", " [2022年1月12日]"):
        assert kept(page(paragraphs(REPORT), links(others, behind=behind))) == kept(page(paragraphs(REPORT)))


def test_links_of_the_report_stay():
    attachments = links(["附件1：统计表", "附件2：说明"])
    assert len(kept(page(paragraphs(REPORT), attachments))) == len(REPORT) + 2
    words = "<p>" + "、".join(f'<a href="/{name}">{name}</a>' for name in MENU) + "等栏目</p>"
    assert kept(page(paragraphs(REPORT), words))[-1] == "、".join(MENU) + "等栏目"
    anchors = "".join(f'<p><a name="_{place}">{line}</a></p>' for place, line in enumerate(REPORT))
    assert kept(page(anchors)) == kept(page(paragraphs(REPORT))), "an anchor leads nowhere"


parts_of_pages = st.recursive(
    st.sampled_from(["甲", " 乙 ", "\n", "1", "<br>", "&nbsp;", "。"]),
    lambda inside: st.builds(
        "{0}{2}{1}".format,
        st.sampled_from(['<a href="/">', '<a name="x">', "<a>", "<p>", "<pre>", "<li>", "<table><tr><td>", "<div><caption>"]),
        st.sampled_from(["</a>", "</p>", "</td></tr></table>", "", "</a></a>"]),
        st.lists(inside, max_size=4).map("".join),
    ),
)


@settings(max_examples=400)
@given(st.lists(parts_of_pages, max_size=5).map("".join))
def test_the_marks_of_links_never_show(parts):
    document = page("<p>政府信息公开</p>", parts)
    shown = [*document.lines, *[cell.text for grid in document.grids for cell in grid.cells], *[value for _, value in document.properties]]
    assert "".join(shown).encode(), "a half of a character can't be encoded"


def test_a_link_that_nobody_closed_is_no_menu():
    said = "".join(f"2021年，我局{word}主动公开政府信息，做到应公开尽公开；" for word in ("认真", "全面", "及时")) + "未发生泄密。"
    for open_link in ('<a href="/top">', '<a href="/top"><font>'):
        assert len(kept(page(open_link, paragraphs(REPORT)))) == len(REPORT), "all of the page"
        half = page(MENUS["a list"], paragraphs(REPORT), open_link, paragraphs([*REPORT, said, said, said, said]))
        assert len(kept(half)) == len(half.lines) - 1, "all but the button 首页"


def test_menus_that_are_longer_than_the_text_are_left_out():
    assert kept(page(MENUS["a list"] * 3, paragraphs(REPORT[:3]), MENUS["blocks"])) == kept(page(paragraphs(REPORT[:3])))


def test_links_in_a_table_of_data_leave_its_cells_alone():
    cells = "<tr><td>其他</td><td><a href='/1'>1</a></td><td><p><a href='/2'>0</a></p></td></tr>"
    document = page(f"<table><caption><a href='/'>甲表</a></caption>{cells * 3}</table>")
    assert [cell.text for cell in document.grids[0].cells] == ["其他", "1", "0"] * 3
    assert document.lines[0] == "甲表" and not any("\ud800" <= character <= "\udfff" for line in document.lines for character in line)


FOOT = [
    "主办：甲县人民政府办公室",
    "地址：人民路1号 邮编：100000",
    "网站标识码：4403000001",
    "京ICP备05000000号-1 京公网安备 11000000000000号",
    "版权所有：甲县人民政府",
]


def read(path: Path, data: bytes) -> Report:
    path.write_bytes(data)
    return extract_file(path, CatalogueEntry(path.name))


def test_the_foot_of_a_site_ends_the_report(tmp_path):
    said = [*REPORT, "甲县财政局", "2022年1月20日"]
    sections = []
    for lines in (said, [*said, "责任编辑：网站管理员", *FOOT]):
        data = f"<!DOCTYPE html><html><body>{paragraphs(lines)}</body></html>".encode()
        sections.append([section.text for section in read(tmp_path / "page.html", data).sections])
    assert sections[0] == sections[1]
    assert sections[0][-1] == "无。\n甲县财政局\n2022年1月20日"


def flat(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize("medium", ["html_site", "html_site_word"])
@pytest.mark.parametrize("number", range(20))
def test_nothing_but_the_report_is_taken_from_a_site(tmp_path, medium, number):
    """Figures, who and when are those of the report, and its sections hold its own words alone, but for the head of a list."""
    order = Order(number, ("national_2021", "national_2019", "national_2014")[number % 3], medium)
    draft = draw(order, rng := Random(f"site {number}"))
    suffix, data = write(medium, draft, rng)
    report = read(tmp_path / f"page{suffix}", data)
    score = score_report(report, truth_of(draft, order, "page"))
    assert [fault for fault in score.faults if fault[0] != "missing"] == []
    own = "".join(flat(block.text) for block in draft.blocks if isinstance(block, Paragraph))
    lines = [line for section in report.sections for line in section.text.splitlines()]
    assert len(report.sections) == 6
    assert [line for line in lines if flat(line) not in own and line != "同级年报"] == []
