"""The data package: every table as CSV, JSON and Parquet, described by datapackage.json from the one schema.

CSV, JSON and Parquet of a table hold the same rows in the order of its primary key. CSV is also opened in spreadsheets, which run
a cell that begins with = + - or @ as a formula; such a *text* cell gets an apostrophe before it, unless it is a plain number or a
dash. JSON, Parquet and the database hold every text exactly as it is. datapackage.json says so to readers.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from functools import partial
from hashlib import file_digest
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

from publish.coded import Column, coded
from publish.guidance import warnings_of_tables
from publish.parquet import FilesByYear, ParquetFile, arrow_schema, arrow_table
from publish.progress import Step, quiet
from publish.schema import Schema, Table, load_schema

_BATCH = 25_000
_BY_YEAR = "figures"  # the table that is also written a file a year
_HEED = ("warning", "title_zh", "title_en", "text_zh", "text_en")
# What spreadsheets take for the start of a formula, with the full-width forms that East Asian editions accept too.
_FORMULA_START = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
_TO_QUOTE = re.compile(r'[,"\r\n]')
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
    columns, order = ", ".join(table.column_names), ", ".join(table.primary_key)
    cursor = connection.execute(f"select {columns} from {table.in_order} order by {order}")
    while batch := cursor.fetchmany(_BATCH):
        yield batch


def _csv_text(value: str | int | float | None) -> str:
    """A value as the standard library's csv writes it, if it is safe for spreadsheets."""
    if value is None:
        return ""
    if value.__class__ is not str:
        return repr(value)
    text = spreadsheet_safe(value)
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text


def _csv_lines(columns: Sequence[Column]) -> str:
    return "".join(map("{}\n".format, map(",".join, zip(*(column.told(_csv_text) for column in columns), strict=True))))


def _json_text(value: str | int | float | None) -> str:
    if value.__class__ is str:
        return encode_basestring(value)
    return "null" if value is None else repr(value)


def _json_lines(names: Sequence[str], columns: Sequence[Column]) -> str:
    line = "{" + ", ".join(f"{encode_basestring(name)}: %s" for name in names) + "}"
    return ",\n".join(map(line.__mod__, zip(*(column.told(_json_text) for column in columns), strict=True)))


def _by_year(connection: sqlite3.Connection, table: Table, folder: Path) -> FilesByYear:
    shutil.rmtree(folder / table.name, ignore_errors=True)
    years = dict(connection.execute("select report_id, year from reports"))
    return FilesByYear(folder / table.name, table.name, arrow_schema(table), years)


def _write_files(connection: sqlite3.Connection, table: Table, folder: Path) -> Mapping[str, list[Path]]:
    """Write a table as CSV, JSON and Parquet, reading it once; return the files of each kind."""
    csv_path, json_path, parquet_path = (folder / f"{table.name}.{kind}" for kind in ("csv", "json", "parquet"))
    schema, names = arrow_schema(table), table.column_names
    with ExitStack() as files:
        csv_file = files.enter_context(csv_path.open("w", encoding="utf-8", newline=""))
        json_file = files.enter_context(json_path.open("w", encoding="utf-8", newline=""))
        parquets: list[ParquetFile | FilesByYear] = [files.enter_context(ParquetFile(parquet_path, schema))]
        by_year = files.enter_context(_by_year(connection, table, folder)) if table.name == _BY_YEAR else None
        if by_year:
            parquets.append(by_year)
        csv_file.write(",".join(names) + "\n")
        separator = "[\n"
        for rows in _rows(connection, table):
            columns = list(coded(table, rows))
            csv_file.write(_csv_lines(columns))
            json_file.write(separator + _json_lines(names, columns))
            separator = ",\n"
            arrow = arrow_table(schema, columns)
            for parquet in parquets:
                parquet.add(arrow)
        json_file.write("\n]\n" if separator == ",\n" else "[]\n")
    return {"csv": [csv_path], "json": [json_path], "parquet": [parquet_path, *(by_year.paths if by_year else ())]}


def _measured(path: Path, folder: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "hash": f"sha256:{digest}"}


def _write(database: Path, folder: Path, name: str) -> Mapping[str, list[dict[str, Any]]]:
    """Write the files of a table; return what datapackage.json says of those of each kind."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        written = _write_files(connection, load_schema().table(name), folder)
    return {kind: [_measured(path, folder) for path in paths] for kind, paths in written.items()}


def _resource(table: Table, csv_file: dict[str, Any], others: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The entry of a table in datapackage.json. Only the CSV file is the resource; the same rows elsewhere are `alternatives`."""
    texts = table.texts
    return {
        "name": table.name,
        "title": texts.title,
        "title_en": texts.title_en,
        "description": texts.description,
        "description_en": texts.description_en,
        **csv_file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
        "profile": "tabular-data-resource",
        "schema": table.table_schema(),
        "usage_warnings": [{key: each[key] for key in _HEED} for each in warnings_of_tables([table.name])],
        "alternatives": [{"format": file["path"].rpartition(".")[2], **file} for file in others],
    }


def _descriptor(schema: Schema, resources: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"profile": "tabular-data-package", **schema.package, **_CSV_NOTE, "resources": list(resources)}


def write_package(database: Path, out: Path, executor: Executor | None = None, progress: Step = quiet) -> None:
    """Write `out/data/`: each table of the database as CSV, JSON and Parquet, figures also by year, and datapackage.json.

    The executor's processes, where there is one, must see the database and `out`. `progress` hears how many files are written.
    """
    schema, folder = load_schema(), Path(out) / "data"
    folder.mkdir(parents=True, exist_ok=True)
    # The longest table first, so that no process has it left at the end.
    names = sorted((table.name for table in schema.tables), key=lambda name: name != _BY_YEAR)
    work = partial(_write, Path(database), folder)
    written = {}
    for name, files in zip(names, (map if executor is None else executor.map)(work, names), strict=True):
        written[name] = files
        progress(len(written), len(names))
    resources = []
    for table in schema.tables:
        (csv_file,) = written[table.name]["csv"]
        resources.append(_resource(table, csv_file, [*written[table.name]["json"], *written[table.name]["parquet"]]))
    text = json.dumps(_descriptor(schema, resources), ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(text + "\n", "utf-8", newline="\n")
