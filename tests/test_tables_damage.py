"""Damage that once led the reader of tables astray: each case is the smallest that shows it."""

from __future__ import annotations

import pytest
from documents import form_table, grid_document, requests_lines, requests_rows, text_document

from extract.model import Figure, TableReading
from extract.read.delimited import read_delimited
from extract.read.rows import prose_rows
from extract.tables import read_tables
from extract.tables.split import readings, without_surplus
from extract.tables.values import TOKEN

RESULTS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
REMEDY_HEADER = [
    ["行政复议", *[""] * 4, "行政诉讼", *[""] * 9],
    [*RESULTS, "未经复议直接起诉", *[""] * 4, "复议后起诉", *[""] * 4],
    [""] * 5 + RESULTS * 2,
]
FUJIAN = "指标名称计量单位2012年度历年累计"


def values(reading: TableReading, indicator: str) -> list:
    return [figure.value for figure in reading.figures if figure.indicator == indicator]


def only(reading: TableReading, indicator: str) -> Figure:
    return next(figure for figure in reading.figures if figure.indicator == indicator)


def test_a_zero_over_blanks_is_no_proven_total() -> None:
    parts_and_total = (((0, 1, 2), 3),)
    assert readings(["0"], 4, parts_and_total) == ()
    assert readings(["7", "7"], 4, parts_and_total) == ((7, None, None, 7), (None, 7, None, 7), (None, None, 7, 7))


def test_a_zero_too_many_among_zeros_may_be_that_of_a_row_that_lost_its_label() -> None:
    parts_and_total = (((0, 1, 2), 3),)
    assert without_surplus(["0"] * 5, 4, parts_and_total) is None
    assert without_surplus(["0", "0", "12", "0", "0"], 4, parts_and_total) == (0, 1, 3, 4)
    assert without_surplus(["3", "0", "4", "7", "0"], 4, parts_and_total) == (0, 1, 2, 3)


def test_digits_under_two_columns_without_a_sum_are_parted_only_where_no_blank_is_possible() -> None:
    assert readings(["00"], 2, ()) == ((0, 0),)
    assert len(readings(["13"], 2, ())) == 3  # 1 and 3; 13 and a blank; a blank and 13


@pytest.mark.parametrize("glued", ["11.725811.7261", "2753,114"])
def test_two_amounts_in_one_run_are_one_token(glued: str) -> None:
    assert [match.group() for match in TOKEN.finditer(glued)] == [glued]


@pytest.mark.parametrize("mark", ["", "—", "/"])
def test_a_remedies_row_in_a_grid_begins_with_its_first_cell_whatever_is_printed(mark: str) -> None:
    row = [mark, "1", *[mark] * 2, "1", *[mark] * 10]
    reading = read_tables(grid_document([*REMEDY_HEADER, row]))
    cells = {(figure.indicator, figure.measure): figure for figure in reading.figures}
    assert cells["reconsideration", "upheld"].value is None
    assert cells["reconsideration", "corrected"].value == 1
    assert cells["reconsideration", "total"].value == 1
    assert len(cells) == 15


def test_a_remedies_row_of_blanks_is_printed_blank() -> None:
    reading = read_tables(grid_document([*REMEDY_HEADER, [""] * 15]))
    assert [figure.state for figure in reading.figures] == ["blank"] * 15


