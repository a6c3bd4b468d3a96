"""Reading HTML: lines, tables with spans, nested and broken tables, charsets, properties."""

from pathlib import Path

import pytest

from extract.model import Document, UnreadableFile
from extract.read import read_file


def read(tmp_path: Path, html: str | bytes, name: str = "page.html") -> Document:
    path = tmp_path / name
    path.write_bytes(html if isinstance(html, bytes) else html.encode())
    return read_file(path)


def places(grid) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.row_span, c.column_span) for c in grid.cells]


def texts(grid) -> list[list[str]]:
    return [[c.text for c in grid.cells if c.row == row] for row in sorted({c.row for c in grid.cells})]


def test_blocks_become_lines_and_inline_elements_do_not(tmp_path):
    page = """<!doctype html><html><body><h1>青石县2020年<br>年度报告</h1>
    <p><span><font>全年收到</font></span><span>1</span><span>2</span><font>件</font>申请
    ，均已办结。</p>一、<b>总体</b>情况<div>第二段<ul><li>甲</li><li>乙</li></ul>末尾</div></body></html>"""
    assert read(tmp_path, page).lines == (
        "青石县2020年",
        "年度报告",
        "全年收到12件申请，均已办结。",
        "一、总体情况",
        "第二段",
        "甲",
        "乙",
        "末尾",
    )


def test_line_breaks_of_the_source_are_blanks_only_between_latin_letters(tmp_path):
    assert (
        read(tmp_path, "<p>政府\n  信息 公开\nOA\n系统 open\ngovernment</p><p>公开</p>").lines[0] == "政府信息 公开OA系统 open government"
    )


def test_blanks_and_invisible_characters(tmp_path):
    document = read(tmp_path, "<p>&nbsp;&nbsp;&emsp;全年\u200b12\ufeff件&nbsp;</p><p>&nbsp;</p><p>　　末</p>")
    assert document.lines == ("全年12件", "末")


def test_spans_are_resolved_to_places(tmp_path):
    page = """<table><tr><td rowspan=2 colspan=2>角</td><td colspan=3>申请人</td></tr>
    <tr><td>自然人</td><td>企业</td><td>总计</td></tr>
    <tr><td rowspan=2>结果</td><td>公开</td><td>1</td><td></td><td>1</td></tr>
    <tr><td>拒绝</td><td>2</td><td>&nbsp;</td><td> 2 </td></tr></table>"""
    document = read(tmp_path, "<html>" + page)
    (grid,) = document.grids
    assert places(grid) == [
        ("角", 1, 1, 2, 2),
        ("申请人", 1, 3, 1, 3),
        ("自然人", 2, 3, 1, 1),
        ("企业", 2, 4, 1, 1),
        ("总计", 2, 5, 1, 1),
        ("结果", 3, 1, 2, 1),
        ("公开", 3, 2, 1, 1),
        ("1", 3, 3, 1, 1),
        ("", 3, 4, 1, 1),
        ("1", 3, 5, 1, 1),
        ("拒绝", 4, 2, 1, 1),
        ("2", 4, 3, 1, 1),
        ("", 4, 4, 1, 1),
        ("2", 4, 5, 1, 1),
    ]
    assert [document.lines[c.line - 1] for c in grid.cells] == [c.text for c in grid.cells]
    assert [c.line for c in grid.cells] == list(range(1, 15))


def test_spans_that_differ_between_header_and_rows_keep_the_order(tmp_path):
    page = "<html><table><tr><td>甲</td><td>一</td><td colspan=2>二</td></tr><tr><td>乙</td><td colspan=2>1</td><td>2</td></tr></table>"
    (grid,) = read(tmp_path, page).grids
    assert texts(grid) == [["甲", "一", "二"], ["乙", "1", "2"]]
    assert [c.column for c in grid.cells] == [1, 2, 3, 1, 2, 4]


@pytest.mark.parametrize("span", ["0", "-1", "abc", "99999999999", ""])
def test_mad_spans_do_no_harm(tmp_path, span):
    page = f'<html><table><tr><td rowspan="{span}" colspan="{span}">甲</td><td>1</td></tr><tr><td>2</td></tr></table>'
    (grid,) = read(tmp_path, page).grids
    assert [c.text for c in grid.cells] == ["甲", "1", "2"]


def test_unclosed_cells_and_upper_case(tmp_path):
    (grid,) = read(tmp_path, "<HTML><TABLE><TR><TD>规章<TD>3<TD>4<TR><TD>许可<TD>5<TD></TABLE>").grids
    assert texts(grid) == [["规章", "3", "4"], ["许可", "5", ""]]


