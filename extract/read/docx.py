"""DOCX: paragraphs become lines, tables become grids with their merged cells resolved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from extract.model import Document
from extract.read.archive import open_archive, read_part
from extract.read.builder import MAX_CELL_CHARACTERS, Cell, DocumentBuilder
from extract.read.numbering import Numbering, read_numbering
from extract.read.ooxml import attribute, child, inside, name, number, parse

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_MAX_SPAN = 200
_BLANKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_PICTURES = frozenset(("blip", "imagedata"))
_CORE_PROPERTIES = ("title", "created", "modified")


def read_docx(data: bytes, media_type: str = MEDIA_TYPE) -> Document:
    """Read a Word document. `media_type` is that of the original, where it was converted."""
    with open_archive(data, "DOCX") as archive:
        present = set(archive.namelist())
        parts = {
            part: parse(read_part(archive, part), "DOCX")
            for part in ("word/document.xml", "word/numbering.xml", "word/styles.xml", "docProps/core.xml")
            if part in present
        }
    writer = _Writer(read_numbering(parts.get("word/numbering.xml"), parts.get("word/styles.xml")))
    writer.write(child(parts["word/document.xml"], "body"))
    properties = _properties(parts.get("docProps/core.xml"))
    if writer.pictures:
        properties.append(("pictures", str(writer.pictures)))
    return writer.builder.build(media_type, None, properties)


def _properties(core: etree._Element | None) -> list[tuple[str, str]]:
    """Return title and dates; the author is a person."""
    found = {name(element): (element.text or "").strip() for element in (core if core is not None else ())}
    return [(key, found[key]) for key in _CORE_PROPERTIES if found.get(key)]


@dataclass(frozen=True, slots=True)
class _TableCell:
    """A `w:tc`: its content, and its place by the columns that the cells before it take."""

    element: etree._Element
    column: int
    width: int
    goes_on: bool  # the lower part of a cell merged downwards


class _Writer:
    """Writes the body of a document, counting numbered paragraphs and pictures."""

    def __init__(self, numbering: Numbering) -> None:
        self.builder = DocumentBuilder()
        self.pictures = 0
        self._numbering = numbering

    def write(self, container: etree._Element | None) -> None:
        """Write paragraphs and tables of a body, or of a cell of a table that only lays out the page."""
        for block in inside(container) if container is not None else ():
            if name(block) == "p":
                self.builder.add_text(self._paragraph(block))
            elif name(block) == "tbl":
                self._table(block)

    def _table(self, table: etree._Element) -> None:
        rows = list(_rows(table))
        if _is_data(rows):
            self.builder.add_grid(self._cells(rows))
            return
        for row in rows:
            for cell in row:
                self.write(cell.element)

    def _cells(self, rows: list[list[_TableCell]]) -> list[Cell]:
        cells: list[Cell] = []
        open_above: dict[int, int] = {}  # column → index of the cell that may go on downwards
        for row_number, row in enumerate(rows, 1):
            goes_on = {}
            for cell in row:
                index = open_above.get(cell.column)
                if cell.goes_on and index is not None:
                    cells[index] = cells[index]._replace(row_span=row_number - cells[index].row + 1)
                else:
                    index = len(cells)
                    cells.append(Cell(self._text(cell.element), row_number, cell.column, 1, cell.width))
                goes_on[cell.column] = index
            open_above = goes_on
        return cells

    def _text(self, container: etree._Element) -> str:
        """Return the text of a cell, with that of a one-column table inside it."""
        texts = []
        for block in inside(container):
            if name(block) == "p":
                texts.append(self._paragraph(block))
            elif name(block) == "tbl":
                texts.extend(self._text(cell.element) for row in _rows(block) for cell in row)
        return "\n".join(texts)

    def _paragraph(self, paragraph: etree._Element) -> str:
        text = "".join(self._runs(paragraph))
        label = self._numbering.label(child(paragraph, "pPr")) if text.strip() else ""
        return label + text

    def _runs(self, element: etree._Element) -> Iterator[str]:
        for part in inside(element):
            kind = name(part)
            if kind == "t":
                yield part.text or ""
            elif kind in _BLANKS:
                yield _BLANKS[kind]
            elif kind == "p":
                yield "\n" + self._paragraph(part)
            elif kind == "tbl":
                yield "\n" + "\n".join(self._text(cell.element) for row in _rows(part) for cell in row)
            elif kind != "r" or not _is_hidden(part):
                self.pictures += kind in _PICTURES
                yield from self._runs(part)


def _rows(table: etree._Element) -> Iterator[list[_TableCell]]:
    for row in inside(table):
        if name(row) != "tr" or child(row, "trPr", "del") is not None:
            continue
        column = 1 + number(attribute(child(row, "trPr", "gridBefore"), "val"))
        cells = []
        for element in inside(row):
            if name(element) != "tc":
                continue
            width = min(max(number(attribute(child(element, "tcPr", "gridSpan"), "val"), 1), 1), _MAX_SPAN)
            merge = child(element, "tcPr", "vMerge")
            goes_on = merge is not None and attribute(merge, "val") != "restart"
            cells.append(_TableCell(element, column, width, goes_on))
            column += width
        yield cells


def _is_data(rows: list[list[_TableCell]]) -> bool:
    """Tell a table of data from one that lays out the page or frames a text."""
    if max(map(len, rows), default=0) < 2:
        return False
    return all(_is_data_cell(cell.element) for row in rows for cell in row)


def _is_data_cell(cell: etree._Element) -> bool:
    if any(_is_data(list(_rows(block))) for block in inside(cell) if name(block) == "tbl"):
        return False
    return sum(len(text.text or "") for text in cell.iter("{*}t")) <= MAX_CELL_CHARACTERS


def _is_hidden(run: etree._Element) -> bool:
    vanish = child(run, "rPr", "vanish")
    return vanish is not None and attribute(vanish, "val") not in ("0", "false", "off")
