"""Reading PDF: ruling lines to grids, characters to lines and paragraphs. The files are written by hand, and one by Chromium."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest
from read.handmade_pdf import bar, line, pdf, ruled, text, turned_text

from extract.model import Document, UnreadableFile
from extract.read import read_file
from extract.read.lattice import Rule, find_lattices

TITLE = text(50, 780, "青石县2020年政府信息公开工作年度报告")


def read(tmp_path: Path, content: bytes) -> Document:
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    return read_file(path)


def texts(grid) -> list[list[str]]:
    return [[c.text for c in grid.cells if c.row == row] for row in sorted({c.row for c in grid.cells})]


def places(grid) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.row_span, c.column_span) for c in grid.cells]


def table(rows: list[list[str]], left: float = 50, top: float = 700, width: float = 100, height: float = 30) -> str:
    """A plain ruled table with its texts."""
    xs = [left + width * i for i in range(len(rows[0]) + 1)]
    ys = [top - height * i for i in range(len(rows), -1, -1)]
    cells = ""
    for row, contents in enumerate(rows, 1):
        cells += "".join(text(x + 6, top - height * row + 10, content) for x, content in zip(xs, contents, strict=False))
    return ruled(xs, ys) + cells


FIGURES = [["信息内容", "本年制发件数", "现行有效件数"], ["规章", "", "0"], ["行政规范性文件", "12", "345"]]


def test_a_ruled_table(tmp_path):
    document = read(tmp_path, pdf(TITLE + table(FIGURES) + text(50, 500, "后文")))
    (grid,) = document.grids
    assert texts(grid) == FIGURES
    assert document.lines == ("青石县2020年政府信息公开工作年度报告", *(cell for row in FIGURES for cell in row), "后文")
    assert (grid.page, grid.number, grid.first_line, grid.last_line) == (1, 1, 2, 10)
    assert [document.lines[c.line - 1] for c in grid.cells] == [c.text for c in grid.cells]
    assert (document.media_type, document.encoding) == ("application/pdf", None)


@pytest.mark.parametrize("quarter", range(4))
def test_turned_pages(tmp_path, quarter):
    turn = ("1 0 0 1 0 0", "0 1 -1 0 800 0", "-1 0 0 -1 595 842", "0 -1 1 0 0 595")[quarter]
    content = f"q {turn} cm {table(FIGURES, top=500)}{text(50, 530, '标题在前')} Q"
    document = read(tmp_path, pdf(content, page_entries=f"/Rotate {quarter * 90}"))
    assert document.lines[0] == "标题在前"
    assert [texts(grid) for grid in document.grids] == [FIGURES]


def test_tables_inside_forms_stand_where_their_text_stands(tmp_path):
    content = pdf(TITLE + "q 0.5 0 0 0.5 60 100 cm /X Do Q", forms={"X": ("1 0 0 1 70 40", table(FIGURES))})
    assert [texts(grid) for grid in read(tmp_path, content).grids] == [FIGURES]


def test_lines_drawn_as_thin_bars_as_in_word(tmp_path):
    bars = "".join(bar(x, 610, 0.5, 90) for x in (50, 150, 250)) + "".join(bar(50, y, 200, 0.5) for y in (610, 640, 670, 699.5))
    cells = text(55, 680, "规章") + text(155, 680, "1") + text(55, 650, "许可") + text(155, 650, "2") + text(55, 620, "处罚")
    assert texts(read(tmp_path, pdf(bars + cells)).grids[0]) == [["规章", "1"], ["许可", "2"], ["处罚", ""]]


def test_borders_that_each_cell_draws_for_itself(tmp_path):
    boxes = "".join(f"{50 + 100 * i} {670 - 30 * j} 98.5 28.5 re S\n" for i in range(2) for j in range(2))
    cells = text(55, 680, "规章") + text(155, 680, "1") + text(55, 650, "许可") + text(155, 650, "2")
    assert texts(read(tmp_path, pdf(boxes + cells)).grids[0]) == [["规章", "1"], ["许可", "2"]]


def test_white_lines_clips_and_backgrounds_are_no_lines(tmp_path):
    extra = f"1 g {bar(50, 610, 200, 90)} 1 G {line(100, 610, 100, 700)} 0 G 0 g q 60 610 30 90 re W n Q 0.9 g {bar(50, 670, 200, 30)} 0 g "
    assert texts(read(tmp_path, pdf(extra + table(FIGURES))).grids[0]) == FIGURES


def test_merged_cells(tmp_path):
    lines = "".join(line(50, y, 350, y) for y in (600, 700)) + "".join(line(x, 600, x, 700) for x in (50, 350))
    lines += line(150, 600, 150, 700) + line(150, 650, 350, 650) + line(250, 600, 250, 650)
    cells = text(55, 650, "角") + text(155, 670, "申请人") + text(155, 620, "12") + text(255, 620, "3")
    (grid,) = read(tmp_path, pdf(lines + cells)).grids
    assert places(grid) == [("角", 1, 1, 2, 1), ("申请人", 1, 2, 1, 2), ("12", 2, 2, 1, 1), ("3", 2, 3, 1, 1)]


def test_a_table_open_at_its_sides_and_at_the_page_break(tmp_path):
    lines = "".join(line(50, y, 350, y) for y in (640, 670, 700)) + "".join(line(x, 610, x, 700) for x in (150, 250))
    cells = "".join(text(x, y, c) for x, y, c in ((55, 680, "甲"), (155, 680, "1"), (255, 680, "2"), (55, 650, "乙"), (155, 650, "3")))
    cells += text(55, 620, "丙") + text(155, 620, "4")
    (grid,) = read(tmp_path, pdf(lines + cells)).grids
    assert [[cell for cell in row if cell] for row in texts(grid)] == [["甲", "1", "2"], ["乙", "3"], ["丙", "4"]]
    assert {c.text: (c.row, c.column) for c in grid.cells if c.text}["4"] == (3, 2)


def test_a_label_over_two_lines_is_one_and_two_numbers_are_two(tmp_path):
    lines = ruled([50, 150, 250, 350], [640, 700])
    cells = (
        text(55, 680, "本年新")
        + text(55, 660, "制作数量")
        + text(155, 680, "12")
        + text(155, 660, "3")
        + text(255, 670, "4")
        + text(280, 670, "5")
    )
    assert texts(read(tmp_path, pdf(lines + cells)).grids[0]) == [["本年新制作数量", "12 3", "4 5"]]


def test_letters_set_apart_are_one_label(tmp_path):
    cells = text(55, 670, "总") + text(100, 670, "计") + text(155, 670, "1,234.50")
    assert texts(read(tmp_path, pdf(ruled([50, 150, 250], [640, 700]) + cells)).grids[0]) == [["总计", "1,234.50"]]


def test_bold_by_printing_twice(tmp_path):
    cells = text(55, 670, "总计") + text(55.3, 670, "总计") + text(155, 670, "11") + text(155.3, 670, "11")
    assert texts(read(tmp_path, pdf(ruled([50, 150, 250], [640, 700]) + cells)).grids[0]) == [["总计", "11"]]


def test_watermarks_across_the_page_are_left_out(tmp_path):
    mark = turned_text("0.7 0.7 -0.7 0.7 60 600", "内部资料99", 40)
    document = read(tmp_path, pdf(TITLE + mark + table(FIGURES)))
    assert texts(document.grids[0]) == FIGURES
    assert "内部" not in "".join(document.lines)


def test_a_frame_and_an_underline_are_no_table(tmp_path):
    content = ruled([40, 400], [600, 700]) + text(60, 650, "框内文字") + line(60, 640, 120, 640) + line(50, 500, 300, 500)
    document = read(tmp_path, pdf(content))
    assert (document.grids, document.lines) == ((), ("框内文字",))


def paragraph(top: float, *rows: str) -> str:
    return "".join(text(74 if i else 98, top - 24 * i, row) for i, row in enumerate(rows))


FULL = "公" * 35
FIRST = "公" * 33


def test_wrapped_lines_become_paragraphs(tmp_path):
    content = (
        text(240, 780, "一个标题")
        + paragraph(740, FIRST, FULL, "开头到此为止。")
        + paragraph(668, "一、总体情况")
        + paragraph(644, FIRST, "结束")
    )
    assert read(tmp_path, pdf(content)).lines == ("一个标题", FIRST + FULL + "开头到此为止。", "一、总体情况", FIRST + "结束")


def test_a_paragraph_goes_on_over_the_page_break_and_the_page_number_follows_it(tmp_path):
    pages = [text(250, 800, "青石县年报") + paragraph(740, FIRST, FULL, FULL, FULL) + text(280, 40, f"- {number} -") for number in (1, 2)]
    pages.append(text(250, 800, "青石县年报") + text(74, 740, "末行。") + text(98, 716, "新段") + text(280, 40, "第3页 共3页"))
    assert read(tmp_path, pdf(*pages)).lines == (
        "青石县年报",
        FIRST + FULL * 3,
        "- 1 -",
        "青石县年报",
        FIRST + FULL * 3 + "末行。",
        "- 2 -",
        "青石县年报",
        "新段",
        "第3页共3页",
    )


def test_a_header_above_everything_comes_first(tmp_path):
    pages = [text(250, 800, "青石县年报") + text(200, 740, f"第{number}部分") for number in "一二三"]
    assert read(tmp_path, pdf(*pages)).lines == ("青石县年报", "第一部分", "青石县年报", "第二部分", "青石县年报", "第三部分")


def test_a_sentence_that_ends_a_full_line_ends_the_paragraph(tmp_path):
    content = paragraph(740, FIRST, FULL[:-1] + "。") + text(74, 692, "二、主动公开" + "公" * 29) + paragraph(644, FIRST, "末")
    assert read(tmp_path, pdf(content)).lines[1] == "二、主动公开" + "公" * 29


def test_rows_without_ruling_lines_are_not_joined(tmp_path):
    rows = [
        text(74, 700 - 24 * i, "一、本年新收政府信息公开申请数量") + text(350, 700 - 24 * i, "21") + text(487, 700 - 24 * i, "0")
        for i in range(4)
    ]
    prose = paragraph(780, FIRST, FULL, FULL, "末。")
    lines = read(tmp_path, pdf(prose + "".join(rows))).lines
    assert lines[1:] == ("一、本年新收政府信息公开申请数量 21 0",) * 4


def test_a_table_over_two_pages_is_two_grids(tmp_path):
    document = read(tmp_path, pdf(TITLE + table(FIGURES) + text(290, 30, "1"), table([["许可", "7", "8"]], top=800) + text(290, 30, "2")))
    assert [(grid.page, texts(grid)) for grid in document.grids] == [(1, FIGURES), (2, [["许可", "7", "8"]])]
    assert [line for line in document.lines if line in ("1", "2")] == ["1", "2"]


def test_a_scan_is_refused_and_pictures_beside_text_are_named(tmp_path, monkeypatch):
    monkeypatch.setattr("extract.read.ocr.is_available", lambda: False)
    scan = "q 500 0 0 700 40 60 cm /Im1 Do Q "
    for pages in ((scan, scan), (scan + text(290, 30, "1"), scan + text(290, 30, "2"))):
        with pytest.raises(UnreadableFile, match="pictures"):
            read(tmp_path, pdf(*pages, picture=True))
    assert read(tmp_path, pdf(TITLE, scan, scan, picture=True)).properties == (("pictures", "2,3"),)
    small = "q 50 0 0 50 40 60 cm /Im1 Do Q "
    assert read(tmp_path, pdf(TITLE + small, picture=True)).properties == ()


def test_the_hidden_text_of_a_scanner_is_told(tmp_path):
    scan = "q 500 0 0 700 40 60 cm /Im1 Do Q "
    document = read(tmp_path, pdf(scan + "3 Tr " + TITLE, scan + TITLE, picture=True))
    assert document.properties == (("pictures", "1,2"), ("hidden_text", "1"))
    assert len(document.lines) == 2


def test_a_pdf_without_anything(tmp_path):
    with pytest.raises(UnreadableFile, match="Chinese character"):
        read(tmp_path, pdf(""))


def test_truncated_and_damaged(tmp_path):
    whole = pdf(*[TITLE + table(FIGURES)] * 3)
    for part in (20, len(whole) // 2, len(whole) - 10):
        with pytest.raises(UnreadableFile, match="truncated or damaged"):
            read(tmp_path, whole[:part])
    with pytest.raises(UnreadableFile):
        read(tmp_path, b"%PDF-1.7\n" + random.Random(3).randbytes(2000) + b"\n%%EOF\n")


def test_locked(tmp_path):
    locked = pdf(TITLE).replace(
        b"/Root 1 0 R",
        b"/Root 1 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]"
        b" /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <" + b"ab" * 32 + b"> /U <" + b"cd" * 32 + b"> >>",
    )
    with pytest.raises(UnreadableFile, match="password"):
        read(tmp_path, locked)


def test_random_damage_never_raises_anything_else(tmp_path):
    whole = pdf(TITLE + table(FIGURES), TITLE)
    source = random.Random(7)
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(source.randint(1, 12)):
            damaged[source.randrange(len(damaged))] = source.randrange(256)
        try:
            read(tmp_path, bytes(damaged))
        except UnreadableFile as error:
            assert " / " in str(error)


def test_ten_thousand_lines_take_no_time_to_speak_of(tmp_path):
    hatching = "".join(line(50 + i * 0.04, 100, 50 + i * 0.04, 700) for i in range(10_000))
    assert read(tmp_path, pdf(TITLE + hatching)).lines[0].startswith("青石县")


def test_double_lines_and_small_gaps_make_one_lattice():
    rules = [Rule(True, x + d, 0, 100) for x in (0, 50, 100) for d in (0, 1.5)]
    rules += [Rule(False, y, start, end) for y in (0, 50, 100) for start, end in ((0, 49), (51, 100))]
    (lattice,) = find_lattices(rules)
    assert [(c.row, c.column, c.row_span, c.column_span) for c in lattice.cells] == [(1, 1, 1, 1), (1, 2, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1)]
    assert lattice.cell_at(75, 25) == 1
    assert lattice.cell_at(500, 25) is None


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

PAGE = """<!doctype html><meta charset=utf-8><style>td{border:1px solid #000;padding:6px} table{border-collapse:collapse}</style>
<h1>青石县人民政府2021年政府信息公开工作年度报告</h1><p>本年度共收到申请157件，均已办结。</p>
<table><tr><td rowspan=2>角</td><td colspan=3>申请人情况</td></tr><tr><td>自然人</td><td>商业<br>企业</td><td>总计</td></tr>
<tr><td>一、本年新收政府信息公开申请数量</td><td>1,234</td><td></td><td>1,234</td></tr></table>
<p style="page-break-before:always">后页</p><table><tr><td>（七）总计</td><td>-7</td><td>0</td><td>12.50</td></tr></table>"""


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_pdf_that_chromium_printed(tmp_path):
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    result = tmp_path / "page.pdf"
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", "--no-pdf-header-footer"]
    command = [CHROMIUM, *options, f"--print-to-pdf={result}", (tmp_path / "page.html").as_uri()]
    subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert result.is_file(), "Chromium printed nothing"
    document = read_file(result)
    assert "本年度共收到申请157件，均已办结。" in document.lines
    first, second = document.grids
    assert places(first) == [
        ("角", 1, 1, 2, 1),
        ("申请人情况", 1, 2, 1, 3),
        ("自然人", 2, 2, 1, 1),
        ("商业企业", 2, 3, 1, 1),
        ("总计", 2, 4, 1, 1),
        ("一、本年新收政府信息公开申请数量", 3, 1, 1, 1),
        ("1,234", 3, 2, 1, 1),
        ("", 3, 3, 1, 1),
        ("1,234", 3, 4, 1, 1),
    ]
    assert (second.page, texts(second)) == (2, [["（七）总计", "-7", "0", "12.50"]])
