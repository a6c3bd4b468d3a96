"""Datasette plugin: the pages of a large database stay quick, and say so where they leave something out.

- The schema of an immutable database is asked for once, where Datasette asks three hundred times to show its home page.
- A page shows the first rows of a query and that there are more; its CSV and JSON have them.
- A search for a word that most rows have looks up the rows that the page shows, and no others. This needs tables whose rows are
  stored in the order of their key; metadata.json names them (publish/metadata.py writes it from the schema):

      databases:
        gongkai:
          plugins:
            large_database:
              filed_in_order: {sections: [report_id, position]}

- What only decorates a page (how many rows there are in all, the facets of a long table) is given up when it takes long;
  Datasette then leaves the number out, or names the facets that it could not count. Where the rows of a page are too many to be
  counted, their facets are not tried.

This file needs nothing else of the project: copy it into any `--plugins-dir`.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import lru_cache, wraps

from datasette import hookimpl
from datasette.database import QueryInterrupted, Results
from datasette.plugins import pm

ROWS_ON_A_PAGE = 100  # of a query
COUNTING = 40  # milliseconds
KEPT = 2000  # answers about the schema: there are as many wrong names as readers like to ask for
LONG = 200_000  # rows: facets of all of them would not be counted in time

_SCHEMA = (
    "foreign_keys_for_table",
    "fts_table",
    "get_all_foreign_keys",
    "get_table_definition",
    "hidden_table_names",
    "label_column_for_table",
    "primary_keys",
    "table_column_details",
    "table_columns",
    "table_exists",
    "table_names",
    "view_names",
)
_COUNT = re.compile(r"select count\(\*\) from ")
_OF_SCHEMA = re.compile(r"\bfrom sqlite_master\b")
_LIMITED = re.compile(r"\blimit\s+\S+(\s+offset\s+\S+)?[\s;]*$", re.IGNORECASE)
_FACET = re.compile(r"\s*select .* as value, count\(\*\) as count from \(\s*select [\w, ]+ from (\w+)(\s*\)\s*where )?")
# Only a query without comments can be given a limit of rows at its end.
_PLAIN = re.compile(r"\s*(select|with)\b(?!.*(--|/\*))", re.IGNORECASE | re.DOTALL)
_SEARCH = re.compile(
    r"( from (\w+) where rowid in \(select rowid from (\w+) where \3 match escape_fts\(:\w+\))\) +order by ([\w, ]+) limit (\d+)$"
)

_on_a_page: ContextVar[bool] = ContextVar("on_a_page", default=False)
_uncounted: ContextVar[bool] = ContextVar("uncounted", default=False)


def _once(method):
    """Return a method that keeps its answers. What it answers must not be changed."""
    kept = {}

    @wraps(method)
    async def answer(*arguments, **named):
        question = (*map(str, arguments), *map(str, named.items()))
        if question in kept:
            return kept[question]
        told = await method(*arguments, **named)
        if len(kept) < KEPT:
            kept[question] = told
        return told

    return answer


def _first_found(sql, orders):
    """Return a search that finds no more rows than it shows: those with the first row numbers are those with the first keys."""
    found = _SEARCH.search(sql)
    if not found or orders.get(found[2]) != found[4].split(", "):
        return sql
    return f"{sql[: found.end(1)]} order by rowid limit {found[5]}) order by {found[4]} limit {found[5]}"


def _answering(execute):
    """Return what runs what a reader asks for."""

    @wraps(execute)
    async def answer(sql, *arguments, **named):
        if not _on_a_page.get() or _LIMITED.search(sql) or not _PLAIN.match(sql):
            return await execute(sql, *arguments, **named)
        results = await execute(f"{sql.rstrip().rstrip(';')}\nlimit {ROWS_ON_A_PAGE + 1}", *arguments, **named)
        return Results(results.rows[:ROWS_ON_A_PAGE], len(results.rows) > ROWS_ON_A_PAGE, results.description)

    return answer


def _decorating(execute, counts):
    """Return what runs what Datasette itself asks for."""
    of_schema = _once(execute)

    @wraps(execute)
    async def decorate(sql, params=None, custom_time_limit=None, **named):
        facet = _FACET.match(sql)
        if facet and (_uncounted.get() or (facet[2] and counts.get(facet[1], {}).get("count", 0) > LONG)):
            raise QueryInterrupted(None, sql, params)
        if _OF_SCHEMA.search(sql):
            return await of_schema(sql, params)
        if not (_on_a_page.get() and _COUNT.match(sql)):
            return await execute(sql, params, custom_time_limit=custom_time_limit, **named)
        try:
            return await execute(sql, params, custom_time_limit=min(COUNTING, custom_time_limit or COUNTING), **named)
        except QueryInterrupted:
            _uncounted.set(True)
            raise

    return decorate


def _quick(database, counts, orders):
    """Return `execute` of a database with the long answers made short."""
    answer, decorate = _answering(database.execute), _decorating(database.execute, counts)

    async def execute(sql, params=None, truncate=False, **named):
        if truncate:
            return await answer(_first_found(sql, orders), params, truncate=True, **named)
        return await decorate(sql, params, **named)

    return execute


@hookimpl(trylast=True)  # around what other plugins make of a database
def startup(datasette):
    """Prepare the databases that don't change, and the permissions, which metadata.json gives once and for all."""
    if not pm.hook.get_metadata.get_hookimpls():
        datasette._table_permission_allows = lru_cache(KEPT)(datasette._table_permission_allows)
    for database in datasette.databases.values():
        if not database.is_mutable:
            for name in _SCHEMA:
                setattr(database, name, _once(getattr(database, name)))
            counts = (datasette.inspect_data or {}).get(database.name, {}).get("tables", {})
            orders = (datasette.plugin_config("large_database", database=database.name) or {}).get("filed_in_order", {})
            database.execute = _quick(database, counts, orders)


@hookimpl
def asgi_wrapper():
    """Note whether an answer is a page or data."""

    def wrap(app):
        async def noting(scope, receive, send):
            if scope["type"] == "http":
                data = scope["path"].endswith((".json", ".csv")) or b"_format=" in scope["query_string"]
                _on_a_page.set(not data)
                _uncounted.set(False)
            await app(scope, receive, send)

        return noting

    return wrap
