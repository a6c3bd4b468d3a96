"""Datasette plugin: what a server that anyone may ask needs besides Datasette's own limits."""

from __future__ import annotations

import sqlite3

from datasette import Response, hookimpl
from datasette.views.base import DatasetteError

# No text of ours comes near it, and a query cannot fill the memory with one value.
LONGEST_VALUE = 10_000_000


@hookimpl
def prepare_connection(conn):
    """Bound the size of a single value."""
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)


@hookimpl
def handle_exception(datasette, request, exception):
    """Answer 400 to a mistake of the asker, such as an unknown column or half a key, where Datasette 0.65 answers 500."""
    told_otherwise = isinstance(exception, DatasetteError) and exception.status != 500
    if told_otherwise or not isinstance(exception, DatasetteError | sqlite3.Error | sqlite3.Warning):
        return None

    async def answer():
        error = {"ok": False, "status": 400, "title": None, "error": getattr(exception, "message", None) or str(exception)}
        if request.path.endswith(".json"):
            return Response.json(error, status=400, headers={"access-control-allow-origin": "*"})
        return Response.html(await datasette.render_template("error.html", error, request=request), status=400)

    return answer
