"""A document as a sequence of atoms: labels, values, blanks and other text, each with its place.

Text copies list a table cell by cell, or run it together; grids say which cell is which. Both end here as one sequence, so
that one grammar reads every medium. In a grid row blanks count and the row's borders are known; in running text they do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extract.forms.labels import key_of, number_of, squeeze
from extract.model import Grid, GridCell, RepairedDocument, Text
from extract.tables.values import TOKEN, UNITS, parse_cell
from extract.tables.vocabulary import Vocabulary, load_vocabulary

_LONGEST_PIECE_OF_A_TABLE = 80
_PIECES_OF_A_LABEL = 7
_PROSE = "。;；!？?"
_BORDER = re.compile(r"[\s|:+]*(?:[-=]{3,}[\s|:+]*)+")


@dataclass(frozen=True, slots=True)
class Atom:
    """One piece of a document. `start:end` are characters of the clean text of `line`, or of the cell in a grid.

    `row` names the grid row, None in running text: the values of a row belong to the label in that row and to no other.
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


def _label(text: Text, line: int, start: int, end: int, key: str, number: str | None) -> Atom:
    return Atom("label", text.raw_slice(start, end).strip(), text.clean[start:end], line, start, end, key, number, ends_on=line)


def _values(text: Text, line: int, start: int, end: int) -> Iterator[Atom]:
    """Cut a stretch without labels into values and other text."""
    position = start
    for match in TOKEN.finditer(text.clean, start, end):
        yield from _other(text, line, position, match.start())
        yield Atom(
            "value", text.raw_slice(match.start(), match.end()).strip(), match.group(), line, match.start(), match.end(), ends_on=line
        )
        position = match.end()
    yield from _other(text, line, position, end)


def _other(text: Text, line: int, start: int, end: int) -> Iterator[Atom]:
    clean = text.clean[start:end]
    if squeeze(clean).strip("|"):
        yield Atom(
            "unit" if clean.strip() in UNITS else "text", text.raw_slice(start, end).strip(), clean.strip(), line, start, end, ends_on=line
        )


def _scan(text: Text, line: int, start: int, end: int, vocabulary: Vocabulary) -> Iterator[Atom]:
    """Take glued text apart: labels by the vocabulary, what lies between them as values."""
    position = start
    while found := vocabulary.find(text.clean, position):
        if found.start >= end:
            break
        yield from _values(text, line, position, found.start)
        stop = _after_note(text.clean, found.end)
        yield _label(text, line, found.start, stop, found.key, found.number)
        position = stop
    yield from _values(text, line, position, end)


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


def _pieces(text: Text) -> Iterator[tuple[int, int]]:
    """The stretches of a line between table borders (| and tab); a line that only draws a border has none."""
    start = 0
    if _BORDER.fullmatch(text.clean):
        return
    for index, character in enumerate(text.clean):
        if character in "|\t":
            if text.clean[start:index].strip():
                yield start, index
            start = index + 1
    if text.clean[start:].strip():
        yield start, len(text.clean)


def _joined(pieces: list[tuple[int, Text, int, int]], index: int, vocabulary: Vocabulary) -> tuple[str, int] | None:
    """The longest label that starts with piece `index` and goes on over the next ones: its key and the number of pieces."""
    best = None
    whole = ""
    for count, (_, text, start, end) in enumerate(pieces[index : index + _PIECES_OF_A_LABEL], 1):
        whole += text.clean[start:end].strip()
        key = key_of(whole)
        if key in vocabulary.keys:
            best = key, count
        if key not in vocabulary.prefixes and squeeze(whole) not in vocabulary.prefixes and not (key in vocabulary.keys and count == 1):
            break
    return best


