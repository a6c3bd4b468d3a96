"""The flow of the prose: the lines of a document without its tables, wrapped lines joined, each character with its line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

from extract.model import RepairedDocument, Span, Text
from extract.prose.data import either, load

HAN = re.compile(r"[一-鿿]")
# With what lines that are left out and page numbers can begin or end, to pass over all other lines at once.
CAPTION = frozenset("#*表责编文信稿来")
MARKS = frozenset("|-—–:=_*#·•")
PAGE_ENDS = frozenset("0123456789-—–·页")
WIDE = dict(zip("，：；（）！？％", ",:;()!?%", strict=True))
NUMBER = re.compile(r"\d[\d.,]*%?")


class Paragraph(NamedTuple):
    """A paragraph of prose. Its characters from `starts[i]` on, up to the next start, stand on line `lines[i]`.

    `columns[i]` is the place of the first of them in the clean text of that line. `shown` is `text` for readers: the same
    characters, punctuation as wide as it was printed.
    """

    text: str
    shown: str
    starts: tuple[int, ...]
    lines: tuple[int, ...]
    columns: tuple[int, ...]

    def line_of(self, index: int) -> int:
        """Return the line on which the character at `index` stands."""
        return self.lines[bisect_right(self.starts, index) - 1]

    def place_of(self, index: int) -> tuple[int, int]:
        """Return the line and the column of the character at `index`."""
        piece = bisect_right(self.starts, index) - 1
        return self.lines[piece], self.columns[piece] + index - self.starts[piece]


class _Piece(NamedTuple):
    """A stretch of one line outside the tables. `width` is that of its whole line; `breaks` says that a paragraph begins here."""

    text: str
    shown: str
    line: int
    column: int
    width: int
    breaks: bool


def paragraphs(document: RepairedDocument, table_spans: Sequence[Span], table_lines: Set[int]) -> list[Paragraph]:
    """Return the paragraphs of the document outside its tables, in reading order."""
    pieces = list(_pieces(document, table_spans, table_lines))
    full = _full_width(pieces)
    found: list[Paragraph] = []
    together: list[_Piece] = []
    for piece, following in zip_longest(pieces, pieces[1:]):
        if together and not _continues(together[-1], piece, following, full):
            found.append(_join(together))
            together = []
        together.append(piece)
    if together:
        found.append(_join(together))
    return found


def _pieces(document: RepairedDocument, table_spans: Sequence[Span], table_lines: Set[int]) -> Iterator[_Piece]:
    cuts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for span in table_spans:
        cuts[span.line].append((span.start, span.end))
    in_grid = {number for grid in document.source.grids for number in range(grid.first_line, grid.last_line + 1)}
    shortest = load("flow")["shortest_beside_a_table"]
    breaks = True
    page_turned = False
    for number, text in enumerate(document.lines[: _end_of_prose(document)], 1):
        if number in table_lines:
            breaks = True
            continue
        line = text.clean
        if number in cuts and cuts[number][0] == (0, len(line)):
            breaks = True
            continue
        stripped = line.strip()
        if not stripped or _left_out(stripped):
            breaks = breaks or bool(stripped) or not page_turned
            continue
        if stripped[-1] in PAGE_ENDS and _is_page_number(stripped, document.lines[number : number + 2]):
            page_turned = True
            continue
        page_turned = False
        width = _width(text.raw.rstrip())
        for start, end in _outside(cuts.get(number), len(line)):
            words = line[start:end].strip()
            if words and (number not in cuts or len(HAN.findall(words)) >= shortest):
                column = start + len(line[start:end]) - len(line[start:end].lstrip())
                yield _Piece(words, _as_printed(text, column, len(words)), number, column, width, breaks or start > 0 or number in in_grid)
                breaks = False
            breaks = breaks or end < len(line)
        if number in cuts and max(cuts[number])[1] >= len(line):
            breaks = True


def _end_of_prose(document: RepairedDocument) -> int:
    """Return how many lines stand before the foot of the page."""
    end, left = len(document.lines), load("flow")["foot_lines"]
    for number in range(len(document.lines), 0, -1):
        line = document.lines[number - 1].clean.strip()
        if line:
            left -= 1
            if _pattern("foot").fullmatch(line):
                end = number - 1
            if not left:
                break
    return end


def _as_printed(text: Text, column: int, length: int) -> str:
    """Return a stretch of the clean text with the full-width punctuation that was folded for reading."""
    clean = text.clean[column : column + length]
    if text.raw == text.clean or WIDE.keys().isdisjoint(text.raw):
        return clean
    if text.origin is None:
        printed = text.raw[column : column + length]
        narrowed = printed
        for wide, narrow in WIDE.items():
            narrowed = narrowed.replace(wide, narrow)
        if narrowed == clean:
            return printed
    else:
        printed = "".join(text.raw[place] for place in text.origin[column : column + length])
    return "".join(wide if WIDE.get(wide) == narrow else narrow for wide, narrow in zip(printed, clean, strict=True))


def _is_page_number(line: str, following: Sequence[Text]) -> bool:
    """Say whether a line is a page's number, and not one of a sentence whose numbers stand on lines of their own."""
    after = next((text.clean.strip() for text in following if text.clean.strip()), "")
    goes_on = _pattern("goes_on").match(after) or _pattern("counted").match(after)
    return bool(_pattern("between_pages").fullmatch(line)) and not (goes_on and NUMBER.fullmatch(line))


