"""Reading DOCX, XLSX, ODF, CSV, MHTML and, by way of a stand-in for LibreOffice, old Word files. All files are made here."""

import io
import zipfile
from pathlib import Path

import pytest

import extract.read.archive
from extract.model import Document, UnreadableFile
from extract.read import read_file

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
)


def packed(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(tmp_path: Path, content: bytes, name: str) -> Document:
    path = tmp_path / name
    path.write_bytes(content)
    return read_file(path)


def docx(body: str, **parts: str) -> bytes:
    extra = {name.replace("__", "/") + ".xml": content for name, content in parts.items()}
    return packed({"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>", **extra})


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tr(*cells: str) -> str:
    return "<w:tr>" + "".join(cells) + "</w:tr>"


def places(grid) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.row_span, c.column_span) for c in grid.cells]


def texts(grid) -> list[list[str]]:
    return [[c.text for c in grid.cells if c.row == row] for row in sorted({c.row for c in grid.cells})]


# ── DOCX ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_docx_paragraphs_and_runs(tmp_path):
    body = (
        "<w:p><w:r><w:t>全年</w:t></w:r><w:r><w:t>1</w:t></w:r><w:ins><w:r><w:t>2</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>9</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
        "<w:hyperlink><w:r><w:t>件</w:t></w:r></w:hyperlink></w:p><w:p/>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>上行</w:t><w:br/><w:t>下行</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    document = read(tmp_path, docx(body), "report.docx")
    assert document.lines == ("全年12件", "上行", "下行")
    assert document.media_type.endswith("wordprocessingml.document")


def test_docx_merged_cells(tmp_path):
    head, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = "<w:tbl>" + "".join(
        (
            tr(tc("角", '<w:gridSpan w:val="2"/>' + head), tc("申请人", '<w:gridSpan w:val="2"/>')),
            tr(tc("", '<w:gridSpan w:val="2"/>' + on), tc("自然人"), tc("总计")),
            tr(tc("结果", head), tc("公开"), tc("12"), tc("")),
            tr(tc("", on), tc("拒绝"), tc("0"), tc("3")),
        )
    )
    document = read(tmp_path, docx(p("标题") + body + "</w:tbl>" + p("后文")), "report.docx")
    (grid,) = document.grids
    assert places(grid) == [
        ("角", 1, 1, 2, 2),
        ("申请人", 1, 3, 1, 2),
        ("自然人", 2, 3, 1, 1),
        ("总计", 2, 4, 1, 1),
        ("结果", 3, 1, 2, 1),
        ("公开", 3, 2, 1, 1),
        ("12", 3, 3, 1, 1),
        ("", 3, 4, 1, 1),
        ("拒绝", 4, 2, 1, 1),
        ("0", 4, 3, 1, 1),
        ("3", 4, 4, 1, 1),
    ]
    assert [document.lines[c.line - 1] for c in grid.cells] == [c.text for c in grid.cells]
    assert document.lines[0] == "标题" and document.lines[-1] == "后文"


def test_docx_grid_before_and_deleted_rows(tmp_path):
    before = '<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>' + tc("后") + "</w:tr>"
    deleted = "<w:tr><w:trPr><w:del/></w:trPr>" + tc("删") + tc("除") + "</w:tr>"
    (grid,) = read(tmp_path, docx(f"<w:tbl>{tr(tc('甲'), tc('乙'), tc('丙'))}{deleted}{before}</w:tbl>"), "report.docx").grids
    assert places(grid) == [("甲", 1, 1, 1, 1), ("乙", 1, 2, 1, 1), ("丙", 1, 3, 1, 1), ("后", 2, 3, 1, 1)]


def test_docx_layout_table_and_nested_table(tmp_path):
    inner = f"<w:tbl>{tr(tc('规章'), tc('1'))}</w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc>{p('左')}</w:tc><w:tc>{p('右')}{inner}<w:p/></w:tc></w:tr></w:tbl>"
    document = read(tmp_path, docx(outer), "report.docx")
    assert document.lines == ("左", "右", "规章", "1")
    assert [texts(grid) for grid in document.grids] == [[["规章", "1"]]]


def test_docx_two_numbers_in_one_cell_stay_two(tmp_path):
    cell = f"<w:tc>{p('12')}{p('3')}</w:tc>"
    label = f"<w:tc>{p('本年新')}{p('制作数量')}</w:tc>"
    (grid,) = read(tmp_path, docx(f"<w:tbl>{tr(label, cell)}</w:tbl>"), "report.docx").grids
    assert texts(grid) == [["本年新制作数量", "12 3"]]


NUMBERING = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="5">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0">
<w:startOverride w:val="9"/></w:lvlOverride></w:num></w:numbering>"""
STYLES = f"""<w:styles {W}><w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>"""


def numbered(text: str, number_id: int, level: int) -> str:
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr>'
    return f"<w:p><w:pPr>{place}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_docx_numbers_that_word_prints_but_does_not_store(tmp_path):
    body = "".join(
        (
            numbered("总体情况", 1, 0),
            numbered("甲", 1, 1),
            numbered("乙", 1, 1),
            numbered("", 1, 0),
            numbered("主动公开", 1, 0),
            numbered("丙", 1, 1),
            numbered("丁", 1, 2),
            '<w:p><w:pPr><w:pStyle w:val="b"/></w:pPr><w:r><w:t>依申请公开</w:t></w:r></w:p>',
            numbered("另表", 2, 0),
            numbered("续", 2, 0),
            numbered("又", 2, 0),
            numbered("无此编号", 77, 0),
        )
    )
    lines = read(tmp_path, docx(body, word__numbering=NUMBERING, word__styles=STYLES), "report.docx").lines
    assert lines == (
        "一、总体情况", "1.甲", "2.乙", "二、主动公开", "1.丙", "丁", "三、依申请公开", "九、另表", "十、续", "十一、又", "无此编号",
    )  # fmt: skip


def test_docx_properties_name_no_person(tmp_path):
    core = "<c><title>年报</title><creator>张三</creator><lastModifiedBy>李四</lastModifiedBy><created>2021-01-20T00:00:00Z</created></c>"
    document = read(tmp_path, docx(p("正文"), docProps__core=core), "report.docx")
    assert document.properties == (("title", "年报"), ("created", "2021-01-20T00:00:00Z"))


def test_docx_pictures_are_counted(tmp_path):
    drawing = '<w:p><w:r><w:drawing><a:blip xmlns:a="urn:a"/></w:drawing></w:r></w:p>'
    assert read(tmp_path, docx(p("正文") + drawing * 2), "report.docx").properties == (("pictures", "2"),)


@pytest.mark.parametrize(
    "document",
    [
        b"<w:document",
        b"",
        f"<w:document {W}><w:body>".encode() + b"<w:p>" * 400 + b"</w:p>" * 400 + b"</w:body></w:document>",
        b"\x00\x01\x02",
    ],
)
def test_docx_with_broken_xml(tmp_path, document):
    with pytest.raises(UnreadableFile, match="truncated or damaged"):
        read(tmp_path, packed({"word/document.xml": document}), "report.docx")


def test_docx_entities_are_not_resolved(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密", "utf-8")
    head = f'<!DOCTYPE d [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "展开">]>'
    content = packed({"word/document.xml": f"{head}<w:document {W}><w:body>{p('正文&x;&y;')}</w:body></w:document>"})
    assert "".join(read(tmp_path, content, "report.docx").lines) == "正文"


def test_docx_bombs_are_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(extract.read.archive, "MAX_PART_BYTES", 10_000)
    with pytest.raises(UnreadableFile, match="far more"):
        read(tmp_path, docx(p("报告" * 20_000)), "report.docx")


def test_docx_with_a_damaged_part(tmp_path):
    content = bytearray(docx(p("报告" * 3000)))
    content[60:90] = b"\xff" * 30
    with pytest.raises(UnreadableFile, match="truncated or damaged"):
        read(tmp_path, bytes(content), "report.docx")


# ── XLSX, CSV ────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── OpenDocument, MHTML, old Word ────────────────────────────────────────────────────────────────────────────────


def odf(kind: str, content: str) -> bytes:
    return packed(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {ODF}><office:body><office:{kind}>{content}</office:{kind}>"
            "</office:body></office:document-content>",
        }
    )


def odf_cell(content: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{content}</text:p></table:table-cell>"


def odf_row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def test_opendocument_text_with_spans(tmp_path):
    spanned = 'table:number-columns-spanned="2" table:number-rows-spanned="2"'
    covered = "<table:covered-table-cell/>"
    table = odf_row(odf_cell("角", spanned), covered, odf_cell("总计")) + odf_row(covered, covered, odf_cell("12"))
    content = f"<text:h>标题</text:h><text:p>全年<text:span>12</text:span><text:s/>件</text:p><table:table>{table}</table:table>"
    document = read(tmp_path, odf("text", content), "report.odt")
    assert document.lines[:2] == ("标题", "全年12 件")
    assert places(document.grids[0]) == [("角", 1, 1, 2, 2), ("总计", 1, 3, 1, 1), ("12", 2, 3, 1, 1)]


def test_opendocument_sheet_with_repeated_cells(tmp_path):
    blank = '<table:table-cell table:number-columns-repeated="16380"/>'
    rest = f'<table:table-row table:number-rows-repeated="1048000">{blank}</table:table-row>'
    table = odf_row(odf_cell("规章"), odf_cell("0", 'table:number-columns-repeated="3"'), blank) + rest
    document = read(tmp_path, odf("spreadsheet", f"<table:table>{table}</table:table>"), "report.ods")
    assert texts(document.grids[0]) == [["规章", "0", "0", "0"]]


def test_opendocument_bomb(tmp_path):
    row = (
        '<table:table-row table:number-rows-repeated="900000">'
        + odf_cell("报告", 'table:number-columns-repeated="900"')
        + "</table:table-row>"
    )
    with pytest.raises(UnreadableFile, match="far more"):
        read(tmp_path, odf("spreadsheet", f"<table:table>{row}</table:table>"), "report.ods")


def test_mhtml(tmp_path):
    page = "<html><p>青石县年报</p><table><tr><td>规章</td><td>1</td></tr></table></html>".encode("gb18030")
    quoted = "".join(f"={byte:02X}" for byte in page)
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
    body = f"Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}\r\n--b--\r\n"
    document = read(tmp_path, (head + body).encode(), "report.doc")
    assert document.lines == ("青石县年报", "规章", "1")
    assert document.encoding == "gb18030"


OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 500 + "WordDocument".encode("utf-16-le") + b"\0" * 500


@pytest.mark.parametrize("content", [OLD_WORD, b"{\\rtf1 report}"])
def test_old_word_without_libreoffice(tmp_path, monkeypatch, content):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableFile, match="LibreOffice"):
        read(tmp_path, content, "report.doc")


def stand_in(tmp_path: Path, monkeypatch, script: str) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "soffice"
    program.write_text("#!/bin/sh\n" + script, "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_old_word_by_way_of_libreoffice(tmp_path, monkeypatch):
    (tmp_path / "made.docx").write_bytes(docx(p("青石县年报") + f"<w:tbl>{tr(tc('规章'), tc('1'))}</w:tbl>"))
    stand_in(
        tmp_path,
        monkeypatch,
        f'while [ "$1" != --outdir ]; do shift; done\ntest -s "$3" && mkdir -p "$2" && cp {tmp_path}/made.docx "$2/report.docx"\n',
    )
    document = read(tmp_path, OLD_WORD, "report.doc")
    assert document.lines == ("青石县年报", "规章", "1")
    assert document.media_type == "application/msword"


def test_old_word_that_libreoffice_cannot_convert(tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "exit 1\n")
    with pytest.raises(UnreadableFile, match="could not convert"):
        read(tmp_path, OLD_WORD, "report.doc")


def test_locked_and_unknown_old_office_files(tmp_path):
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
    with pytest.raises(UnreadableFile, match="password"):
        read(tmp_path, head + "EncryptedPackage".encode("utf-16-le") + b"\0\0", "report.docx")
    with pytest.raises(UnreadableFile, match="another kind"):
        read(tmp_path, head + "PowerPoint Document".encode("utf-16-le") + b"\0\0", "report.doc")
