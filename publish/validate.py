"""The descriptor's constraints checked in SQL, a scan a table: what frictionless checks on a small package, at a nation's size.

Types, required values, enumerations, patterns, bounds, primary and foreign keys come from the same schema as datapackage.json.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from publish.opened import read_only
from publish.schema import Column, ForeignKey, Table, load_schema

_SOURCE = re.compile(r"\b(?:from|join) (\w+) (\w+)")
_DIRECT = re.compile(r"(\w+)\.(\w+)")
_STORED_AS = {"string": ("text",), "integer": ("integer",), "number": ("integer", "real")}


NONE = "0"  # the condition that no row meets
_ALL = "1"


class ValidationError(Exception):
    """The data are not as the schema describes them. The message is one sentence that names what is broken, and one with the remedy."""


@dataclass(frozen=True, slots=True)
class Violation:
    """Rows of a table that break a constraint: how many, and the primary key of one of them where it is a column's."""

    table: str
    column: str
    constraint: str
    rows: int
    example: str | None = None
    condition: str | None = None  # SQL that holds for these rows


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


def _outside_brackets(listed: str) -> Iterator[str]:
    """Part a list at its commas, but for those inside brackets."""
    depth, start = 0, 0
    for place, character in enumerate(listed):
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            yield listed[start:place]
            start = place + 1
    yield listed[start:]


def _stored(table: Table) -> dict[str, tuple[str, str]]:
    """The table and column in which each column is stored as it is: for a view those under it, but for columns that it computes."""
    if table.view is None:
        return {name: (table.name, name) for name in table.column_names}
    aliases = {alias: name for name, alias in _SOURCE.findall(table.view)}
    listed, _, _ = table.view.removeprefix("select ").partition("\nfrom ")
    items = zip(table.column_names, _outside_brackets(listed), strict=True)
    direct = {name: found for name, item in items if (found := _DIRECT.fullmatch(item.strip()))}
    return {name: (aliases[found[1]], found[2]) for name, found in direct.items()}


def _column_violations(connection: sqlite3.Connection, table: Table, condition: str) -> Iterator[Violation]:
    under = _stored(table) if condition == _ALL else {}
    tests: defaultdict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
    for column in table.columns:
        source, stored_as = under.get(column.name, (table.name, column.name))
        for constraint, sql in _tests(column):
            tests[source].append((column.name, constraint, sql, sql.replace(f'"{column.name}"', f'"{stored_as}"')))
    key = " || '/' || ".join(f'"{name}"' for name in table.primary_key)
    broken = set()
    for source, of_source in tests.items():
        found = connection.execute(
            f"select {', '.join(f'max({stored})' for *_, stored in of_source)} from {source} where {condition}"
        ).fetchone()
        broken |= {test[:3] for test, breaks in zip(of_source, found, strict=True) if breaks}
    for column in table.columns:
        for constraint, sql in _tests(column):
            if (column.name, constraint, sql) in broken:
                rows, example = connection.execute(
                    f"select count(*), min({key}) from {table.name} where {condition} and ({sql})"
                ).fetchone()
                if rows:
                    yield Violation(table.name, column.name, constraint, rows, example, sql)


def _key_violations(connection: sqlite3.Connection, table: Table, condition: str) -> Iterator[Violation]:
    key = ", ".join(f'"{name}"' for name in table.primary_key)
    if not (table.key_is_kept or _has_unique_key(connection, table)):
        groups = f"select 1 from {table.name} where {condition} group by {key} having count(*) > 1"
        (rows,) = connection.execute(f"select count(*) from ({groups})").fetchone()
        if rows:
            yield Violation(table.name, key, "primary key", rows)
    for foreign in table.foreign_keys:
        rows = _dangling(connection, table, foreign, condition)
        if rows:
            yield Violation(table.name, ", ".join(f'"{name}"' for name in foreign.columns), "foreign key", rows)


