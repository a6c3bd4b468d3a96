"""ODT and ODS: paragraphs become lines, tables become grids with their spans as declared."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from extract.model import Document
from extract.read.archive import open_archive, read_part
from extract.read.builder import DocumentBuilder
from extract.read.ooxml import attribute, child, name, number, parse
from extract.read.refusal import refusal
from extract.read.rows import Merged, add_rows

_MEDIA_TYPES = {"text": "application/vnd.oasis.opendocument.text", "spreadsheet": "application/vnd.oasis.opendocument.spreadsheet"}
_PARAGRAPHS = frozenset(("p", "h"))
_BLANKS = {"s": " ", "tab": " ", "line-break": "\n"}
_UNSEEN = frozenset(("annotation", "tracked-changes", "note", "ruby-text", "forms", "shapes"))
_MAX_PLACES = 200_000


def read_opendocument(data: bytes) -> Document:
    """Read an OpenDocument text or spreadsheet."""
    with open_archive(data, "ODF") as archive:
        body = child(parse(read_part(archive, "content.xml"), "ODF"), "body")
    for kind, media_type in _MEDIA_TYPES.items():
        content = child(body, kind)
        if content is not None:
            builder = DocumentBuilder()
            _write(builder, content)
            return builder.build(media_type)
    raise refusal("truncated", kind="ODF")


def _write(builder: DocumentBuilder, container: etree._Element) -> None:
    for element in container:
        kind = name(element)
        if kind in _PARAGRAPHS:
            builder.add_text(_text(element))
        elif kind == "table":
            rows, merged = _table(element)
            add_rows(builder, rows, merged)
        elif kind and kind not in _UNSEEN:
            _write(builder, element)


def _text(element: etree._Element) -> str:
    """Return the text of a paragraph or a cell; paragraphs inside begin a line."""
    return "".join(_pieces(element))


def _pieces(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for part in element:
        kind = name(part)
        if kind in _BLANKS:
            yield _BLANKS[kind]
        elif kind and kind not in _UNSEEN:
            yield from _pieces(part)
            if kind in _PARAGRAPHS:
                yield "\n"
        yield part.tail or ""


def _table(table: etree._Element) -> tuple[list[list[str]], list[Merged]]:
    """Return the rows with a place for every covered cell, and the merged cells. Blank repetitions at the ends are left out."""
    rows: list[list[str]] = []
    merged: list[Merged] = []
    places = 0
    for row in _descend(table, "table-row"):
        cells: list[str] = []
        for cell in _descend(row, "table-cell", "covered-table-cell"):
            text = _text(cell).strip() if name(cell) == "table-cell" else ""
            height, width = (number(attribute(cell, f"number-{way}-spanned"), 1) for way in ("rows", "columns"))
            if max(height, width) > 1:
                merged.append(((len(rows), len(cells)), (len(rows) + height - 1, len(cells) + width - 1)))
            cells += [text] * _repeats(cell, "columns", text)
        times = _repeats(row, "rows", "".join(cells))
        places += len(cells) * times
        if places > _MAX_PLACES:
            raise refusal("too_much_text")
        rows += [cells] * times
    width = max(map(len, rows), default=0)
    return rows, [(first, last) for first, last in merged if last[0] < len(rows) and last[1] < width]


def _repeats(element: etree._Element, way: str, text: str) -> int:
    """Return how often a cell or row stands in line; a blank one that fills the sheet counts once."""
    times = number(attribute(element, f"number-{way}-repeated"), 1)
    return times if text or times <= 50 else 1


def _descend(element: etree._Element, *wanted: str) -> Iterator[etree._Element]:
    """Yield rows or cells through the groups around them, but not those of tables inside cells."""
    for part in element:
        if name(part) in wanted:
            yield part
        elif name(part).startswith("table-") and name(part) not in ("table-cell", "covered-table-cell"):
            yield from _descend(part, *wanted)
