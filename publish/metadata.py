"""What Datasette is told about the database: metadata.yml joined with the schema's texts, row counts and settings.

The files written to `data/` make that folder a Datasette configuration directory: `datasette data/` serves it as we do.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any

import yaml

from publish.findings import finding_queries
from publish.guidance import warnings_of_tables
from publish.opened import read_only
from publish.schema import Schema, StoredTable, Table

OWN_METADATA = Path(__file__).parent.parent / "metadata.yml"
PLUGINS = Path(__file__).parent / "plugins"
TEMPLATES = Path(__file__).parent / "templates"

SETTINGS: Mapping[str, Any] = {
    "suggest_facets": False,  # counting every column of a large table makes its page twenty times slower
    "default_allow_sql": True,
    "allow_download": True,
    "allow_csv_stream": True,
    "max_csv_mb": 0,  # a cut CSV looks like a whole one
    "max_returned_rows": 5000,
    "facet_time_limit_ms": 30,  # each facet of a page; of a longer table, Datasette names those that it could not count
    "sql_time_limit_ms": 3000,
}

# Datasette 1.0 shows neither the site's licence and source on a database nor a database's on a table: each repeats them.
_INHERITED = ("license", "license_url", "source", "source_url", "about", "about_url")

_TABLE_READ = re.compile(r"\b(?:from|join)\s+(\w+)")


class MetadataError(Exception):
    """metadata.yml, the schema and the database disagree. The message says where, in one sentence."""


def _inherited(own: Mapping[str, Any]) -> dict[str, str]:
    return {key: own[key] for key in _INHERITED}


def _heed(tables: Iterable[str]) -> str:
    """Return what a user of these tables must heed, in both languages, to stand behind a description."""
    warnings = warnings_of_tables(tables)
    chinese = "".join(f"{each['title_zh']}：{each['text_zh']}" for each in warnings)
    english = " ".join(f"{each['title_en']}: {each['text_en']}" for each in warnings)
    return f" 使用时请注意：{chinese} / Please heed: {english}" if warnings else ""


def _query_metadata(query: Mapping[str, Any]) -> dict[str, Any]:
    """Return a canned query with the warnings of the tables that it reads."""
    return {"hide_sql": True, **query, "description": query["description"] + _heed(_TABLE_READ.findall(query["sql"]))}


def _table_metadata(table: Table, columns: tuple[str, ...]) -> dict[str, Any]:
    """Return the texts of one table; `columns` are those that the database really has."""
    told = {column.name: column.texts for column in table.columns}
    if untold := sorted(set(columns) - set(told)):
        raise MetadataError(f"the schema does not describe these columns of {table.name}: {', '.join(untold)}")
    return {
        "title": f"{table.texts.title} / {table.texts.title_en}",
        "description": f"{table.texts.description} / {table.texts.description_en}" + _heed([table.name]),
        "columns": {
            name: f"{text.title}：{text.description} / {text.title_en}: {text.description_en}"
            for name, text in told.items()
            if name in columns
        },
    }


def _storage_metadata(stored: StoredTable) -> dict[str, Any]:
    """Return the texts of a table under a view, which Datasette keeps out of its list."""
    texts = stored.texts
    return {"title": f"{texts.title} / {texts.title_en}", "description": f"{texts.description} / {texts.description_en}", "hidden": True}


def _keyed_views(schema: Schema) -> dict[str, Any]:
    """Return what publish/plugins/keyed_views.py must know of the views that stand for tables."""
    return {
        table.name: {
            "primary_key": list(table.primary_key),
            "in_order_of": table.in_order_of,
            "foreign_keys": {key.columns[0]: [key.table, key.other_columns[0]] for key in table.foreign_keys if len(key.columns) == 1},
        }
        for table in schema.tables
        if table.view
    }


def datasette_metadata(
    own: Mapping[str, Any], schema: Schema, shown: Mapping[str, tuple[str, ...]], database: str = "gongkai"
) -> dict[str, Any]:
    """Join our metadata with the schema's texts for the tables (name → columns) that the database shows.

    A table, column or query without a text, and an entry for a table that does not exist, raise MetadataError.
    """
    ours = own["databases"][database]
    tables = {table.name: table for table in schema.tables}
    storage = {stored.name: {**_storage_metadata(stored), **_inherited(own)} for stored in schema.storage if stored.name in shown}
    shown = {name: columns for name, columns in shown.items() if name not in storage}
    if unknown := sorted(set(ours["tables"]) - set(shown)):
        raise MetadataError(f"metadata.yml describes tables that the database does not have: {', '.join(unknown)}")
    if untold := sorted(set(shown) - set(tables)):
        raise MetadataError(f"the schema does not describe these tables of the database: {', '.join(untold)}")
    for name, query in ours["queries"].items():
        if not query.get("title") or not query.get("description"):
            raise MetadataError(f"the query {name} has no title or no description")
    package = schema.package
    described = {
        "title": f"{package['title']} / {package['title_en']}",
        "description": f"{package['description']} / {package['description_en']}",
        **_inherited(own),
        "tables": {
            name: {**_table_metadata(tables[name], columns), **_inherited(own), **ours["tables"].get(name, {})}
            for name, columns in sorted(shown.items())
        }
        | storage,
        "plugins": {
            "keyed_views": _keyed_views(schema),
            "large_database": {"filed_in_order": {table.name: list(table.primary_key) for table in schema.tables if table.filed_in_order}},
        },
        "queries": {name: _query_metadata(query) for name, query in {**ours["queries"], **finding_queries()}.items()},
    }
    return {"title": own["title"], **_inherited(own), "databases": {database: described}}


def shown_tables(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Return the tables and views with their columns, without SQLite's own and those of the search index."""
    rows = connection.execute("select name, sql from sqlite_master where type in ('table', 'view') order by name").fetchall()
    virtual = [name for name, sql in rows if sql and sql.lower().startswith("create virtual table")]
    return {
        name: tuple(column for _, column, *_ in connection.execute(f"pragma table_info([{name}])"))
        for name, _ in rows
        if not name.startswith("sqlite_") and not any(name == index or name.startswith(f"{index}_") for index in virtual)
    }


