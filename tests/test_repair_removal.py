"""What is no part of a report: advertising, furniture of the page, left-over markup, personal data."""

import re
from pathlib import Path

import pytest

from extract.model import Document, Grid, GridCell
from extract.repair import repair

UNTOUCHED = (Path(__file__).parent / "repair/untouched.txt").read_text("utf-8").splitlines()
PROSE = "本报告所列数据的统计期限自2020年1月1日起至12月31日止,电子版可在门户网站下载,欢迎查阅并提出意见。"


def repaired(*lines: str):
    return repair(Document("text/plain", "utf-8", lines))


def kinds(document) -> dict[str, int]:
    return {act.kind: act.count for act in document.noise}


@pytest.mark.parametrize("line", UNTOUCHED)
def test_a_line_of_a_report_is_never_touched(line):
    document = repaired(PROSE, line, PROSE)
    assert document.lines[1].clean == document.lines[1].raw == document.public_lines[1] == line
    assert document.lines[1].origin is None
    assert document.noise == ()


# ── advertising ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line",
    [
        "亚洲精品视频在线观看免费| 欧美亚洲国产SUV| 涩涩色中文综合亚洲| 亚洲国产精品人久久| 亚洲精品成人片在线观看|",
        "久久精品国产亚洲AV无码",
        "亞洲精品視頻在線觀看免費久久久",
        "澳门新葡京官网|足球投注网站平台|真人百家乐试玩|电子游艺送彩金|极速赛车开奖直播",
        # No word of these is in any list: they are long titles between bars without a word of a report.
        "奇珍异宝限时抢购|明星同款连衣裙|三天瘦十斤秘方|祖传风湿膏药贴|富婆重金求子啦|月入过万小生意",
        # Phrases side by side: the marks between them are no line of a report.
        "欧洲杯投注官网_世界杯买球app_足球盘口平台",
        # And words that are in no list between them.
        "幸运飞艇开奖|北京赛车计划|极速赛车官网|分分彩走势图|快3平台登录|电子游艺试玩",
    ],
)
def test_a_spam_line_is_emptied_everywhere(line):
    document = repaired(PROSE, line, PROSE)
    assert document.public_lines == (PROSE, "", PROSE)
    assert (document.lines[1].raw, document.lines[1].clean) == ("", "")
    assert kinds(document) == {"spam_line": 1}
    assert all(act.found is None for act in document.noise)


@pytest.mark.parametrize(
    ("before", "phrase", "after"),
    [
        ("围绕26个试点领域标准指引,", "麻将胡了最新官方版下载", "结合区政府权责清单"),
        ("", "威廉希尔体育", "政务公开领导小组"),
        ("《通知》", "比分直播,篮球比分直播", "做好公开工作的意见"),
        ("我局", "欧洲杯网上投注平台", "加强公开。"),
        ("欢迎登录", "澳门新葡京娱乐城官网", "查询。"),
        (
            "2020年,我区收到申请12件。",
            "亚洲无码高清视频|久久婷婷五月香蕉|国产精品人妻熟女|日韩在线免费观看|欧美激情综合影院|特黄一级毛片大全",
            "",
        ),
        ("推进", "亚洲AV永久无码精品", "政务公开标准化"),
        ("工作开展有序。", "奇珍异宝限时抢购|明星同款连衣裙|三天瘦十斤秘方|祖传风湿膏药贴|富婆重金求子啦", ""),
    ],
)
def test_a_spam_phrase_inside_a_line_is_covered(before, phrase, after):
    document = repaired(before + phrase + after)
    line = document.lines[0]
    assert line.clean == before + after
    assert document.public_lines[0] == line.raw == before + "■" * len(phrase) + after
    assert line.raw_slice(len(before), len(line.clean)) == after
    assert set(kinds(document)) == {"spam_phrase"}
    assert all(act.found is None for act in document.noise)


def test_properties_of_the_medium_are_repaired_too():
    document = Document("text/html", "utf-8", ("區政務公開報告",), properties=(("title", "麻将胡了最新官方版下载區(qū)年報"), ("x", "a")))
    repaired = repair(document)
    assert repaired.source.properties == (("title", "区年报"), ("x", "a"))
    assert repaired.source.lines == document.lines
    assert kinds(repaired) == {"traditional_characters": 4}


