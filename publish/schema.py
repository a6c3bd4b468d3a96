"""The one schema: `schema.yml` read into typed tables, from which SQLite tables, datapackage.json and every dictionary are made.

A table or a column that lacks one of its four texts (title and description, Chinese and English) is refused.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import sqlite_utils
import yaml
from sqlite_utils.db import DescIndex

from publish.wide import wide_fields

SCHEMA_FILE = Path(__file__).with_name("schema.yml")
_TEXTS = ("title", "title_en", "description", "description_en")
# sqlite-utils has no NUMERIC; in a table that is not STRICT it writes ANY as declared type, which we replace below.
_SQLITE_TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "REAL"}


class SchemaError(ValueError):
    """The schema is not fit to publish. The message names the table and column."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What a reader is told about a table or a column."""

    title: str
    title_en: str
    description: str
    description_en: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `type` is a Table Schema type: string, integer or number; `numeric` numbers keep integers as integers."""

    name: str
    type: str
    texts: Texts
    required: bool
    numeric: bool
    field: dict[str, Any]  # the Table Schema field, as it goes into datapackage.json


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns that must stand in another table (or in the same one)."""

    columns: tuple[str, ...]
    table: str
    other_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its keys and indexes; columns in the order of publication."""

    name: str
    texts: Texts
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    indexes: tuple[tuple[str, ...], ...]
    view: str | None  # the SELECT that makes the rows, where these are stored in narrower tables
    without_rowid: bool
    key_is_kept: bool  # no row of a view can repeat the primary key, since the keys under it can't
    in_order_of: str | None  # of a view: the stored table that leads through it in the order of its key
    rows_of: str | None  # of a view: the stored table that has a row for each of the view's
    filed_in_order: bool  # row numbers rise with the primary key

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns in order."""
        return tuple(column.name for column in self.columns)

    @property
    def in_order(self) -> str:
        """The FROM of a SELECT that is sorted by the primary key: SQLite then sorts no more of a view at a time than a report's rows."""
        return f"{self.in_order_of} cross join {self.name} using ({self.primary_key[0]})" if self.in_order_of else self.name

    def table_schema(self) -> dict[str, Any]:
        """Return the Frictionless Table Schema. Each call makes its own objects: shared ones confuse frictionless 5.21."""
        schema: dict[str, Any] = {
            "fields": [deepcopy(column.field) for column in self.columns],
            "missingValues": [""],
            "primaryKey": list(self.primary_key),
        }
        if self.foreign_keys:
            schema["foreignKeys"] = [
                {
                    "fields": list(key.columns),
                    "reference": {"resource": "" if key.table == self.name else key.table, "fields": list(key.other_columns)},
                }
                for key in self.foreign_keys
            ]
        return schema


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A narrow table under a view; it is no part of the data package. `sql` makes it, `indexes` are made when its rows are in."""

    name: str
    texts: Texts
    sql: str
    indexes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Schema:
    """All tables in the order in which they refer to each other, what is stored under the views, and the package's own texts."""

    package: dict[str, Any]
    tables: tuple[Table, ...]
    storage: tuple[StoredTable, ...]

    def table(self, name: str) -> Table:
        """Return a table by name; KeyError when there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def descriptions(self) -> dict[str, dict[str, Any]]:
        """Return, for each table, its texts and those of its columns: what Datasette and the data dictionary show."""
        return {
            table.name: {
                **{key: getattr(table.texts, key) for key in _TEXTS},
                "columns": {c.name: {key: getattr(c.texts, key) for key in _TEXTS} for c in table.columns},
            }
            for table in self.tables
        }


def _texts(raw: dict[str, Any], what: str) -> Texts:
    missing = [key for key in _TEXTS if not str(raw.get(key) or "").strip()]
    if missing:
        raise SchemaError(f"{what} has no {', '.join(missing)}")
    return Texts(*(raw[key] for key in _TEXTS))


def _column(raw: dict[str, Any], table: str) -> Column:
    name, kind = raw["name"], raw["type"]
    if kind not in _SQLITE_TYPES:
        raise SchemaError(f"{table}.{name} has type {kind}; use {', '.join(_SQLITE_TYPES)}")
    field = {key: value for key, value in raw.items() if key != "numeric"}
    required = bool(raw.get("constraints", {}).get("required"))
    return Column(name, kind, _texts(raw, f"{table}.{name}"), required, raw.get("numeric", False), field)


def _names(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _table(raw: dict[str, Any]) -> Table:
    name, schema = raw["name"], raw["schema"]
    fields = [*schema["fields"], *(wide_fields(raw["wide"]) if "wide" in raw else ())]
    table = Table(
        name=name,
        texts=_texts(raw, name),
        columns=tuple(_column(field, name) for field in fields),
        primary_key=_names(schema["primaryKey"]),
        foreign_keys=tuple(
            ForeignKey(_names(key["fields"]), key["reference"]["resource"] or name, _names(key["reference"]["fields"]))
            for key in schema.get("foreignKeys", ())
        ),
        indexes=tuple(tuple(columns) for columns in raw.get("index", ())),
        view=raw.get("view"),
        without_rowid=raw.get("without_rowid", False),
        key_is_kept=raw.get("key_is_kept", False),
        in_order_of=raw.get("in_order_of"),
        rows_of=raw.get("rows_of"),
        filed_in_order=raw.get("filed_in_order", False),
    )
    known = set(table.column_names)
    if len(known) < len(table.columns):
        raise SchemaError(f"{name} names a column twice")
    indexed = ([column.removeprefix("-") for column in columns] for columns in table.indexes)
    for columns in (table.primary_key, *indexed, *(key.columns for key in table.foreign_keys)):
        if unknown := set(columns) - known:
            raise SchemaError(f"{name} has no column {', '.join(sorted(unknown))}")
    return table


def _referred_first(tables: list[Table]) -> Iterator[Table]:
    """Order tables so that each stands after those it refers to."""
    pending, done = list(tables), set()
    while pending:
        ready = [t for t in pending if all(key.table in done or key.table == t.name for key in t.foreign_keys)]
        if not ready:
            raise SchemaError(f"these tables refer to each other or to none: {', '.join(t.name for t in pending)}")
        for table in ready:
            yield table
            done.add(table.name)
            pending.remove(table)


def read_schema(raw: dict[str, Any]) -> Schema:
    """Make a schema of a parsed descriptor. Raises SchemaError."""
    _texts(raw, "the package")
    package = {key: value for key, value in raw.items() if key not in ("resources", "storage")}
    tables = tuple(_referred_first([_table(resource) for resource in raw["resources"]]))
    storage = tuple(StoredTable(t["name"], _texts(t, t["name"]), t["sql"], tuple(t.get("index", ()))) for t in raw.get("storage", ()))
    return Schema(package, tables, storage)


@cache
def load_schema() -> Schema:
    """Return the schema of the published data."""
    return read_schema(yaml.load(SCHEMA_FILE.read_text("utf-8"), yaml.CSafeLoader))


def insert(connection: sqlite3.Connection, schema: Schema, table: str, values: Iterable[Sequence[Any]]) -> None:
    """Add rows to a table of the schema."""
    places = ", ".join("?" * len(schema.table(table).columns))
    connection.executemany(f"insert into {table} values ({places})", values)


def tuples(schema: Schema, table: str, values: Iterable[object]) -> Iterator[tuple[Any, ...]]:
    """Return the rows of a table from objects whose fields bear the names of its columns."""
    return map(attrgetter(*schema.table(table).column_names), values)


def _sqlite_type(column: Column) -> str:
    return "ANY" if column.numeric else _SQLITE_TYPES[column.type]


def _one_or_all(names: tuple[str, ...]) -> str | tuple[str, ...]:
    return names[0] if len(names) == 1 else names


def _create_table(db: sqlite_utils.Database, table: Table, stored: set[str]) -> None:
    """Create a table, empty, with its keys. SQLite knows no key that points into a view; publish/validate.py looks after those."""
    sql = db.create_table_sql(
        table.name,
        columns={column.name: _sqlite_type(column) for column in table.columns},
        pk=_one_or_all(table.primary_key),
        not_null={column.name for column in table.columns if column.required},
        foreign_keys=[
            (_one_or_all(key.columns), key.table, _one_or_all(key.other_columns)) for key in table.foreign_keys if key.table in stored
        ],
    )
    sql = sql.replace('" ANY', '" NUMERIC')
    db.execute(sql.rstrip().rstrip(";") + " WITHOUT ROWID" if table.without_rowid else sql)


def create_tables(db: sqlite_utils.Database, schema: Schema) -> None:
    """Create every table and view, empty, with its keys."""
    stored = {table.name for table in schema.tables if table.view is None}
    for narrow in schema.storage:
        db.execute(narrow.sql)
    for table in schema.tables:
        if table.view is None:
            _create_table(db, table, stored)
        else:
            db.execute(f"create view {table.name} ({', '.join(table.column_names)}) as {table.view}")


def create_indexes(db: sqlite_utils.Database, schema: Schema) -> None:
    """Create the indexes that the schema names; after the rows are in, which is several times faster."""
    for narrow in schema.storage:
        for sql in narrow.indexes:
            db.execute(sql)
    for table in schema.tables:
        for columns in table.indexes:
            db[table.name].create_index([DescIndex(name[1:]) if name.startswith("-") else name for name in columns])
