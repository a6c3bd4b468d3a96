"""DOCX, XLSX and CSV files with the least that makes them whole. Archives are stored, not packed: their bytes depend on nothing else."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from random import Random
from xml.sax.saxutils import escape

from bench.media.grid import placed, rectangle
from bench.model import Draft, Sheet

_EPOCH = (1980, 1, 1, 0, 0, 0)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def _archive(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), _XML + content)
    return buffer.getvalue()


def _types(overrides: dict[str, str]) -> str:
    kind = "application/vnd.openxmlformats-officedocument."
    listed = "".join(f'<Override PartName="{part}" ContentType="{kind}{name}"/>' for part, name in overrides.items())
    relations = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{relations}{xml}{listed}</Types>'


def _relations(*targets: tuple[str, str]) -> str:
    listed = "".join(f'<Relationship Id="rId{n}" Type="{_R}/{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(targets, 1))
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _word_paragraph(text: str) -> str:
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:p><w:r>{lines}</w:r></w:p>"


def _word_table(sheet: Sheet) -> str:
    cells = {(row, column): cell for row, column, cell in placed(sheet)}
    running = {(row + down, column): cell for (row, column), cell in cells.items() for down in range(1, cell.row_span)}
    rows = []
    for row in range(len(sheet.rows)):
        parts = []
        here = [(column, cell, False) for (r, column), cell in cells.items() if r == row]
        here += [(column, cell, True) for (r, column), cell in running.items() if r == row]
        for _, cell, continued in sorted(here, key=lambda each: each[0]):
            span = f'<w:gridSpan w:val="{cell.column_span}"/>' if cell.column_span > 1 else ""
            merge = "<w:vMerge/>" if continued else '<w:vMerge w:val="restart"/>' if cell.row_span > 1 else ""
            parts.append(f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{_word_paragraph('' if continued else cell.text)}</w:tc>")
        rows.append(f"<w:tr>{''.join(parts)}</w:tr>")
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def docx(draft: Draft, rng: Random) -> bytes:
    """A Word document."""
    body = "".join(_word_table(block) if isinstance(block, Sheet) else _word_paragraph(block.text) for block in draft.blocks)
    return _archive(
        {
            "[Content_Types].xml": _types({"/word/document.xml": "wordprocessingml.document.main+xml"}),
            "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
            "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
        }
    )


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _sheet_cell(row: int, column: int, text: str) -> str:
    place = f"{_letters(column)}{row}"
    if re.fullmatch(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?", text):
        return f'<c r="{place}"><v>{text}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>' if text else ""


def xlsx(draft: Draft, rng: Random) -> bytes:
    """A workbook of one sheet: prose in column A, tables with merged cells below each other."""
    rows, merged = [], []
    number = 0
    for block in draft.blocks:
        if not isinstance(block, Sheet):
            number += 1
            rows.append(f'<row r="{number}">{_sheet_cell(number, 0, block.text)}</row>')
            continue
        cells = placed(block)
        for row in range(len(block.rows)):
            here = [(column, cell) for r, column, cell in cells if r == row]
            rows.append(
                f'<row r="{number + row + 1}">' + "".join(_sheet_cell(number + row + 1, c, cell.text) for c, cell in here) + "</row>"
            )
        for row, column, cell in cells:
            if cell.row_span > 1 or cell.column_span > 1:
                first = f"{_letters(column)}{number + row + 1}"
                last = f"{_letters(column + cell.column_span - 1)}{number + row + cell.row_span}"
                merged.append(f'<mergeCell ref="{first}:{last}"/>')
        number += len(block.rows)
    sheet = '<sheet name="年报" sheetId="1" r:id="rId1"/>'
    merges = f'<mergeCells count="{len(merged)}">{"".join(merged)}</mergeCells>' if merged else ""
    return _archive(
        {
            "[Content_Types].xml": _types(
                {"/xl/workbook.xml": "spreadsheetml.sheet.main+xml", "/xl/worksheets/sheet1.xml": "spreadsheetml.worksheet+xml"}
            ),
            "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets>{sheet}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(("worksheet", "worksheets/sheet1.xml")),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_S}"><sheetData>{"".join(rows)}</sheetData>{merges}</worksheet>',
        }
    )


def csv_file(draft: Draft, rng: Random) -> bytes:
    """A CSV file as a spreadsheet program saves it, in GB18030 or UTF-8 with a byte order mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for block in draft.blocks:
        writer.writerows(rectangle(block) if isinstance(block, Sheet) else [[block.text]])
    return buffer.getvalue().encode(rng.choice(("gb18030", "utf-8-sig")))
