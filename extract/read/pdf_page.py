"""What pdfium finds on a page: characters with places, ruling lines, pictures. The only module that speaks to pdfium."""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from extract.read import ocr
from extract.read.builder import visible
from extract.read.encoding import CHINESE
from extract.read.glyphs import Glyph
from extract.read.lattice import Rule
from extract.read.refusal import refusal

if TYPE_CHECKING:
    import numpy as np

_MAX_PAGES = 400
_MAX_CHARACTERS = 2_000_000
_MAX_PATHS_PER_PAGE = 30_000
_MAX_FORM_DEPTH = 8
# A filled rectangle thinner than this is a line.
_LINE_WIDTH = 3.0
_LEAST_LINE = 3.0
_STRAIGHT = 0.7
_NEARLY_WHITE = 251
# In points. Larger boxes than this are not believed without looking at the ink.
_LARGE_TYPE = 30.0
_PICTURE_SHARE = 0.12
_SAMPLE_EVERY = 20
# Recognition takes seconds a page; the longest reports have 30.
_MAX_RECOGNIZED_PAGES = 60
_EMBEDDED = ("Title", "title"), ("CreationDate", "CreationDate"), ("ModDate", "ModDate")


@dataclass(frozen=True, slots=True)
class Page:
    """A page, turned so that its text runs from left to right; y grows downwards."""

    glyphs: list[Glyph]
    rules: list[Rule]
    top: float
    height: float
    has_picture: bool
    has_hidden_text: bool  # as a scanner's own text recognition leaves it
    is_recognized: bool = False  # all of its text was read from a picture


@contextmanager
def open_pages(data: bytes) -> Iterator[tuple[Iterator[Page], list[tuple[str, str]]]]:
    """Open a PDF: its pages, and title and dates as embedded. Raises UnreadableFile for a locked, damaged or endless one."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        raise refusal("encrypted" if locked else "truncated", kind="PDF") from error
    try:
        if len(document) > _MAX_PAGES:
            raise refusal("too_much_text")
        yield _pages(document), _properties(document)
    except pypdfium2.PdfiumError as error:
        raise refusal("truncated", kind="PDF") from error
    finally:
        document.close()


def _properties(document: pypdfium2.PdfDocument) -> list[tuple[str, str]]:
    """Return title and dates as embedded; the author is a person."""
    found = []
    for key, name in _EMBEDDED:
        with suppress(UnicodeDecodeError):
            value = visible(document.get_metadata_value(key))
            if value:
                found.append((name, value))
    return found


def _pages(document: pypdfium2.PdfDocument) -> Iterator[Page]:
    characters = recognized = 0
    for index in range(len(document)):
        page = document[index]
        text_page = page.get_textpage()
        characters += text_page.count_chars()
        if characters > _MAX_CHARACTERS:
            raise refusal("too_much_text")
        content = _page(page, text_page)
        if content.has_picture and recognized < _MAX_RECOGNIZED_PAGES and not _has_chinese(content) and ocr.is_available():
            content = _recognized(page)
            recognized += 1
        yield content
        text_page.close()
        page.close()


def _page(page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage) -> Page:
    characters = list(_characters(text_page))
    turn = _Turn(characters)
    left, bottom, right, top = page.get_bbox()
    corners = [turn.apply(x, y) for x in (left, right) for y in (bottom, top)]
    head, foot = min(y for _, y in corners), max(y for _, y in corners)
    rules, has_picture = _drawings(page, turn)
    glyphs = [turn.glyph(c) for c in characters if turn.is_upright(c)]
    return Page(glyphs, rules, head, foot - head, has_picture, has_picture and _is_hidden(text_page))


def _has_chinese(page: Page) -> bool:
    return any(CHINESE.match(glyph.text) for glyph in page.glyphs)


def _recognized(page: pypdfium2.PdfPage) -> Page:
    bitmap = page.render(scale=ocr.SCALE, grayscale=True)
    try:
        return recognized_page(bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width].copy(), ocr.SCALE)
    finally:
        bitmap.close()


def recognized_page(image: np.ndarray, scale: float) -> Page:
    """Read the grey bitmap of a page of which `scale` pixels are a point."""
    found = ocr.recognize(image, scale)
    return Page(found.glyphs, found.rules, 0.0, image.shape[0] / scale, has_picture=True, has_hidden_text=False, is_recognized=True)


class _Character(NamedTuple):
    text: str
    box: tuple[float, float, float, float]  # left, bottom, right, top as on the unturned page
    origin: tuple[float, float]
    angle: int  # degrees, clockwise


class _Turn:
    """Turns a page so that most of its characters stand upright, and its y axis downwards."""

    def __init__(self, characters: list[_Character]) -> None:
        angles = Counter(round(c.angle / 90) % 4 for c in characters)
        self._quarter = max(sorted(angles), key=lambda quarter: angles[quarter]) if angles else 0

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the page in reading coordinates."""
        return ((x, -y), (-y, -x), (-x, y), (y, x))[self._quarter]

    def is_upright(self, character: _Character) -> bool:
        """Tell text from a watermark written across it."""
        return (character.angle - 90 * self._quarter + 180) % 360 - 180 in range(-5, 6)

    def glyph(self, character: _Character) -> Glyph:
        """Return a character in reading coordinates."""
        left, bottom, right, top = character.box
        (x0, y0), (x1, y1) = self.apply(left, bottom), self.apply(right, top)
        return Glyph(character.text, min(x0, x1), max(x0, x1), self.apply(*character.origin)[1], max(abs(y1 - y0), 1.0))


