"""Markdown pages: untrusted text stays text, and the conventions of our pages become the right HTML."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.pages.escape import Markdown, address, escape, link, plain, quotation
from publish.pages.grid import table
from publish.pages.inline import render_simple
from publish.pages.links import relative
from publish.pages.markdown import parser, render
from publish.pages.numbers import number, share
from publish.pages.words import gloss, load_words

ACTIVE = st.text(alphabet="*_`~[]()<>&|\\!#+-=.:{}$^'\"/ 0123456789ab中\u3000\t\n", max_size=30)
ANY = st.one_of(ACTIVE, st.text(max_size=30))


def text_of(fragment: str) -> str:
    """The text of HTML as a browser shows it: tags away, entities resolved, white space collapsed."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", fragment))).strip()


@given(ANY)
def test_untrusted_text_renders_as_itself(text: str) -> None:
    rendered = render(escape(text))
    expected = f"<p>{html.escape(plain(text))}</p>\n" if plain(text) else ""
    assert html.unescape(rendered) == html.unescape(expected)


@given(ANY)
def test_untrusted_text_renders_as_itself_in_a_table_cell(text: str) -> None:
    rendered = render(table(["a", "b"], [["x", text], ["y", "z"]]))
    assert rendered.count("<td>") == (2 if plain(text) else 1)  # a row with nothing but its first cell is a group head
    assert text_of(rendered) == f"a b x {plain(text)} y z".replace("  ", " ")


@given(ANY)
def test_untrusted_text_renders_as_itself_in_headings_links_glosses_and_notes(text: str) -> None:
    if not plain(text):
        return
    assert text_of(render(f"## {escape(text)} {{#here}}")) == plain(text)
    assert text_of(render(f"公开 {gloss(text)}\n")) == f"公开 {plain(text)}"
    linked = render(f"x{link(text, 'a/')}y")
    assert linked.count('<a href="a/"') == 1 and text_of(linked) == f"x{plain(text)}y"
    assert text_of(render(f"> [!NOTE]\n> {escape(text)}\n")) == plain(text)


@given(ANY)
def test_a_quotation_keeps_every_line_of_a_report(text: str) -> None:
    expected = [plain(line) for line in text.splitlines() if plain(line)]
    assert [text_of(part) for part in re.findall(r"<p>(.*?)</p>", render(quotation(text)), re.DOTALL)] == expected


def test_html_in_markdown_is_text() -> None:
    assert render("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.cn/", "www.sz.gov.cn", "http://"])
def test_only_web_addresses_become_links(url: str) -> None:
    assert address(url) is None


def test_an_address_cannot_leave_its_link() -> None:
    target = address("https://a.cn/x) [evil](https://b.cn)>")
    assert target is not None
    assert render(f"[a](<{target}>)").count("<a ") == 1


def test_a_head_of_several_levels_becomes_rows_of_heads() -> None:
    rendered = render(
        "| 项 | 申请人／自然人 | 申请人／法人／商业企业 | 申请人／法人／其他 |\n| --- | ---: | ---: | ---: |\n| 甲 | 1 | 2 | 3 |\n"
    )
    assert '<th scope="col" rowspan="3">项</th>' in rendered
    assert '<th class="group" scope="colgroup" colspan="3">申请人</th>' in rendered
    assert '<th class="group" scope="colgroup" colspan="2">法人</th>' in rendered
    assert '<th class="num" scope="col" rowspan="2">自然人</th>' in rendered
    assert rendered.count("<tr>") == 4
    assert "style=" not in rendered


def test_a_row_with_only_a_first_cell_heads_a_group() -> None:
    rendered = render("| a | b |\n| --- | ---: |\n| （三）不予公开 | |\n| &emsp;1.属于国家秘密 | 3 |\n")
    assert '<tr class="group">\n<th scope="rowgroup" colspan="2">（三）不予公开</th>\n</tr>' in rendered
    assert '<th scope="row" class="depth1">1.属于国家秘密</th>' in rendered


SOURCE = st.lists(
    st.sampled_from(
        ["*", "\\", "[", "](a/b#c)", "]", "(", ")", "*公开*", " *in full* ", "[12](source/index.html#L3)", "[※1](#check-T1)", " ", "7"]
    )
    | st.text(max_size=3),
    max_size=8,
).map(lambda parts: re.sub(r"[\r\n\x00]", "", "".join(parts)).strip())


@given(SOURCE)
def test_the_fast_way_through_a_cell_agrees_with_the_parser(source: str) -> None:
    simple = render_simple(source)
    assert simple is None or simple == parser().renderInline(source)


def test_most_cells_take_the_fast_way() -> None:
    for cell in ("154", "[－2](source/index.html#L7)\u00a0[※1](#check-T1-natural_person)", "（一）予以公开 *Granted in full*", ""):
        assert render_simple(cell) is not None


def test_anchors_glosses_and_notes() -> None:
    rendered = render("## 数字 *Figures* {#figures}\n\n> [!WARNING]\n> - 不符 *no* {#check-T1}\n> - 又 {#b}\n\n> 原文\n")
    assert '<h2 id="figures">数字 <span class="en" lang="en">Figures</span></h2>' in rendered
    assert '<div class="note warning" role="note">' in rendered and '<li id="check-T1">' in rendered and '<li id="b">' in rendered
    assert "<blockquote>\n<p>原文</p>\n</blockquote>" in rendered


@pytest.mark.parametrize(
    ("target", "page", "expected"),
    [
        ("", "", "./"),
        ("agencies/", "", "agencies/"),
        ("", "agencies/440115/2020/", "../../../"),
        ("agencies/440115/", "agencies/440115/2020/", "../"),
        ("agencies/440115/2020/", "agencies/440115/2020/", "./"),
        ("assets/site.css", "agencies/", "../assets/site.css"),
        ("assets/site.css", "404.html", "assets/site.css"),
        ("gongkai/figures?report_id=a-2020", "checks/", "../gongkai/figures?report_id=a-2020"),
        ("checks/#a", "agencies/", "../checks/#a"),
        ("checks/#a", "checks/", "#a"),
    ],
)
def test_links_are_relative_to_the_page(target: str, page: str, expected: str) -> None:
    assert relative(target, page) == expected


def test_numbers_and_shares() -> None:
    assert [number(value) for value in (None, 0, 1777, -99, 2122500000, 215450.48, 10.0)] == [
        "",
        "0",
        "1,777",
        "-99",
        "2,122,500,000",
        "215,450.48",
        "10",
    ]
    assert share(15, 30) == "50.0%"
    assert share(7, 29) is None, "no percentage under thirty"
    assert share(None, 100) is None


def test_interface_words_are_complete_and_strict() -> None:
    words = load_words()
    assert words.both("legend.adding_up") == "表内数字相符不等于数字属实 *Adding up is not being true*"
    assert words.say("report.too_few", count=7) == "办理结果仅7件，不计算比率。"
    with pytest.raises(KeyError):
        words.zh("no.such")


def test_a_word_without_english_fails(tmp_path) -> None:
    file = tmp_path / "strings.yml"
    file.write_text("site:\n  name: {zh: 公开}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="site"):
        load_words(file)


def test_markdown_is_not_escaped_twice() -> None:
    assert escape(Markdown("**a**")) == "**a**"
    assert escape(escape("a*b")) == escape("a*b")
