"""Sections: headings of every form and wording, and prose whose headings are lost."""

from __future__ import annotations

import pytest

from extract.model import Span
from extract.prose import read_prose
from tests.prose_documents import cases, document


@pytest.mark.parametrize("case", cases("sections.yml"), ids=lambda case: case["name"])
def test_sections(case):
    sections = read_prose(document(*case["lines"]), ())[0]
    assert [[s.role, s.heading, s.line_start, s.text] for s in sections] == case["sections"]
    assert [s.position for s in sections] == list(range(1, len(sections) + 1))
    assert {s.found_by for s in sections if s.heading} <= {"heading"}
    assert {s.found_by for s in sections if not s.heading} <= {"content"}


def test_a_section_reaches_to_the_line_before_the_next_heading_tables_included():
    lines = ("二、主动公开政府信息情况", "规章", "1", "", "三、收到和处理政府信息公开申请情况", "收到申请1件。", "")
    sections = read_prose(document(*lines), (Span(2, 0, 2), Span(3, 0, 1)))[0]
    assert [(s.line_start, s.line_end, s.text) for s in sections] == [(1, 3, ""), (5, 6, "收到申请1件。")]


def test_row_labels_of_a_statistics_table_are_no_headings():
    lines = ("一、概述", "甲。", "一、主动公开情况", "二、行政复议数量")
    spans = (Span(3, 0, 8), Span(4, 0, 8))
    assert [s.heading for s in read_prose(document(*lines), spans)[0]] == ["一、概述"]


def test_an_empty_document_has_no_sections():
    assert read_prose(document(), ())[0] == ()
    assert read_prose(document("", "  "), ())[0] == ()
