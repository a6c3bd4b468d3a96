"""A document as a sequence of atoms: labels, values, blanks and other text, each with its place.

Text copies list a table cell by cell, or run it together; grids say which cell is which. Both end here as one sequence, so
that one grammar reads every medium. In a grid row blanks count and the row's borders are known; in running text they do not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from extract.forms.labels import key_of, number_of, split_numbering, squeeze
from extract.model import Grid, GridCell, RepairedDocument, Text, maker
from extract.tables.values import DASHES, STARTS_OF_VALUES, TOKEN, UNITS, parse_cell
from extract.tables.vocabulary import Found, Vocabulary, load_vocabulary

_LONGEST_PIECE_OF_A_TABLE = 80
_PIECES_OF_A_LABEL = 7
_PROSE = "。;；!？?"
# A number, 其中: or both, that a line break parted from its label.
_BARE_NUMBER = re.compile(r"\s*(?:其中\s*[:：]?\s*)?(?:[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十\d]{1,3}[.．、])?\s*")
_BETWEEN_BORDERS = re.compile(r"[^|\t]+")
_BORDER = re.compile(r"[\s|:+]*(?:[-=]{3,}[\s|:+]*)+")
_BEGINNING_OF_BORDER = re.compile(r"[\s|:+\-=]")


# A stretch of a line: line number, text, first and last character.
_Piece = tuple[int, Text, int, int]


class Atom(NamedTuple):
    """One piece of a document. `start:end` are characters of the clean text of `line`, or of the cell in a grid.

    `row` names the grid row, None in running text: the values of a row belong to the label in that row and to no other; `column` is
    the cell's first column there.
    """

    kind: str  # label, value, blank, unit, text
    raw: str
    clean: str
    line: int
    start: int
    end: int
    key: str = ""
    number: str | None = None
    row: tuple[int, int] | None = None
    place: str | None = None
    ends_on: int = 0  # the line that a label joined from several lines ends on
    column: int | None = None


_atom = maker(Atom)


def _scan(text: Text, line: int, start: int, end: int) -> list[Atom]:
    """Take glued text apart: labels by the vocabulary, what lies between them as values and other text."""
    parts = _known_parts if len(text.clean) <= _LONGEST_PIECE_OF_A_TABLE else _parts
    return [
        _atom((kind, text.raw_slice(first, last).strip(), clean, line, first, last, key, number, None, None, line, None))
        for kind, clean, first, last, key, number in parts(text.clean, start, end)
    ]


# A part of glued text: what it is, its text, first and last character, and of a label its key and number.
_Part = tuple[str, str, int, int, str, str | None]


def _parts(clean: str, start: int, end: int) -> tuple[_Part, ...]:
    """The parts of a stretch of a line."""
    vocabulary = load_vocabulary()
    parts: list[_Part] = []
    position = start
    while found := vocabulary.find(clean, position):
        if found.start >= end:
            break
        parts += _values(clean, position, found.start)
        stop = _after_note(clean, found.end)
        parts.append(("label", clean[found.start : stop], found.start, stop, found.key, found.number))
        position = stop
    parts += _values(clean, position, end)
    return tuple(parts)


# Headings and labels stand in every report.
_known_parts = lru_cache(maxsize=1 << 12)(_parts)


def _values(clean: str, start: int, end: int) -> Iterator[_Part]:
    """Cut a stretch without labels into values and other text."""
    position = start
    for match in TOKEN.finditer(clean, start, end):
        yield from _other(clean, position, match.start())
        yield "value", match.group(), *match.span(), "", None
        position = match.end()
    yield from _other(clean, position, end)


def _other(clean: str, start: int, end: int) -> Iterator[_Part]:
    piece = clean[start:end]
    if piece and squeeze(piece).strip("|"):
        yield "unit" if piece.strip() in UNITS else "text", piece.strip(), start, end, "", None


def _after_note(clean: str, end: int) -> int:
    """Where an instruction in brackets behind a label ends: 部分公开(区分处理的,只计这一情形,不计其他情形)."""
    rest = clean[end:]
    if not rest.lstrip().startswith("("):
        return end
    opening = end + rest.index("(")
    depth = 0
    for index in range(opening, min(len(clean), opening + 160)):
        depth += {"(": 1, ")": -1}.get(clean[index], 0)
        if depth == 0:
            return end if clean[opening + 1 : opening + 2].isdigit() or _is_numbering(clean[opening : index + 1]) else index + 1
    return end


def _is_numbering(note: str) -> bool:
    """Tell the numbering of the next label, (二), from an instruction."""
    return number_of(note + "项") is not None


def _pieces(clean: str) -> list[tuple[int, int]]:
    """The stretches of a line between table borders (| and tab); a line that only draws a border has none."""
    if clean.isspace() or (_BEGINNING_OF_BORDER.match(clean) and _BORDER.fullmatch(clean)):
        return []
    if "|" not in clean and "\t" not in clean:
        return [(0, len(clean))]
    return [piece.span() for piece in _BETWEEN_BORDERS.finditer(clean) if not piece[0].isspace()]


def _beginning(text: str) -> tuple[str, bool, bool]:
    """The key of a text, whether it is a label's, and whether a label may begin with it."""
    return ("", False, False) if "。" in text and _is_prose(text) else _beginning_of_label(text)


