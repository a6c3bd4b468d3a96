"""CSV and TSV: the document's lines are the file's own, each block of records is a grid."""

from __future__ import annotations

import csv
from itertools import groupby

from extract.model import Document, Grid, GridCell
from extract.read.refusal import refusal
from extract.read.rows import prose_rows

_DELIMITERS = ",\t;|，"
_SAMPLE_LINES = 50
_MAX_FIELD = 1_000_000

_Record = tuple[int, list[str]]


def read_delimited(text: str, encoding: str) -> Document:
    """Read a table of delimited records. A blank record parts two grids; blank cells are kept."""
    lines = text.splitlines()
    delimiter = _delimiter(lines)
    csv.field_size_limit(_MAX_FIELD)
    records: list[_Record] = []
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        first = 1
        for fields in reader:
            records.append((first, [" ".join(field.split()) for field in fields]))
            first = reader.line_num + 1
    except csv.Error as error:
        raise refusal("truncated", kind="CSV") from error
    return Document("text/tab-separated-values" if delimiter == "\t" else "text/csv", encoding, tuple(lines), tuple(_grids(records)))


def _delimiter(lines: list[str]) -> str:
    sample = lines[:_SAMPLE_LINES]
    return max(_DELIMITERS, key=lambda delimiter: sum(line.count(delimiter) for line in sample))


def _grids(records: list[_Record]) -> list[Grid]:
    grids: list[Grid] = []
    block: list[_Record] = []
    for line, fields in [*records, (0, [])]:
        if any(fields):
            block.append((line, fields))
            continue
        prose = prose_rows([fields for _, fields in block])
        for is_prose, places in groupby(range(len(block)), prose.__contains__):
            part = [block[place] for place in places]
            if not is_prose and max(len(fields) for _, fields in part) > 1:
                grids.append(_grid(len(grids) + 1, part))
        block = []
    return grids


def _grid(number: int, block: list[_Record]) -> Grid:
    cells = tuple(GridCell(text, line, row, column) for row, (line, fields) in enumerate(block, 1) for column, text in enumerate(fields, 1))
    return Grid(number, cells, block[0][0], block[-1][0])
