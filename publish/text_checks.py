"""Reports whose prose is almost that of another year or another body."""

from __future__ import annotations

import sqlite3

from publish.rules import Rule, words
from publish.similarity import Sketch, letters, most_alike, sketch

# A text's length and sketch, by report: they need no other report, so a batch of reports keeps them.
_TABLE = "text_sketches"
_SKETCHES = f"""
create table kept.{_TABLE} as
select r.report_id, text_length(group_concat(s.text, '')) as length, text_sketch(group_concat(s.text, '')) as sketch from reports r
join (select report_id, text from sections order by report_id, position) s using (report_id)
where r.document_type = 'annual_report' group by r.report_id order by r.report_id
"""
_ALL = f"select report_id, agency_id, year, length, sketch from temp.{_TABLE} join reports using (report_id) order by year, report_id"


def keep_sketches(connection: sqlite3.Connection) -> None:
    """Put the lengths and sketches of the texts of reports into the database `kept`."""
    connection.create_function("text_length", 1, lambda text: len(letters(text or "")), deterministic=True)
    connection.create_function("text_sketch", 1, lambda text: sketch(letters(text or "")).tobytes(), deterministic=True)
    connection.execute(_SKETCHES)


def file_sketches(connection: sqlite3.Connection) -> None:
    """Gather what the database `batch` keeps of texts, for `check_texts`."""
    connection.execute(f"create temp table if not exists {_TABLE} (report_id, length, sketch)")
    connection.execute(f"insert into temp.{_TABLE} select * from batch.{_TABLE}")


def check_texts(connection: sqlite3.Connection, rules: tuple[Rule, ...]) -> None:
    """Add the checks of similar texts to `checks` and `check_cells`."""
    for rule in rules:
        if rule.similar_text:
            _check(connection, rule, rule.similar_text["threshold"], int(rule.similar_text["at_least"]))


def _check(connection: sqlite3.Connection, rule: Rule, threshold: float, at_least: int) -> None:
    groups: dict[str, tuple[str, int]] = {}
    long: dict[str, Sketch] = {}
    for report_id, agency_id, year, length, kept in connection.execute(_ALL):
        groups[report_id] = (agency_id, year)
        if length >= at_least:
            long[report_id] = Sketch("I", kept)
    found = most_alike(long, groups)
    for report_id in sorted(groups):
        similarity, other = found.get(report_id, (0.0, None))
        value = round(similarity, 2) if report_id in long else None
        outcome = "not_assessable" if value is None else "fail" if value >= threshold else "pass"
        sentences = (None, None)
        if outcome == "not_assessable":
            sentences = tuple(words(f"not_assessable_text_{language}") for language in ("zh", "en"))
        difference = None if value is None else round(value - threshold, 2)
        connection.execute(
            "insert into checks values (?1, ?2, 'prose', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, fragment(?2, 'prose'), "
            "fingerprint(?1, ?2, 'prose', ?5, ?11))",
            (report_id, rule.rule, rule.subject_zh, rule.subject_en, value, threshold, difference, outcome, *sentences, other),
        )
        if outcome == "fail":
            cell = (report_id, rule.rule, "prose", 1, "left", other, None, None, None, 1, value)
            connection.execute("insert into check_cells values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", cell)
