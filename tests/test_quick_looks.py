"""A quick look that spares a slow one must never say no where the slow one would say yes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.choice import any_of
from extract.forms.labels import key_of
from extract.identity import dates, scope
from extract.prose.data import load
from extract.tables.atoms import _beginning, _beginning_of_label

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
