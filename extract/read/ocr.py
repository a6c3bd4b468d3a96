"""Text recognition of pictures of pages, with the models that lie in the package of the extra `ocr`: nothing is loaded from afar.

A page becomes what a PDF page is: pieces of text with places, here each with the recogniser's confidence, and ruling lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING, Any

from extract.read.encoding import CHINESE
from extract.read.glyphs import Glyph
from extract.read.lattice import Lattice, Rule, find_lattices

if TYPE_CHECKING:
    import numpy as np

# Pixels of a point: pages are read at 200 dots an inch.
SCALE = 200 / 72
# How far a piece of text may reach out of its cell before it is taken for the text of two cells, as a part of its height.
_STRADDLE = 0.6
# Of a line of text, where a page does not tell.
_LINE_HEIGHT = 14.0
_LINE_MARGIN = 1.5
# Inside a cell's lines, in points.
_INSET = 1.5
# Stands for ink that the recognizer makes nothing of: the cell is not blank.
_UNREADABLE = "□"
# From the middle of a line of text to its baseline, as a part of the line's height.
_BASELINE = 0.3
# Confidence from which on a reading is believed, and that of a number beside which there is ink that says nothing.
_SURE = 0.9
_DOUBTFUL = 0.5
_SETTINGS = {
    "Global.log_level": "error",
    "Global.text_score": 0.0,  # what is read badly is marked, not left out
    "Global.max_side_len": 4000,
    "Global.use_cls": False,  # tells upside-down text by its shape, and digits have shapes for both
    # One thread: sums of floating-point numbers come out the same in every run.
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


@dataclass(frozen=True, slots=True)
class RecognizedPage:
    """What stands on the picture of a page, in points; y grows downwards."""

    glyphs: list[Glyph]
    rules: list[Rule]


@cache
def is_available() -> bool:
    """Tell whether the extra `ocr` is installed."""
    return all(find_spec(module) for module in ("rapidocr", "onnxruntime", "cv2", "numpy"))


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params=_SETTINGS)


def recognize(image: np.ndarray, scale: float = SCALE) -> RecognizedPage:
    """Read the grey bitmap of a page of which `scale` pixels are a point."""
    from extract.read import bitmap

    upright = bitmap.straightened(image, scale)
    rules, wiped = bitmap.find_rules(upright, scale)
    glyphs = _found(wiped, scale)
    for lattice in find_lattices(rules):
        glyphs = _by_cells(lattice, glyphs, wiped, scale)
    return RecognizedPage(_as_sure_as_the_page(glyphs), rules)


def _as_sure_as_the_page(glyphs: list[Glyph]) -> list[Glyph]:
    """Believe no piece of a badly legible page more than the worse tenth of its pieces: what is lost there leaves no trace."""
    ranked = sorted(glyph.confidence or 0.0 for glyph in glyphs)
    least_sure = ranked[len(ranked) // 10] if ranked else 1.0
    if least_sure >= _SURE:
        return glyphs
    return [glyph._replace(confidence=min(glyph.confidence or 0.0, least_sure)) for glyph in glyphs]


def _found(image: np.ndarray, scale: float) -> list[Glyph]:
    import cv2

    result = _engine()(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR), use_det=True, use_cls=False, use_rec=True)
    if result.boxes is None or result.txts is None:
        return []
    return [
        _glyph(text, score, (box[:, 0].min(), box[:, 1].min(), box[:, 0].max(), box[:, 1].max()), scale)
        for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
        if text.strip()
    ]


def _glyph(text: str, score: float, pixels: tuple[float, float, float, float], scale: float) -> Glyph:
    left, top, right, bottom = (float(edge) / scale for edge in pixels)
    height = bottom - top
    return Glyph(text.strip(), left, right, (top + bottom) / 2 + _BASELINE * height, height, round(float(score), 3))


def _by_cells(lattice: Lattice, glyphs: list[Glyph], image: np.ndarray, scale: float) -> list[Glyph]:
    """Read by itself each cell whose text was found together with a neighbour's, or not wholly: a sign before a number is lost easily."""
    from extract.read.bitmap import has_ink

    size = median(glyph.size for glyph in glyphs) if glyphs else _LINE_HEIGHT
    under = [_cells_under(lattice, glyph) for glyph in glyphs]
    torn = {cell for cells in under if len(cells) > 1 for cell in cells}
    kept = [glyph for glyph, cells in zip(glyphs, under, strict=True) if cells.isdisjoint(torn)]
    inside: dict[int, list[Glyph]] = defaultdict(list)
    for glyph, cells in zip(glyphs, under, strict=True):
        for cell in cells - torn:
            inside[cell].append(glyph)
    for index in range(len(lattice.cells)):
        left, top, right, bottom = (round(edge * scale) for edge in lattice.box(index, _INSET))
        part = image[top:bottom, left:right]
        found = inside[index]
        is_label = any(CHINESE.search(glyph.text) for glyph in found)
        if is_label or not part.size or not has_ink(_rest(part, (left, top), found, scale), scale):
            continue
        again = list(_alone(part, (left, top), scale, size))
        if found and min((glyph.confidence or 0.0 for glyph in again), default=0.0) < _SURE:
            again = [glyph._replace(confidence=min(glyph.confidence or 0.0, _DOUBTFUL)) for glyph in found]
        kept = [glyph for glyph in kept if glyph not in found] + again
    return kept


def _rest(part: np.ndarray, corner: tuple[int, int], glyphs: list[Glyph], scale: float) -> np.ndarray:
    """Return a part of a page without the pieces of text that were found in it."""
    rest = part.copy()
    left, above = corner
    for glyph in glyphs:
        middle = glyph.baseline - _BASELINE * glyph.size
        top, bottom = (max(round((middle + side * glyph.size / 2) * scale) - above, 0) for side in (-1, 1))
        rest[top:bottom, max(round(glyph.left * scale) - left, 0) : max(round(glyph.right * scale) - left, 0)] = 255
    return rest


def _cells_under(lattice: Lattice, glyph: Glyph) -> set[int]:
    middle = glyph.baseline - _BASELINE * glyph.size
    inset = min(_STRADDLE * glyph.size, (glyph.right - glyph.left) / 2)
    places = (lattice.cell_at(x, middle) for x in (glyph.left + inset, (glyph.left + glyph.right) / 2, glyph.right - inset))
    return {place for place in places if place is not None}


def _alone(part: np.ndarray, corner: tuple[int, int], scale: float, size: float) -> Iterator[Glyph]:
    """Read a cell line by line. `corner` is the place of its upper left pixel, `size` the usual height of a line in points."""
    import cv2

    from extract.read.bitmap import text_lines

    left, above = corner
    margin = round(_LINE_MARGIN * scale)
    for top, bottom in text_lines(part, scale, size):
        line = part[max(top - margin, 0) : bottom + margin]
        result = _engine()(cv2.cvtColor(line, cv2.COLOR_GRAY2BGR), use_det=False, use_cls=False, use_rec=True)
        pixels = (left, above + top, left + part.shape[1], above + bottom)
        yield _glyph(result.txts[0].strip() or _UNREADABLE, result.scores[0], pixels, scale)