def _is_prose(text: str) -> bool:
    """A quick look: a sentence that ends before any bracket opens is in every key of the text, and no label holds one."""
    return "(" not in split_numbering(unicodedata.normalize("NFKC", text.partition("。")[0]))[1]


@lru_cache(maxsize=1 << 14)
def _beginning_of_label(text: str) -> tuple[str, bool, bool]:
    vocabulary, key = load_vocabulary(), key_of(text)
    goes_on = key in vocabulary.prefixes or squeeze(text) in vocabulary.prefixes or _BARE_NUMBER.fullmatch(text)
    return key, key in vocabulary.keys, bool(goes_on)


def _joined(pieces: list[_Piece], index: int) -> tuple[str, int] | None:
    """The longest label that starts with piece `index` and goes on over the next ones: its key and the number of pieces."""
    _, text, start, end = pieces[index]
    whole = text.clean[start:end].strip()
    key, is_label, goes_on = _beginning(whole)
    if not goes_on and (not is_label or _ends_here(whole, pieces, index + 1)):
        return (key, 1) if is_label else None
    return _joined_one_by_one(pieces, index)


def _ends_here(label: str, pieces: list[_Piece], following: int) -> bool:
    """A quick look: no label holds a number, unless in a note in brackets, so that one which a number follows is whole."""
    if following == len(pieces):
        return True
    _, text, start, end = pieces[following]
    return text.clean[start:end].strip().isdecimal() and "(" not in squeeze(label)


def _joined_one_by_one(pieces: list[_Piece], index: int) -> tuple[str, int] | None:
    best = None
    whole = ""
    for count, (_, text, start, end) in enumerate(pieces[index : index + _PIECES_OF_A_LABEL], 1):
        piece = text.clean[start:end].strip()
        if count > 1 and piece in DASHES:
            break  # a dash is a cell
        whole += piece
        key, is_label, goes_on = _beginning(whole)
        if is_label:
            best = key, count
        if not goes_on and not (is_label and count == 1):
            break
    return best


def _line_atoms(pieces: list[_Piece], vocabulary: Vocabulary) -> Iterator[Atom]:
    index = 0
    while index < len(pieces):
        line, text, start, end = pieces[index]
        clean = text.clean[start:end]
        if clean.isdigit():
            raw = clean if text.raw is text.clean else text.raw_slice(start, end).strip()
            yield _atom(("value", raw, clean, line, start, end, "", None, None, None, line, None))
            index += 1
            continue
        joined = _joined(pieces, index)
        if joined:
            yield _joined_atom(pieces[index : index + joined[1]], joined[0])
            index += joined[1]
            continue
        index += 1
        if _may_be_value(clean) and clean.strip() not in UNITS and parse_cell(clean).state in ("printed", "dash"):
            yield Atom("value", text.raw_slice(start, end).strip(), clean.strip(), line, start, end, ends_on=line)
        elif vocabulary.anchors.search(squeeze(clean)) or (
            len(clean) <= _LONGEST_PIECE_OF_A_TABLE and not any(mark in clean for mark in _PROSE)
        ):
            found = _across(pieces[index - 1], pieces[index], vocabulary) if index < len(pieces) else None
            if found is None:
                yield from _scan(text, line, start, end)
                continue
            head, label, pieces[index] = _cut_across(pieces[index - 1], pieces[index], found)
            yield from _scan(text, line, start, head)
            yield label
        else:
            for kind, other, first, last, _, _ in _other(text.clean, start, end):
                yield _atom((kind, text.raw_slice(first, last).strip(), other, line, first, last, "", None, None, None, line, None))


def _may_be_value(clean: str) -> bool:
    """A quick look at how a piece begins."""
    first = clean.lstrip()[:1]
    return first.isdecimal() or first in STARTS_OF_VALUES


def _across(piece: _Piece, following: _Piece, vocabulary: Vocabulary) -> Found | None:
    """The label that a line break cuts in two inside glued text, its place counted from the break: it starts below 0."""
    _, text, start, end = piece
    _, text_behind, start_behind, end_behind = following
    before = text.clean[max(start, end - _LONGEST_PIECE_OF_A_TABLE) : end]
    if not _may_end_inside_a_label(before):
        return None
    whole = before + text_behind.clean[start_behind : min(end_behind, start_behind + _LONGEST_PIECE_OF_A_TABLE)]
    position = 0
    while found := vocabulary.find(whole, position):
        if found.start >= len(before):
            return None
        if found.end > len(before):
            return replace(found, start=found.start - len(before), end=found.end - len(before))
        position = found.end
    return None


@lru_cache(maxsize=1 << 12)
def _may_end_inside_a_label(before: str) -> bool:
    return load_vocabulary().may_end_inside_a_label(before)


