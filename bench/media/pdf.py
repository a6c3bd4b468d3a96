"""PDF files with a text layer and ruled tables that run across pages. The font is named, not embedded: readers know its characters."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from bench.media.grid import placed
from bench.model import Cell, Draft, Paragraph, Sheet

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 595, 842, 56
SIZE, LEADING, PADDING = 9.0, 13.0, 4.0
_TITLE_SIZE = 15.0


def text_width(text: str, size: float) -> float:
    """The width of a text: ASCII takes half of what a Chinese character takes."""
    return sum(0.5 if ord(character) < 128 else 1.0 for character in text) * size


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Lines of at most this width, broken at any character."""
    lines = []
    for part in text.split("\n"):
        line = ""
        for character in part:
            if line and text_width(line + character, size) > width:
                lines.append(line)
                line = ""
            line += character
        lines.append(line)
    return lines


@dataclass
class _Pages:
    """Pages being filled from the top; `y` is the height that is left above the bottom margin's edge."""

    done: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    y: float = PAGE_HEIGHT - MARGIN

    def text(self, x: float, y: float, text: str, size: float) -> None:
        if text:
            self.marks.append(f"BT /F1 {size:g} Tf {x:.2f} {y:.2f} Td <{text.encode('utf-16-be').hex()}> Tj ET")

    def box(self, x: float, y: float, width: float, height: float) -> None:
        self.marks.append(f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def turn(self) -> None:
        number = f"- {len(self.done) + 1} -"
        self.text((PAGE_WIDTH - text_width(number, SIZE)) / 2, MARGIN / 2, number, SIZE)
        self.done.append("\n".join(["0.5 w", *self.marks]))
        self.marks, self.y = [], PAGE_HEIGHT - MARGIN

    def need(self, height: float) -> bool:
        """Turn the page where less than this height is left."""
        if self.y - height >= MARGIN:
            return False
        self.turn()
        return True


def _paragraph(pages: _Pages, block: Paragraph) -> None:
    size = _TITLE_SIZE if block.kind == "title" else SIZE + 1
    indent = "" if block.kind != "body" else "\u3000\u3000"
    for line in wrapped(indent + block.text, PAGE_WIDTH - 2 * MARGIN, size):
        pages.need(size * 1.6)
        pages.y -= size * 1.6
        x = (PAGE_WIDTH - text_width(line, size)) / 2 if block.kind == "title" else MARGIN
        pages.text(x, pages.y, line, size)


def _column_edges(sheet: Sheet, cells: list[tuple[int, int, Cell]]) -> list[float]:
    width = max(column + cell.column_span for _, column, cell in cells)
    weights = [2.5] * width
    for _, column, cell in cells:
        if cell.column_span == 1:
            weights[column] = max(weights[column], min(9.0, text_width(cell.text, 1.0) + 1))
    scale = (PAGE_WIDTH - 2 * MARGIN) / sum(weights)
    edges = [float(MARGIN)]
    for weight in weights:
        edges.append(edges[-1] + weight * scale)
    return edges


def _table(pages: _Pages, sheet: Sheet) -> None:
    cells = placed(sheet)
    edges = _column_edges(sheet, cells)
    lines = {id(cell): wrapped(cell.text, edges[column + cell.column_span] - edges[column] - PADDING, SIZE) for _, column, cell in cells}
    heights = [LEADING + PADDING] * len(sheet.rows)
    for row, _, cell in cells:
        heights[row] = max(heights[row], len(lines[id(cell)]) * LEADING / cell.row_span + PADDING)
    pages.y -= LEADING
    open_cells: list[tuple[int, int, Cell, float]] = []  # last row, column, cell, top on this page
    for row, height in enumerate(heights):
        if pages.y - height < MARGIN:
            for _, column, cell, top in open_cells:
                _box(pages, edges, column, cell, top)
            pages.turn()
            open_cells = [(last, column, cell, pages.y) for last, column, cell, _ in open_cells]
        for start, column, cell in cells:
            if start == row:
                open_cells.append((row + cell.row_span - 1, column, cell, pages.y))
                _fill(pages, edges, column, cell, lines[id(cell)])
        pages.y -= height
        for last, column, cell, top in open_cells:
            if last == row:
                _box(pages, edges, column, cell, top)
        open_cells = [each for each in open_cells if each[0] > row]
    pages.y -= LEADING / 2


def _box(pages: _Pages, edges: list[float], column: int, cell: Cell, top: float) -> None:
    pages.box(edges[column], pages.y, edges[column + cell.column_span] - edges[column], top - pages.y)


def _fill(pages: _Pages, edges: list[float], column: int, cell: Cell, lines: list[str]) -> None:
    left, right = edges[column], edges[column + cell.column_span]
    for number, line in enumerate(lines):
        x = left + PADDING / 2 if cell.kind == "label" else (left + right - text_width(line, SIZE)) / 2
        pages.text(x, pages.y - LEADING * (number + 1) + PADDING / 2, line, SIZE)


def _file(contents: list[str]) -> bytes:
    font = (
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /W [1 95 500] /FontDescriptor 5 0 R >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 "
        "/Descent -120 /CapHeight 880 /StemV 93 >>",
    )
    first = 3 + len(font)
    pages = [first + 2 * n for n in range(len(contents))]
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{n} 0 R' for n in pages)}] >>",
        *font,
    ]
    for page, content in zip(pages, contents, strict=True):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] /Contents {page + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def pdf(draft: Draft, rng: Random) -> bytes:
    """A PDF as an office prints it: headings, prose, ruled tables, a page number below each page."""
    pages = _Pages()
    for block in draft.blocks:
        if isinstance(block, Sheet):
            _table(pages, block)
        else:
            _paragraph(pages, block)
    pages.turn()
    return _file(pages.done)
