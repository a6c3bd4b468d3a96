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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import Any

from publish.guidance import warnings_of_tables
from publish.parquet import write_parquet, write_parquet_by_year
from publish.progress import Step, quiet
from publish.schema import Schema, Table, load_schema

_BATCH = 50_000
_HEED = ("warning", "title_zh", "title_en", "text_zh", "text_en")
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


class _Safe(dict[str | None, str | None]):
    """The texts of a column as CSV holds them: most columns repeat few texts, so each is looked at once."""

    def __missing__(self, text: str | None) -> str | None:
        self[text] = safe = None if text is None else spreadsheet_safe(text)
        return safe


def _write_csv(connection: sqlite3.Connection, table: Table, path: Path) -> None:
    texts = [place for place, column in enumerate(table.columns) if column.type == "string"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.column_names)
        for batch in _rows(connection, table):
            columns: list[Iterable[Any]] = list(zip(*batch, strict=True))
            for place in texts:
                columns[place] = map(_Safe().__getitem__, columns[place])
            writer.writerows(zip(*columns, strict=True))


def _write_json(connection: sqlite3.Connection, table: Table, path: Path) -> None:
    names, encode = table.column_names, json.JSONEncoder(ensure_ascii=False).encode
    with path.open("w", encoding="utf-8", newline="\n") as file:
        separator = "[\n"
        for batch in _rows(connection, table):
            file.write(separator + ",\n".join(encode(dict(zip(names, row, strict=True))) for row in batch))
            separator = ",\n"
        file.write("\n]\n" if separator == ",\n" else "[]\n")


def _write_parquet(connection: sqlite3.Connection, table: Table, path: Path) -> None:
    write_parquet(table, _rows(connection, table), path)


def _measured(path: Path, folder: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return {"path": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size, "hash": f"sha256:{digest}"}


_WRITERS: Mapping[str, Callable[[sqlite3.Connection, Table, Path], None]] = {
    "csv": _write_csv,
    "json": _write_json,
    "parquet": _write_parquet,
}
_BY_YEAR = "by year"


def _write(database: Path, folder: Path, task: tuple[str, str]) -> list[dict[str, Any]]:
    """Write a table in one format; return what datapackage.json says of the files."""
    name, kind = task
    table = load_schema().table(name)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        if kind == _BY_YEAR:
            return [_measured(path, folder) for path in write_parquet_by_year(connection, table, folder / name)]
        path = folder / f"{name}.{kind}"
        _WRITERS[kind](connection, table, path)
        return [_measured(path, folder)]


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
    tasks = [("figures", _BY_YEAR), *((table.name, kind) for table in schema.tables for kind in _WRITERS)]
    tasks.sort(key=lambda task: task[0] != "figures")
    work = partial(_write, Path(database), folder)
    written = {}
    for task, files in zip(tasks, (map if executor is None else executor.map)(work, tasks), strict=True):
        written[task] = files
        progress(len(written), len(tasks))
    resources = []
    for table in schema.tables:
        (csv_file,) = written[table.name, "csv"]
        others = [*written[table.name, "json"], *written[table.name, "parquet"], *written.get((table.name, _BY_YEAR), ())]
        resources.append(_resource(table, csv_file, others))
    text = json.dumps(_descriptor(schema, resources), ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(text + "\n", "utf-8", newline="\n")
