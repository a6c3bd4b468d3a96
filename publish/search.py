"""The full-text index of the database: one FTS5 table beside each table that readers search.

Every character is a token, Chinese or not, so that a phrase finds exactly what a scan for the substring would, for words
of any length, with the FTS5 that every SQLite has. The index keeps no second copy of the text (`content=''`); its rowid is
that of the table. Datasette asks it through `publish/plugins/chinese_search.py`; by hand a reader spaces the words:

    select heading from sections where rowid in (select rowid from sections_fts where sections_fts match '"公 开"')
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from publish.plugins.chinese_search import spaced

# So many bytes of an index are gathered in memory before they are written: to merge what was written takes as long as to make it.
_GATHERED = 64 * 1024 * 1024
_GATHERED_BY_DEFAULT = 1024 * 1024

# Letters, marks, numbers, punctuation, symbols and control characters: all but white space, which never comes here.
TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"

# Searched table → indexed column → the SQL of its text.
INDEXED: Mapping[str, Mapping[str, str]] = {
    "sections": {"heading": "heading", "text": "text"},
    "reports": {"title": "title", "agency": "(select name from agencies where agencies.agency_id = reports.agency_id)"},
    "agencies": {"name": "name", "name_en": "name_en"},
}


def _rows(connection: sqlite3.Connection, table: str, expressions: Mapping[str, str]) -> Iterator[tuple[int | str, ...]]:
    for rowid, *texts in connection.execute(f"select rowid, {', '.join(expressions.values())} from {table} order by rowid"):
        yield rowid, *map(spaced, texts)


def add_search(db_path: Path) -> None:
    """Make `<table>_fts` for each searched table of a finished database. The same rows give the same bytes."""
    connection = sqlite3.connect(db_path)
    try:
        # A database with half an index is thrown away like one that is damaged: nothing need be undone.
        connection.executescript("pragma journal_mode = off; pragma synchronous = off")
        for table, expressions in INDEXED.items():
            columns = ", ".join(expressions)
            places = ", ".join("?" * (1 + len(expressions)))
            connection.execute(f"create virtual table {table}_fts using fts5({columns}, content='', tokenize=\"{TOKENIZER}\")")
            gather = f"insert into {table}_fts ({table}_fts, rank) values ('hashsize', ?)"
            connection.execute(gather, (_GATHERED,))
            connection.executemany(f"insert into {table}_fts (rowid, {columns}) values ({places})", _rows(connection, table, expressions))
            connection.execute(f"insert into {table}_fts ({table}_fts) values ('optimize')")
            connection.execute(gather, (_GATHERED_BY_DEFAULT,))
        connection.commit()
    finally:
        connection.close()
