"""Reading XLSX and CSV. All files are made here."""

import pytest
from office_files import packed, places, read, texts

from extract.model import UnreadableFile

S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def xlsx(rows: str, merged: str = "", more: dict[str, str] | None = None) -> bytes:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return packed(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook {S} xmlns:r="{relations}"><sheets><sheet name="甲" sheetId="1" r:id="r1"/>'
            '<sheet name="乙" sheetId="2" state="hidden" r:id="r2"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            + "".join(f'<Relationship Id="r{i}" Type="{relations}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in (1, 2))
            + "</Relationships>",
            "xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{rows}</sheetData>{merged}</worksheet>",
            "xl/worksheets/sheet2.xml": f'<worksheet {S}><sheetData><row r="1">{text("A1", "隐藏")}</row></sheetData></worksheet>',
            **(more or {}),
        }
    )


def text(place: str, content: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{content}</t></is></c>'


def figure(place: str, content: str) -> str:
    return f'<c r="{place}"><v>{content}</v></c>'


def test_xlsx(tmp_path):
    rows = (
        f'<row r="2">{text("B2", "2020年政府信息公开工作年度报告")}</row>'
        f'<row r="4">{text("B4", "信息内容")}{text("C4", "本年收费金额（万元）")}</row>'
        f'<row r="5">{text("B5", "行政事业性收费")}{figure("C5", "7730.28")}</row>'
        f'<row r="6">{text("B6", "许可")}{figure("C6", "12")}{figure("D6", "-3")}</row>'
        f'<row r="7">{text("B7", "处罚")}</row>'
    )
    merged = '<mergeCells count="2"><mergeCell ref="B2:D2"/><mergeCell ref="C4:D4"/></mergeCells>'
    document = read(tmp_path, xlsx(rows, merged), "report.xlsx")
    (grid,) = document.grids
    assert document.lines[0] == "2020年政府信息公开工作年度报告"
    assert places(grid) == [
        ("信息内容", 1, 1, 1, 1),
        ("本年收费金额（万元）", 1, 2, 1, 2),
        ("行政事业性收费", 2, 1, 1, 1),
        ("7730.28", 2, 2, 1, 1),
        ("", 2, 3, 1, 1),
        ("许可", 3, 1, 1, 1),
        ("12", 3, 2, 1, 1),
        ("-3", 3, 3, 1, 1),
        ("处罚", 4, 1, 1, 1),
        ("", 4, 2, 1, 1),
        ("", 4, 3, 1, 1),
    ]
    assert "隐藏" not in "".join(document.lines)
    assert document.media_type.endswith("spreadsheetml.sheet")


@pytest.mark.parametrize("corner", ["XFD1048576", "A900000", "AAA9000"])
def test_xlsx_that_claims_a_vast_sheet_does_no_harm(tmp_path, corner):
    rows = f'<row r="1">{text("A1", "报告")}</row><row>{figure(corner, "1")}</row>'
    with pytest.raises(UnreadableFile, match="far more"):
        read(tmp_path, xlsx(rows), "report.xlsx")


def test_xlsx_with_broken_parts(tmp_path):
    with pytest.raises(UnreadableFile, match="truncated or damaged"):
        read(tmp_path, packed({"xl/workbook.xml": "<workbook"}), "report.xlsx")


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        ('标题\n\n信息内容,本年新增,"说明，\n两行"\n规章,"1,234",\n\n甲,1\n', "report.csv", "text/csv"),
        ("标题\n\n信息内容\t本年新增\t说明，\n规章\t1,234\t\n\n甲\t1\n", "report.tsv", "text/tab-separated-values"),
    ],
)
def test_delimited(tmp_path, content, name, media_type):
    document = read(tmp_path, content.encode("gb18030"), name)
    assert (document.media_type, document.encoding) == (media_type, "gb18030")
    assert document.lines == tuple(content.splitlines())
    first, second = document.grids
    assert [c.text for c in first.cells][3:] == ["规章", "1,234", ""]
    assert texts(second) == [["甲", "1"]]
    assert all(cell.text.split("，")[0] in document.lines[cell.line - 1] for grid in document.grids for cell in grid.cells)