def test_spam_that_pinyin_hides_is_found():
    document = repaired("區(qū)政府報(bào)告關(guān)于,麻將(jiàng)胡了最新官方版下載(zài)結(jié)合")
    assert document.lines[0].clean == "区政府报告关于,结合"
    assert "胡了" not in document.public_lines[0]
    assert len(document.public_lines[0]) == len(document.source.lines[0])


# ── furniture of the page ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "line",
    [
        "  • 聽全文",
        "听全文",
        "分享到",
        "分享到:微信 微博",
        "微信 微博 QQ空间",
        "相關(guān)附件",
        "相关新闻",
        "扫一扫在手机打开当前页",
        "关注 · 广州政府网",
        "相關詞條",
        "熱門詞條",
        "聯絡我們",
        "【打印本页】 【关闭窗口】",
        "字体:大 中 小",
        "浏览次数:1234次",
        "上一篇:关于召开会议的通知",
        "无障碍",
        "繁體版",
        "首页",
        "- 2 -",
        "—12—",
        "第 3 页 共 5 页",
        "==================== 正文 ====================",
    ],
)
def test_furniture_is_emptied_but_stays_for_the_public(line):
    heading = "區政府信息公開" if any(character in line for character in "聽關熱聯") else PROSE
    document = repaired(heading, line, heading)
    assert document.lines[1].clean == ""
    assert document.public_lines[1] == document.lines[1].raw == line
    assert document.lines[1].origin == (len(line),)
    assert ("page_chrome", 2, line.strip()) in [(act.kind, act.line, act.found) for act in document.noise]


def test_a_breadcrumb_stays_and_is_entered():
    line = "首页 > 信息公开 > 信息公开年报 > 区政府信息公开年报"
    document = repaired(line, PROSE)
    assert document.lines[0].clean == line
    assert kinds(document) == {"breadcrumb": 1}


@pytest.mark.parametrize("dash", ["-", "|", "—"])
def test_a_lone_separator_is_furniture_only_apart_from_cells(dash):
    assert repaired(PROSE, dash, PROSE).lines[1].clean == ""
    assert repaired(PROSE, dash).lines[1].clean == ""
    assert repaired("规章", dash, "0").lines[1].clean == dash
    assert repaired(PROSE, "", dash, "", "行政许可").lines[2].clean == dash
    assert repaired("分享到", dash, PROSE).lines[1].clean == ""
    assert repaired("规章", "  • -", "行政许可").lines[1].clean == ""


def test_lines_of_a_grid_are_never_furniture():
    cells = (GridCell("附件", 1, 1, 1), GridCell("-", 2, 1, 2), GridCell("首页", 3, 2, 1))
    document = repair(Document("text/html", "utf-8", ("附件", "-", "首页", PROSE), (Grid(1, cells, 1, 3),)))
    assert [text.clean for text in document.lines] == ["附件", "-", "首页", PROSE]
    assert [text.clean for text in document.cells[0]] == ["附件", "-", "首页"]


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("国有企业。<!--[if !supportLists]-->7、<!--[endif]-->公共监管", "国有企业。7、公共监管"),
        ("<![if !supportLists]>一、<![endif]>概述", "一、概述"),
        ("相关链接: --> 根据《条例》", "相关链接:  根据《条例》"),
        ("p.MsoNormal { margin: 0cm; font-size: 10.5pt } 概述", " 概述"),
        ("@font-face { font-family: Calibri } .Section1{page:Section1;}正文", "正文"),
        ('<o:p></o:p>正文<st1:chsdate w:st="on">', "正文"),
    ],
)
def test_left_over_markup_goes(found, meant):
    document = repaired(found)
    assert document.lines[0].clean.strip() == meant.strip()
    assert document.public_lines[0] == found
    assert set(kinds(document)) == {"markup"}


