"""A small database, made by hand through the published schema, for the tests of queries and search."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import sqlite_utils
import yaml
from factories import add_search

from publish.metadata import OWN_METADATA, write_datasette_files
from publish.plugins import chinese_search
from publish.schema import create_tables, load_schema
from publish.search import INDEXED

APPLICANTS = ("natural_person", "commercial_enterprise", "total")


@cache
def canned_queries() -> dict[str, dict[str, Any]]:
    return yaml.load(OWN_METADATA.read_text("utf-8"), yaml.CSafeLoader)["databases"]["gongkai"]["queries"]


# What a test inserts into a view goes into the narrow tables under it.
INTO_VIEWS = """
create trigger into_figures instead of insert on figures begin
    insert or ignore into report_numbers (report_id) values (new.report_id);
    insert or ignore into figure_cells (indicator, measure) values (new.indicator, new.measure);
    insert into figure_kinds (unit, state, reading, proof, confidence, raw_is_value, label_as_printed, check_status)
        values (new.unit, new.state, new.reading, new.proof, new.confidence, 0, new.label_as_printed, new.check_status);
    insert into figure_values select r.report, c.cell, new.value, new.line, (select max(kind) from figure_kinds), new.raw, null
        from report_numbers r, figure_cells c
        where r.report_id = new.report_id and c.indicator = new.indicator and c.measure = new.measure;
end;
create trigger into_checks instead of insert on checks begin
    insert or ignore into report_numbers (report_id) values (new.report_id);
    insert into verdicts (rule, subject, subject_zh, subject_en, outcome, sentence_zh, sentence_en, fragment)
        values (new.rule, new.subject, new.subject_zh, new.subject_en, new.outcome, new.sentence_zh, new.sentence_en, new.fragment);
    insert into check_results select report, (select max(verdict) from verdicts), new.left_value, new.right_value
        from report_numbers where report_id = new.report_id;
    insert into check_findings select report, (select max(verdict) from verdicts), '', '', coalesce(new.fingerprint, '')
        from report_numbers where report_id = new.report_id and new.outcome = 'fail';
end;
"""


class SmallDatabase:
    """Rows go in by table and column name; required columns that a test does not care about are filled."""

    def __init__(self, path: Path):
        self.path = path
        database = sqlite_utils.Database(path)
        create_tables(database, load_schema())
        database.conn.executescript(INTO_VIEWS)
        database.close()
        self._tables = {table.name: table for table in load_schema().tables}
        self.connection = sqlite3.connect(path)
        self.insert("regions", region_id="440115", code="440115", name="南沙区", full_name="广东省广州市南沙区", level="county")
        for position, measure in enumerate(APPLICANTS):
            self.insert("measures", measure=measure, position=position, label_zh=measure, label_en=measure)

    def insert(self, table: str, **values: Any) -> None:
        described = self._tables[table]
        fillers = {c.name: "-" if c.type == "string" else 0 for c in described.columns if c.required}
        row = {**fillers, **values}
        sql = f"insert into {table} ({', '.join(row)}) values ({', '.join('?' * len(row))})"
        self.connection.execute(sql, tuple(row.values()))

    def agency(self, agency_id: str, name: str, level: str = "county", **values: Any) -> None:
        self.insert("agencies", agency_id=agency_id, name=name, level=level, region_id="440115", **values)

    def report(self, agency_id: str, year: int, copy_kind: str = "official_site", **values: Any) -> dict[str, Any]:
        """Insert a report and its source; return the columns that the wide tables repeat."""
        report_id = values.pop("report_id", f"{agency_id}-{year}")
        defaults = {"document_type": "annual_report", "format": "national_2019", "scope": "own_organ", "is_current": 1, "n_missing": 0}
        row = {**defaults, **values}
        self.insert("sources", source_id=f"s-{report_id}", path=f"{report_id}.txt", copy_kind=copy_kind)
        self.insert("reports", report_id=report_id, agency_id=agency_id, year=year, source_id=f"s-{report_id}", **row)
        shared = {"format": row["format"], "scope": row["scope"]}
        return {"report_id": report_id, "agency_id": agency_id, "year": year, "region_id": "440115", **shared}

    def requests(
        self, agency_id: str, year: int, applicant: str = "total", report: dict[str, Any] | None = None, **cells: Any
    ) -> dict[str, Any]:
        """Insert a row of `requests`, with its report where none is given; return the report's shared columns."""
        kept = {key: cells.pop(key) for key in ("format", "scope", "copy_kind") if key in cells}
        shared = report or self.report(agency_id, year, **kept)
        self.insert("requests", applicant=applicant, **shared, **cells)
        return shared

    def ask(self, query: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Run a canned query as Datasette does: a parameter that is not given is the empty string."""
        cursor = self._run(canned_queries()[query]["sql"], parameters)
        columns = [column for column, *_ in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor]

    def columns(self, sql: str) -> set[str]:
        """Return the names of the columns that a query shows."""
        return {column for column, *_ in self._run(sql, {}).description}

    def _run(self, sql: str, parameters: Mapping[str, Any]) -> sqlite3.Cursor:
        self.index()
        chinese_search.prepare_connection(self.connection)
        return self.connection.execute(sql, defaultdict(str, parameters))

    def index(self) -> None:
        """Make the search index of the rows that are in."""
        for table in INDEXED:
            self.connection.execute(f"drop table if exists {table}_fts")
        self.connection.commit()
        add_search(self.path)


def column(rows: Iterable[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


def small_tree(folder: Path) -> Path:
    """Return a small tree in a folder, with everything that the server looks for, and a secret beside it."""
    tree = folder / "dist"
    (tree / "data").mkdir(parents=True)
    small = SmallDatabase(tree / "data" / "gongkai.db")
    small.agency("440115", "广州市南沙区人民政府")
    report = small.requests("440115", 2020, requests_new=1777, granted=799)["report_id"]
    texts = ["主动公开、依申请公开", "行政复议"]
    for position, text in enumerate(texts, 1):
        small.insert("sections", report_id=report, position=position, role="overview", text=text)
    small.index()
    small.connection.close()
    write_datasette_files(tree / "data", load_schema())
    (tree / "index.html").write_text("<!doctype html><title>公开</title>", "utf-8")
    (tree / "404.html").write_text("<!doctype html><title>没有这一页</title>", "utf-8")
    (tree / "about").mkdir()
    (tree / "about" / "index.html").write_text("<!doctype html><title>关于</title>", "utf-8")
    (tree / "data" / "reports.csv").write_text("﻿报告,年\n一,2020\n", "utf-8")
    (tree / "about" / "index.md").write_text("# 关于\n", "utf-8")
    (tree.parent / "secret.txt").write_text("secret", "utf-8")
    (tree / "link.txt").symlink_to(tree.parent / "secret.txt")
    return tree
