"""PDF: characters and ruling lines become lines of text and grids.

Pages are read in order. A table that goes on over a page break is a grid a page. Page numbers and running headers become
lines between paragraphs, never part of a paragraph or a grid. Pages without text are recognized with the extra `ocr`; without it
a PDF that is only pictures is refused. Two properties list pages ("2,3"): `pictures` those with a large picture that was not
recognized, `hidden_text` those whose text is a scanner's recognition of a picture.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extract.model import Document
from extract.read.builder import Cell, DocumentBuilder, join_lines
from extract.read.glyphs import Glyph, Margins, TextLine, cell_text, continues, least, margins, to_lines
from extract.read.lattice import Lattice, find_lattices
from extract.read.pdf_page import Page, open_pages
from extract.read.refusal import refusal

_PAGE_NUMBER = re.compile(r"[\s\-—–_·.]*(第\s*)?\d{1,4}\s*页?\s*([/／]\s*\d{1,4}|[，,]?\s*共\s*\d{1,4}\s*页)?[\s\-—–_·.]*")
# The parts of a page's height at its head and foot where page numbers and running headers stand.
_EDGE = 0.1
_LEAST_REPEATS = 3


@dataclass(frozen=True, slots=True)
class _Table:
    cells: list[Cell]
    top: float


@dataclass(frozen=True, slots=True)
class _PageContent:
    number: int
    lines: list[TextLine]
    edge_lines: frozenset[int]  # indexes in `lines`: near the head or the foot
    tables: list[_Table]
    is_recognized: bool


def read_pdf(data: bytes) -> Document:
    """Read a PDF."""
    if b"%%EOF" not in data[-4096:]:
        raise refusal("truncated", kind="PDF")
    with open_pages(data) as (pages, properties):
        return read_pages(pages, "application/pdf", properties)


def read_pages(pages: Iterable[Page], media_type: str, properties: Iterable[tuple[str, str]] = ()) -> Document:
    """Make one document of pages in order."""
    contents, pictures, hidden = [], [], []
    for number, page in enumerate(pages, 1):
        contents.append(_content(number, page))
        pictures += [str(number)] * (page.has_picture and not page.is_recognized)
        hidden += [str(number)] * page.has_hidden_text
    builder = DocumentBuilder()
    _Writer(builder, margins([line for content in contents for line in content.lines])).write(contents, _running_texts(contents))
    if pictures and not builder.has_chinese():
        raise refusal("pictures")
    listed = [(name, ",".join(numbers)) for name, numbers in (("pictures", pictures), ("hidden_text", hidden)) if numbers]
    return builder.build(media_type, None, (*properties, *listed))


def _content(number: int, page: Page) -> _PageContent:
    lattices = find_lattices(page.rules)
    inside: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    outside = []
    for glyph in page.glyphs:
        place = _place(lattices, glyph)
        if place is None:
            outside.append(glyph)
        else:
            inside[place].append(glyph)
    tables = []
    for index, lattice in enumerate(lattices):
        cells = list(_cells(lattice, {cell: glyphs for (table, cell), glyphs in inside.items() if table == index}))
        if any(cell.text for cell in cells):
            tables.append(_Table(cells, lattice.top))
    lines = to_lines(outside)
    head, foot = page.top + _EDGE * page.height, page.top + (1 - _EDGE) * page.height
    edges = frozenset(i for i, line in enumerate(lines) if line.baseline < head or line.baseline > foot)
    return _PageContent(number, lines, edges, tables, page.is_recognized)


def _place(lattices: list[Lattice], glyph: Glyph) -> tuple[int, int] | None:
    x, y = (glyph.left + glyph.right) / 2, glyph.baseline - 0.3 * glyph.size
    for index, lattice in enumerate(lattices):
        if lattice.top <= y <= lattice.bottom and (cell := lattice.cell_at(x, y)) is not None:
            return index, cell
    return None


def _cells(lattice: Lattice, glyphs: dict[int, list[Glyph]]) -> Iterator[Cell]:
    """Yield the cells with their text; places without text that no lines enclose are not cells."""
    for index, cell in enumerate(lattice.cells):
        inside = glyphs.get(index, [])
        text = cell_text(inside)
        if text or cell.is_closed:
            confidence = least(glyph.confidence for glyph in inside)
            yield Cell(text, cell.row, cell.column, cell.row_span, cell.column_span, confidence=confidence)


def _running_texts(contents: list[_PageContent]) -> frozenset[str]:
    """Return what stands at the head or foot of several pages."""
    counted = Counter(text for content in contents for text in {content.lines[i].text for i in content.edge_lines})
    return frozenset(text for text, pages in counted.items() if pages >= _LEAST_REPEATS)


class _Writer:
    """Writes paragraphs and tables in reading order; a paragraph may go on over a page break."""

    def __init__(self, builder: DocumentBuilder, page_margins: Margins | None) -> None:
        self._builder = builder
        self._margins = page_margins
        self._paragraph: list[TextLine] = []
        self._last: tuple[int, TextLine] | None = None
        self._held: list[TextLine] = []

    def write(self, contents: list[_PageContent], running_texts: frozenset[str]) -> None:
        for content in contents:
            items: list[tuple[float, TextLine | _Table, bool]] = [
                (line.baseline, line, i in content.edge_lines and (line.text in running_texts or bool(_PAGE_NUMBER.fullmatch(line.text))))
                for i, line in enumerate(content.lines)
            ]
            items += [(table.top, table, False) for table in content.tables]
            for _, item, is_furniture in sorted(items, key=lambda i: i[0]):
                if isinstance(item, _Table):
                    self._end_paragraph()
                    self._builder.add_grid(item.cells, content.number, "ocr" if content.is_recognized else "direct")
                elif is_furniture:
                    self._add_furniture(item)
                else:
                    self._add_line(item, content.number)
        self._end_paragraph()

    def _add_line(self, line: TextLine, page: int) -> None:
        if self._last is not None and continues(self._last[1], line, self._margins, self._last[0] != page):
            self._paragraph.append(line)
        else:
            self._end_paragraph()
            self._paragraph = [line]
        self._last = (page, line)

    def _add_furniture(self, line: TextLine) -> None:
        if self._last is None:
            self._builder.add_text(line.text, line.confidence)
        else:
            self._held.append(line)

    def _end_paragraph(self) -> None:
        """Add the paragraph, and behind it the page numbers and running headers that stood inside it."""
        text = join_lines("\n".join(line.text for line in self._paragraph))
        self._builder.add_text(text, least(line.confidence for line in self._paragraph))
        for line in self._held:
            self._builder.add_text(line.text, line.confidence)
        self._paragraph, self._last, self._held = [], None, []