def test_a_layout_table_is_no_grid_and_the_tables_inside_are(tmp_path):
    page = """<table><tr><td><table><tr><td>首页</td></tr></table></td><td><p>报告正文</p>
    <table><tr><td>规章</td><td>1</td></tr></table><p>中间</p><table><tr><td>许可</td><td>2</td></tr></table></td></tr></table>"""
    document = read(tmp_path, page)
    assert document.lines == ("首页", "报告正文", "规章", "1", "中间", "许可", "2")
    assert [texts(grid) for grid in document.grids] == [[["规章", "1"]], [["许可", "2"]]]
    assert [(grid.number, grid.first_line, grid.last_line) for grid in document.grids] == [(1, 3, 4), (2, 6, 7)]


def test_a_row_with_a_table_inside_lays_out_a_page_however_short(tmp_path):
    inner = "<table><tr><td><h1>甲局公布年报</h1></td></tr><tr><td><p>记者获悉。</p></td></tr></table>"
    document = read(tmp_path, f"<table><tr><td><ul><li>首页</li><li>服务</li></ul></td><td>{inner}</td></tr></table>")
    assert document.grids == () and document.lines == ("首页", "服务", "甲局公布年报", "记者获悉。")


def test_a_one_cell_table_inside_a_cell_is_part_of_the_cell(tmp_path):
    (grid,) = read(tmp_path, "<html><table><tr><td>规章<td><table><tr><td>12</table><td>3</table>").grids
    assert texts(grid) == [["规章", "12", "3"]]


def test_a_table_that_holds_an_article_is_no_grid(tmp_path):
    page = f"<table><tr><td>左栏</td><td><p>{'公开' * 200}</p><p>{'信息' * 200}</p></td></tr></table>"
    document = read(tmp_path, page)
    assert document.grids == ()
    assert document.lines == ("左栏", "公开" * 200, "信息" * 200)


def test_one_table_a_row(tmp_path):
    page = "<html>" + "".join(f"<table><tr><td>第{i}行</td><td>{i}</td></tr></table>" for i in range(1, 4))
    assert [texts(grid) for grid in read(tmp_path, page).grids] == [[["第1行", "1"]], [["第2行", "2"]], [["第3行", "3"]]]


def test_breaks_inside_a_cell_join_labels_but_never_two_numbers(tmp_path):
    page = "<html><table><tr><td>本年新<br>制作数量</td><td><p>总</p><p>计</p></td><td>12<br>3</td><td><p></p><p>7</p></td></tr></table>"
    (grid,) = read(tmp_path, page).grids
    assert texts(grid) == [["本年新制作数量", "总计", "12 3", "7"]]


def test_a_number_split_over_spans_is_one_number(tmp_path):
    (grid,) = read(tmp_path, "<html><table><tr><td>许可<td><span>1</span><font>2</font><!-- x -->3</table>").grids
    assert texts(grid) == [["许可", "123"]]


def test_scripts_styles_navigation_and_hidden_rows_are_left_out(tmp_path):
    page = """<html><head><style>p{}</style><script>var x="<p>甲</p>"</script></head><body><nav>导航</nav><noscript>请启用</noscript>
    <p>正文</p><!-- 注释 -->
    <select><option>选项</select><table><tr style="display: none"><td>隐<td>藏</tr><tr><td>规章<td>1</table></body>"""
    document = read(tmp_path, page)
    assert document.lines == ("正文", "规章", "1")


def test_captions_stand_before_their_table(tmp_path):
    document = read(tmp_path, "<html><table><caption>表一</caption><tr><td>规章<td>1</table>")
    assert document.lines == ("表一", "规章", "1")
    assert document.grids[0].first_line == 2


def test_preformatted_text_keeps_its_lines(tmp_path):
    assert read(tmp_path, "<html><pre>第一行\n第二行\n\n第三行</pre>").lines == ("第一行", "第二行", "第三行")


def test_properties_in_the_order_of_the_page(tmp_path):
    page = """<html><head><title> 青石县
    年报 </title><meta name="PubDate" content="2021-01-20"><meta name="empty" content=""><meta property="og:url" content="http://a.gov.cn/1">
    <meta http-equiv="x" content="y"><link rel="canonical" href="http://a.gov.cn/2"><link rel="stylesheet" href="a.css"></head><p>正文</p>
    <meta name="ContentSource" content="青石县"></html>"""
    assert read(tmp_path, page).properties == (
        ("title", "青石县 年报"),
        ("PubDate", "2021-01-20"),
        ("og:url", "http://a.gov.cn/1"),
        ("canonical", "http://a.gov.cn/2"),
        ("ContentSource", "青石县"),
    )


CHINESE_PAGE = '<html><head><meta charset="{}"></head><body><p>青石县人民政府2020年政府信息公开工作年度报告</p></body></html>'


