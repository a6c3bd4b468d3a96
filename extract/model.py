"""The values that pass between the rooms of `extract/`, and the one that leaves it: `Report`.

    bytes → Document (read) → RepairedDocument (repair) → cells, sections, counted figures, identity → Report

Everything here is immutable data without behaviour; what a report has hundreds of is a named tuple, which costs least to make.
Line numbers are 1-based lines of the text that we publish as `source.txt`: for a text file its own lines, for any other medium the
lines that the reader made of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import NamedTuple, TypeVar

Value = int | Decimal

T = TypeVar("T", bound=tuple)


def maker(kind: type[T]) -> Callable[[tuple], T]:
    """Return what makes a named tuple of a plain one that has all its fields in order, in a third of the time: for hundreds a report."""
    return partial(tuple.__new__, kind)


# ── read: what stands in the file ────────────────────────────────────────────────────────────────────────────────


class GridCell(NamedTuple):
    """A cell of a table whose cells are known. Row and column count from 1 and are the cell's upper left corner."""

    text: str
    line: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a medium gives it, its cells in the order of rows and columns.

    `number` counts the tables of a document from 1; `page` is None outside PDF.
    """

    number: int
    cells: tuple[GridCell, ...]
    first_line: int
    last_line: int
    page: int | None = None
    method: str = "direct"  # or "ocr"


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read. `lines[0]` is line 1. Lines inside a grid repeat its cells for readers; meaning is read from the grid."""

    media_type: str
    encoding: str | None
    lines: tuple[str, ...]
    grids: tuple[Grid, ...] = ()
    # What the medium itself declares, never what the text says: html title, meta tags (PubDate, ContentSource …).
    properties: tuple[tuple[str, str], ...] = ()
    # The lines that were recognized in a picture, each with the lowest confidence of its pieces from 0 to 1, None for a blank cell.
    recognized: tuple[tuple[int, float | None], ...] = ()
    # The lines of a web page that are nothing but links, as those of menus are, each with their number.
    links: tuple[tuple[int, int], ...] = ()


class UnreadableFile(Exception):
    """The file cannot be read at all. The message is one sentence for the public: what is wrong and what would mend it."""


# ── repair: the same, without the damage of the copy ─────────────────────────────────────────────────────────────


class Text(NamedTuple):
    """A stretch of text: `raw` as found and `clean` as meant (simplified characters, NFKC, no pinyin, no spam).

    `origin[i]` is the index in `raw` of the character that `clean[i]` came from; `origin[len(clean)] == len(raw)`.
    None stands for the identity, so that an undamaged text costs nothing.
    """

    raw: str
    clean: str
    origin: tuple[int, ...] | None = None

    def raw_slice(self, start: int, end: int) -> str:
        """Return what `clean[start:end]` was in the file, with the pinyin or byte slip that trailed it."""
        if self.origin is None:
            return self.raw[start:end]
        return self.raw[self.origin[start] : self.origin[end]]


class Noise(NamedTuple):
    """One act of the noise ledger. `kind` is a key of repair/kinds.yml; `found` never repeats a spam text."""

    kind: str
    line: int
    count: int = 1
    found: str | None = None
    became: str | None = None


@dataclass(frozen=True, slots=True)
class RepairedDocument:
    """A document after repair. `lines[i]` belongs to `source.lines[i]`; `cells` to the cells of `source.grids` in order.

    `public_lines` is `source.txt`: the text as found, spam lines empty, spam inside a line and masked personal data as ■
    of the same length, so that line numbers and columns hold.
    """

    source: Document
    lines: tuple[Text, ...]
    cells: tuple[tuple[Text, ...], ...]
    public_lines: tuple[str, ...]
    script: str  # hans, hant, hant-tw
    noise: tuple[Noise, ...]


# ── tables, prose, identity: what it means ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the reader could not place, for the public: `detail_zh` and `detail_en` are one plain sentence each."""

    kind: str
    detail_zh: str
    detail_en: str
    line: int | None = None
    indicator: str | None = None


class Figure(NamedTuple):
    """A cell of a statutory table. See design.md for states, readings and proofs; `value` is in `unit` (money in yuan)."""

    indicator: str
    measure: str
    value: Value | None
    unit: str | None
    state: str  # printed, blank, dash, text, missing, inferred
    reading: str = "direct"  # direct, split, ocr
    proof: str | None = None  # row_sum, joint, between_anchors, prose
    confidence: float | None = None
    raw: str | None = None
    line: int | None = None
    place: str | None = None  # "page 2, table 3, row 4, column 5"
    label_as_printed: str | None = None


class Span(NamedTuple):
    """The characters `start:end` of the clean text of line `line`."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TableReading:
    """What `tables.read_tables` returns: the figures found, the text they used and how far each form was met.

    `forms` maps a block (proactive, requests, remedies, statistics) to the form whose labels were printed there.
    `spans` and `whole_lines` are all text that belongs to a statutory table, labels included: prose is what lies outside. `unplaced` counts
    the tokens inside tables that became neither figure nor label: each of them is in `problems` too.
    """

    figures: tuple[Figure, ...]
    forms: tuple[tuple[str, str], ...]
    spans: tuple[Span, ...]
    whole_lines: frozenset[int]
    problems: tuple[Problem, ...]
    tokens: int
    unplaced: int


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a report. `found_by` is `heading` or `content` (its heading is lost in this copy)."""

    position: int
    role: str  # overview, proactive, requests, remedies, problems, other
    heading: str | None
    text: str
    line_start: int
    line_end: int
    found_by: str = "heading"


class NarrativeFigure(NamedTuple):
    """A counted figure in the prose. `unit` is the measure word as printed, in simplified characters."""

    position: int
    role: str
    value: Value
    unit: str | None
    approximate: bool
    phrase: str
    sentence: str
    line: int
    indicator: str | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    """The reporting organ as it was in the report's year."""

    agency_id: str
    name: str
    region_id: str
    agency_type: str
    level: str
    uscc: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why we say who, when or what: `field` (agency, region, year, published_on …), the text it rests on, its line and rank."""

    field: str
    value: str
    kind: str
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reports about which year, when, and what sort of document this is. None where the text does not say."""

    agency: Agency | None
    year: int | None
    title: str | None
    document_type: str  # annual_report, news, notice, template, interpretation, letter, bulletin, other
    published_on: str | None  # YYYY-MM-DD, only where printed
    scope: str  # own_organ, jurisdiction_total, vertical_system, unknown
    scope_line: int | None
    evidence: tuple[Evidence, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A row of reports/catalogue.csv: what we know of a file that the file itself does not say."""

    file: str
    url: str | None = None
    original_url: str | None = None
    copy_kind: str = "unknown"
    retrieved_on: str | None = None
    added_on: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The file as found, measured."""

    path: str
    bytes: int
    sha256: str
    media_type: str | None
    encoding: str | None
    script: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one file says. A file that cannot be read has `identity` None and one problem."""

    source: Source
    entry: CatalogueEntry
    identity: Identity | None
    format: str
    completeness: str  # complete, partial, narrative_only
    figures: tuple[Figure, ...] = ()
    sections: tuple[Section, ...] = ()
    narrative: tuple[NarrativeFigure, ...] = ()
    noise: tuple[Noise, ...] = ()
    problems: tuple[Problem, ...] = ()
    public_lines: tuple[str, ...] = field(default=(), repr=False)
