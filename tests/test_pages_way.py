"""The way of requests: what came in, what became of it, who went on; nothing where the counts are not there, a word where they clash."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from factories import MISSING, NANSHA, balanced, make_report

from extract.model import Report
from publish.database import build_database, report_ids
from publish.pages import build_site
from publish.pages.markdown import render

FENCE = re.compile(r"```way\n(.*?)\n```", re.DOTALL)


def way_of(folder: Path, report: Report, page: str = "agencies/440115/2020/index.md") -> list[list[str]] | None:
    """The rows of the picture on a page of a site with one report."""
    folder.mkdir(exist_ok=True)
    build_database([report], folder / "test.db")
    build_site(folder / "test.db", {key: each.public_lines for key, each in report_ids([report])}, folder, datasette=None)
    found = FENCE.search((folder / page).read_text("utf-8"))
    return [[cell.strip() for cell in line.split("|")] for line in found[1].splitlines()] if found else None


def counts(rows: list[list[str]]) -> list[str]:
    return [" ".join([row[0], row[1], row[3], *row[4:]]).strip() for row in rows[1:] if row[0] not in ("note", "rests")]


def test_the_report_and_its_body_show_the_printed_counts(built: Path) -> None:
    # Read from the tables of reports/002….txt.
    wanted = """stage 收到：新收加上年结转 1,810
part 新收申请 1,777
part 上年结转 33
stage 办理结果 1,749
part 予以公开 799
part 部分公开 84
part 不予公开 120
part 无法提供 694
part 不予处理 52
part 其他处理 0
stage 结转下年度 61
case 行政复议 35
part 结果维持 19
part 结果纠正 9
part 其他结果 2
part 尚未审结 5
case 未经复议直接起诉 22
part 结果维持 18
part 结果纠正 2
part 其他结果 0
part 尚未审结 2
case 复议后起诉 8
part 结果维持 3
part 结果纠正 1
part 其他结果 1
part 尚未审结 3"""
    for page in ("agencies/440115/2020/index.md", "agencies/440115/index.md"):
        found = FENCE.search((built / page).read_text("utf-8"))
        assert found, page
        rows = [[cell.strip() for cell in line.split("|")] for line in found[1].splitlines()]
        assert counts(rows) == wanted.splitlines()
        # The column of totals has 23 cells and the table of cases 15, all printed and all in sums that hold.
        assert rows[-1][:2] == ["rests", "依据38个数字：不符0，推算或拆分0，缺失0，空白0。"]
        assert not any("不符" in row[1] for row in rows[:-1])


def test_counts_that_clash_are_shown_with_their_sign_and_a_sentence(built: Path) -> None:
    text = (built / "agencies/440300-zhu-fang-he-jian-she-ju/2020/index.md").read_text("utf-8")
    picture = FENCE.search(text)[1]
    # 195 + 5 came in, 195 + 0 went on.
    assert (
        "part | 上年结转 | Carried in | 5 | ※" in picture and "stage | 收到：新收加上年结转 | Came in: new and carried in | 200" in picture
    )
    assert "这里各数相加不符，照所存文本原样显示" in picture


@pytest.mark.parametrize("lost", ["requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out"])
def test_no_picture_without_the_counts_that_hold_it_together(tmp_path: Path, lost: str) -> None:
    assert way_of(tmp_path, make_report({(lost, "total"): MISSING})) is None


def test_no_picture_of_nothing_but_zeros(tmp_path: Path) -> None:
    assert way_of(tmp_path, make_report(base=dict.fromkeys(balanced("national_2019"), 0))) is None


def test_a_lost_outcome_is_said_to_be_missing_and_no_sum_is_claimed(tmp_path: Path) -> None:
    rows = way_of(tmp_path, make_report({("partially_granted", "total"): MISSING}))
    assert rows and ["part", "部分公开", "Granted in part", "缺"] in [row[:4] for row in rows]
    assert not any("不符" in row[1] for row in rows[:-1])
    assert rows[-1][1] == "依据38个数字：不符0，推算或拆分0，缺失1，空白0。"


def test_a_blank_is_called_blank_and_not_missing(tmp_path: Path) -> None:
    blank = {("partially_granted", "total"): None, ("reconsideration", "pending"): None, ("denied_other_law", "total"): None}
    for place, page in enumerate(("agencies/440115/2020/index.md", "agencies/440115/index.md")):
        rows = way_of(tmp_path / str(place), make_report(blank), page)
        assert [row[1] for row in rows if row[0] == "part" and row[3] == "空"] == ["部分公开", "尚未审结"]
        assert [row[1] for row in rows if row[0] == "part" and row[3] == "部分空"] == ["不予公开"], "seven of eight grounds are printed"
        assert rows[-1][1] == "依据38个数字：不符0，推算或拆分0，缺失0，空白3。"
    year = next(line for line in (tmp_path / "1" / page).read_text("utf-8").splitlines() if line.startswith("| [2020](2020/) | 本机关 |"))
    assert "| 空 | 部分空 |" in year and "缺" not in year
    rows = way_of(tmp_path / "both", make_report({**blank, ("denied_state_secret", "total"): MISSING}))
    assert ["不予公开", "缺"] in [[row[1], row[3]] for row in rows if row[0] == "part"], "one leaf of the group is lost"


def test_lost_remedies_are_left_out_with_a_sentence(tmp_path: Path) -> None:
    lost = {
        cell: MISSING
        for cell in balanced("national_2019")
        if cell[0] in ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
    }
    rows = way_of(tmp_path, make_report(lost, agency=NANSHA))
    assert rows and not any(row[0] == "case" for row in rows)
    assert rows[-1][1] == "依据38个数字：不符0，推算或拆分0，缺失15，空白0。"
    assert rows[-2][1] == "行政复议、诉讼的全部或部分数字，在本站取得的文本中缺失或为空白。缺失、空白都不等于零。"


def test_results_that_do_not_add_up_are_told_under_their_case(tmp_path: Path) -> None:
    rows = way_of(tmp_path, make_report({("reconsideration", "total"): 5}))
    assert rows
    place = next(i for i, row in enumerate(rows) if row[:2] == ["case", "行政复议"])
    assert rows[place + 5][0] == "note" and "不符" in rows[place + 5][1]


def test_the_figure_is_text_with_bars_and_a_table() -> None:
    lines = [
        "题 | Title",
        "stage | 收到 | In | 20 |",
        "part | 甲 | A | 5 | ※",
        "part | 乙 | B | 缺 |",
        "stage | <b> | C | 40 |",
        "note | 注 | Note",
        "rests | 据 | Rests",
    ]
    html = render("\n".join(["```way", *lines, "```", ""]))
    widths = re.findall(r'<rect class="bar" width="([\d.]+)%"', html)
    assert widths == ["25.00"], "a quarter of what came in; a count that is missing has no bar"
    assert html.count('<svg aria-hidden="true"') == 2 and "&lt;b&gt;" in html and "<b></" not in html
    body = re.search(r"<tbody>(.*?)</tbody>", html)[1]
    assert re.findall(r'scope="row">([^<]+)</th><td class="num">([^<]+)', body) == [
        ("收到", "20"),
        ("收到：甲", "5"),
        ("收到：乙", "缺"),
        ("&lt;b&gt;", "40"),
    ]