def _line_atoms(pieces: list[tuple[int, Text, int, int]], vocabulary: Vocabulary) -> Iterator[Atom]:
    index = 0
    while index < len(pieces):
        line, text, start, end = pieces[index]
        clean = text.clean[start:end]
        joined = _joined(pieces, index, vocabulary)
        if joined:
            yield _joined_atom(pieces[index : index + joined[1]], joined[0])
            index += joined[1]
            continue
        index += 1
        if clean.strip() not in UNITS and parse_cell(clean).state in ("printed", "dash"):
            yield Atom("value", text.raw_slice(start, end).strip(), clean.strip(), line, start, end, ends_on=line)
        elif vocabulary.anchors.search(squeeze(clean)) or (
            len(clean) <= _LONGEST_PIECE_OF_A_TABLE and not any(mark in clean for mark in _PROSE)
        ):
            yield from _scan(text, line, start, end, vocabulary)
        else:
            yield from _other(text, line, start, end)


def _joined_atom(pieces: list[tuple[int, Text, int, int]], key: str) -> Atom:
    line, text, start, end = pieces[0]
    whole = "".join(piece.clean[a:b].strip() for _, piece, a, b in pieces)
    raw = "".join(piece.raw_slice(a, b).strip() for _, piece, a, b in pieces)
    return Atom(
        "label", raw, whole, line, start, end if len(pieces) == 1 else len(text.clean), key, number_of(whole), ends_on=pieces[-1][0]
    )


def _grid_atoms(grid: Grid, texts: tuple[Text, ...], vocabulary: Vocabulary) -> Iterator[Atom]:
    page = f"page {grid.page}, " if grid.page else ""
    for cell, text in sorted(zip(grid.cells, texts, strict=True), key=lambda pair: (pair[0].row, pair[0].column)):
        place = f"{page}table {grid.number}, row {cell.row}, column {cell.column}"
        row = (grid.number, cell.row)
        yield from _cell_atoms(cell, text, row, place, vocabulary)


def _cell_atoms(cell: GridCell, text: Text, row: tuple[int, int], place: str, vocabulary: Vocabulary) -> Iterator[Atom]:
    clean = text.clean.strip()
    key = key_of(clean) if clean else ""
    kind = "label" if key and key in vocabulary.keys else "value"
    if kind == "value":
        kind = "unit" if clean in UNITS else {"blank": "blank", "text": "text"}.get(parse_cell(clean).state, "value")
    if kind == "text":
        inside = tuple(_scan(text, cell.line, 0, len(text.clean), vocabulary))
        labels = [atom for atom in inside if atom.kind == "label"]
        if labels:
            # What else stands in a label's cell is a piece of a neighbour's label, cut off by the copy; a number there is not ours to drop.
            for atom in labels if all(atom.kind in ("label", "text") for atom in inside) else inside:
                yield replace(atom, start=0, end=len(text.clean), row=row, place=place)
            return
    yield Atom(kind, text.raw.strip(), clean, cell.line, 0, len(text.clean), key, number_of(clean) if key else None, row, place, cell.line)


def atoms_of(document: RepairedDocument) -> tuple[Atom, ...]:
    """All atoms of a document in reading order; empty, at little cost, where no form's label stands."""
    vocabulary = load_vocabulary()
    if not any(
        vocabulary.anchors.search(squeeze(text.clean)) for text in (*document.lines, *(t for texts in document.cells for t in texts))
    ):
        return ()
    grids = {grid.first_line: (grid, texts) for grid, texts in zip(document.source.grids, document.cells, strict=True)}
    covered = {line for grid, _ in grids.values() for line in range(grid.first_line, grid.last_line + 1)}
    atoms: list[Atom] = []
    pieces: list[tuple[int, Text, int, int]] = []
    for number, text in enumerate(document.lines, 1):
        if number in grids:
            atoms += _line_atoms(pieces, vocabulary)
            pieces = []
            atoms += _grid_atoms(*grids[number], vocabulary)
        if number not in covered:
            pieces += ((number, text, start, end) for start, end in _pieces(text))
    atoms += _line_atoms(pieces, vocabulary)
    return tuple(atoms)
