"""What holds for every text: repairing twice changes nothing more, sound text stays, offsets lead back."""

from collections import Counter
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.model import Document, Grid, GridCell, RepairedDocument, Text
from extract.repair import repair
from extract.repair.script import is_traditional

PIECES = yaml.safe_load((Path(__file__).parent / "repair/pieces.yml").read_text("utf-8"))
SOUND = PIECES["sound"]
DAMAGED = [piece for group in PIECES["damaged"] for piece in group]

line = st.lists(st.sampled_from(SOUND + DAMAGED) | st.text(max_size=4), max_size=9).map("".join).filter(lambda text: "\n" not in text)
lines = st.lists(line, max_size=8).map(tuple)
sound_line = st.lists(st.sampled_from(SOUND), max_size=9).map("".join)
# A sound text has no furniture: "-" and the like only among words.
sound_lines = st.lists(sound_line.filter(lambda text: len(text) > 5), max_size=8).map(tuple)


def document(lines: tuple[str, ...]) -> Document:
    cells = tuple(GridCell(text, number, number, 1) for number, text in enumerate(lines, 1))
    grids = (Grid(1, cells[:3], 1, 3),) if len(cells) > 3 else ()
    return Document("text/plain", "utf-8", lines, grids)


def texts(repaired: RepairedDocument) -> list[tuple[str, Text]]:
    found = list(zip(repaired.source.lines, repaired.lines, strict=True))
    for grid, cells in zip(repaired.source.grids, repaired.cells, strict=True):
        found += [(cell.text, text) for cell, text in zip(grid.cells, cells, strict=True)]
    return found


def again(repaired: RepairedDocument) -> Document:
    """The repaired text as if it were a file."""
    grids = tuple(
        Grid(
            grid.number,
            tuple(GridCell(text.clean, cell.line, cell.row, cell.column) for cell, text in zip(grid.cells, cells, strict=True)),
            grid.first_line,
            grid.last_line,
        )
        for grid, cells in zip(repaired.source.grids, repaired.cells, strict=True)
    )
    return Document("text/plain", "utf-8", tuple(text.clean for text in repaired.lines), grids)


@settings(deadline=None, max_examples=300)
@given(lines)
def test_repairing_twice_changes_nothing_more(lines):
    once = repair(document(lines))
    twice = repair(again(once))
    assert [text.clean for text in twice.lines] == [text.clean for text in once.lines]
    assert [[text.clean for text in grid] for grid in twice.cells] == [[text.clean for text in grid] for grid in once.cells]
    assert twice.public_lines == tuple(text.clean for text in once.lines)


@settings(deadline=None, max_examples=300)
@given(sound_lines)
def test_sound_simplified_text_comes_back_as_it_is(lines):
    repaired = repair(document(lines))
    assert repaired.script == "hans"
    assert repaired.noise == ()
    assert repaired.public_lines == lines
    for found, text in texts(repaired):
        assert text.raw == text.clean == found
        assert text.origin is None


@settings(deadline=None, max_examples=300)
@given(lines)
def test_lines_are_kept_and_offsets_lead_back(lines):
    repaired = repair(document(lines))
    assert len(repaired.lines) == len(repaired.public_lines) == len(lines)
    assert repaired.public_lines == tuple(text.raw for text in repaired.lines)
    for found, text in texts(repaired):
        origin = text.origin or tuple(range(len(text.clean) + 1))
        assert len(origin) == len(text.clean) + 1
        assert origin[-1] == len(text.raw)
        assert list(origin) == sorted(origin)
        assert text.raw == "" or all(public in ("■", raw) for public, raw in zip(text.raw, found, strict=True))
        assert text.raw_slice(0, len(text.clean)) == text.raw[origin[0] :]
        pieces = [text.raw_slice(i, i + 1) for i in range(len(text.clean))]
        assert "".join(pieces) == text.raw[origin[0] :]
        # A character that was not changed is found where the map says.
        for character, piece in zip(text.clean, pieces, strict=True):
            if character in "0123456789%■" and piece:
                assert piece[0] == character or not piece[0].isascii()


@settings(deadline=None, max_examples=100)
@given(lines)
def test_a_repaired_text_is_simplified(lines):
    repaired = repair(document(lines))
    if repaired.script == "hans":
        return
    left = [character for text in repaired.lines for character in text.clean if is_traditional(character)]
    assert not Counter(left) - Counter("".join(lines)), "a phrase may keep 乾, but nothing becomes traditional"


@settings(deadline=None, max_examples=200)
@given(lines)
def test_the_ledger_is_of_known_lines_and_never_repeats_spam(lines):
    for act in repair(document(lines)).noise:
        assert 1 <= act.line <= len(lines)
        assert act.count >= 1
        assert act.found is None or not act.kind.startswith(("spam", "personal"))
