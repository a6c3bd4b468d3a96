"""Datasette plugin: `_search` that is exact for Chinese words of any length, in simplified or traditional characters.

The full-text index (made by `publish.search`) holds every character as a token of its own, punctuation included, so a
quoted phrase of spaced characters is found exactly where the unspaced words stand. This file needs nothing else of the
project: copy it into any `--plugins-dir`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from datasette import hookimpl
from datasette.utils.asgi import BadRequest
from opencc import OpenCC

# A run of white space is a token too: words on two lines are not one word.
BLANK = "␣"
_TERM = re.compile(r'"([^"]*)"|(\S+)')
_WHITE_SPACE = re.compile(r"\s+")
# Chinese punctuation that NFKC unifies; a text without other such characters passes it at once.
_PUNCTUATION = tuple(zip("，（）：；！？", ",():;!?", strict=True))


def normalized(text: str) -> str:
    """Return the text in the form that index and query share: compatibility characters unified, white space as one BLANK."""
    for full_width, plain in _PUNCTUATION:
        text = text.replace(full_width, plain)
    return _WHITE_SPACE.sub(BLANK, unicodedata.normalize("NFKC", text).replace("\0", ""))


def spaced(text: str | None) -> str:
    """Return the text with a space between any two characters: what the index stores and a phrase query asks."""
    return " ".join(normalized(text or ""))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def variants(word: str) -> list[str]:
    """Return the word as typed and, where that differs, in simplified characters."""
    return list(dict.fromkeys((word, _converter().convert(word))))


def words(query: str) -> list[str]:
    """Return the words of a query: parted by white space, except inside a pair of double quotes."""
    plain = unicodedata.normalize("NFKC", query)
    found = [quoted or bare.replace('"', "") for quoted, bare in _TERM.findall(plain)]
    return [word for word in found if word.strip()]


def fts_query(query: str | None) -> str:
    """Return the FTS5 expression for what a reader typed: every word must occur, each as an exact run of characters.

    An expression that matches nothing stands for an empty query.
    """

    def phrase(word: str) -> str:
        return '"' + spaced(word).replace('"', '""') + '"'

    alternatives = [" OR ".join(phrase(variant) for variant in variants(word)) for word in words(query or "")]
    return " AND ".join(f"({phrases})" for phrases in alternatives) or '""'


def excerpt(text: str | None, query: str | None, width: int = 40) -> str | None:
    """Return the text around the first word of the query, `width` characters to either side, on one line."""
    if text is None:
        return None
    lowered = text.lower()
    hits = [(lowered.find(variant.lower()), len(variant)) for word in words(query or "") for variant in variants(word)]
    start, length = next(((start, length) for start, length in hits if start >= 0), (0, 0))
    left, right = max(0, start - width), start + length + width
    shown = _WHITE_SPACE.sub(" ", text[left:right])
    return ("…" if left else "") + shown + ("…" if right < len(text) else "")


@hookimpl(trylast=True)  # Datasette registers its own escape_fts in the same hook; the last definition counts.
def prepare_connection(conn):
    """Give SQL the functions `escape_fts(query)` and `excerpt(text, query)`."""
    conn.create_function("escape_fts", 1, fts_query, deterministic=True)
    conn.create_function("excerpt", 2, excerpt, deterministic=True)


@hookimpl
def filters_from_request(request, database, table, datasette):
    """Refuse `_search` on a table without an index: Datasette would return every row as if each were a hit."""

    async def refuse():
        asked = any(key == "_search" or key.startswith("_search_") for key in request.args)
        described = (datasette.table_metadata(database, table) or {}).get("fts_table")
        if asked and not described and not await datasette.get_database(database).fts_table(table):
            raise BadRequest(f"{table} has no search index; sections, reports and agencies have one")

    return refuse