def _dangling(connection: sqlite3.Connection, table: Table, foreign: ForeignKey, condition: str) -> int:
    """Count the values of a foreign key that the other table does not have."""
    under = _stored(table) if condition == _ALL else {}
    sources = {under.get(name, (table.name, name))[0] for name in foreign.columns}
    source, whole_table = (sources.pop(), False) if len(sources) == 1 else (table.name, True)
    names = [name if whole_table or name not in under else under[name][1] for name in foreign.columns]
    pairs = list(zip(names, foreign.other_columns, strict=True))
    whole = condition + " and " + " and ".join(f'"{name}" is not null' for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    same = " and ".join(f'o."{other}" = t."{name}"' for name, other in pairs)
    missing = f"select 1 from (select distinct {columns} from {source} where {whole}) t"
    sql = f"select count(*) from ({missing} where not exists (select 1 from {foreign.table} o where {same}))"
    return int(connection.execute(sql).fetchone()[0])


def _has_unique_key(connection: sqlite3.Connection, table: Table) -> bool:
    """Tell whether the database itself keeps the primary key unique."""
    declared = {row[1]: row[5] for row in connection.execute(f"pragma table_info({table.name})")}
    return {name for name, place in declared.items() if place} == set(table.primary_key)


def violations_in(connection: sqlite3.Connection, looked_at: Mapping[str, str] = MappingProxyType({})) -> list[Violation]:
    """Return all violations of the schema. Of a table that `looked_at` names only the rows of that condition are looked at."""
    connection.create_function("matches", 2, _matches, deterministic=True)
    conditions = ((table, looked_at.get(table.name, _ALL)) for table in load_schema().tables)
    return [
        violation
        for table, condition in conditions
        if condition != NONE
        for check in (_column_violations, _key_violations)
        for violation in check(connection, table, condition)
    ]


def violations(database: Path, looked_at: Mapping[str, str] = MappingProxyType({})) -> list[Violation]:
    """Return all violations of the schema in a database; none when it is as the data package describes it."""
    with closing(read_only(database)) as connection:
        return violations_in(connection, looked_at)


def _sources_of(connection: sqlite3.Connection, violation: Violation) -> set[str]:
    """Return the files whose rows break a constraint, as reports/ has them; none where no file is to blame."""
    columns = next(table for table in load_schema().tables if table.name == violation.table).column_names
    key = next((key for key in ("source_id", "report_id") if key in columns), None)
    if key is None or violation.condition is None:
        return set()
    blamed = f"select {key} from {violation.table} where {violation.condition}"
    of = "sources" if key == "source_id" else "reports join sources using (source_id)"
    return {path for (path,) in connection.execute(f"select path from {of} where {key} in ({blamed})")}


def files_at_fault(database: Path, looked_at: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Return the files whose rows break a constraint, each with the first constraint. Raises ValidationError where no file is to blame."""
    found, blamed = violations(database, looked_at), {}
    with closing(read_only(database)) as connection:
        connection.create_function("matches", 2, _matches, deterministic=True)
        for violation in found:
            paths = _sources_of(connection, violation)
            if not paths:
                raise ValidationError(_told(found))
            for path in sorted(paths):
                blamed.setdefault(path, f"{violation.table}.{violation.column}: {violation.constraint}")
    return blamed


def check_constraints(database: Path) -> None:
    """Raise ValidationError where a database is not as publish/schema.yml describes it."""
    found = violations(database)
    if found:
        raise ValidationError(_told(found))


def _told(found: list[Violation]) -> str:
    first = found[0]
    where = f", for example {first.example}" if first.example else ""
    more = f"; {len(found) - 1} other constraints are broken too" if len(found) > 1 else ""
    return (
        f"{first.table}: {first.column} breaks its constraint `{first.constraint}` in {first.rows} rows{where}{more}. "
        "Mend what makes these rows, or the constraint in publish/schema.yml."
    )