@pytest.mark.parametrize(
    ("codec", "claimed", "reported"),
    [
        ("utf-8", "utf-8", "utf-8"),
        ("utf-8", "gb2312", "utf-8"),
        ("gb18030", "utf-8", "gb18030"),
        ("gb18030", "", "gb18030"),
        ("gb2312", "gb2312", "gb18030"),
        ("gb18030", "big5", "gb18030"),
        ("utf-8-sig", "gb2312", "utf-8"),
        ("utf-16", "utf-8", "utf-16-le"),
    ],
)
def test_the_charset_is_what_the_bytes_say(tmp_path, codec, claimed, reported):
    document = read(tmp_path, CHINESE_PAGE.format(claimed).encode(codec))
    assert document.lines == ("青石县人民政府2020年政府信息公开工作年度报告",)
    assert document.encoding == reported


def test_big5_page_without_charset(tmp_path):
    document = read(tmp_path, "<html><p>青石縣人民政府2020年政府信息公開工作年度報告".encode("big5"))
    assert (document.lines, document.encoding) == (("青石縣人民政府2020年政府信息公開工作年度報告",), "big5")


def test_entities_in_an_ascii_page(tmp_path):
    assert read(tmp_path, b"<html><p>&#25919;&#24220;&#x4FE1;&#x606F;&ldquo;&rdquo;").lines == ("政府信息“”",)


@pytest.mark.parametrize("name", ["page.html", "page.txt", "page.doc", "page", "page.pdf"])
def test_a_whole_page_is_html_whatever_its_name(tmp_path, name):
    assert read(tmp_path, "<!DOCTYPE html><html><body><p>报告</p></body></html>", name).media_type == "text/html"


def test_a_fragment_is_html_and_a_text_with_a_stray_tag_is_not(tmp_path):
    assert read(tmp_path, "<p style='a'>报告</p><table><tr><td>1<td>2</table>", "page").media_type == "text/html"
    assert read(tmp_path, "一、概述<!--[if !supportLists]-->7、<!--[endif]-->监管", "page.txt").media_type == "text/plain"


def test_a_page_without_any_text(tmp_path):
    with pytest.raises(UnreadableFile, match="Chinese character"):
        read(tmp_path, "<html><script>var a = '公开'</script></html>")


@pytest.mark.parametrize("page", ["<html>" + "<div>" * 60_000 + "报告", "<html>报告" + "<b>1</b>" * 260_000])
def test_pages_built_to_exhaust_the_parser_are_refused(tmp_path, page):
    with pytest.raises(UnreadableFile):
        read(tmp_path, page)


def test_a_table_built_to_exhaust_memory_is_refused(tmp_path):
    page = "<html>报告<table>" + ("<tr>" + "<td colspan=200>1</td>" * 10) * 100
    with pytest.raises(UnreadableFile):
        read(tmp_path, page)


def test_deep_but_ordinary_nesting_is_read(tmp_path):
    assert read(tmp_path, "<html>" + "<div>" * 900 + "报告").lines == ("报告",)


def test_pictures_in_the_place_of_text_are_counted(tmp_path):
    page = """<html><p>见<img src=a.png></p><p>&nbsp;<span><img src=b.png></span></p><table><tr><td>1</td><td><img src=c width=20></td></tr>
    </table><p>正文</p><p><img src=d.png width=600></p>"""
    assert read(tmp_path, page).properties == (("pictures", "2"),)


def test_readings_beside_characters_and_the_settings_of_word_are_left_out(tmp_path):
    page = "<html><p><ruby>政<rt>zhèng</rt>府<rp>(</rp><rt>fǔ</rt></ruby></p><xml><w:View>Normal</w:View></xml>"
    assert read(tmp_path, page).lines == ("政府",)


def test_a_page_that_begins_with_text_is_html_by_its_name_and_its_tags(tmp_path):
    assert read(tmp_path, "报告<p>正文</p>", "page.htm").lines == ("报告", "正文")
    assert read(tmp_path, "报告<正文>", "page.htm").media_type == "text/plain"


def test_what_looks_like_a_tag_and_is_none(tmp_path):
    page = """<html><body><script>if (a<b) document.write("<td>"); <!-- document.write("<script></script>"); x--></script>
    <p title="</p><td>甲">收到&lt;3件&gt;&amp;lt;</p>
    <!-- <table><tr><td>旧</td> --><style>p>b{}</style><nav><nav>菜单</nav>栏目</nav>乙<table><tr><td title="1>0">丙<td><i>4</i>
    <tr><td style='display: none'>丁<td><p>戊<td><nav>己</nav>5</table></body></html>"""
    document = read(tmp_path, page)
    assert document.lines == ("收到<3件>&lt;", "乙", "丙", "4", "戊", "5")
    assert texts(document.grids[0]) == [["丙", "4"], ["戊", "5"]]


def test_only_the_own_text_of_a_preformatted_block_keeps_its_lines(tmp_path):
    page = "<html><pre>第一行\n<b>第二\n行</b><br><script>x\ny</script>第三行\n<pre>第四行</pre></pre>第\n五行"
    assert read(tmp_path, page).lines == ("第一行", "第二行", "第三行", "第四行", "第五行")
