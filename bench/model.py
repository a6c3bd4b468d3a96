"""The values inside the generator: tables as printed, the document around them, and the truth about both."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.model import Value

Key = tuple[str, str]  # indicator, measure


@dataclass(slots=True)
class Cell:
    """A printed cell. `value` is what it says in its indicator's unit, None for blanks, dashes and labels; `key` names a figure."""

    text: str
    kind: str  # heading, header, label, unit, value, other
    key: Key | None = None
    value: Value | None = None
    row_span: int = 1
    column_span: int = 1


@dataclass(slots=True)
class Sheet:
    """A table as a grid of spanned cells, row by row: each cell stands in the row and column where it begins."""

    form: str
    block: str
    rows: list[list[Cell]]
    width: int

    def cells(self) -> list[Cell]:
        """All cells in reading order."""
        return [cell for row in self.rows for cell in row]


@dataclass(slots=True)
class Paragraph:
    """A line of the document outside its tables; kinds: title, meta, heading, body, furniture, break (a page ends here)."""

    text: str
    kind: str = "body"


Block = Paragraph | Sheet


@dataclass(frozen=True, slots=True)
class Body:
    """The reporting organ. As one in a series of years: how much busier it is than its kind (natural logarithm) and, by applicant,
    the requests that it carries into the year and out of it."""

    name: str
    region_id: str
    kind: str
    busier: float = 0.0
    carried: tuple[tuple[int, ...], tuple[int, ...]] | None = None


@dataclass(slots=True)
class Draft:
    """A report before it is written down in a medium. `narrative` are the counted figures of the prose: value and unit."""

    body: Body
    year: int
    form: str
    document_type: str
    published_on: str | None
    title: str
    blocks: list[Block] = field(default_factory=list)
    narrative: list[tuple[Value, str | None]] = field(default_factory=list)
    noise: tuple[str, ...] = ()

    def sheets(self) -> list[Sheet]:
        """The tables in printed order."""
        return [block for block in self.blocks if isinstance(block, Sheet)]
