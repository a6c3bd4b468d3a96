"""Reading OpenDocument, MHTML and, by way of a stand-in for LibreOffice, old Word files. All files are made here."""

from pathlib import Path

import pytest
from office_files import docx, p, packed, places, read, tc, texts, tr

from extract.model import UnreadableFile

ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
)


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
