"""Tables as Parquet files. The same rows give the same bytes: fixed row groups, no clock, no threads in the writer."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from publish.coded import Column
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


def arrow_table(schema: pa.Schema, columns: Iterable[Column]) -> pa.Table:
    """Return some rows of a table as Arrow's columns."""
    arrays = []
    for column, field in zip(columns, schema, strict=True):
        values = pa.array(column.values, field.type)
        arrays.append(values if column.codes is None else values.take(pa.array(column.codes, pa.int32())))
    return pa.Table.from_arrays(arrays, schema=schema)


class ParquetFile:
    """A Parquet file in the making, written in row groups of one size whatever the pieces in which rows come."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, **_OPTIONS)
        self._waiting: list[pa.Table] = []

    def add(self, rows: pa.Table) -> None:
        """Add some rows."""
        self._waiting.append(rows)
        if sum(map(len, self._waiting)) >= _ROW_GROUP:
            whole = pa.concat_tables(self._waiting)
            full = len(whole) - len(whole) % _ROW_GROUP
            self._write(whole.slice(0, full))
            self._waiting = [whole.slice(full)]

    def _write(self, rows: pa.Table) -> None:
        # In one chunk: the writer begins a page at each.
        self._writer.write_table(rows.combine_chunks(), row_group_size=_ROW_GROUP)

    def close(self) -> None:
        """Write the rest."""
        if self._waiting:
            self._write(pa.concat_tables(self._waiting))
        self._writer.close()


class FilesByYear:
    """A table that has a report_id as one file a report year (`year=2020/`). `years` are those of the reports."""

    def __init__(self, folder: Path, name: str, schema: pa.Schema, years: Mapping[str, int]) -> None:
        self._folder, self._name, self._schema, self._years = folder, name, schema, years
        self._files: dict[int, ParquetFile] = {}
        shutil.rmtree(folder, ignore_errors=True)

    def add(self, rows: pa.Table) -> None:
        """Add some rows, each to the file of its report's year."""
        reports = rows.column("report_id").combine_chunks().dictionary_encode()
        years = pa.array([self._years[report_id] for report_id in reports.dictionary.to_pylist()]).take(reports.indices)
        order = pc.sort_indices(years)  # stable
        sorted_rows, start = rows.take(order), 0
        for counted in sorted(pc.value_counts(years).to_pylist(), key=itemgetter("values")):
            year, count = counted["values"], counted["counts"]
            if year not in self._files:
                self._files[year] = ParquetFile(self._path(year), self._schema)
            self._files[year].add(sorted_rows.slice(start, count))
            start += count

    def _path(self, year: int) -> Path:
        path = self._folder / f"year={year}" / f"{self._name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def closed(self) -> list[Path]:
        """Write the rest; return the files, the earliest year first."""
        for file in self._files.values():
            file.close()
        return [self._path(year) for year in sorted(self._files)]
