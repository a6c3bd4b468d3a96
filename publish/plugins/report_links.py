"""Datasette plugin: in the results of a query, a report's identifier leads to the report, as it does in the tables."""

from __future__ import annotations

from datasette import hookimpl
from datasette.utils import tilde_encode
from markupsafe import Markup


@hookimpl
def render_cell(value, column, table, database, datasette):
    """Link the columns `report_id` and `…_report_id` of a query's result to the row in `reports`."""
    if table is None and isinstance(value, str) and column.endswith("report_id"):
        address = datasette.urls.table(database, "reports")
        return Markup('<a href="{}/{}">{}</a>').format(address, tilde_encode(value), value)
    return None
