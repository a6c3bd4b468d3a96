"""The figures of a page as files: CSV that a spreadsheet opens right in Chinese, and JSON.

A nation has millions of figures and few different texts, so texts are looked up, quoted and escaped once for all figures that have them,
and the line of a figure is made once for the files of its report and of its body.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from publish.pages.data import Data, Row
from publish.pages.heed import warning_codes
from publish.pieces import spreadsheet_safe

_REPORT = ("report_id", "year")
_CELL = ("indicator", "label_zh", "label_en", "measure", "measure_zh", "measure_en")
_KIND = ("unit", "state", "reading", "proof", "confidence")
_PLACE = ("label_as_printed", "check_status", "warnings")
_COLUMNS = (*_REPORT, *_CELL, "value", *_KIND, "raw", "line", "place", *_PLACE)

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class FigureLine(NamedTuple):
    """A figure: its indicator and measure, its line of CSV, and the members of its JSON object."""

    cell: tuple[str, str]
    csv: str
    json: str


# Typed, since 1 and 1.0 are equal and written differently.
@lru_cache(maxsize=1 << 16, typed=True)
def _written(names: tuple[str, ...], *values: str | float | None) -> tuple[str, str]:
    """Return values as cells of CSV and as members of JSON. No text is one that a spreadsheet runs as a formula."""
    line = io.StringIO(newline="")
    # With an empty cell more, a lone empty one is not quoted.
    csv.writer(line, lineterminator="").writerow([*(spreadsheet_safe(each) if isinstance(each, str) else each for each in values), ""])
    return line.getvalue().removesuffix(","), ",".join(f'"{name}":{_encode(each)}' for name, each in zip(names, values, strict=True))


def figure_lines(figures: Iterable[Row], year: int, data: Data) -> list[FigureLine]:
    """Return the lines of figures with the names of their row and column, in the order of the form."""
    indicators, measures = ({name: place for place, name in enumerate(each)} for each in (data.indicators, data.measures))
    lines = []
    codes: dict[tuple[str, str], str] = {}
    for row in sorted(figures, key=lambda row: (indicators[row["indicator"]], measures[row["measure"]])):
        told = (row["report_id"], row["indicator"])
        if told not in codes:
            codes[told] = " ".join(warning_codes(*told, data))
        indicator, measure = data.indicators[row["indicator"]], data.measures[row["measure"]]
        names = (row["indicator"], indicator["label_zh"], indicator["label_en"], row["measure"], measure["label_zh"], measure["label_en"])
        value, line = row["value"], row["line"]
        parts = (
            _written(_REPORT, row["report_id"], year),
            _written(_CELL, *names),
            ("" if value is None else str(value), f'"value":{"null" if value is None else value}'),
            _written(_KIND, *(row[name] for name in _KIND)),
            _written(("raw",), row["raw"]),
            ("" if line is None else str(line), f'"line":{"null" if line is None else line}'),
            _written(("place",), row["place"]),
            _written(_PLACE, row["label_as_printed"], row["check_status"], codes[told]),
        )
        cells, members = zip(*parts, strict=True)
        lines.append(FigureLine(names[::3], ",".join(cells), ",".join(members)))
    return lines


def as_csv(lines: Iterable[FigureLine]) -> bytes:
    """Return CSV with a byte order mark, by which Excel knows that it is UTF-8."""
    return "\r\n".join(["\ufeff" + ",".join(_COLUMNS), *(line.csv for line in lines), ""]).encode("utf-8")


def as_json(lines: Iterable[FigureLine], sentences: Mapping[tuple[str, str], tuple[str, str]] | None = None) -> bytes:
    """Return a JSON array, one figure a line; with the sentences in which each figure may be quoted where they are given."""
    objects = (line.json if sentences is None else f"{line.json},{_quoted(sentences.get(line.cell, (None, None)))}" for line in lines)
    return ("[\n" + ",\n".join(f"{{{each}}}" for each in objects) + "\n]\n").encode("utf-8")


def _quoted(sentences: tuple[str | None, str | None]) -> str:
    return f'"sentence_zh":{_encode(sentences[0])},"sentence_en":{_encode(sentences[1])}'
