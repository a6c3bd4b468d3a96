"""A quick look that spares a slow one must never say no where the slow one would say yes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.choice import any_of
from extract.forms import load_forms
from extract.forms.labels import key_of
from extract.identity import dates, document_types, scope
from extract.model import Text
from extract.prose.data import load
from extract.read import encoding, markup, walk
from extract.read.markup import read_markup
from extract.repair import script, spam
from extract.tables.atoms import _beginning, _beginning_of_label, _joined, _joined_one_by_one

BEFORE = load("non_figures")["before"]


@pytest.mark.parametrize("pattern", BEFORE)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_may_stand_before_a_number_ends_as_said(pattern, data):
    before = data.draw(st.from_regex(f"(?:{pattern})\\Z"))
    if re.search(f"(?:{pattern})$", before):
        assert re.search(f"{load('non_figures')['before_ends']}$", before)


def test_every_pattern_holds_a_word_that_is_looked_for_first():
    needed = [(dates.words()["published_needs"], pattern) for pattern in dates.words()["published"]]
    needed += [(words, pattern) for name, words in scope.words()["needs"].items() for pattern in scope.words()[name]]
    assert [pattern for words, pattern in needed if not any(word in pattern for word in words)] == []


words = st.lists(st.text("甲乙丙.[", min_size=1, max_size=4), min_size=1, max_size=8)


@given(words, st.text("甲乙丙.[丁", max_size=30))
def test_words_that_share_a_beginning_are_found_as_side_by_side(words, text):
    side_by_side = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    assert re.findall(any_of(words), text) == re.findall(side_by_side, text)


@given(st.text("一二(（)）、.。国家秘密数件 其中:1⑴㈠", max_size=16))
def test_a_sentence_is_no_label(text):
    quick, slow = _beginning(text), _beginning_of_label(text)
    assert quick[1:] == slow[1:] and (not quick[1] or quick[0] == key_of(text))


LABELS = sorted({label for form in load_forms() for table in form.tables for row in table.rows for label in (row.label, *row.keys)})
beginnings = st.builds(lambda label, length: label[:length], st.sampled_from(LABELS), st.integers(1, 30))
opened = st.builds("{}{}".format, st.sampled_from(LABELS), st.sampled_from(["(", "（", "⁽", "(共"]))
others = st.text("（）()12３٣①⑴㈠、.其中:年 —“”", min_size=1, max_size=5).filter(str.strip)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(LABELS) | beginnings | opened | others | st.sampled_from(["0", "12", "2023"]), min_size=1, max_size=8))
def test_a_label_before_a_number_is_whole(texts):
    pieces = [(line, Text(text, text), 0, len(text)) for line, text in enumerate(texts, 1)]
    assert _joined(pieces, 0) == _joined_one_by_one(pieces, 0)


@given(st.from_regex(document_types.words()["placeholder"]))
def test_every_placeholder_holds_a_word_that_is_looked_for_first(text):
    assert any(word in text for word in document_types.words()["placeholder_needs"])


some_bytes = (
    st.lists(st.sampled_from([b"\x01", b"0", b"9", b"\x7f", b"\x81", b"\xfe", b"\xd6\xd0", b"\x84\x31\xa4\x39"])).map(b"".join)
    | st.binary()
)


@given(some_bytes, st.sampled_from(["utf-8", "gb18030"]))
def test_bytes_hold_no_fewer_control_characters_than_their_text(data, name):
    assert encoding._controls(data) >= encoding._controls(data.decode(name, "replace").encode())


@given(some_bytes)
def test_a_text_decoded_in_two_parts_is_the_text(data):
    beginning, text = "的一是在不了有和人这" * 1000, data.decode("gb18030", "replace")
    for blanks in range(4):  # the border of the parts falls on any byte of a character
        whole = b" " * blanks + beginning.encode("gb18030")[: encoding._BEGINNING_BYTES - 2] + data
        if (found := encoding._surely_gb18030(whole)) is not None:
            assert found == whole.decode("gb18030", "replace")
    assert encoding._surely_gb18030(beginning.encode("gb18030") + data) == beginning + text


@given(st.text("繁體版苧薴機關關機 a|", max_size=12))
def test_a_text_with_few_traditional_characters_is_simplified_as_any(text):
    assert script.shadow_of(script.traditional_among(set(text)))(text) == script.shadow(text)


@given(st.text("繁體版關機政府信息公开的 a", max_size=200))
def test_a_text_above_the_threshold_may_be_traditional(text):
    if script.traditional_share(text) > script.THRESHOLD:
        assert script.may_be_traditional(text, script.traditional_among(set(text)), set(text))


tags = st.lists(st.sampled_from(["<b>", "<b>" * 40, "</b>", "</b>" * 30, "<p>", "</p>", "<td></br>", "甲" * 50]), max_size=120).map("".join)


@given(tags)
def test_a_page_that_is_too_deep_may_be_deep(page):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(markup, "_MAX_DEPTH", 100)
        assert markup._may_be_deep(page, page.count("<")) or not markup._is_too_deep(page)


pieces_of_spam = st.sampled_from(
    ["必威", "体育", "官网", "|", "明星同款连衣裙", "三天瘦十斤秘方", "政府信息公开", "久久", "国产", " ", "、", "1"]
)


@given(st.lists(pieces_of_spam, max_size=14).map("".join))
def test_a_line_without_the_mark_of_spam_holds_none(line):
    mark = spam.mark_of_spam(line)
    if mark is None or mark not in line:
        text = Text(line, line)
        assert spam.remove_spam_line(text, str) == spam.cover_spam_phrases(text, str) == (text, ())


# Blanks and length decide whether a table only lays out the page, <pre> keeps lines, a comment ends at "-->".
RUNS = [
    "甲",
    "1",
    "（",
    " ",
    "\n",
    "     \n",
    "&nbsp;",
    "\u200b",
    "乙" * 248,
    "-",
    "<!-- -",
    "->丙-->",
    "<span><b>甲</b></span><b>乙</b>丙\n丁",
    '<a title="戊',
]
runs = st.lists(st.sampled_from(RUNS), min_size=1, max_size=6).map("</b><b>".join)
blocks = st.builds("<{0}><b>{1}</b></{0}>".format, st.sampled_from(["p", "pre", "span", "td", "div"]), runs)


@settings(max_examples=500)
@given(st.lists(blocks, min_size=1, max_size=3).map("".join))
def test_a_page_is_read_the_same_with_its_seams(page):
    text = f"<table><tr><td>{page}</td><td>1</td></tr></table>{page}"
    without_seams = read_markup(text, "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(walk, "without_seams", lambda written: written)
        assert read_markup(text, "utf-8") == without_seams


leaves = st.sampled_from(
    ["", "甲", "12", " ", "\n", "&nbsp;", "<br>", "乙 丙", "丁" * 501, "<o:p></o:p>", '<span style="display:none">戊</span>']
)
elements = st.recursive(
    leaves,
    lambda inside: st.builds(
        "<{0}{1}>{2}</{0}>".format,
        st.sampled_from(["p", "div", "span", "font", "b", "a", "center", "o:p", "sub"]),
        st.sampled_from(["", ' style="font-family: 微软雅黑;"', ' href="/"']),
        st.lists(inside, max_size=3).map("".join),
    ),
    max_leaves=5,
)


@settings(max_examples=500)
@given(st.lists(elements, min_size=1, max_size=6))
def test_a_cell_is_read_the_same_at_one_match_and_tag_by_tag(cells):
    page = "<table>" + "".join(f'<tr><td>{cell}</td><td width="9">1</td></tr>' for cell in cells) + "</table>"
    at_one_match, tag_by_tag = (read_markup(text, "utf-8") for text in (page, page.replace("</td>", "<!-- --></td>")))
    assert at_one_match == tag_by_tag
