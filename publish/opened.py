"""Databases opened to be read."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def read_only(database: Path) -> sqlite3.Connection:
    """Open a database that must be there and stays as it is. Its path may have the marks of an address in it (? # %)."""
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
