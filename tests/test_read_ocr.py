"""Scans and pictures. What needs the extra `ocr` is skipped without it; the rest always runs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from extract.model import CatalogueEntry, Document, UnreadableFile
from extract.pipeline import extract_file
from extract.read import ocr, read_file
from extract.read.builder import Cell, DocumentBuilder

FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
needs_ocr = pytest.mark.skipif(not ocr.is_available(), reason="the extra `ocr` is not installed")
needs_font = pytest.mark.skipif(not FONT.is_file(), reason="the font of the test pages is not installed")

TITLE = "青石县财政局2023年政府信息公开工作年度报告"
SENTENCE = "本年度共制发行政规范性文件37件。"
# Article 20 (1) as the form of 2021 prints it, (text, column, columns it spans).
ROWS = (
    (("第二十条第（一）项", 0, 4),),
    (("信息内容", 0, 1), ("本年制发件数", 1, 1), ("本年废止件数", 2, 1), ("现行有效件数", 3, 1)),
    (("规章", 0, 1), ("0", 1, 1), ("1", 2, 1), ("8", 3, 1)),
    (("行政规范性文件", 0, 1), ("37", 1, 1), ("16", 2, 1), ("1409", 3, 1)),
)
FIGURES = {
    ("rules", "issued_in_year"): 0,
    ("rules", "repealed_in_year"): 1,
    ("rules", "in_force"): 8,
    ("normative_documents", "issued_in_year"): 37,
    ("normative_documents", "repealed_in_year"): 16,
    ("normative_documents", "in_force"): 1409,
}


def page(table: bool = True, skew: float = 0.0):
    """An A4 page at 150 dots an inch, as a grey picture."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(picture)
    draw.text((230, 150), TITLE, 0, ImageFont.truetype(str(FONT), 38))
    font = ImageFont.truetype(str(FONT), 24)
    draw.text((150, 260), SENTENCE, 0, font)
    for row, cells in enumerate(ROWS if table else ()):
        for text, column, width in cells:
            box = (150 + 230 * column, 340 + 50 * row, 150 + 230 * (column + width), 390 + 50 * row)
            draw.rectangle(box, outline=0, width=2)
            draw.text(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), text, 0, font, anchor="mm")
    return picture.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor=255)


def save(path: Path, *pages) -> Path:
    content = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:], "resolution": 150} if path.suffix == ".pdf" else {}
    pages[0].save(content, {".pdf": "PDF", ".png": "PNG", ".jpg": "JPEG"}[path.suffix], **more)
    path.write_bytes(content.getvalue())
    return path


@needs_ocr
@needs_font
@pytest.mark.parametrize(("name", "skew"), [("scan.pdf", 1.2), ("page.png", 0.0), ("page.jpg", -0.8)])
def test_a_table_in_a_picture_becomes_figures_marked_as_recognized(tmp_path, name, skew):
    report = extract_file(save(tmp_path / name, page(skew=skew)), CatalogueEntry(name))
    read = {(f.indicator, f.measure): f for f in report.figures if f.state != "missing"}
    assert {key: figure.value for key, figure in read.items()} == FIGURES
    assert {figure.reading for figure in read.values()} == {"ocr"}
    assert all(0 < figure.confidence <= 1 for figure in read.values())
    assert report.identity.year == 2023
    assert "scanned" in {problem.kind for problem in report.problems}


@needs_ocr
@needs_font
def test_cells_keep_their_spans_and_two_readings_are_equal(tmp_path):
    path = save(tmp_path / "scan.pdf", page(skew=0.5))
    document = read_file(path)
    (grid,) = document.grids
    assert (grid.method, grid.page, len(grid.cells)) == ("ocr", 1, 13)
    assert [(c.row, c.column, c.column_span) for c in grid.cells][:5] == [(1, 1, 4), (2, 1, 1), (2, 2, 1), (2, 3, 1), (2, 4, 1)]
    assert {cell.line for cell in grid.cells} <= dict(document.recognized).keys()
    assert read_file(path) == document


@needs_ocr
@needs_font
def test_a_page_without_lines_is_text_only(tmp_path):
    document = read_file(save(tmp_path / "scan.pdf", page(table=False)))
    assert document.grids == ()
    assert [line for line in document.lines if "37件" in line]
    assert [line for line, _ in document.recognized] == list(range(1, len(document.lines) + 1))


@needs_ocr
def test_damaged_pictures_are_refused_in_one_sentence(tmp_path):
    for content in (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 60):
        (tmp_path / "picture").write_bytes(content)
        with pytest.raises(UnreadableFile, match="truncated or damaged"):
            read_file(tmp_path / "picture")


def test_without_the_extra_a_picture_is_refused_with_what_would_mend_it(tmp_path, monkeypatch):
    monkeypatch.setattr(ocr, "is_available", lambda: False)
    (tmp_path / "page.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 60)
    with pytest.raises(UnreadableFile, match="install the extra `ocr`"):
        read_file(tmp_path / "page.png")


def recognized(confidences: dict[str, float | None]) -> Document:
    """The table of `ROWS` as if recognized, every cell surely but those given by their text."""
    builder = DocumentBuilder()
    builder.add_text(TITLE, 0.99)
    cells = [
        Cell(text, row, column + 1, 1, width, confidence=confidences.get(text, 0.99))
        for row, placed in enumerate(ROWS, 1)
        for text, column, width in placed
    ]
    builder.add_grid(cells, 1, "ocr")
    return builder.build("application/pdf")


def test_a_figure_read_with_little_confidence_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("extract.pipeline.read_data", lambda *_: recognized({"16": 0.61, "8": None}))
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    report = extract_file(tmp_path / "scan.pdf", CatalogueEntry("scan.pdf"))
    found = {(f.indicator, f.measure): (f.value, f.reading, f.confidence) for f in report.figures if f.state != "missing"}
    assert found["normative_documents", "repealed_in_year"] == (16, "ocr", 0.61)
    assert found["rules", "in_force"] == (8, "ocr", None)
    assert found["rules", "issued_in_year"] == (0, "ocr", 0.99)
    (problem,) = (p for p in report.problems if p.kind == "doubtful_recognition")
    assert (problem.indicator, "“16”" in problem.detail_en) == ("normative_documents", True)
