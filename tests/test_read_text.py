"""Reading plain text and Markdown: encodings, line numbers, pipe and tabulator tables."""

import contextlib
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from extract.model import UnreadableFile
from extract.read import read_file

SIMPLIFIED = "平川市水务局2020年政府信息公开工作年度报告\n一、总体情况\n全年收到政府信息公开申请12件。\n"
TRADITIONAL = "平川市水務局2020年政府信息公開工作年度報告\n一、總體情況\n全年收到政府信息公開申請12件。\n"


def write(tmp_path: Path, content: bytes | str, name: str = "report.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def rows(grid) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for cell in sorted(grid.cells, key=lambda c: (c.row, c.column)):
        found.setdefault(cell.row, []).append(cell.text)
    return [found[row] for row in sorted(found)]


@pytest.mark.parametrize(
    ("codec", "reported"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("gb2312", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
    ],
)
def test_simplified_text_in_any_encoding(tmp_path, codec, reported):
    document = read_file(write(tmp_path, SIMPLIFIED.encode(codec)))
    assert document.lines == tuple(SIMPLIFIED.splitlines())
    assert document.encoding == reported
    assert document.media_type == "text/plain"


@pytest.mark.parametrize("codec", ["big5", "cp950", "gb18030", "utf-8"])
def test_traditional_text_in_any_encoding(tmp_path, codec):
    document = read_file(write(tmp_path, TRADITIONAL.encode(codec)))
    assert document.lines == tuple(TRADITIONAL.splitlines())
    assert document.encoding == ("big5" if codec in ("big5", "cp950") else codec)


def test_one_title_is_enough_to_tell_the_encoding(tmp_path):
    title = "青石县2021年政府信息公开工作年度报告"
    assert read_file(write(tmp_path, title.encode("gb18030"))).lines == (title,)


def test_a_few_bad_bytes_do_not_turn_utf8_into_another_encoding(tmp_path):
    document = read_file(write(tmp_path, (SIMPLIFIED * 20).encode() + b"\xff\xfe" + "结尾".encode()))
    assert document.encoding == "utf-8"
    assert document.lines[0] == SIMPLIFIED.splitlines()[0]
    assert "结尾" in document.lines[-1]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings(tmp_path, ending):
    document = read_file(write(tmp_path, f"第一行{ending}{ending}第三行{ending}"))
    assert document.lines == ("第一行", "", "第三行")


def test_lines_are_counted_as_splitlines_counts_them(tmp_path):
    text = "甲\x0b乙\x0c丙\x1c丁\x85戊\u2028己\r\n庚"
    path = write(tmp_path, text)
    assert read_file(path).lines == tuple(path.read_bytes().decode().splitlines()) == ("甲", "乙", "丙", "丁", "戊", "己", "庚")


def test_pipe_tables_keep_blank_cells_and_their_lines(tmp_path):
    text = "标题\n\n| 信息内容 | 本年制发件数 | 现行有效件数 |\n|:---|---:|:-:|\n| 规章 |  | 7 |\n| 行政规范性文件 | 1 | — |\n\n后文\n"
    (grid,) = read_file(write(tmp_path, text, "report.md")).grids
    assert rows(grid) == [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "", "7"], ["行政规范性文件", "1", "—"]]
    assert [cell.line for cell in grid.cells] == [3, 3, 3, 5, 5, 5, 6, 6, 6]
    assert (grid.number, grid.first_line, grid.last_line) == (1, 3, 6)


def test_a_separator_below_a_later_row_begins_another_table(tmp_path):
    text = "表\n| 甲 | 0 |\n|---|---|\n| 1 | 2 | 3 |\n|---|---|---|\n| 4 | 5 | 6 |\n文字\n| 乙 | 9 |\n|---|---|\n"
    document = read_file(write(tmp_path, text, "report.md"))
    assert [rows(grid) for grid in document.grids] == [[["甲", "0"]], [["1", "2", "3"], ["4", "5", "6"]], [["乙", "9"]]]
    assert [grid.number for grid in document.grids] == [1, 2, 3]


def test_markdown_is_told_by_its_content(tmp_path):
    assert read_file(write(tmp_path, "| 规章 | 0 |\n|---|---|\n| 合计 | 0 |\n")).media_type == "text/markdown"
    assert read_file(write(tmp_path, "# 年度报告\n正文\n")).media_type == "text/markdown"
    assert read_file(write(tmp_path, "#年度报告 正文\n")).media_type == "text/plain"


def test_markup_inside_cells_is_dropped_and_the_rest_stands_on_the_line(tmp_path):
    text = "| **规章** | *3* | a\\|b | &nbsp; | 本年新<br>公开数量 |\n|---|---|---|---|---|\n"
    (grid,) = read_file(write(tmp_path, text, "r.md")).grids
    assert rows(grid) == [["规章", "3", "a|b", "", "本年新公开数量"]]


def test_rows_without_outer_pipes_need_a_second_row(tmp_path):
    document = read_file(write(tmp_path, "首页 | 政务公开 | 年报 | 正文\n文字\n规章 | 0 | 1\n许可 | 2 | 3\n"))
    assert [rows(grid) for grid in document.grids] == [[["规章", "0", "1"], ["许可", "2", "3"]]]


def test_lone_pipes_and_one_cell_rows_are_no_table(tmp_path):
    assert read_file(write(tmp_path, "|\n规章\n|\n0\n|\n| 行政许可 |\n")).grids == ()


def test_box_drawing_tables(tmp_path):
    text = "表格\n┌────┬───┐\n│规章│ 3 │\n├────┼───┤\n│许可│ 4 │\n└────┴───┘\n"
    cells = [row for grid in read_file(write(tmp_path, text)).grids for row in rows(grid)]
    assert cells == [["规章", "3"], ["许可", "4"]]


def test_tabulator_tables(tmp_path):
    text = "表格\n信息内容\t本年制发件数\t现行有效件数\n规章\t\t3\n许可\t1\t\n\n来源：本站\t打印\n"
    (grid,) = read_file(write(tmp_path, text)).grids
    assert rows(grid)[:3] == [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "", "3"], ["许可", "1", ""]]


