"""The figures as spreadsheets open them: a workbook with the tables of the form, and CSV; nothing in them runs."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from factories import MISSING, make_report
from python_calamine import CalamineWorkbook

from extract.model import CatalogueEntry, Figure
from publish.database import build_database, report_ids
from publish.pages import build_site

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "＝1+1", '=HYPERLINK("http://evil.example/")', "\t=1")


def text_figure(raw: str) -> Figure:
    return Figure("granted", "total", None, "件", "text", raw=raw, line=1, label_as_printed=raw)


def site_of(folder: Path, *reports) -> Path:
    out = folder / "dist"
    out.mkdir()
    build_database(reports, out / "test.db")
    build_site(out / "test.db", {key: report.public_lines for key, report in report_ids(reports)}, out, datasette=None)
    return out


@pytest.fixture
def body(tmp_path: Path) -> Path:
    broken = {("requests_new", "natural_person"): 20, ("requests_new", "total"): 23, ("rules", "made_in_year"): MISSING}
    reports = (
        make_report(broken, copy_kind="republished", scope="jurisdiction_total", published_on="2021-02-10"),
        make_report(form="national_2021", year=2021),
        make_report(form="national_2014", year=2016),
    )
    return site_of(tmp_path, *reports) / "agencies/440115"


def sheets(path: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def row_of(sheet: list[list[object]], label: str) -> list[object]:
    return next(row for row in sheet if row and label in str(row[0]))


def test_a_report_is_a_workbook_with_its_tables_as_the_form_prints_them(body: Path) -> None:
    book = sheets(body / "2020/figures.xlsx")
    assert list(book) == ["主动公开", "申请", "复议和诉讼", "出处和核对"]
    requests = book["申请"]
    assert requests[0][0] == "广州市南沙区人民政府2020年（口径：全区汇总）"
    assert row_of(requests, "一、本年新收政府信息公开申请数量")[1:] == [20, 3, 0, 0, 0, 0, 23]
    heads = [cell for row in requests[:6] for cell in row]
    assert {"申请人情况", "法人或其他组织", "自然人", "商业企业", "总计"} <= set(heads)
    assert row_of(book["主动公开"], "规章")[1] == "缺"
    assert next(row for row in book["复议和诉讼"] if row[4] == 4)[:5] == [2, 1, 0, 1, 4]


def test_its_last_sheet_says_source_checks_and_what_to_heed(body: Path) -> None:
    facts = sheets(body / "2020/figures.xlsx")["出处和核对"]
    told = {row[0]: row[1] for row in facts if row[0]}
    assert told["报告编号"] == "440115-2020" and told["口径"] == "全区汇总" and "转载" in told["副本种类"]
    text = "\n".join(str(row[1]) for row in facts)
    assert "‘自然人’列，新收20＋上年结转2＝22" in text and "表内数字相符不等于数字属实" in text and "不同口径不可相加" in text
    assert "不作为该机关的情况引用" in text


def test_a_body_is_a_workbook_with_its_years_one_below_the_other(body: Path) -> None:
    book = sheets(body / "figures.xlsx")
    assert list(book) == ["主动公开", "申请", "复议和诉讼", "统计表", "出处和核对"]
    headings = [row[0] for row in book["申请"] if "年（口径" in str(row[0])]
    assert headings == ["广州市南沙区人民政府2021年（口径：本机关）", "广州市南沙区人民政府2020年（口径：全区汇总）"]


def test_a_broken_sum_is_seen_in_its_cell(body: Path) -> None:
    with zipfile.ZipFile(body / "2020/figures.xlsx") as archive:
        styles = archive.read("xl/styles.xml").decode()
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    assert "FFFAE8E0" in styles
    by_style = dict(re.findall(r'<c r="([B-H]6)" s="(\d+)"', sheet))
    assert by_style["B6"] == by_style["H6"] != by_style["C6"]


@pytest.mark.parametrize("hostile", FORMULAS)
def test_no_text_becomes_a_formula(tmp_path: Path, hostile: str) -> None:
    entry = CatalogueEntry("x.txt", copy_kind="official_site", added_on="2026-11-21", original_url=hostile)
    report = make_report({("granted", "total"): text_figure(hostile)}, path="x.txt")
    report = type(report)(**{**{name: getattr(report, name) for name in report.__dataclass_fields__}, "entry": entry})
    folder = site_of(tmp_path, report) / "agencies/440115/2020"
    with zipfile.ZipFile(folder / "figures.xlsx") as archive:
        for name in archive.namelist():
            text = archive.read(name).decode()
            assert "<f>" not in text and "<f " not in text and "<hyperlink" not in text, name
    assert hostile in {cell for row in sheets(folder / "figures.xlsx")["申请"] for cell in row}
    content = (folder / "figures.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    (row,) = [row for row in csv.DictReader(io.StringIO(content[3:].decode())) if row["raw"].endswith(hostile)]
    assert row["raw"] == row["label_as_printed"] == "'" + hostile


def test_plain_negative_numbers_stay_numbers_in_csv(tmp_path: Path) -> None:
    folder = site_of(tmp_path, make_report()) / "agencies/440115/2020"
    rows = list(csv.DictReader(io.StringIO((folder / "figures.csv").read_bytes()[3:].decode())))
    (change,) = [row for row in rows if row["indicator"] == "admin_license" and row["measure"] == "items_change"]
    assert change["raw"] == change["value"] == "-2"


def test_the_same_figures_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = (site_of(tmp_path / name, make_report()) / "agencies/440115/2020/figures.xlsx" for name in "ab")
    assert one.read_bytes() == two.read_bytes()


def test_pages_lead_to_the_workbooks(body: Path) -> None:
    for page in (body / "index.md", body / "2020/index.md"):
        assert "[figures.xlsx](figures.xlsx)" in page.read_text(encoding="utf-8")