def _inspected(db_path: Path, connection: sqlite3.Connection, schema: Schema) -> dict[str, Any]:
    """Return what `datasette inspect` would: hash, size and row counts, so that no page has to count."""
    names = [name for (name,) in connection.execute("select name from sqlite_master where type in ('table', 'view') order by name")]
    rows_of = {table.name: table.rows_of or table.name for table in schema.tables}
    with db_path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    counts = {name: {"count": connection.execute(f"select count(*) from [{rows_of.get(name, name)}]").fetchone()[0]} for name in names}
    return {"hash": digest, "size": db_path.stat().st_size, "file": db_path.name, "tables": counts}


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def write_datasette_files(data: Path, schema: Schema) -> None:
    """Write metadata.json, inspect-data.json, settings.json, plugins/ and templates/ beside the finished `data/gongkai.db`."""
    db_path = data / "gongkai.db"
    own = yaml.load(OWN_METADATA.read_text("utf-8"), yaml.CSafeLoader)
    connection = read_only(db_path)
    try:
        _write_json(data / "metadata.json", datasette_metadata(own, schema, shown_tables(connection)))
        _write_json(data / "inspect-data.json", {db_path.stem: _inspected(db_path, connection, schema)})
    finally:
        connection.close()
    _write_json(data / "settings.json", SETTINGS)
    for folder, pattern in ((PLUGINS, "*.py"), (TEMPLATES, "*.html")):
        (data / folder.name).mkdir(exist_ok=True)
        for file in sorted(folder.glob(pattern)):
            shutil.copyfile(file, data / folder.name / file.name)