# ── personal data ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("found", "public"),
    [
        ("联系电话:0755-23727930;邮编518000)。", "联系电话:■■■■■■■■■■■■■;邮编518000)。"),
        ("电话：23165327；传真：23165326；电子邮箱", "电话：■■■■■■■■；传真：■■■■■■■■；电子邮箱"),
        ("电话/传真:0591-23165370。", "电话/传真:■■■■■■■■■■■■■。"),
        ("电话:24336240;邮箱:24336240@163.com", "电话:■■■■■■■■;邮箱:■■■■■■■■@163.com"),
        ("电话:0527—83593059)。", "电话:■■■■■■■■■■■■■)。"),
        ("联系电话 0755-23727930 地址", "联系电话 ■■■■■■■■■■■■■ 地址"),
        ("填报人 张某某 联系电话 88886666 填报日期 2016-01-20", "填报人 ■■■ 联系电话 ■■■■■■■■ 填报日期 2016-01-20"),
        ("电话:88886666 人民路12号", "电话:■■■■■■■■ 人民路12号"),
        ("电话:(021)12345678转8001", "电话:■■■■■■■■■■■■■■■■■■"),
        ("手机:13800138000、13900139000", "手机:■■■■■■■■■■■、■■■■■■■■■■■"),
        ("单位负责人:王某某 审核人:李某 填报人:张某某", "单位负责人:■■■ 审核人:■■ 填报人:■■■"),
        ("审核人:李某填报人:张某某联系电话:88886666填报日期:2016年1月20日", "审核人:■■填报人:■■■联系电话:■■■■■■■■填报日期:2016年1月20日"),
        ("单位负责人 王某某 审核人 李某 填报人 张某某", "单位负责人 ■■■ 审核人 ■■ 填报人 ■■■"),
        ("填报人:张 某", "填报人:■■■"),
        ("责任编辑:陈某", "责任编辑:■■"),
    ],
)
def test_names_and_numbers_are_masked(found, public):
    document = repaired(PROSE, found)
    assert document.public_lines[1] == document.lines[1].raw == public
    assert len(document.lines[1].clean) == len(found)
    assert document.lines[1].clean.count("■") == public.count("■")
    assert kinds(document) == {"personal_data": len(re.findall("■+", public))}


@pytest.mark.parametrize(
    "line",
    [
        "咨询电话接听数 2316532",
        "联系电话:",
        "电话2316532次",
        "传真 138 1234 5678",
        "2.传真申请数 0 12345678",
        "单位负责人 审核人 填报人 联系电话",
        "联系人:办公室",
        "审核:政务公开科",
        "单位负责人:",
        "负责人:无",
        "收到申请23165327件,公开13800138000条",
        "邮编:518000 2020年12月31日",
        "12345热线",
    ],
)
def test_figures_and_empty_footers_are_not_masked(line):
    document = repaired(PROSE, line)
    assert document.public_lines[1] == document.lines[1].clean == line
    assert document.noise == ()


def test_a_label_alone_masks_the_next_line():
    document = repaired("填报人:", "", "张某某", "联系电话:", "88886666", "规章", "23165327")
    assert document.public_lines == ("填报人:", "", "■■■", "联系电话:", "■■■■■■■■", "规章", "23165327")


def test_a_footer_inside_a_grid_is_masked_and_no_figure():
    texts = ("收到申请数", "23165327", "单位负责人", "规章", "填报人", "张某某", "电话", "23165327")
    cells = tuple(GridCell(text, 1 + i, 1 + i // 2, 1 + i % 2) for i, text in enumerate(texts))
    document = repair(Document("text/html", "utf-8", texts, (Grid(1, cells, 1, len(texts)),)))
    expected = [*texts[:5], "■■■", *texts[6:]]
    assert [text.clean for text in document.cells[0]] == expected
    assert list(document.public_lines) == expected


# ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_addresses_outside_the_government_domain_are_listed():
    line = "可在www.sz.gov.cn和www.yongtulingjun.cn下载,见http://zwinkt.com/a.html,邮箱a@163.com,links.tsv,85.33%,gov.cn.evil.com"
    document = repaired(line)
    assert document.public_lines[0] == document.lines[0].clean == line
    assert [act.found for act in document.noise] == ["www.yongtulingjun.cn", "zwinkt.com", "gov.cn.evil.com"]
    assert {act.kind for act in document.noise} == {"foreign_host"}
