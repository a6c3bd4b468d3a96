"""Ruling lines in the bitmap of a page: straightening, finding and wiping them out. Needs the extra `ocr`.

Bitmaps are arrays of grey values, height x width, 0 black. Lengths are in points; `scale` is the pixels of a point.
"""

from __future__ import annotations

import cv2
import numpy as np

from extract.read.lattice import Rule

# Longer than the strokes of any character in a table, shorter than the sides of its cells.
_LEAST_LEVEL = 18.0
_LEAST_UPRIGHT = 14.0
_LARGEST_CHARACTER = 45.0
_MOST_SKEW = 3.0  # degrees; more is no scan of a page laid flat
_LEAST_SKEW = 0.05
# A pixel is ink if it is this much darker than its surroundings.
_DARKER = 18
_SURROUNDINGS = 4.0
# A speck smaller than this in height and width is dust; a hyphen is 3 points wide.
_DUST = 2.0
# The most that a line of text takes of the height of the boxes around lines.
_ONE_LINE = 1.1
_PAPER = 255


def ink(image: np.ndarray, scale: float) -> np.ndarray:
    """Return 255 wherever a pixel is darker than the paper around it, else 0."""
    surroundings = 2 * int(_SURROUNDINGS * scale) + 1
    return cv2.adaptiveThreshold(image, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, surroundings, _DARKER)


def straightened(image: np.ndarray, scale: float) -> np.ndarray:
    """Turn a page that was laid askew so that its lines run level."""
    angle = _skew(ink(image, scale))
    if abs(angle) < _LEAST_SKEW:
        return image
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=_PAPER)


def _skew(dark: np.ndarray) -> float:
    """Return the angle in degrees at which the ink gathers best in level rows, positive where they fall to the right."""
    ys, xs = np.nonzero(dark[::2, ::2])
    if not len(ys):
        return 0.0

    def gathered(angle: float) -> float:
        rows = np.rint(ys - xs * np.tan(np.radians(angle))).astype(np.int64)
        counts = np.bincount(rows - rows.min()).astype(np.float64)
        return float(np.dot(counts, counts))

    best = 0.0
    for reach, step in ((_MOST_SKEW, 0.25), (0.25, 0.03)):
        angles = best + np.arange(-round(reach / step), round(reach / step) + 1) * step
        best = float(max(angles, key=gathered))
    return best


def find_rules(image: np.ndarray, scale: float) -> tuple[list[Rule], np.ndarray]:
    """Return the ruling lines in points, and the bitmap without them."""
    dark = ink(image, scale)
    level, upright = _runs(dark, int(_LEAST_LEVEL * scale), False), _runs(dark, int(_LEAST_UPRIGHT * scale), True)
    tables = _without_strokes(level | upright, scale)
    level, upright = level & tables, upright & tables
    rules = [*_rules(level, scale, False), *_rules(upright, scale, True)]
    wiped = image.copy()
    wiped[cv2.dilate(level | upright, np.ones((3, 3), np.uint8)) > 0] = _PAPER
    return rules, wiped


def _runs(dark: np.ndarray, length: int, is_vertical: bool) -> np.ndarray:
    """Keep the ink that lies in straight runs of at least `length` pixels, forgiving gaps and steps of a pixel."""
    across, along = ((3, 1), (1, 3)) if is_vertical else ((1, 3), (3, 1))
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, along))
    thick = cv2.dilate(joined, cv2.getStructuringElement(cv2.MORPH_RECT, across))
    run = (1, length) if is_vertical else (length, 1)
    return cv2.morphologyEx(thick, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, run))


def _without_strokes(runs: np.ndarray, scale: float) -> np.ndarray:
    """Keep the runs that hang together over more than a character: headings are set large enough for strokes as long as a cell."""
    _, names, boxes, _ = cv2.connectedComponentsWithStats(runs)
    is_large = np.maximum(boxes[:, 2], boxes[:, 3]) >= _LARGEST_CHARACTER * scale
    is_large[0] = False
    return np.where(is_large[names], 255, 0).astype(np.uint8)


def _rules(runs: np.ndarray, scale: float, is_vertical: bool) -> list[Rule]:
    _, _, boxes, centres = cv2.connectedComponentsWithStats(runs)
    found = []
    for (left, top, width, height, _), (x, y) in zip(boxes[1:], centres[1:], strict=True):
        at, start, length = (x, top, height) if is_vertical else (y, left, width)
        found.append(Rule(is_vertical, float(at) / scale, float(start) / scale, float(start + length) / scale))
    return found


def has_ink(image: np.ndarray, scale: float) -> bool:
    """Tell whether anything as large as a character, or as long as a dash, stands in a part of a page."""
    _, _, boxes, _ = cv2.connectedComponentsWithStats(ink(image, scale))
    return bool((np.maximum(boxes[1:, 2], boxes[1:, 3]) >= _DUST * scale).any())


def text_lines(image: np.ndarray, scale: float, size: float) -> list[tuple[int, int]]:
    """Return first and last row of each line of text in a part of a page; lines are about `size` points high."""
    rows = np.flatnonzero(ink(image, scale).any(axis=1))
    pieces = [(int(piece[0]), int(piece[-1]) + 1) for piece in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(piece)]
    lines: list[tuple[int, int]] = []
    for top, bottom in pieces:
        if lines and bottom - lines[-1][0] <= _ONE_LINE * size * scale:
            lines[-1] = (lines[-1][0], bottom)  # the strokes of 二 lie apart
        else:
            lines.append((top, bottom))
    return [(top, bottom) for top, bottom in lines if bottom - top >= _DUST * scale / 2] or lines
