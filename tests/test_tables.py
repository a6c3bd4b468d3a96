"""Statutory tables: every cell as printed, by its label, from every shape that a copy gives a table."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest
from documents import APPLICANTS, CORNER, grid_document, requests_glued, requests_lines, requests_rows, text_document

from extract.forms import load_dictionary, load_forms
from extract.forms.labels import key_of
from extract.model import Figure, TableReading
from extract.read import read_file
from extract.repair import repair
from extract.tables import missing_figures, read_tables
from extract.tables.values import YUAN, Cell, in_yuan, parse_cell

GOLD = Path(__file__).parent / "gold"
# A gold file that changes must change here too, in a commit that says why.
GOLD_SHA256 = {
    "002_6fd43bb944f829ae": "3b77ac44cae82c8ead469839483436b46b447f42abe29cf9241e6b681186bf6d",
    "003_5485236d7c6fb8e1": "5b45e82b2dee47019397adca67cef7d6010dd5a1d13b0d4eed1a5f59f677bbb8",
}


def value(reading: TableReading, indicator: str, measure: str) -> object:
    return figure(reading, indicator, measure).value


def figure(reading: TableReading, indicator: str, measure: str) -> Figure:
    return next(each for each in reading.figures if (each.indicator, each.measure) == (indicator, measure))


def kinds(reading: TableReading) -> list[str]:
    return [problem.kind for problem in reading.problems]


# ── the two seeds with tables ────────────────────────────────────────────────────────────────────────────────────


def gold_cells(gold: dict) -> dict[tuple[str, str], object]:
    """The gold's Chinese labels turned into our keys by the form's own labels; amounts in yuan."""
    tables = next(form for form in load_forms() if form.form == "national_2019").tables
    rows = {key: row.indicator for table in tables for row in table.rows if row.indicator for key in row.keys}
    columns = {key: column.measure for table in tables for column in table.columns for key in column.keys}
    cells: dict[tuple[str, str], object] = {}
    proactive = gold["tables"]["proactive"]
    for name, number in proactive.items():
        row, column, *unit = name.split(".")
        if not unit:
            amount = f"{name}.单位" in proactive
            cells[rows[key_of(row)], columns[key_of(column)]] = number * YUAN[proactive[f"{name}.单位"]] if amount else number
    for row, numbers in gold["tables"]["requests"].items():
        indicator = rows[key_of(row.rsplit("/", 1)[-1])]
        cells |= {(indicator, columns[key_of(name)]): number for name, number in numbers.items()}
    remedies = {"行政复议": "reconsideration", "未经复议直接起诉": "litigation_direct", "复议后起诉": "litigation_after_reconsideration"}
    for row, numbers in gold["tables"]["reviews"].items():
        cells |= {(remedies[row], columns[key_of(name)]): number for name, number in numbers.items()}
    return cells


@pytest.mark.parametrize("name", sorted(GOLD_SHA256))
def test_seed_figures_are_the_ones_read_by_hand(root: Path, name: str) -> None:
    path = GOLD / f"{name}.gold.json"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == GOLD_SHA256[name]
    wanted = gold_cells(json.loads(path.read_text("utf-8")))
    assert len(wanted) == 198
    document = repair(read_file(root / "reports" / f"{name}.txt"))
    reading = read_tables(document)
    assert {(each.indicator, each.measure): float(each.value) for each in reading.figures} == pytest.approx(wanted)
    for each in reading.figures:
        assert each.raw in document.source.lines[each.line - 1]
        assert (each.state, each.reading, each.proof) == ("printed", "direct", None)
        assert each.label_as_printed
    assert reading.unplaced == 0 and not reading.problems


def test_seed_amounts_are_yuan_from_header_and_from_cell(root: Path) -> None:
    amounts = {}
    for name in GOLD_SHA256:
        reading = read_tables(repair(read_file(root / "reports" / f"{name}.txt")))
        amounts[name[:3]] = figure(reading, "central_procurement", "amount_yuan")
    assert (amounts["003"].value, amounts["003"].unit, amounts["003"].raw) == (2154504800, "元", "215450.48")
    assert (amounts["002"].value, amounts["002"].unit, amounts["002"].raw) == (2122500000, "元", "2122500000元")


# ── one cell ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("44", Cell(44, None, "printed")),
        ("+44", Cell(44, None, "printed")),
        ("-369", Cell(-369, None, "printed")),
        ("－22", Cell(-22, None, "printed")),
        ("增1423", Cell(1423, None, "printed")),
        ("减少8", Cell(-8, None, "printed")),
        ("减", Cell(None, None, "text")),
        ("1,234", Cell(1234, None, "printed")),
        ("10,127,786", Cell(10127786, None, "printed")),
        ("24252.311082", Cell(Decimal("24252.311082"), None, "printed")),
        ("3.00", Cell(3, None, "printed")),
        ("251000元", Cell(251000, "元", "printed")),
        ("1.5万元", Cell(Decimal("1.5"), "万元", "printed")),
        ("22（其中修订16件）", Cell(22, None, "printed")),
        ("45件", Cell(45, "件", "printed")),
        ("0", Cell(0, None, "printed")),
        ("", Cell(None, None, "blank")),
        ("\u00a0 ", Cell(None, None, "blank")),
        ("/", Cell(None, None, "dash")),
        ("—", Cell(None, None, "dash")),
        ("-", Cell(None, None, "dash")),
        ("无", Cell(None, None, "text")),
        ("12、13", Cell(None, None, "text")),
        ("1,23", Cell(None, None, "text")),
        ("约200", Cell(None, None, "text")),
        ("9" * 15, Cell(999_999_999_999_999, None, "printed")),
        ("9" * 16, Cell(None, None, "text")),
    ],
)
def test_one_cell(text: str, cell: Cell) -> None:
    assert parse_cell(text) == cell


def test_money_is_exact() -> None:
    assert in_yuan(Decimal("24252.311082"), "万元") == Decimal("242523110.82")
    assert isinstance(in_yuan(Decimal("215450.48"), "万元"), int)


# ── shapes of one table ──────────────────────────────────────────────────────────────────────────────────────────

ROWS_2021 = {
    "requests_new": ["83", "0", "0", "3", "0", "5", "91"],
    "granted": ["41", "0", "0", "3", "0", "2", "46"],
    "unable_not_held": ["39", "0", "0", "0", "0", "3", "42"],
    "other_misc": ["1", "0", "0", "0", "0", "0", "1"],
    "outcomes_total": ["81", "0", "0", "3", "0", "5", "89"],
    "requests_carried_out": ["2", "0", "0", "0", "0", "0", "2"],
}


def expected(form: str, rows: dict[str, list[str]]) -> dict[tuple[str, str], int]:
    table = next(t for f in load_forms() if f.form == form for t in f.tables if t.block == "requests")
    return {
        (row.indicator, column.measure): int(rows.get(row.indicator, ["0"] * 7)[place])
        for row in table.value_rows
        for place, column in enumerate(table.columns)
    }


def stored(reading: TableReading) -> dict[tuple[str, str], object]:
    return {(each.indicator, each.measure): each.value for each in reading.figures}


def test_one_cell_a_line_with_blank_lines_between() -> None:
    text = requests_lines("national_2021", ROWS_2021).replace("\n", "\n\n    ")
    reading = read_tables(text_document(text))
    assert stored(reading) == expected("national_2021", ROWS_2021)
    assert dict(reading.forms) == {"requests": "national_2021"}


def test_all_borders_lost_is_read_by_the_sum_of_each_row() -> None:
    reading = read_tables(text_document(requests_glued("national_2021", ROWS_2021)))
    assert stored(reading) == expected("national_2021", ROWS_2021)
    new = figure(reading, "requests_new", "public_interest_organization")
    assert (new.value, new.reading, new.proof) == (3, "split", "row_sum")


def test_pipes_and_a_broken_label() -> None:
    lines = requests_lines("national_2021", ROWS_2021).split("\n")
    text = " | ".join(lines).replace("2.其他法律行政法规禁止公开", "2.其他法律行政法规禁\n止公开")
    assert stored(read_tables(text_document(text))) == expected("national_2021", ROWS_2021)


def test_grid_with_blank_cells_keeps_blanks_and_positions() -> None:
    rows = {**ROWS_2021, "granted": ["41", "", "/", "3", "无", "2", ""]}
    grid = [[CORNER, APPLICANTS[0]], APPLICANTS[1:4], APPLICANTS[4:]]
    grid += [[label, *values] for label, values in requests_rows("national_2021", rows)]
    reading = read_tables(grid_document(grid))
    states = [
        figure(reading, "granted", measure).state
        for measure in ("commercial_enterprise", "research_institution", "legal_service_organization", "total")
    ]
    assert states == ["blank", "dash", "text", "blank"]
    assert value(reading, "granted", "public_interest_organization") == 3
    assert figure(reading, "granted", "natural_person").place == "table 1, row 7, column 2"


def test_the_form_is_chosen_by_labels_not_by_year() -> None:
    both = requests_lines("national_2019", ROWS_2021 | {"other_all": ["1", "0", "0", "0", "0", "0", "1"]}).replace("2019", "2023")
    decisions = "第二十条第（五）项\n信息内容\n本年处理决定数量\n行政许可\n97\n"
    reading = read_tables(text_document(decisions + both))
    assert dict(reading.forms) == {"proactive": "national_2021", "requests": "national_2019"}
    assert value(reading, "other_all", "natural_person") == 1


def test_a_table_cut_by_a_page_with_its_group_label_twice() -> None:
    lines = requests_lines("national_2021", ROWS_2021).split("\n")
    cut = lines.index("（四）无法提供")
    text = "\n".join([*lines[:cut], "三、本年度办理结果", *lines[cut:]])
    assert stored(read_tables(text_document(text))) == expected("national_2021", ROWS_2021)


def test_labels_lost_between_labelled_rows() -> None:
    labelled = requests_rows("national_2021", ROWS_2021)
    grid = [[CORNER, APPLICANTS[0]], APPLICANTS[1:4], APPLICANTS[4:]]
    lost = {"1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确"}
    grid += [[*([] if label in lost else [label]), *values] for label, values in labelled]
    reading = read_tables(grid_document(grid))
    assert stored(reading) == expected("national_2021", ROWS_2021)
    assert figure(reading, "unable_not_held", "natural_person").proof == "between_anchors"


def test_a_lost_row_is_never_filled_by_the_next_one() -> None:
    labelled = requests_rows("national_2021", ROWS_2021)
    grid = [[CORNER, APPLICANTS[0]], APPLICANTS[1:4], APPLICANTS[4:]]
    lost = {"1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作", "3.补正后申请内容仍不明确"}
    rows = [[*([] if label in lost else [label]), *values] for label, values in labelled if not label.startswith("3.补正")]
    reading = read_tables(grid_document(grid + rows))
    assert not [each for each in reading.figures if each.indicator.startswith("unable_")]
    assert kinds(reading).count("stray_value") == 14
    missing = {each.indicator for each in missing_figures(reading, "national_2021") if each.indicator.startswith("unable_")}
    assert missing == {"unable_not_held", "unable_needs_creation", "unable_unclear"}


def test_a_page_number_between_two_rows_is_left_over() -> None:
    text = requests_lines("national_2021", ROWS_2021).replace("\n（四）无法提供", "\n12\n（四）无法提供")
    reading = read_tables(text_document(text))
    assert stored(reading) == expected("national_2021", ROWS_2021)
    assert figure(reading, "denied_registry_query", "total").proof == "row_sum"
    assert kinds(reading) == ["stray_value"]


def test_digits_that_can_be_parted_in_two_ways_are_no_value() -> None:
    text = (
        "第二十条第（一）项信息内容本年制发件数本年废止件数现行有效件数规章000行政规范性文件714782"
        "第二十条第（五）项信息内容本年处理决定数量行政许可3418"
    )
    reading = read_tables(text_document(text))
    assert [value(reading, "rules", measure) for measure in ("issued_in_year", "repealed_in_year", "in_force")] == [0, 0, 0]
    assert value(reading, "admin_license", "decisions") == 3418
    assert not [each for each in reading.figures if each.indicator == "normative_documents"]
    assert [(problem.kind, problem.indicator) for problem in reading.problems] == [("ran_together", "normative_documents")]


def test_rows_decided_together_by_the_columns() -> None:
    table = (
        "指标名称计量单位2012年度历年累计主动公开信息数条5372049其中：1.网站公开条53020412.政府公报公开条78"
        "受理依申请公开信息总数条00行政复议数条00"
    )
    reading = read_tables(text_document(table))
    assert [value(reading, "proactive_total", measure) for measure in ("value", "cumulative")] == [537, 2049]
    assert figure(reading, "proactive_via_website", "value").proof == "joint"


def test_a_figure_in_the_prose_decides() -> None:
    table = "指标名称计量单位2016年度历年累计主动公开文件数条518264907受理依申请公开信息总数条00行政诉讼数件00"
    assert "proactive_total" not in {each.indicator for each in read_tables(text_document(table)).figures}
    reading = read_tables(text_document("2016年全区主动公开政府信息5182条。\n" + table))
    total = figure(reading, "proactive_total", "cumulative")
    assert (total.value, total.proof) == (64907, "prose")


def test_an_unknown_row_is_a_problem_and_moves_no_other() -> None:
    lines = requests_lines("national_2021", ROWS_2021).split("\n")
    at = (
        lines.index("（二）部分公开（区分处理的，只计这一情形，不计其他情形）")
        if "（二）部分公开（区分处理的，只计这一情形，不计其他情形）" in lines
        else lines.index("（二）部分公开")
    )
    text = "\n".join([*lines[:at], "其中网上公开", *["5"] * 7, *lines[at:]])
    reading = read_tables(text_document(text))
    assert stored(reading) == expected("national_2021", ROWS_2021)
    assert kinds(reading) == ["unknown_row"]


def test_an_amount_without_a_unit_stays_as_printed() -> None:
    text = "第二十条第（九）项\n信息内容\n采购项目数量\n采购总金额\n政府集中采购\n3\n4800"
    reading = read_tables(text_document(text))
    amount = figure(reading, "central_procurement", "amount_yuan")
    assert (amount.value, amount.unit) == (4800, None)
    assert kinds(reading) == ["no_unit"]


def test_a_second_print_with_other_numbers_is_told() -> None:
    first = "第二十条第（五）项\n信息内容\n本年处理决定数量\n行政许可\n"
    reading = read_tables(text_document(f"{first}97\n{first}98"))
    assert value(reading, "admin_license", "decisions") == 97
    assert kinds(reading) == ["printed_twice"]


def test_columns_in_another_order_follow_the_printed_header() -> None:
    text = "第二十条第（一）项\n信息内容\n现行有效件数\n本年制发件数\n本年废止件数\n规章\n9\n2\n1"
    reading = read_tables(text_document(text))
    assert [value(reading, "rules", measure) for measure in ("issued_in_year", "repealed_in_year", "in_force")] == [2, 1, 9]


def test_prose_that_names_rows_is_no_table() -> None:
    text = "全年予以公开3件，部分公开2件，其他处理1件。\n不予公开\n予以公开\n3件\n结转下年度继续办理\n总计\n9"
    assert not read_tables(text_document(text)).figures


def test_a_section_heading_that_names_what_the_table_names_is_no_part_of_it() -> None:
    heading = "四、政府信息公开行政复议、行政诉讼情况"
    results = "结果维持结果纠正其他结果尚未审结总计"
    text = (
        f"{heading}行政复议行政诉讼{results}未经复议直接起诉复议后起诉{results}{results}10001000000000 0五、存在的主要问题及改进情况不足。"
    )
    reading = read_tables(text_document(text))
    assert (value(reading, "reconsideration", "upheld"), value(reading, "reconsideration", "total")) == (1, 1)
    (span,) = reading.spans
    assert text[: span.start] == heading
    assert text[span.end :] == "五、存在的主要问题及改进情况不足。"


def test_group_subtotals_are_kept_under_their_own_indicator() -> None:
    lines = requests_lines("national_2021", ROWS_2021).split("\n")
    at = lines.index("（四）无法提供")
    text = "\n".join([*lines[: at + 1], "39", "0", "0", "0", "0", "3", "42", *lines[at + 1 :]])
    reading = read_tables(text_document(text))
    assert value(reading, "unable_total", "total") == 42


# ── the forms as data ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_forms_have_the_cells_that_the_state_counts() -> None:
    counts = {form.form: form.cell_count() for form in load_forms() if form.every_cell_is_due}
    assert counts == {"national_2019": 198, "national_2021": 200}


def test_every_cell_of_every_form_is_in_the_dictionary() -> None:
    indicators = {entry["indicator"] for entry in load_dictionary("indicators.yml")}
    measures = {entry["measure"] for entry in load_dictionary("measures.yml")}
    for form in load_forms():
        for table in form.tables:
            assert {cell[0] for cell in table.cells()} <= indicators
            assert {cell[1] for cell in table.cells()} <= measures
            named = {row.indicator for row in table.rows}
            assert {name for left, right in table.column_sums for name in (*left, *right)} <= named
