"""The data package: every table as CSV, JSON and Parquet, described by datapackage.json from the one schema.

CSV, JSON and Parquet of a table hold the same rows in the order of its primary key. datapackage.json says to readers what becomes of
texts in CSV that a spreadsheet would run (`publish/pieces.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from itertools import starmap
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from extract.cached import drop_others
from publish.fingerprint import code_version
from publish.guidance import warnings_of_tables
from publish.progress import Step, quiet
from publish.schema import Schema, Table, load_schema
from publish.stretches import Stretch
from publish.table_files import STRETCHED, keep_stretch, missing_stretches, write_table

_HEED = ("warning", "title_zh", "title_en", "text_zh", "text_en")
_CSV_NOTE = {
    "note": "CSV文件中，以等号、加号、减号或@开头的文字（纯数字和横线除外）前加了一个撇号，以免被电子表格当作公式执行；"
    "JSON、Parquet和数据库中是原文。",
    "note_en": "In the CSV files a text that begins with =, +, - or @ and is not a plain number or dash has an apostrophe before it, "
    "so that no spreadsheet runs it as a formula; JSON, Parquet and the database hold the text itself.",
}


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


def _tasks(schema: Schema, stretches: Sequence[Stretch]) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield what is to be written, table and kinds of files, the longest tables first, so that no process has one left at the end.

    A long table whose pieces are kept is put together by two processes, from the same pieces.
    """
    kinds = ("texts", "columns")
    for name in STRETCHED:
        yield from ((name, (kind,)) for kind in kinds) if stretches else ((name, kinds),)
    yield from ((table.name, kinds) for table in schema.tables if table.name not in STRETCHED)


def _keep_stretches(database: Path, cache: Path, version: str, stretches: Sequence[Stretch], executor: Executor) -> None:
    """See to it that all pieces of the tables that are cut into stretches are in the cache."""
    missing = list(missing_stretches(cache, version, stretches))
    list(executor.map(partial(keep_stretch, database, cache, version), *zip(*missing, strict=True)) if missing else ())


def write_package(
    database: Path,
    out: Path,
    executor: Executor | None = None,
    progress: Step = quiet,
    *,
    stretches: Sequence[Stretch] = (),
    cache: Path | None = None,
) -> None:
    """Write `out/data/`: each table of the database as CSV, JSON and Parquet, figures also by year, and datapackage.json.

    The executor's processes, where there is one, must see the database and `out`. `progress` hears how many files are written.
    Pieces of the files are kept in the folder `cache` from one build to the next; `stretches` are those of the database.
    """
    schema, folder, version = load_schema(), Path(out) / "data", code_version()
    folder.mkdir(parents=True, exist_ok=True)
    if cache is None:
        with TemporaryDirectory() as scratch:
            write_package(database, out, executor, progress, cache=Path(scratch))
        return
    if executor:
        _keep_stretches(Path(database), cache, version, stretches, executor)
    tasks = list(_tasks(schema, stretches))
    work = partial(write_table, Path(database), folder, cache, version, stretches)
    written: dict[str, dict[str, list[dict[str, Any]]]] = {table.name: {} for table in schema.tables}
    used: set[str] = set()
    done = starmap(work, tasks) if executor is None else executor.map(work, *zip(*tasks, strict=True))
    for count, ((name, _), (files, names)) in enumerate(zip(tasks, done, strict=True), 1):
        written[name] |= files
        used |= names
        progress(count, len(tasks))
    drop_others(cache, used)
    resources = []
    for table in schema.tables:
        (csv_file,) = written[table.name]["csv"]
        resources.append(_resource(table, csv_file, [*written[table.name]["json"], *written[table.name]["parquet"]]))
    text = json.dumps(_descriptor(schema, resources), ensure_ascii=False, indent=1)
    (folder / "datapackage.json").write_text(text + "\n", "utf-8", newline="\n")
