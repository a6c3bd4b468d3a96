"""The full-text index of the database: one FTS5 table beside each table that readers search.

Every character is a token, Chinese or not, so that a phrase finds exactly what a scan for the substring would, for words
of any length, with the FTS5 that every SQLite has. The index keeps no second copy of the text (`content=''`); its rowid is
that of the table. Datasette asks it through `publish/plugins/chinese_search.py`; by hand a reader spaces the words:

    select heading from sections where rowid in (select rowid from sections_fts where sections_fts match '"公 开"')
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from publish.plugins.chinese_search import spaced

# So many bytes of an index are held in memory before they are written: to merge what was written takes as long as to make it.
_HELD = 64 * 1024 * 1024
_HELD_BY_DEFAULT = 1024 * 1024

# The tables in which FTS5 holds an index.
_PARTS = ("config", "data", "docsize", "idx")

# Letters, marks, numbers, punctuation, symbols and control characters: all but white space, which never comes here.
TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"

# Searched table → indexed column → the SQL of its text.
INDEXED: Mapping[str, Mapping[str, str]] = {
    "sections": {"heading": "heading", "text": "text"},
    "reports": {"title": "title", "agency": "(select name from agencies where agencies.agency_id = reports.agency_id)"},
    "agencies": {"name": "name", "name_en": "name_en"},
}


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A database to be written without a journal: one with half an index is thrown away like one that is damaged."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("pragma journal_mode = off; pragma synchronous = off")
        yield connection
        connection.commit()


def _create(connection: sqlite3.Connection, table: str) -> None:
    columns = ", ".join(INDEXED[table])
    connection.execute(f"create virtual table {table}_fts using fts5({columns}, content='', tokenize=\"{TOKENIZER}\")")


def gather_texts(connection: sqlite3.Connection, index: Path) -> None:
    """Copy what readers search from a database, as soon as its rows are in, to a file in which `make_index` finds it."""
    index.unlink(missing_ok=True)
    connection.commit()
    connection.execute("attach ? as gathered", (str(index),))
    connection.executescript("pragma gathered.journal_mode = off; pragma gathered.synchronous = off")
    for table, expressions in INDEXED.items():
        told = ", ".join(f"{expression} as {column}" for column, expression in expressions.items())
        connection.execute(f"create table gathered.{table} as select rowid as place, {told} from main.{table} order by rowid")
    connection.commit()
    connection.execute("detach gathered")


def make_index(index: Path) -> None:
    """Make `<table>_fts` of the texts that were gathered in a file. The same texts give the same bytes."""
    with _opened(index) as connection:
        for table, expressions in INDEXED.items():
            columns = ", ".join(expressions)
            places = ", ".join("?" * (1 + len(expressions)))
            _create(connection, table)
            hold = f"insert into {table}_fts ({table}_fts, rank) values ('hashsize', ?)"
            connection.execute(hold, (_HELD,))
            texts = connection.execute(f"select * from {table} order by place")
            rows = ((place, *map(spaced, told)) for place, *told in texts)
            connection.executemany(f"insert into {table}_fts (rowid, {columns}) values ({places})", rows)
            connection.execute(f"insert into {table}_fts ({table}_fts) values ('optimize')")
            connection.execute(hold, (_HELD_BY_DEFAULT,))


def place_index(db_path: Path, index: Path) -> None:
    """Move what `make_index` made into the database."""
    with _opened(db_path) as connection:
        connection.execute("attach ? as made", (str(index),))
        for table in INDEXED:
            _create(connection, table)
            for part in _PARTS:
                connection.execute(f"delete from main.{table}_fts_{part}")
                connection.execute(f"insert into main.{table}_fts_{part} select * from made.{table}_fts_{part}")
    index.unlink()
