"""Tables written with pipes (`| a | b |`) or tabulators in the lines of a text file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from extract.model import Grid, GridCell

_PIPE = re.compile(r"(?<!\\)[|｜│┃]")
_RULES = ("--", "==", "──", "━━", "══")
_RULE_CHARACTERS = frozenset(" \t|｜│┃:+┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝-=─━═")
_BREAK_OR_BLANK = re.compile(r"<br\s*/?>|&nbsp;|&#160;|&emsp;|&ensp;|\*\*|~~", re.IGNORECASE)
_WHOLE_EMPHASIS = re.compile(r"([*_`])(.+)\1")
_ESCAPE = re.compile(r"\\([|*_`~\\<>#.()-])")

_Row = tuple[int, list[str]]


def find_grids(text: str, lines: Sequence[str]) -> list[Grid]:
    """Return the tables of a text, unnumbered, each cell with its line. Blank cells are kept, separator rows are not."""
    with_pipes = _tables(lines, _pipe_cells) if _PIPE.search(text) else ()
    with_tabs = _tables(lines, _tab_cells) if "\t" in text else ()
    return [_grid(rows) for rows in (*with_pipes, *with_tabs)]


def _tables(lines: Sequence[str], cells_of: Callable[[str], list[str] | None]) -> Iterator[list[_Row]]:
    """Yield runs of rows that `cells_of` recognizes.

    Blank lines do not end a run, any other line does. A separator row stands below a header: where it follows the second
    or a later row, that row begins another table.
    """
    rows: list[_Row] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if _is_separator(line):
            if len(rows) > 1:
                yield from _if_table(rows[:-1], lines)
                rows = rows[-1:]
            continue
        cells = cells_of(line)
        if cells is None:
            yield from _if_table(rows, lines)
            rows = []
        else:
            rows.append((number, cells))
    yield from _if_table(rows, lines)


def _is_separator(line: str) -> bool:
    """Tell a row of dashes (`|---|---|`, `├──┼──┤`) from a row of cells; a dash as a cell's content is a single one or long (—)."""
    return any(rule in line for rule in _RULES) and _RULE_CHARACTERS.issuperset(line)


def _if_table(rows: list[_Row], lines: Sequence[str]) -> Iterator[list[_Row]]:
    """Yield `rows` if they are a table: two columns, and a lone row only where a pipe opens it, else it is a menu or a list of links."""
    columns = max((len(cells) for _, cells in rows), default=0)
    if columns > 1 and (len(rows) > 1 or _PIPE.match(lines[rows[0][0] - 1].strip())):
        yield rows


def _pipe_cells(line: str) -> list[str] | None:
    """Return the cells of a row with two pipes or more, None for another line."""
    parts = _PIPE.split(line.strip())
    if len(parts) < 3:
        return None
    if not parts[0].strip():
        parts = parts[1:]
    if not parts[-1].strip():
        parts = parts[:-1]
    return [_plain(part) for part in parts]


def _tab_cells(line: str) -> list[str] | None:
    """Return the cells of a row divided by tabulators, None for another line."""
    if "\t" not in line.strip() or _pipe_cells(line) is not None:
        return None
    return [part.strip() for part in line.split("\t")]


def _plain(cell: str) -> str:
    """Take Markdown's emphasis, escapes and line breaks from a cell; what remains stands on the line character by character."""
    cell = _BREAK_OR_BLANK.sub("", cell).strip()
    if whole := _WHOLE_EMPHASIS.fullmatch(cell):
        cell = whole[2].strip()
    return _ESCAPE.sub(r"\1", cell)


def _grid(rows: list[_Row]) -> Grid:
    cells = tuple(GridCell(text, line, row, column) for row, (line, texts) in enumerate(rows, 1) for column, text in enumerate(texts, 1))
    return Grid(0, cells, rows[0][0], rows[-1][0])