def _characters(text_page: pypdfium2.PdfTextPage) -> Iterator[_Character]:
    raw, box = text_page.raw, pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index in range(text_page.count_chars()):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if not _is_printed(code) or pdfium.FPDFText_IsGenerated(raw, index) == 1:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(raw, index, box) or not pdfium.FPDFText_GetCharOrigin(raw, index, x, y):
            continue
        edges = (box.left, box.bottom, box.right, box.top)
        if max(box.right - box.left, box.top - box.bottom) > _LARGE_TYPE:
            edges = _ink_box(text_page, index) or edges
        angle = round(math.degrees(pdfium.FPDFText_GetCharAngle(raw, index)))
        yield _Character(chr(code), edges, (x.value, y.value), angle)


def _is_hidden(text_page: pypdfium2.PdfTextPage) -> bool:
    """Tell whether most of the text is there to be searched only, not to be seen."""
    sample = range(0, text_page.count_chars(), _SAMPLE_EVERY)
    objects = [handle for index in sample if (handle := pdfium.FPDFText_GetTextObject(text_page.raw, index))]
    hidden = sum(pdfium.FPDFTextObj_GetTextRenderMode(handle) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE for handle in objects)
    return hidden * 2 > len(objects)


def _ink_box(text_page: pypdfium2.PdfTextPage, index: int) -> tuple[float, float, float, float] | None:
    """Return the box of what is inked: fonts for vertical writing claim boxes many times as large."""
    left, bottom, right, top = text_page.get_charbox(index)
    return (left, bottom, right, top) if right > left and top > bottom else None


def _is_printed(code: int) -> bool:
    """Leave out blanks (gaps tell of them), control codes, halves of surrogate pairs and what is no character."""
    return 0x20 < code < 0x110000 and code not in (0x7F, 0xA0, 0x3000, 0xFFFE, 0xFFFF) and not 0xD800 <= code < 0xE000


def _drawings(page: pypdfium2.PdfPage, turn: _Turn) -> tuple[list[Rule], bool]:
    """Return the ruling lines of a page, and whether a picture takes a good part of it."""
    rules: list[Rule] = []
    has_picture = False
    page_area = page.get_width() * page.get_height()
    for count, (kind, raw, matrix) in enumerate(_objects(page, None, pypdfium2.PdfMatrix(), 0)):
        if count > _MAX_PATHS_PER_PAGE:
            return [], has_picture
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            rules.extend(_path_rules(raw, matrix, turn))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            has_picture |= _area(_own_matrix(raw).multiply(matrix)) > _PICTURE_SHARE * page_area
    return rules, has_picture


