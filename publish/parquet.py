"""Tables as Parquet files. The same rows give the same bytes: fixed row groups, no clock, no threads in the writer."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from publish.schema import Table

_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}
_ROW_GROUP = 100_000
_OPTIONS = {"compression": "zstd", "version": "2.6", "use_dictionary": True, "write_statistics": True}


def arrow_schema(table: Table) -> pa.Schema:
    """Return the Arrow schema of a table, each field with its descriptions."""
    return pa.schema(
        [
            pa.field(c.name, _TYPES[c.type], not c.required, {"description": c.texts.description, "description_en": c.texts.description_en})
            for c in table.columns
        ]
    )


def write_parquet(table: Table, batches: Iterable[Sequence[tuple[Any, ...]]], path: Path) -> None:
    """Write batches of rows, in the order of the table's columns, as one Parquet file."""
    schema = arrow_schema(table)
    with pq.ParquetWriter(path, schema, **_OPTIONS) as writer:
        for rows in batches:
            columns = [pa.array(values, field.type) for values, field in zip(zip(*rows, strict=True), schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema), row_group_size=_ROW_GROUP)


def write_parquet_by_year(connection: sqlite3.Connection, table: Table, folder: Path) -> list[Path]:
    """Write a table that has a report_id as one file a report year (`year=2020/`); return the files."""
    shutil.rmtree(folder, ignore_errors=True)
    paths = []
    columns, order = ", ".join(f"t.{name}" for name in table.column_names), ", ".join(f"t.{name}" for name in table.primary_key)
    for (year,) in connection.execute("select distinct year from reports order by year").fetchall():
        query = f"select {columns} from {table.name} t join reports r using (report_id) where r.year = ? order by {order}"
        cursor = connection.execute(query, (year,))
        first = cursor.fetchmany(_ROW_GROUP)
        if first:
            path = folder / f"year={year}" / f"{table.name}.parquet"
            path.parent.mkdir(parents=True)
            write_parquet(table, _with_first(first, cursor), path)
            paths.append(path)
    return paths


def _with_first(batch: Sequence[tuple[Any, ...]], cursor: sqlite3.Cursor) -> Iterable[Sequence[tuple[Any, ...]]]:
    while batch:
        yield batch
        batch = cursor.fetchmany(_ROW_GROUP)
