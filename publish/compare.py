"""What differs between two finished databases, by key, whatever columns either has besides the ones compared.

Both files are only read. The figures of a report that one side lacks altogether: those of a new report stand in the new database
under its report_id and are counted; those of a report that is gone stand nowhere else and are listed with their values.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from publish.changes import Change, ChangesError, as_json, is_date

_COMPARED = {
    "reports": ("report_id", "agency_id", "year", "is_current", "source_id"),
    "sources": ("source_id", "sha256"),
    "figures": ("report_id", "indicator", "measure", "value", "state"),
    "checks": ("report_id", "rule", "subject", "outcome", "difference"),
}
_HEADER = b"SQLite format 3\0"

# Each query yields the fields of `Change` that its kind has, by name.
_QUERIES = {
    "report_added": """
        select report_id, (select count(value) from new.figures f where f.report_id = n.report_id) as n_figures
        from new.reports n where report_id not in (select report_id from old.reports)""",
    "report_gone": """
        select report_id, (select count(value) from old.figures f where f.report_id = o.report_id) as n_figures
        from old.reports o where report_id not in (select report_id from new.reports)""",
    "report_replaced": """
        select n.report_id, o.report_id as old_report_id, (
            select count(*) from (
                select indicator, measure from old.figures where report_id = o.report_id
                union select indicator, measure from new.figures where report_id = n.report_id) k
            left join old.figures a on a.report_id = o.report_id and a.indicator = k.indicator and a.measure = k.measure
            left join new.figures b on b.report_id = n.report_id and b.indicator = k.indicator and b.measure = k.measure
            where a.value is not b.value) as n_figures
        from old.reports o join new.reports n on n.agency_id = o.agency_id and n.year = o.year
        where o.is_current = 1 and n.is_current = 1 and n.report_id <> o.report_id""",
    "file_changed": """
        select report_id from old.reports o join old.sources os on os.source_id = o.source_id
        join new.reports n using (report_id) join new.sources ns on ns.source_id = n.source_id where os.sha256 <> ns.sha256""",
    "figure_changed": """
        select report_id, indicator, measure, o.value as old_value, n.value as new_value, o.state as old_state, n.state as new_state
        from old.figures o join new.figures n using (report_id, indicator, measure)
        where o.value is not n.value or o.state is not n.state""",
    "figure_added": """
        select n.report_id, n.indicator, n.measure, n.value as new_value, n.state as new_state
        from new.figures n left join old.figures o using (report_id, indicator, measure)
        where o.report_id is null and n.report_id in (select report_id from old.reports)""",
    "figure_gone": """
        select o.report_id, o.indicator, o.measure, o.value as old_value, o.state as old_state
        from old.figures o left join new.figures n using (report_id, indicator, measure)
        where n.report_id is null and (o.value is not null or o.report_id in (select report_id from new.reports))""",
    "check_failing": """
        select n.report_id, n.rule, n.subject, o.difference as old_value, n.difference as new_value,
               coalesce(o.outcome, 'not_checked') as old_state, n.outcome as new_state
        from new.checks n left join old.checks o using (report_id, rule, subject)
        where n.outcome = 'fail' and o.outcome is not 'fail'""",
    "check_resolved": """
        select o.report_id, o.rule, o.subject, o.difference as old_value, n.difference as new_value,
               o.outcome as old_state, coalesce(n.outcome, 'not_checked') as new_state
        from old.checks o left join new.checks n using (report_id, rule, subject)
        where o.outcome = 'fail' and n.outcome is not 'fail' and o.report_id in (select report_id from new.reports)""",
}


def _attach(connection: sqlite3.Connection, path: Path, name: str) -> None:
    """Attach a database read-only as `name`. Raises ChangesError when it is none of ours."""
    if not path.is_file():
        raise ChangesError(f"there is no file {path}; name a database that `build.py build` wrote, such as dist/data/gongkai.db.")
    with path.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise ChangesError(f"{path} is not a SQLite database; name one that `build.py build` wrote, such as dist/data/gongkai.db.")
    try:
        # immutable: no lock and no journal beside a file that may lie on a read-only disk.
        connection.execute(f"attach database ? as {name}", (f"{path.resolve().as_uri()}?mode=ro&immutable=1",))
        for table, columns in _COMPARED.items():
            held = {row[1] for row in connection.execute(f"pragma {name}.table_info({table})")}
            if lacking := [column for column in columns if column not in held]:
                what = f"the column {table}.{lacking[0]}" if held else f"the table {table}"
                raise ChangesError(f"{path} is not a Gongkai database: it lacks {what}; name one that `build.py build` wrote.")
    except sqlite3.DatabaseError as error:
        raise ChangesError(f"{path} cannot be read ({error}); build it again.") from error


def _changes(connection: sqlite3.Connection) -> Iterator[Change]:
    for kind, query in _QUERIES.items():
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield Change(kind, **dict(zip(names, row, strict=True)))


def compare(old: Path, new: Path) -> tuple[Change, ...]:
    """Return what differs in the database `new` from `old`, in order. Raises ChangesError."""
    with closing(sqlite3.connect(":memory:", uri=True)) as connection:
        _attach(connection, old, "old")
        _attach(connection, new, "new")
        try:
            return tuple(sorted(_changes(connection), key=Change.key))
        except sqlite3.DatabaseError as error:
            raise ChangesError(f"{old} and {new} cannot be compared ({error}); build them again.") from error


def write_comparison(old: Path, new: Path, date: str | None, folder: Path, *, force: bool = False) -> tuple[Path, tuple[Change, ...]]:
    """Write `folder/DATE.json` and return its path with the changes. Raises ChangesError, and then nothing is written."""
    if date is None:
        raise ChangesError("say of which day the changes are: --date YYYY-MM-DD, the day on which the new database is published.")
    if not is_date(date):
        raise ChangesError(f"{date!r} is not a date; write it as YYYY-MM-DD, for example 2026-11-21.")
    path = folder / f"{date}.json"
    if path.exists() and not force:
        raise ChangesError(f"{path} exists already; --force writes it anew, another --date writes another file.")
    changes = compare(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(as_json(date, changes), "utf-8", newline="\n")
    draft.replace(path)
    return path, changes