def _area(matrix: pypdfium2.PdfMatrix) -> float:
    """An image is a unit square under its matrix."""
    return abs(matrix.a * matrix.d - matrix.b * matrix.c)


def _objects(
    page: pypdfium2.PdfPage, form: object | None, matrix: pypdfium2.PdfMatrix, depth: int
) -> Iterator[tuple[int, object, pypdfium2.PdfMatrix]]:
    """Yield kind, handle and surrounding matrix of each object of a page or of a form on it, with those of forms inside."""
    count = pdfium.FPDFPage_CountObjects(page) if form is None else pdfium.FPDFFormObj_CountObjects(form)
    for index in range(count):
        raw = pdfium.FPDFPage_GetObject(page, index) if form is None else pdfium.FPDFFormObj_GetObject(form, index)
        kind = pdfium.FPDFPageObj_GetType(raw)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_FORM_DEPTH:
            yield from _objects(page, raw, _own_matrix(raw).multiply(matrix), depth + 1)
        else:
            yield kind, raw, matrix


def _own_matrix(raw: object) -> pypdfium2.PdfMatrix:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(raw, matrix)
    return pypdfium2.PdfMatrix.from_raw(matrix)


def _path_rules(raw: object, matrix: pypdfium2.PdfMatrix, turn: _Turn) -> Iterator[Rule]:
    """Yield the visible upright and level lines of a path: its strokes, or filled rectangles as thin as a line."""
    fill, is_stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(raw, fill, is_stroked)
    strokes = is_stroked.value and _is_visible(raw, pdfium.FPDFPageObj_GetStrokeColor)
    fills = not strokes and fill.value and _is_visible(raw, pdfium.FPDFPageObj_GetFillColor)
    if not strokes and not fills:
        return
    own = _own_matrix(raw).multiply(matrix)
    for points in _subpaths(raw):
        placed = [turn.apply(*own.on_point(x, y)) for x, y in points]
        if strokes:
            for a, b in pairwise(placed):
                yield from _line_rule(a, b)
        else:
            xs, ys = [x for x, _ in placed], [y for _, y in placed]
            yield from _bar_rule(min(xs), min(ys), max(xs), max(ys))


def _is_visible(raw: object, get_color: object) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not get_color(raw, red, green, blue, alpha):
        return True
    return alpha.value > 0 and min(red.value, green.value, blue.value) < _NEARLY_WHITE


def _subpaths(raw: object) -> Iterator[list[tuple[float, float]]]:
    """Yield the corner points of each part of a path; curves count as their end points."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(pdfium.FPDFPath_CountSegments(raw)):
        segment = pdfium.FPDFPath_GetPathSegment(raw, index)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        if pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            points.append((x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment) and points:
            points.append(points[0])
    if points:
        yield points


def _line_rule(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Rule]:
    width, height = abs(a[0] - b[0]), abs(a[1] - b[1])
    if width <= _STRAIGHT and height >= _LEAST_LINE:
        yield Rule(True, (a[0] + b[0]) / 2, min(a[1], b[1]), max(a[1], b[1]))
    elif height <= _STRAIGHT and width >= _LEAST_LINE:
        yield Rule(False, (a[1] + b[1]) / 2, min(a[0], b[0]), max(a[0], b[0]))


def _bar_rule(left: float, top: float, right: float, bottom: float) -> Iterator[Rule]:
    width, height = right - left, bottom - top
    if width <= _LINE_WIDTH and height > _LEAST_LINE:
        yield Rule(True, (left + right) / 2, top, bottom)
    elif height <= _LINE_WIDTH and width > _LEAST_LINE:
        yield Rule(False, (top + bottom) / 2, left, right)
