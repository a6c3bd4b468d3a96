"""A body's figures over the years: breaks drawn, gaps hatched, older forms joined as graded, scopes never mixed, labels apart."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest
from factories import NANSHA, make_report

from extract.model import Figure, Report
from publish.database import build_database, report_ids
from publish.pages import build_site
from publish.pages.charts import series_chart

FORMS = {
    2016: "national_2014",
    2018: "national_2014",
    2019: "national_2019",
    2020: "national_2019",
    2022: "national_2021",
    2024: "national_2021",
}
SPLIT = {("granted", "total"): Figure("granted", "total", 9, "件", "printed", reading="split", proof="row_sum", raw="9", line=1)}
REPORTS = [make_report(SPLIT if year == 2022 else None, form=form, year=year) for year, form in FORMS.items()]


def page(folder: Path, reports: list[Report], suffix: str) -> str:
    folder.mkdir()
    build_database(reports, folder / "test.db")
    build_site(folder / "test.db", {key: () for key, _ in report_ids(reports)}, folder / "dist", datasette=None)
    return (folder / "dist" / "agencies" / NANSHA.agency_id / f"index.{suffix}").read_text("utf-8")


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page(tmp_path_factory.mktemp("series") / "a", REPORTS, "md")


def chart(text: str, title: str) -> list[str]:
    found = re.search(rf"```chart\nseries \| {re.escape(title)} \|.*?```", text, re.DOTALL)
    assert found, title
    return found[0].splitlines()


def test_an_older_item_that_the_crosswalk_grades_close_stands_in_the_series_and_its_grade_is_told(text: str) -> None:
    lines = chart(text, "本年新收政府信息公开申请数量")
    assert [line for line in lines if line[:1] == "2"] == [
        "2016 | 12 |  |",
        "2017 |  |  |",
        "2018 | 12 |  |",
        "2019 | 13 |  | 2019年启用新格式",
        "2020 | 13 |  |",
        "2021 |  |  |",
        "2022 | 13 |  |",
        "2023 |  |  |",
        "2024 | 13 |  |",
    ]
    assert any(line.startswith("note | 2016–2018年为旧表的“收到申请数”，对接程度：相近。两者都是当年收到的申请") for line in lines)
    assert "note | 虚线：2019年启用新格式。 | Broken lines: New form of 2019." in lines


def test_what_must_not_be_joined_is_drawn_apart(text: str) -> None:
    assert "2016" not in "".join(chart(text, "予以公开"))
    assert [line[:9] for line in chart(text, "同意公开答复数")[2:5]] == ["2016 | 9 ", "2017 |  |", "2018 | 9 "]
    assert not re.search(r"series \| 行政规范性文件.*\n(?:.*\n)*?2020 \| 5.*\n(?:.*\n)*?2022 \| 4", text)


def test_each_break_concerns_the_series_that_it_is_drawn_in(text: str) -> None:
    assert "2024年起不予公开先申请复议" in "".join(chart(text, "行政复议"))
    assert "2024年起不予公开先申请复议" not in "".join(chart(text, "本年新收政府信息公开申请数量"))
    assert "2021年修改格式" in "".join(chart(text, "行政许可·处理决定数量"))


def test_a_chart_says_how_many_of_its_figures_are_broken_inferred_and_missing(text: str) -> None:
    assert "note | 依据4年的数字：不符0，推算1，缺2年。" in "\n".join(chart(text, "予以公开"))


def test_years_of_different_scopes_stand_in_different_charts(tmp_path: Path) -> None:
    scopes = {2019: "own_organ", 2020: "jurisdiction_total", 2021: "jurisdiction_total"}
    reports = [make_report(form=FORMS.get(year, "national_2021"), year=year, scope=scope) for year, scope in scopes.items()]
    text = page(tmp_path / "a", reports, "md")
    assert [line[:4] for line in chart(text, "予以公开") if line[:1] == "2"] == ["2020", "2021"]
    assert "### 口径：全区汇总" in text and "### 口径：本机关" not in text


def test_one_year_makes_no_series(tmp_path: Path) -> None:
    assert "```chart" not in page(tmp_path / "a", [make_report()], "md")


def test_the_drawing_has_a_title_a_description_a_table_and_ids_of_its_own(tmp_path: Path) -> None:
    drawn = page(tmp_path / "a", REPORTS, "html")
    figures = re.findall(r'<figure class="chart small">.*?</figure>', drawn, re.DOTALL)
    assert len(figures) > 8
    for each in figures:
        assert "<title id=" in each and "<desc id=" in each and "<table>" in each
    ids = re.findall(r'\sid="([^"]+)"', "".join(figures))
    assert len(ids) == len(set(ids))


def _apart(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Tell whether two boxes (left, right, top, bottom) have no point in common."""
    return one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]


@pytest.mark.parametrize(
    ("years", "value", "peaks"), [(2, 7, ()), (8, 120, ()), (17, 12345, ()), (17, 3, ()), (18, 100, (0, 4, 14)), (18, 0, (17,))]
)
def test_labels_meet_no_label_and_no_column_on_a_phone(years: int, value: int, peaks: tuple[int, ...]) -> None:
    rows = [
        [str(2008 + place), str((value + place) * (1000 if place in peaks else 1)), "※" if place % 3 else "", ""] for place in range(years)
    ]
    drawn = series_chart("甲", "a", "件", rows)
    scale = 280 / 100
    bars = re.findall(r'<rect class="bar" x="([\d.]+)%" y="([\d.]+)" width="([\d.]+)%" height="([\d.]+)"', drawn)
    columns = [(x * scale, (x + width) * scale, y, y + height) for x, y, width, height in (map(float, bar) for bar in bars)]
    assert len(columns) == years
    for kind in ("value", "tick"):
        found = re.findall(rf'<text class="{kind}" x="([\d.]+)%" y="([\d.]+)" text-anchor="middle">([^<]+)<', drawn)
        assert found
        boxes = []
        for x, y, label in found:
            # Digits stand on the line.
            half = (len(label) * 8 + 6 * ("※" in label)) / 2
            boxes.append((float(x) * scale - half, float(x) * scale + half, float(y) - 11, float(y)))
        assert all(_apart(one, other) for one, other in combinations(boxes, 2)), boxes
        assert all(_apart(box, column) for box in boxes for column in columns), (kind, boxes)
    assert drawn.count("<td") >= years  # the table has them all


def test_an_item_that_the_form_of_a_year_does_not_have_is_not_called_missing(text: str) -> None:
    table = text[text.index("{#years}") :]
    assert "[2016](2016/) | 本机关" not in table and "2016–2018年的表格没有这些项目" in table
    assert "“—”是当年的表格没有这一项" in table
