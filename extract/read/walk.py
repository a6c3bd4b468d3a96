"""One way through a page: what its reader sees as pieces of text and breaks, and each data table as its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import unescape
from pathlib import Path

import yaml

from extract.read.builder import MAX_CELL_CHARACTERS, Cell, Spanning, place, visible
from extract.read.page_lines import BREAK, END_OF_LINK, LINK, lines_of, unmarked

_CELLS = frozenset(("td", "th"))
# Rows and cells that are hidden are not read; other hidden blocks may be shown by a script later.
_HIDEABLE = _CELLS | {"tr"}
_HIDDEN = re.compile(r' style="[^"]*display\s*:\s*none', re.IGNORECASE)
_SPANS = re.compile(r' (rowspan|colspan|data-line)="([^"]*)"')
# Pieces of text and breaks in order, and in the place of each data table its cells.
Pieces = list[str | list[Cell]]


@cache
def elements(kind: str) -> frozenset[str]:
    """Return the element names that `elements.yml` lists under `kind`."""
    text = Path(__file__).with_name("elements.yml").read_text("utf-8")
    return frozenset(yaml.load(text, Loader=yaml.CSafeLoader)[kind])


def count(value: str | None) -> int:
    """Return the number that an attribute gives, 1 where it gives none."""
    digits = re.match(r"\s*(\d{1,7})", value or "")
    return int(digits[1]) if digits else 1


@cache
def _tags() -> re.Pattern[str]:
    """What a page that the parser wrote out consists of: cells with nothing but one text and no link, and tags with the text behind them.

    Written out so, every element is closed, and "<" and ">" stand around tags and comments alone; a comment has no tag.
    Most cells are taken by one match, with the turn to the next row where that follows, which is what makes reading a table fast.
    """
    around = "|".join(sorted(elements("around_text"), key=len, reverse=True))
    return re.compile(
        rf"<t[dh](?=[ >])([^>]*+)>\s*+(?:<(?:{around})(?:\s[^>]*+)?>\s*+)*+([^<]*+)(?:</?(?:{around})(?:\s[^>]*+)?>\s*+)*+</(t[dh])>\s*+"
        r"(</tr>\s*+<tr>\s*+)?+"
        rf"|<(?:!--.*?--|(/?[a-zA-Z][^\s/>]*+)([^>]*+))>([^<]*+)",
        re.DOTALL,
    )


@cache
def _seam() -> re.Pattern[str]:
    """Where elements that change nothing end and begin inside a word; what must stand before is looked at behind the first "<"."""
    names = "|".join(sorted(_run_on_elements(), key=len, reverse=True))
    return re.compile(rf"<(?<=[\w（）]<)/(?:{names})>(?:</(?:{names})>)*+(?:<(?:{names})(?:\s[^>]*+)?>)++(?=[\w（）])")


def without_seams(markup: str) -> str:
    """Join text that an editor parted into runs (Word does so even within a number), so that its cell is one text."""
    # Inside <pre> it matters in which element a text stands.
    return markup if "<pre" in markup else _seam().sub("", markup)


def walk(markup: str) -> Pieces:
    """Go through a page that the parser wrote out, as its reader sees it; a table is known to hold data at its end.

    Elements whose text is not escaped must not be in it.
    """
    page = _Page()
    unseen = elements("unseen") - elements("void")
    edges, runs_on = _edges(), _inline()
    hidden, depth = "", 0  # the element that is not read, and how many of its name are open
    for of_cell, content, cell, turn, tag, attributes, text in _tags().findall(without_seams(markup)):
        if cell:
            if not hidden and not (of_cell and _is_hidden(of_cell)):
                page.cell(of_cell, unescape(content) if "&" in content else content)
            if turn:
                hidden, depth = _next_row(page, hidden, depth)
            continue
        if hidden:
            name = tag.removeprefix("/")
            if name == hidden:
                depth += 1 if name is tag else -1
            if depth:
                continue
            hidden = ""
        elif tag in edges and not page.inside:
            page.pieces.append(BREAK)
        elif tag not in runs_on or page.inside:
            name = tag.removeprefix("/")
            if name in unseen or (name in _HIDEABLE and _is_hidden(attributes)):
                hidden, depth = name, 1
                continue
            page.meet(tag, name, attributes)
        if text:
            page.text(unescape(text) if "&" in text else text)
    return page.pieces


@cache
def _edges() -> frozenset[str]:
    """The tags of blocks that are nothing but the edge of a line, as they begin and as they end."""
    names = elements("blocks") - elements("unseen") - _HIDEABLE - {"table", "caption", "pre"}
    return names | {f"/{name}" for name in names}


@cache
def _run_on_elements() -> frozenset[str]:
    """The commonest elements that change nothing: their text runs on."""
    return elements("around_text") - elements("blocks") - elements("unseen")


@cache
def _inline() -> frozenset[str]:
    """Their tags."""
    names = _run_on_elements()
    return names | {f"/{name}" for name in names}


def _next_row(page: _Page, hidden: str, depth: int) -> tuple[str, int]:
    """Pass the end of a row and the beginning of the next. Return which element is not read there, and how many of its name are open."""
    if hidden == "tr" and depth == 1:
        page.meet("tr", "tr", "")  # its own end was not seen by the page either
        return "", 0
    if not hidden:
        page.turn()
    return hidden, depth


@dataclass(slots=True)
class _Table:
    """What is known of a table while its elements go by: the parser puts every cell into a row. Places count pieces."""

    start: int
    is_layout: bool = False
    holds_table: bool = False
    texts: list[str] = field(default_factory=list)  # since the last cell began
    rows: list[list[Spanning | tuple[str, slice]]] = field(default_factory=list)  # cells; of some their attributes and their pieces
    captions: list[slice] = field(default_factory=list)

    def end_texts(self) -> None:
        """A cell as long as an article tells that a table only lays out the page."""
        if sum(map(len, self.texts)) > MAX_CELL_CHARACTERS:
            self.is_layout |= sum(map(len, map(visible, self.texts))) > MAX_CELL_CHARACTERS
        self.texts.clear()


class _Page:
    """The pieces met so far, and the elements that are open."""

    def __init__(self) -> None:
        self.pieces: Pieces = []
        self.inside: list[str] = []  # the elements that are open since the outermost <pre>
        self._tables: list[_Table] = []
        self._blocks = elements("blocks")
        self._starts: list[tuple[str, int]] = []  # of open cells and captions: their attributes, and where their pieces begin

    def text(self, text: str) -> None:
        """Add text."""
        if self._tables:
            self._tables[-1].texts.append(text)
        if self.inside and self.inside[-1] == "pre":
            self.pieces += (piece for line in text.splitlines() for piece in (line, BREAK))
        else:
            self.pieces.append(text)

    def meet(self, tag: str, name: str, attributes: str) -> None:
        """Pass a tag of an element that is read."""
        if name in self._blocks:
            self.enter(name, attributes) if name is tag else self.leave(name)
        elif name == "a" and (name is not tag or " href" in attributes):
            self.pieces.append(LINK if name is tag else END_OF_LINK)
        if self.inside or name == "pre":
            self.follow(tag)

    def cell(self, attributes: str, text: str) -> None:
        """Add a cell with nothing but one text."""
        self.pieces.append(f"{BREAK}{text}{BREAK}")
        if self._tables:
            table = self._tables[-1]
            if table.texts:
                table.end_texts()
            if len(text) > MAX_CELL_CHARACTERS:
                table.texts.append(text)
            table.rows[-1].append((text, 1, 1, None) if not attributes and text.isalnum() else _spanning(attributes, text))

    def turn(self) -> None:
        """End a row and begin the next."""
        self.pieces.append(BREAK)
        if self._tables:
            self._tables[-1].rows.append([])

    def follow(self, tag: str) -> None:
        """Keep what is open inside <pre>: only its own text keeps its lines."""
        if tag.startswith("/"):
            self.inside.pop()
        elif tag and tag not in elements("void"):
            self.inside.append(tag)

    def enter(self, tag: str, attributes: str) -> None:
        """Begin a block."""
        if tag == "table":
            self._tables.append(_Table(len(self.pieces)))
        elif tag == "caption":
            self._starts.append((attributes, len(self.pieces)))
        elif self._tables and tag in _HIDEABLE:
            table = self._tables[-1]
            if tag == "tr":
                table.rows.append([])
            else:
                table.end_texts()
                self._starts.append((attributes, len(self.pieces)))
        self.pieces.append(BREAK)

    def leave(self, tag: str) -> None:
        """End a block."""
        self.pieces.append(BREAK)
        if tag == "table":
            self._leave_table(self._tables.pop())
        elif tag == "caption":
            _, start = self._starts.pop()
            for table in self._tables:
                table.captions.append(slice(start, len(self.pieces)))
        elif self._tables and tag in _CELLS:
            attributes, start = self._starts.pop()
            self._tables[-1].rows[-1].append((attributes, slice(start, len(self.pieces))))

    def _leave_table(self, table: _Table) -> None:
        """Tell a table that holds data: a row of two cells, no such table inside, and no cell as long as an article."""
        table.end_texts()
        # Side by side in one row stand the parts of a page.
        table.is_layout |= table.holds_table and len(table.rows) == 1
        is_data = max(map(len, table.rows), default=0) > 1 and not table.is_layout
        if is_data:
            captions = [piece for caption in table.captions for piece in self.pieces[caption]]
            rows = [[cell if len(cell) != 2 else _spanning(cell[0], unmarked(self.pieces[cell[1]])) for cell in row] for row in table.rows]
            self.pieces[table.start :] = [*captions, place(rows)]
        if self._tables:
            self._tables[-1].is_layout |= is_data or table.is_layout
            self._tables[-1].holds_table |= len(table.rows) > 1


def _spanning(attributes: str, text: str) -> Spanning:
    line = text if text.isalnum() else _line_of_cell(text)
    return (line, *_spans(attributes)) if attributes else (line, 1, 1, None)


@lru_cache(maxsize=1 << 12)
def _line_of_cell(text: str) -> str:
    """The text of a cell: reports print the same labels."""
    return lines_of((text,))


@lru_cache(maxsize=1 << 12)
def _is_hidden(attributes: str) -> bool:
    return _HIDDEN.search(attributes) is not None


@lru_cache(maxsize=1 << 12)
def _spans(attributes: str) -> tuple[int, int, int | None]:
    """How many rows and columns a cell reaches over, and its line, if these attributes say so."""
    spans = dict(_SPANS.findall(attributes))
    if not spans:
        return 1, 1, None
    return count(spans.get("rowspan")), count(spans.get("colspan")), count(spans.get("data-line"))
