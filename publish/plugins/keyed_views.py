"""Datasette plugin: views with keys are shown as the tables that they stand for, with row pages, labels, paging and counts.

`figures` and `checks` are views over narrow tables. Which columns are their keys is told in metadata.json, where
publish/metadata.py writes it from the schema:

    databases:
      gongkai:
        plugins:
          keyed_views:
            figures:
              primary_key: [report_id, indicator, measure]
              foreign_keys: {report_id: [reports, report_id]}
              in_order_of: report_numbers

This file needs nothing else of the project: copy it into any `--plugins-dir`.
"""

from __future__ import annotations

import re

from datasette import hookimpl
from datasette.database import Database

# The condition of the rows after another, as Datasette writes it for a key: `((report_id > :p0) or (report_id = :p0 and …`.
_AFTER = re.compile(r" where (.*?)\(\((\w+) > :(\w+)\)", re.DOTALL)


class KeyedViews(Database):
    """A database some of whose views Datasette takes for tables. `keyed` is what metadata.json tells of them, by name."""

    keyed: dict

    async def execute(self, sql, *arguments, **named):
        """Run a query. For rows in the order of their key, SQLite reads no more of the view than it is asked for if it is given
        the table to begin with, and in that table it finds the row after which to begin only if told of it on its own."""
        for name, view in self.keyed.items():
            if f" from {name} " in sql and f" order by {', '.join(view['primary_key'])} limit " in sql:
                first = view["primary_key"][0]
                sql = sql.replace(f" from {name} ", f" from {view['in_order_of']} cross join {name} using ({first}) ", 1)
                sql = _AFTER.sub(r" where \2 >= :\3 and \1((\2 > :\3)", sql, count=1)
        return await super().execute(sql, *arguments, **named)

    async def table_exists(self, table):
        """Tell whether there is a table or a keyed view of this name."""
        return table in self.keyed or await super().table_exists(table)

    async def table_names(self):
        """Return the tables and the keyed views."""
        return [*await super().table_names(), *self.keyed]

    async def view_names(self):
        """Return the other views."""
        return [name for name in await super().view_names() if name not in self.keyed]

    async def primary_keys(self, table):
        """Return the columns of the primary key."""
        return list(self.keyed[table]["primary_key"]) if table in self.keyed else await super().primary_keys(table)

    async def table_column_details(self, table):
        """Return the columns, those of the key marked as such."""
        details = await super().table_column_details(table)
        if table not in self.keyed:
            return details
        places = {name: place for place, name in enumerate(self.keyed[table]["primary_key"], 1)}
        return [column._replace(is_pk=places.get(column.name, 0)) for column in details]

    async def foreign_keys_for_table(self, table):
        """Return the columns that stand in other tables."""
        return self._outgoing(table) if table in self.keyed else await super().foreign_keys_for_table(table)

    def _outgoing(self, table):
        foreign = self.keyed[table]["foreign_keys"].items()
        return [{"column": column, "other_table": other, "other_column": key} for column, (other, key) in foreign]

    async def get_all_foreign_keys(self):
        """Return the columns that tie the tables together, in both directions."""
        found = await super().get_all_foreign_keys()
        for name in self.keyed:
            outgoing = self._outgoing(name)
            found.setdefault(name, {"incoming": [], "outgoing": []})["outgoing"] = outgoing
            for each in outgoing:
                incoming = {"other_table": name, "column": each["other_column"], "other_column": each["column"]}
                found[each["other_table"]]["incoming"].append(incoming)
        return found

    async def get_table_definition(self, table, type_="table"):
        """Return the SQL that made a table; a keyed view is no view."""
        if table in self.keyed:
            return None if type_ == "view" else await super().get_table_definition(table, "view")
        return await super().get_table_definition(table, type_)


@hookimpl
def startup(datasette):
    """Give the databases that metadata.json names their keyed views."""
    for database in datasette.databases.values():
        keyed = datasette.plugin_config("keyed_views", database=database.name)
        if keyed:
            database.__class__, database.keyed = KeyedViews, keyed
