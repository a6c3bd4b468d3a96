"""What figures of the prose say of each other: parts of a total, shares of it, growth against last year's tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from factories import MISSING, NANSHA, make_report, rows

from extract.model import NarrativeFigure, Report, Section
from publish.prose_lists import Figure, agrees, breakdowns, placed, shares

COUNTED = re.compile(r"(?P<about>约)?(?P<value>[\d,]+(?:\.\d+)?)\s*(?P<unit>[件条次%])")
CHECK = (
    "select outcome, left_value, right_value, difference from checks where report_id = '440115-2020' and rule = ? order by left_value desc"
)


def said(*sentences: str, indicators: dict[int, str] | None = None) -> tuple[NarrativeFigure, ...]:
    """The counted figures of sentences as the reader of the prose stores them; `indicators` by position."""
    found: list[NarrativeFigure] = []
    for sentence in sentences:
        for match in COUNTED.finditer(sentence):
            value = float(match["value"].replace(",", ""))
            start = max(sentence.rfind(mark, 0, match.start()) for mark in "，；、。（：") + 1
            place = len(found) + 1
            about, unit, phrase = match["about"] is not None, match["unit"], sentence[start : match.end()]
            number = int(value) if value.is_integer() else value
            found.append(NarrativeFigure(place, "overview", number, unit, about, phrase, sentence, 7, (indicators or {}).get(place)))
    return tuple(found)


def checks(folder: Path, rule: str, figures: tuple[NarrativeFigure, ...], *others: Report, **more: Any) -> list[tuple[Any, ...]]:
    return rows(folder, [make_report(narrative=figures, **more), *others], CHECK, rule)


# ── N6: parts of a total ─────────────────────────────────────────────────────────────────────────────────────────

LISTS = [
    ("全年公开信息100条，其中甲类40条，乙类30条，丙类20条，其他10条。", "pass", 100, 100),
    ("全年公开信息100条（其中甲类40条，乙类、丙类30条，丁类20条，其他信息12条），均通过网站公开5次。", "fail", 102, 100),
    ("全年公开信息100条，其中：甲类40条；乙类30条；丙类20条；其他5条。", "fail", 95, 100),
    ("在公开的100条信息中，甲类40条，占40%；乙类30条，占30%；丙类20条，占20%；丁类9条，占9%。", "fail", 99, 100),
    ("办理建议50件，占全市的11.2%，其中承办6件、主办21件、分办7件、汇办16件；办理提案48件。", "pass", 50, 50),
    ("公开信息100条，甲类、乙类、丙类、丁类分别为40条、30条、20条、9条。", "fail", 99, 100),
    ("网站访问0.7次，其中甲类0.1次，乙类0.2次，丙类0.3次，其他0.1次。", "pass", 0.7, 0.7),
]


@pytest.mark.parametrize(("sentence", "outcome", "left", "right"), LISTS)
def test_parts_that_add_up_and_that_do_not(tmp_path: Path, sentence: str, outcome: str, left: int, right: int) -> None:
    assert checks(tmp_path, "N6", said(sentence)) == [(outcome, left, right, left - right)]


@pytest.mark.parametrize(
    "sentence",
    [
        "公开信息100条，其中甲类40条，乙类约30条，丙类20条，丁类5条，其他1条。",
        "公开信息100条，其中甲类40条；乙类30条；预算和决算；丙类20条；其他5条。",
        "公开信息100条，其中甲类40条，乙类30条，丙类10条，丁类9条。",  # a selection leaves some out
        "公开信息100条，其中甲类40条，乙类30条，丙类30条，丁类9条。",  # one part lies inside another
        "网站访问0.7次，其中甲类0.1次，乙类0.2次，丙类0.4次，丁类0.2次。",
    ],
)
def test_parts_that_are_not_all_counted_cannot_be_checked(tmp_path: Path, sentence: str) -> None:
    ((outcome, *_),) = checks(tmp_path, "N6", said(sentence))
    assert outcome == "not_assessable"


@pytest.mark.parametrize(
    "sentence",
    [
        "公开信息100条，甲类40条，乙类30条，丙类20条，丁类9条。",  # no cue
        "公开信息100条，其中甲类40条，乙类30条，丙类20条。",  # three parts
        "公开信息100条，其中甲类40件，乙类30件，丙类20件，其他9件。",  # another unit
        "公开信息约100条，其中甲类40条，乙类30条，丙类20条，其他9条。",  # a round total
        "公开信息100条，其中甲类40条，其中乙类30条，丙类20条，丁类10条，其他9条。",  # a list in a list
    ],
)
def test_what_is_no_list_of_parts_is_not_checked(tmp_path: Path, sentence: str) -> None:
    assert checks(tmp_path, "N6", said(sentence)) == []


def test_the_sentence_and_the_evidence_of_parts(tmp_path: Path) -> None:
    report = make_report(narrative=said(LISTS[1][0]))
    query = "select sentence_zh, sentence_en from checks where rule = 'N6'"
    ((zh, en),) = rows(tmp_path, [report], query)
    assert zh.startswith("值得留意：正文第7行说“全年公开信息100条”，所列4项相加为102条，相差2条。")
    assert en.startswith("Worth a look: the 4 parts listed add up to 102, the total before them is 100")
    query = "select side, narrative_position, value from check_cells where rule = 'N6' order by position"
    assert rows(tmp_path, [report], query) == [("right", 1, 100), ("left", 2, 40), ("left", 3, 30), ("left", 4, 20), ("left", 5, 12)]


# ── N5: shares ───────────────────────────────────────────────────────────────────────────────────────────────────

SHARES = "在办理的80件申请中，公开40件，占50%；部分公开20件，占{rate}；不予公开15件，占18.8%；其他5件，占6.2%。"


def test_shares_that_agree_rounded_or_cut_off_and_one_that_does_not(tmp_path: Path) -> None:
    assert checks(tmp_path, "N5", said(SHARES.format(rate="25%"))) == [
        ("pass", 50, 50, 0),
        ("pass", 25, 25, 0),
        ("pass", 18.8, 18.75, 0.05),
        ("pass", 6.2, 6.25, -0.05),
    ]
    assert checks(tmp_path, "N5", said(SHARES.format(rate="27%")))[1] == ("fail", 27, 25, 2)


def test_the_total_of_shares_may_stand_in_the_sentence_before(tmp_path: Path) -> None:
    figures = said("受理申请90件，办结80件。", "公开40件，占52%；部分公开20件，占25%；不予公开15件，占18.8%；其他5件，占6.3%。")
    assert [row[0] for row in checks(tmp_path, "N5", figures)] == ["fail", "pass", "pass", "pass"]
    query = "select sentence_zh from checks where rule = 'N5' and outcome = 'fail'"
    ((sentence,),) = rows(tmp_path, [make_report(narrative=figures)], query)
    assert sentence.startswith("值得留意：正文第7行说“公开40件，占52%”；以“办结80件”为总数，计算为50%。")


def test_a_share_of_an_unknown_total_cannot_be_checked_and_of_a_named_one_is_left_alone(tmp_path: Path) -> None:
    assert checks(tmp_path, "N5", said("公开40件，占52%。")) == [("not_assessable", 52, None, None)]
    assert checks(tmp_path, "N5", said("办理建议65件，占全市总件数的11.2%。")) == []


def test_agreement_reaches_to_the_last_printed_decimal() -> None:
    assert agrees(4.34, 4.348, 2) and agrees(4.35, 4.348, 2) and agrees(33, 33.9, 0)
    assert not agrees(4.33, 4.348, 2) and not agrees(33.9, 32.05, 1)


def test_figures_are_placed_where_they_stand_and_a_strange_phrase_places_none() -> None:
    figures = [Figure(1, 6, "件", False, None, "承办6件"), Figure(2, 6, "件", False, None, "承办6件")]
    assert [(each.start, each.end) for each in placed("承办6件；承办6件", figures)] == [(2, 3), (7, 8)]
    assert placed("承办6件", figures) == ()
    assert list(breakdowns("", ())) == list(shares("", ())) == []


# ── Y6: growth against last year's tables ────────────────────────────────────────────────────────────────────────

# Last year's table has 13 new requests.
GROWTH = [
    ("26件，同比增长100%", "pass", 100, 100),
    ("26件，比上年上升90%", "fail", 90, 100),
    ("10件，较去年回落23.1%", "pass", -23.1, -23.08),
]


def grown(words: str) -> tuple[NarrativeFigure, ...]:
    return said(f"全年收到申请{words}。", indicators={1: "requests_new"})


@pytest.mark.parametrize(("words", "outcome", "left", "right"), GROWTH)
def test_growth_that_agrees_with_last_year_and_that_does_not(tmp_path: Path, words: str, outcome: str, left: float, right: float) -> None:
    found = checks(tmp_path, "Y6", grown(words), make_report(year=2019))
    assert found == [(outcome, left, right, pytest.approx(left - right, abs=0.001))]


def test_growth_without_last_years_figure_cannot_be_checked(tmp_path: Path) -> None:
    for lost in (None, MISSING, 0):
        last_year = make_report({("requests_new", "total"): lost}, year=2019)
        ((outcome, *_),) = checks(tmp_path, "Y6", grown("26件，同比增长90%"), last_year)
        assert outcome == "not_assessable"


def test_growth_is_not_checked_without_last_years_report_or_of_something_else(tmp_path: Path) -> None:
    assert checks(tmp_path, "Y6", grown("26件，同比增长90%")) == []
    assert checks(tmp_path, "Y6", grown("26件，同比增长90%"), make_report(year=2019, scope="jurisdiction_total")) == []
    assert checks(tmp_path, "Y6", grown("26件，网站访问量同比增长90%"), make_report(year=2019)) == []


def test_the_sentence_of_growth_names_last_years_report(tmp_path: Path) -> None:
    reports = [make_report(narrative=grown("26件，同比增长90%")), make_report(year=2019)]
    ((sentence,),) = rows(tmp_path, reports, "select sentence_zh from checks where rule = 'Y6'")
    told = "正文第7行说“全年收到申请26件，同比增长90%”；广州市南沙区人民政府2019年报告表中新收13，按此计算为100%。"
    assert sentence.startswith(f"值得留意：{told}")


def test_prose_against_itself_marks_no_figure_of_a_table(tmp_path: Path) -> None:
    report = make_report(narrative=said(LISTS[1][0]), sections=(Section(1, "overview", None, LISTS[1][0], 7, 7),), agency=NANSHA)
    assert rows(tmp_path, [report], "select count(*) from figures where check_status = 'inconsistent'") == [(0,)]


# ── what a check is about has an address that holds ──────────────────────────────────────────────────────────────

ADDRESSES = "select rule, subject, fragment, fingerprint from checks where rule in ('N1', 'N6', 'N5', 'Y6') order by 1, 2"


def test_a_new_sentence_before_it_moves_no_address_and_no_fingerprint(tmp_path: Path) -> None:
    told = ("全年收到申请26件，同比增长90%。", SHARES.format(rate="27%"))
    last_year = make_report(year=2019)
    before = rows(tmp_path, [make_report(narrative=said(*told, indicators={1: "requests_new"})), last_year], ADDRESSES)
    more = said("全年发布信息7条。", *told, indicators={2: "requests_new"})
    assert rows(tmp_path, [make_report(narrative=more), last_year], ADDRESSES) == before
    assert [(rule, subject) for rule, subject, *_ in before] == [
        ("N1", "requests_new.26"),
        ("N5", "15_18.8"),
        ("N5", "20_27"),
        ("N5", "40_50"),
        ("N5", "5_6.2"),
        ("Y6", "requests_new.26"),
    ]
    assert before[0][2] == "check-N1-requests_new-26"


def test_a_number_that_is_stated_again_has_a_check_of_its_own(tmp_path: Path) -> None:
    again = said("收到申请26件。", "又说收到申请26件。", indicators={1: "requests_new", 2: "requests_new"})
    found = rows(tmp_path, [make_report(narrative=again)], "select subject from checks where rule = 'N1' order by 1")
    assert found == [("requests_new.26",), ("requests_new.26_2",)]