def _left_out(line: str) -> bool:
    return (line[-1] in MARKS or line[0] in CAPTION) and bool(_pattern("left_out").fullmatch(line))


def _outside(cuts: list[tuple[int, int]] | None, length: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a line of `length` characters that no cut covers."""
    start = 0
    for cut_start, cut_end in sorted(cuts or ()):
        if cut_start > start:
            yield start, cut_start
        start = max(start, cut_end)
    if start < length:
        yield start, length


def _width(line: str) -> int:
    """Return the printed width: Chinese characters and punctuation are twice as wide as ASCII."""
    return 2 * len(line) - len(line.encode("ascii", "ignore"))


def _full_width(pieces: Sequence[_Piece]) -> float | None:
    """Return the width from which a line of this copy may be wrapped, None when the copy is not wrapped."""
    rule = load("flow")["wrapped"]
    widths = sorted(piece.width for piece in pieces if piece.width >= rule["narrowest"])
    if not widths:
        return None
    widest = widths[int(0.9 * (len(widths) - 1))]
    full = rule["full"] * widest
    count = sum(full <= width <= widest / rule["full"] for width in widths)
    if widest > rule["widest"] or count < rule["lines"] or count < rule["share"] * len(widths):
        return None
    return full


def _continues(before: _Piece, piece: _Piece, following: _Piece | None, full: float | None) -> bool:
    if piece.breaks or _pattern("ends").search(before.text[-2:]):
        return False
    if _pattern("goes_on").match(piece.text) or (NUMBER.fullmatch(before.text) and _pattern("counted").match(piece.text)):
        return True
    if following and not following.breaks and NUMBER.fullmatch(piece.text):
        return bool(_pattern("goes_on").match(following.text) or _pattern("counted").match(following.text))
    if _pattern("begins").match(piece.text):
        return False
    if _pattern("number_goes_on").match(piece.text) and _pattern("sentence").search(before.text):
        return True
    return bool(_pattern("runs_on").search(before.text[-1:])) or (full is not None and before.width >= full)


def _join(pieces: Sequence[_Piece]) -> Paragraph:
    text = shown = ""
    starts = []
    for piece in pieces:
        # Two Latin words or two numbers must not grow together; Chinese is written without spaces.
        if text and text[-1].isascii() and text[-1].isalnum() and piece.text[0].isascii() and piece.text[0].isalnum():
            text += " "
            shown += " "
        starts.append(len(text))
        text += piece.text
        shown += piece.shown
    return Paragraph(text, shown, tuple(starts), tuple(piece.line for piece in pieces), tuple(piece.column for piece in pieces))


@cache
def _pattern(name: str) -> re.Pattern[str]:
    value = load("flow")[name]
    expression = value if isinstance(value, str) else either(value)
    return re.compile(f"(?:{expression})$" if name == "ends" else expression)
