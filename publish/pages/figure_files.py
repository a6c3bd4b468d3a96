"""The figures of a page as files: CSV that a spreadsheet opens right in Chinese, and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from publish.package import spreadsheet_safe
from publish.pages.heed import warning_codes
from publish.pages.query import Data, Row

_COLUMNS = (
    "report_id",
    "year",
    "indicator",
    "label_zh",
    "label_en",
    "measure",
    "measure_zh",
    "measure_en",
    "value",
    "unit",
    "state",
    "reading",
    "proof",
    "confidence",
    "raw",
    "line",
    "place",
    "label_as_printed",
    "check_status",
    "warnings",
)

_safe = lru_cache(maxsize=1 << 14)(spreadsheet_safe)
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def figure_records(figures: Iterable[Row], year: int, data: Data) -> list[Mapping[str, Any]]:
    """Return figures with the names of their row and column, in the order of the form."""
    indicators, measures = list(data.indicators), list(data.measures)
    ordered = sorted(figures, key=lambda row: (indicators.index(row["indicator"]), measures.index(row["measure"])))
    records = []
    codes: dict[tuple[str, str], str] = {}
    for row in ordered:
        told = (row["report_id"], row["indicator"])
        if told not in codes:
            codes[told] = " ".join(warning_codes(*told, data))
        indicator, measure = data.indicators[row["indicator"]], data.measures[row["measure"]]
        names = {
            "year": year,
            "label_zh": indicator["label_zh"],
            "label_en": indicator["label_en"],
            "measure_zh": measure["label_zh"],
            "measure_en": measure["label_en"],
            "warnings": codes[told],
        }
        full = {**row, **names}
        records.append({column: full[column] for column in _COLUMNS})
    return records


def with_sentences(
    records: Iterable[Mapping[str, Any]], sentences: Mapping[tuple[str, str], tuple[str, str]]
) -> Iterator[Mapping[str, Any]]:
    """Yield the records with the sentences in which each figure may be quoted."""
    for record in records:
        chinese, english = sentences.get((record["indicator"], record["measure"]), (None, None))
        yield {**record, "sentence_zh": chinese, "sentence_en": english}


def as_csv(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Return CSV with a byte order mark, by which Excel knows that it is UTF-8, and no text that a spreadsheet runs as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_safe(cell) if isinstance(cell, str) else cell for cell in record.values()] for record in records)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def as_json(records: Iterable[Mapping[str, Any]]) -> bytes:
    """Return a JSON array, one figure a line."""
    lines = ",\n".join(map(_encode, records))
    return f"[\n{lines}\n]\n".encode()
