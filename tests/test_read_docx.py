"""Reading DOCX. All files are made here."""

import pytest
from office_files import W, docx, p, packed, places, read, tc, texts, tr

import extract.read.archive
from extract.model import UnreadableFile


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
