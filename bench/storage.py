"""Figures into SQLite, and the data held against its description: ours beside what a user would pick instead."""

from __future__ import annotations

import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlite_utils

from bench.generate import generate
from bench.watch import python, watch
from publish.opened import read_only

ROUNDS = 3
MOST = 1_500_000  # figures held in memory
VALIDATED = 200  # reports: frictionless takes a while
SEED = 1
_REFERRING = ("figure_values", "check_results", "check_findings")
_STORED = ("report_numbers", "figure_cells", "figure_kinds", "figure_places", "verdicts", *_REFERRING)
_SETTINGS = "pragma page_size = 4096; pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -200000"

Tables = Sequence[tuple[str, str, Sequence[str], list[tuple[Any, ...]]]]  # name, SQL, SQL of its indexes, rows


def figure_tables(database: Path) -> Tables:
    """The tables that hold the figures and the results of their checks, with the rows of the first reports in memory."""
    indexes = "select sql from sqlite_master where type = 'index' and tbl_name = ? and sql > ''"
    with closing(read_only(database)) as connection:
        made = dict(connection.execute("select name, sql from sqlite_master where type = 'table'"))
        (last,) = connection.execute(f"select max(report) from (select report from figure_values order by report limit {MOST})").fetchone()
        told = []
        for name in _STORED:
            columns = {column for _, column, *_ in connection.execute(f"pragma table_info({name})")}
            rows = connection.execute(f"select * from {name} {'where report <= ?1' if 'report' in columns else 'where ?1 >= 0'}", (last,))
            told.append((name, made[name], [index for (index,) in connection.execute(indexes, (name,))], rows.fetchall()))
        return told


def _stored(tables: Tables, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_SETTINGS)
        for name, sql, _, rows in tables:
            connection.execute(sql)
            if rows:
                connection.executemany(f"insert into {name} values ({', '.join('?' * len(rows[0]))})", rows)
        for _, _, indexes, _ in tables:
            for index in indexes:
                connection.execute(index)
        connection.commit()
        for name in _REFERRING:
            if connection.execute(f"pragma foreign_key_check({name})").fetchone():
                raise RuntimeError(f"a row of {name} refers to a row that is not there")
        verdict = connection.execute("pragma quick_check").fetchone()
        if verdict != ("ok",):
            raise RuntimeError(f"the database is damaged: {verdict}")


def _by_sqlite_utils(rows: list[dict[str, Any]], path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        sqlite_utils.Database(connection)["figures"].insert_all(rows, pk=("report_id", "indicator", "measure"))
        connection.commit()


def _median(work: Callable[[Path], None], path: Path, rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        path.unlink(missing_ok=True)
        start = time.process_time()
        work(path)
        seconds.append(time.process_time() - start)
    path.unlink(missing_ok=True)
    return statistics.median(seconds)


def compare_storage(database: Path, scratch: Path, rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """Figures a second with the results of their checks, keys made, references and the file checked; CPU time, rows in memory before."""
    scratch.mkdir(parents=True, exist_ok=True)
    tables = figure_tables(database)
    figures = next(len(rows) for name, _, _, rows in tables if name == "figure_values")
    with closing(read_only(database)) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute(f"select * from figures limit {min(figures, 300_000)}")]
    told = []
    for name, count, times, work in (
        ("gongkai", figures, rounds, lambda path: _stored(tables, path)),
        ("sqlite-utils insert_all", len(rows), 1, lambda path: _by_sqlite_utils(rows, path)),
    ):
        seconds = _median(work, scratch / "figures.db", times)
        told.append({"name": name, "figures": count, "seconds": round(seconds, 3), "figures_per_second": round(count / seconds)})
    return told


_OURS = "import sys; from pathlib import Path; from publish.validate import violations; print(len(violations(Path(sys.argv[1]))))"
_FRICTIONLESS = "import sys, frictionless; report = frictionless.validate(sys.argv[1]); print(sum(len(t.errors) for t in report.tasks))"


def compare_validation(scratch: Path, jobs: int, reports: int = VALIDATED) -> list[dict[str, Any]]:
    """All tables of a small corpus held against the descriptor: whole processes, seconds, and how many errors each finds."""
    generate(scratch / "reports", reports, SEED, jobs=jobs)
    python("bench.timed_build", scratch / "reports", scratch / "out", scratch / "cache", jobs)
    data = scratch / "out" / "data"
    told = []
    for name, script, path in (("gongkai", _OURS, data / "gongkai.db"), ("frictionless", _FRICTIONLESS, data / "datapackage.json")):
        done = watch([sys.executable, "-c", script, str(path)])
        told.append({"name": name, "reports": reports, "seconds": round(done.seconds, 3), "errors": int(done.stdout.split()[-1])})
    return told