def test_blank_label_columns_and_blank_cells_are_told_apart_by_the_header() -> None:
    rows = [["一、本年新收政府信息公开申请数量", "", "", "", "4", "", "", "", "", ""]]
    rows += [[label, "", "", *(cells or [""] * 7)] for label, cells in requests_rows("national_2021", {})[1:]]
    flat = [["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", "", "", "申请人情况", *[""] * 6]]
    flat += [
        ["", "", "", "自然人", "法人或其他组织", *[""] * 4, "总计"],
        ["", "", "", "", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", ""],
    ]
    reading = read_tables(grid_document([*flat, *rows]))
    assert values(reading, "requests_new") == [None, 4, None, None, None, None, None]


def test_a_line_break_inside_a_label_of_glued_text_is_none() -> None:
    text = "第二十条第(八)项信息内容本年收费\n金额(单位:万元)行政事业性收费2.5"
    assert only(read_tables(text_document(text)), "admin_fee").value == 25000


def test_a_number_that_a_break_parts_from_its_label_is_no_value() -> None:
    text = f"{FUJIAN}\n对申请的答复总数条00其中：1.同意公开答复数条002.\n同意部分公开答复数条003.否决公开答复总数条00"
    reading = read_tables(text_document(text))
    assert values(reading, "reply_granted") == [0, 0]
    assert values(reading, "reply_partial") == [0, 0]


def test_a_dash_below_a_label_is_its_first_cell() -> None:
    lines = requests_lines("national_2021", {"requests_new": ["/", "5", "0", "0", "0", "0", "5"]})
    reading = read_tables(text_document(lines))
    assert values(reading, "requests_new") == [None, 5, 0, 0, 0, 0, 5]


def test_a_row_whose_label_is_lost_is_no_subtotal_of_its_group() -> None:
    lines = requests_lines("national_2021", {"denied_state_secret": ["3", "0", "0", "0", "0", "0", "3"]})
    reading = read_tables(text_document(lines.replace("1.属于国家秘密\n", "")))
    assert values(reading, "denied_total") == []
    assert values(reading, "denied_state_secret") in ([], [3, 0, 0, 0, 0, 0, 3])


def test_a_row_without_label_behind_a_whole_row_is_found_between_its_neighbours() -> None:
    lines = requests_lines("national_2021", {"denied_third_party": ["3", "0", "0", "0", "0", "0", "3"]})
    reading = read_tables(text_document(lines.replace("4.保护第三方合法权益\n", "")))
    assert values(reading, "denied_third_party") == [3, 0, 0, 0, 0, 0, 3]
    assert only(reading, "denied_third_party").proof == "between_anchors"


def test_a_table_printed_twice_does_not_prove_two_lost_rows() -> None:
    header = ["指标名称", "计量单位", "2012年度", "历年累计"]
    labels = [row.label for row in form_table("fujian_2008", "statistics").rows][3:8]
    grid = [header, *([label, "条", str(number), "50"] for number, label in enumerate(labels))]
    del grid[3]
    grid[3][0] = ""  # of two neighbours one row is lost and one label
    reading = read_tables(grid_document(grid, grid))
    found = {figure.indicator for figure in reading.figures}
    assert not {"requests_fax", "requests_email"} & found


def test_the_code_of_a_row_is_no_value() -> None:
    rows = "\n".join(
        f"{label}\n条\n0{number}\n{number}5" for number, label in enumerate(["主动公开信息数", "公文类信息数", "提供服务类信息数"], 1)
    )
    reading = read_tables(text_document(f"指标名称\n计量单位\n代码\n年度累计\n{rows}"))
    assert [figure.value for figure in reading.figures] == [15, 25, 35]
    glued = read_tables(text_document(f"指标名称计量单位年度累计{rows}".replace("\n", "").replace("年度累计", "")))
    assert glued.figures == (), "without a header nobody can say that 0115 is a code and a value"


def test_a_year_in_the_prose_proves_no_parting() -> None:
    text = f"2012年，全区公开政府信息。\n{FUJIAN}主动公开信息数条201249行政复议数件00"
    assert values(read_tables(text_document(text)), "proactive_total") == []


def test_prose_behind_a_table_is_no_part_of_it() -> None:
    table = "第二十条第（八）项\n信息内容\n本年收费金额（单位：万元）\n行政事业性收费\n2.5"
    reading = read_tables(text_document(f"{table}\n三、收到和处理政府信息公开申请情况\n全年予以公开3件，结转下年度继续办理1件，均已答复。"))
    assert [figure.indicator for figure in reading.figures] == ["admin_fee"]
    assert max(span.line for span in reading.spans) == 5
    assert reading.problems == ()


def test_rows_of_prose_part_the_tables_of_a_sheet() -> None:
    sheet = [
        ["二、情况", ""],
        ["全年公开5条。", ""],
        ["信息内容", "本年处理决定数量"],
        ["（组）", ""],
        ["行政许可", "5"],
        ["本年度没有收费。", ""],
    ]
    assert prose_rows(sheet) == {0, 1, 5}
    assert prose_rows([["只有文字。", ""], ["没有表格。", ""]]) == frozenset()
    document = read_delimited("全年公开5条。,\n信息内容,本年处理决定数量\n行政许可,5\n", "utf-8")
    assert [(grid.first_line, grid.last_line) for grid in document.grids] == [(2, 3)]
