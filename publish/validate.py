"""The descriptor's constraints checked in SQL, a scan a table: what frictionless checks on a small package, at a nation's size.

Types, required values, enumerations, patterns, bounds, primary and foreign keys come from the same schema as datapackage.json.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from publish.schema import Column, Table, load_schema

_STORED_AS = {"string": ("text",), "integer": ("integer",), "number": ("integer", "real")}


@dataclass(frozen=True, slots=True)
class Violation:
    """Rows of a table that break a constraint: how many, and the primary key of one of them where it is a column's."""

    table: str
    column: str
    constraint: str
    rows: int
    example: str | None = None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _matches(pattern: str, text: object) -> bool:
    return _compiled(pattern).fullmatch(str(text)) is not None


def _quoted(value: object) -> str:
    return str(value) if isinstance(value, (int, float)) else "'" + str(value).replace("'", "''") + "'"


def _tests(column: Column) -> Iterator[tuple[str, str]]:
    """Yield the constraints of a column, each with the SQL that holds for a value that breaks it."""
    name, constraints = f'"{column.name}"', column.field.get("constraints", {})
    stored = ", ".join(map(_quoted, _STORED_AS[column.type]))
    yield "type", f"{name} is not null and typeof({name}) not in ({stored})"
    if constraints.get("required"):
        # An empty text is a missing value in CSV.
        yield "required", f"{name} is null or {name} = ''"
    if "enum" in constraints:
        yield "enum", f"{name} not in ({', '.join(map(_quoted, constraints['enum']))})"
    if "pattern" in constraints:
        yield "pattern", f"{name} is not null and not matches({_quoted(constraints['pattern'])}, {name})"
    if "minimum" in constraints:
        yield "minimum", f"{name} < {constraints['minimum']}"
    if "maximum" in constraints:
        yield "maximum", f"{name} > {constraints['maximum']}"


def _column_violations(connection: sqlite3.Connection, table: Table) -> Iterator[Violation]:
    tests = [(column.name, constraint, sql) for column in table.columns for constraint, sql in _tests(column)]
    key = " || '/' || ".join(f'"{name}"' for name in table.primary_key)
    counts = ", ".join(f"sum({sql}), min(case when {sql} then {key} end)" for _, _, sql in tests)
    found = connection.execute(f"select {counts} from {table.name}").fetchone()
    for (column, constraint, _), rows, example in zip(tests, found[::2], found[1::2], strict=True):
        if rows:
            yield Violation(table.name, column, constraint, rows, example)


def _key_violations(connection: sqlite3.Connection, table: Table) -> Iterator[Violation]:
    key = ", ".join(f'"{name}"' for name in table.primary_key)
    if not _has_unique_key(connection, table):
        (rows,) = connection.execute(f"select count(*) from (select 1 from {table.name} group by {key} having count(*) > 1)").fetchone()
        if rows:
            yield Violation(table.name, key, "primary key", rows)
    for foreign in table.foreign_keys:
        own = ", ".join(f'"{name}"' for name in foreign.columns)
        other = ", ".join(f'"{name}"' for name in foreign.other_columns)
        whole = " and ".join(f'"{name}" is not null' for name in foreign.columns)
        missing = f"select {own} from {table.name} where {whole} except select {other} from {foreign.table}"
        (rows,) = connection.execute(f"select count(*) from ({missing})").fetchone()
        if rows:
            yield Violation(table.name, own, "foreign key", rows)


def _has_unique_key(connection: sqlite3.Connection, table: Table) -> bool:
    """Tell whether the database itself keeps the primary key unique."""
    declared = {row[1]: row[5] for row in connection.execute(f"pragma table_info({table.name})")}
    return {name for name, place in declared.items() if place} == set(table.primary_key)


def violations(database: Path) -> list[Violation]:
    """Return all violations of the schema in a database; none when it is as the data package describes it."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.create_function("matches", 2, _matches, deterministic=True)
        return [
            violation
            for table in load_schema().tables
            for check in (_column_violations, _key_violations)
            for violation in check(connection, table)
        ]