def test_every_cell_stands_on_its_line(tmp_path):
    text = "前文\n| 一、本年新收 | 32 | ２ |  |\n|---|---|---|---|\n\n| 二、上年结转 | **1** | 0 | 1 |\n"
    document = read_file(write(tmp_path, text, "r.md"))

    def squeezed(s):
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", s))

    cells = [cell for grid in document.grids for cell in grid.cells]
    assert len(cells) == 8
    assert all(squeezed(cell.text) in squeezed(document.lines[cell.line - 1]) for cell in cells)


@pytest.mark.parametrize("seed", sorted((Path(__file__).parents[1] / "reports").glob("*.txt")), ids=lambda path: path.stem[:3])
def test_seeds_are_read_line_by_line(seed):
    document = read_file(seed)
    assert document.lines == tuple(seed.read_text("utf-8").splitlines())
    assert (document.media_type, document.encoding, document.grids) == ("text/plain", "utf-8", ())


EMBEDDED = """# 年报

<table><tr><td rowspan="2">三、结果</td>
<td>（一）予以公开</td><td>12</td><td></td></tr>
<tr>
<td>
<p>（二）部分公开</p></td><td
 align=center>3</td>
<td> </td></tr></table>

| 甲 | 1 |
|---|---|

<TABLE><TR><TD>乙</TD><TD>2</TD></TR>
"""


@pytest.mark.parametrize("name", ["report.md", "report.txt"])
def test_html_tables_inside_a_text_keep_the_lines_of_the_text(tmp_path, name):
    document = read_file(write(tmp_path, EMBEDDED, name))
    assert document.lines == tuple(EMBEDDED.splitlines())
    first, second, third = document.grids
    assert [(c.text, c.line, c.row, c.column, c.row_span) for c in first.cells] == [
        ("三、结果", 3, 1, 1, 2),
        ("（一）予以公开", 4, 1, 2, 1),
        ("12", 4, 1, 3, 1),
        ("", 4, 1, 4, 1),
        ("（二）部分公开", 7, 2, 2, 1),
        ("3", 8, 2, 3, 1),
        ("", 9, 2, 4, 1),
    ]
    assert (rows(second), rows(third)) == ([["甲", "1"]], [["乙", "2"]])
    assert [grid.number for grid in document.grids] == [1, 2, 3]


def test_a_text_full_of_tags_takes_no_time_to_speak_of(tmp_path):
    for content in ("<table><td>" + "<b " * 200_000, "<table>" * 200_000, "<table><td" + " " * 500_000, "|" * 500_000, "-" * 500_000 + "|"):
        with contextlib.suppress(UnreadableFile):
            read_file(write(tmp_path, "报告\n" + content))


def test_a_text_loads_no_library_of_another_medium(tmp_path):
    program = (
        "import sys; from pathlib import Path; from extract.read import read_file; read_file(Path(sys.argv[1]));"
        "print(sorted({'selectolax', 'lxml', 'pypdfium2', 'python_calamine'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program, str(write(tmp_path, SIMPLIFIED))]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
