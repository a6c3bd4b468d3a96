"""The data package: every table as CSV, JSON and Parquet, described by datapackage.json from the one schema.

CSV, JSON and Parquet of a table hold the same rows in the order of its primary key. CSV is also opened in spreadsheets, which run
a cell that begins with = + - or @ as a formula; such a *text* cell gets an apostrophe before it, unless it is a plain number or a
dash. JSON, Parquet and the database hold every text exactly as it is. datapackage.json says so to readers.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from hashlib import file_digest
from pathlib import Path
from typing import Any

from publish.parquet import write_parquet, write_parquet_by_year
from publish.schema import Schema, Table, load_schema

_BATCH = 50_000
# What spreadsheets take for the start of a formula, with the full-width forms that East Asian editions accept too.
_FORMULA_START = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
_HARMLESS = re.compile(r"[+\-]?\d[\d,.]*%?|-+")

_CSV_NOTE = {
    "note": "CSV文件中，以等号、加号、减号或@开头的文字（纯数字和横线除外）前加了一个撇号，以免被电子表格当作公式执行；"
    "JSON、Parquet和数据库中是原文。",
    "note_en": "In the CSV files a text that begins with =, +, - or @ and is not a plain number or dash has an apostrophe before it, "
    "so that no spreadsheet runs it as a formula; JSON, Parquet and the database hold the text itself.",
}


def spreadsheet_safe(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula."""
    return "'" + text if _FORMULA_START.match(text) and not _HARMLESS.fullmatch(text) else text


def _rows(connection: sqlite3.Connection, table: Table) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Yield the rows of a table in batches, in the order of its primary key."""
    cursor = connection.execute(f"select {', '.join(table.column_names)} from {table.name} order by {', '.join(table.primary_key)}")
    while batch := cursor.fetchmany(_BATCH):
        yield batch


def _write_csv(connection: sqlite3.Connection, table: Table, path: Path) -> None:
    texts = [place for place, column in enumerate(table.columns) if column.type == "string"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.column_names)
        for batch in _rows(connection, table):
            for row in batch:
                cells = list(row)
                for place in texts:
                    if cells[place] is not None:
                        cells[place] = spreadsheet_safe(cells[place])
                writer.writerow(cells)


def _write_json(connection: sqlite3.Connection, table: Table, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        separator = "[\n"
        for batch in _rows(connection, table):
            for row in batch:
                file.write(separator + json.dumps(dict(zip(table.column_names, row, strict=True)), ensure_ascii=False))
                separator = ",\n"
        file.write("\n]\n" if separator == ",\n" else "[]\n")


def _measured(path: Path, folder: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "hash": f"sha256:{digest}"}


def _resource(table: Table, folder: Path, others: Sequence[Path]) -> dict[str, Any]:
    """The entry of a table in datapackage.json. Only the CSV file is the resource; the same rows elsewhere are `alternatives`."""
    texts = table.texts
    return {
        "name": table.name,
        "title": texts.title,
        "title_en": texts.title_en,
        "description": texts.description,
        "description_en": texts.description_en,
        **_measured(folder / f"{table.name}.csv", folder),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
        "profile": "tabular-data-resource",
        "schema": table.table_schema(),
        "alternatives": [{"format": path.suffix[1:], **_measured(path, folder)} for path in others],
    }


def _descriptor(schema: Schema, resources: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"profile": "tabular-data-package", **schema.package, **_CSV_NOTE, "resources": list(resources)}


def write_package(database: Path, out: Path) -> None:
    """Write `out/data/`: each table of the database as CSV, JSON and Parquet, figures also by year, and datapackage.json."""
    schema, folder = load_schema(), Path(out) / "data"
    folder.mkdir(parents=True, exist_ok=True)
    resources = []
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        for table in schema.tables:
            _write_csv(connection, table, folder / f"{table.name}.csv")
            _write_json(connection, table, folder / f"{table.name}.json")
            write_parquet(table, _rows(connection, table), folder / f"{table.name}.parquet")
            others = [folder / f"{table.name}.json", folder / f"{table.name}.parquet"]
            if table.name == "figures":
                others += write_parquet_by_year(connection, table, folder / "figures")
            resources.append(_resource(table, folder, others))
    text = json.dumps(_descriptor(schema, resources), ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(text + "\n", "utf-8", newline="\n")
