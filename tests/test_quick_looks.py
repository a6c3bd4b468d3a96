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