def _cut_across(piece: _Piece, following: _Piece, found: Found) -> tuple[int, Atom, _Piece]:
    """Where the first line ends before the label, the label, and what is left of the second line."""
    line, text, _, end = piece
    line_behind, text_behind, start_behind, end_behind = following
    head, tail = end + found.start, _after_note(text_behind.clean, start_behind + found.end)
    raw = text.raw_slice(head, end).strip() + text_behind.raw_slice(start_behind, tail).strip()
    clean = text.clean[head:end] + text_behind.clean[start_behind:tail]
    label = Atom("label", raw, clean, line, head, len(text.clean), found.key, found.number, ends_on=line_behind)
    return head, label, (line_behind, text_behind, tail, end_behind)


def _joined_atom(pieces: list[_Piece], key: str) -> Atom:
    line, text, start, end = pieces[0]
    if len(pieces) == 1:
        clean = text.clean[start:end].strip()
        return _atom(("label", text.raw_slice(start, end).strip(), clean, line, start, end, key, number_of(clean), None, None, line, None))
    whole = "".join(piece.clean[a:b].strip() for _, piece, a, b in pieces)
    raw = "".join(piece.raw_slice(a, b).strip() for _, piece, a, b in pieces)
    return Atom("label", raw, whole, line, start, len(text.clean), key, number_of(whole), ends_on=pieces[-1][0])


def _grid_atoms(grid: Grid, texts: tuple[Text, ...]) -> list[Atom]:
    page = f"page {grid.page}, " if grid.page else ""
    atoms: list[Atom] = []
    row, in_row = (grid.number, 0), ""
    for cell, text in zip(grid.cells, texts, strict=True):
        line, of_row, column = cell.line, cell.row, cell.column
        if of_row != row[1]:
            row, in_row = (grid.number, of_row), f"{page}table {grid.number}, row {of_row}, column "
        place = f"{in_row}{column}"
        raw, whole = text.raw, text.clean
        length, clean = len(whole), whole.strip()
        kind, key, number = _cell_text(clean)
        if kind == "text" and (labels := _labels_inside(cell, text)):
            atoms += (atom._replace(start=0, end=length, row=row, place=place, column=column) for atom in labels)
        else:
            raw = clean if raw is whole else raw.strip()
            atoms.append(_atom((kind, raw, clean, line, 0, length, key, number, row, place, line, column)))
    return atoms


@lru_cache(maxsize=1 << 14)
def _cell_text(clean: str) -> tuple[str, str, str | None]:
    """What a cell with this text is, whichever cell it is, its key, and the number that it bears."""
    key = key_of(clean) if clean else ""
    kind = "label" if key and key in load_vocabulary().keys else "value"
    if kind == "value":
        kind = "unit" if clean in UNITS else {"blank": "blank", "text": "text"}.get(parse_cell(clean).state, "value")
    return kind, key, number_of(clean) if key else None


def _labels_inside(cell: GridCell, text: Text) -> list[Atom]:
    """The labels inside a cell's text, with the values between them; none where no label is."""
    inside = _scan(text, cell.line, 0, len(text.clean))
    labels = [atom for atom in inside if atom.kind == "label"]
    # What else stands in a label's cell is a piece of a neighbour's label, cut off by the copy; a number there is not ours to drop.
    return labels if not labels or all(atom.kind in ("label", "text") for atom in inside) else inside


def _holds_labels(document: RepairedDocument, vocabulary: Vocabulary) -> bool:
    """Tell whether a form's label stands anywhere: mostly as it is, else with blanks or other marks in it."""
    lines = [text.clean for text in document.lines]
    whole = "\n".join(lines)
    if vocabulary.anchors.search(whole, len(whole) // 2) or vocabulary.anchors.search(whole):  # tables stand behind prose
        return True
    return any(vocabulary.anchors.search(squeeze(text)) for text in (*lines, *[text.clean for texts in document.cells for text in texts]))


def atoms_of(document: RepairedDocument) -> tuple[Atom, ...]:
    """All atoms of a document in reading order; empty, at little cost, where no form's label stands."""
    vocabulary = load_vocabulary()
    if not _holds_labels(document, vocabulary):
        return ()
    grids = {grid.first_line: (grid, texts) for grid, texts in zip(document.source.grids, document.cells, strict=True)}
    covered = {line for grid, _ in grids.values() for line in range(grid.first_line, grid.last_line + 1)}
    atoms: list[Atom] = []
    pieces: list[_Piece] = []
    for number, text in enumerate(document.lines, 1):
        if number in grids:
            atoms += _line_atoms(pieces, vocabulary)
            pieces = []
            atoms += _grid_atoms(*grids[number])
        if number in covered:
            continue
        clean = text.clean
        if clean.isalnum():
            pieces.append((number, text, 0, len(clean)))
        elif clean:
            pieces += [(number, text, start, end) for start, end in _pieces(clean)]
    atoms += _line_atoms(pieces, vocabulary)
    return tuple(atoms)
