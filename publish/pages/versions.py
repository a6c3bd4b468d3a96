"""What stands beside a report: its other versions with what differs, and what the body itself says of its figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from publish.pages.data import Data, ReportRows, Row
from publish.pages.escape import Markdown, escape, link, quotation
from publish.pages.facts import web_address
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.numbers import number
from publish.pages.values import cell_words, value_words
from publish.pages.words import Words

Cell = tuple[str, str]


def differing_cells(figures: Mapping[Cell, Row], others: Mapping[Cell, Row], data: Data) -> list[Cell]:
    """Return the cells whose values differ, one that only one side has a value for included, in the order of the forms."""

    def value(rows: Mapping[Cell, Row], cell: Cell) -> Any:
        return rows[cell]["value"] if cell in rows else None

    rows, columns = list(data.indicators), list(data.measures)
    differing = [cell for cell in {**figures, **others} if value(figures, cell) != value(others, cell)]
    return sorted(differing, key=lambda cell: (rows.index(cell[0]), columns.index(cell[1])))


def _has_values(figures: Mapping[Cell, Row]) -> bool:
    return any(figure["value"] is not None for figure in figures.values())


def _difference(rows: ReportRows, others: Mapping[Cell, Row], data: Data, words: Words) -> Markdown:
    if not (_has_values(rows.figures) and _has_values(others)):
        return words.both("version.no_figures")
    cells = differing_cells(rows.figures, others, data)
    if not cells:
        return words.both("version.same")

    def told(figures: Mapping[Cell, Row], cell: Cell) -> Markdown:
        figure = figures.get(cell)
        return value_words(figure["value"], figure["state"], words) if figure else value_words(None, None, words)

    head = [words.both("changes.figure"), words.both("version.here"), words.both("version.there")]
    body = [[cell_words(*cell, data, words), told(rows.figures, cell), told(others, cell)] for cell in cells]
    return Markdown(f"{words.both('version.differing', n=number(len(cells)))}\n\n{table(head, body, numeric_from=1)}")


def version_parts(rows: ReportRows, data: Data, words: Words) -> list[dict[str, Any]]:
    """Return the other versions of an annual report, the one that stands first: a linked heading and what differs."""
    parts = []
    for report_id, figures in rows.versions.items():
        report = data.reports_by_id[report_id]
        source = data.sources[report["source_id"]]
        told = [
            words.zh("version.current" if report["is_current"] else "version.earlier"),
            words.zh(f"copy_kind.{source['copy_kind']}"),
            words.zh(f"completeness.{report['completeness']}"),
            *([Markdown(f"{words.zh('fact.published_on')}{escape(report['published_on'])}")] if report["published_on"] else []),
            *([Markdown(f"{words.zh('fact.retrieved_on')}{escape(source['retrieved_on'])}")] if source["retrieved_on"] else []),
        ]
        heading = Markdown(f"{link(report_id, relative(data.paths[report_id], rows.path))}（{'，'.join(told)}）")
        parts.append({"id": report_id, "heading": heading, "difference": _difference(rows, figures, data, words)})
    return parts


def version_lines(current: Iterable[ReportRows], data: Data, words: Words, path: str) -> list[Markdown]:
    """Return a line for each version that does not stand of the given reports: what it is and how many figures differ."""
    lines = []
    for rows in current:
        for report_id, figures in rows.versions.items():
            target = relative(f"{rows.path}#version-{report_id}", path)
            year = rows.report["year"]
            told = words.both("version.line_without_figures", year=year)
            if _has_values(rows.figures) and _has_values(figures):
                told = words.both("version.line", year=year, n=number(len(differing_cells(rows.figures, figures, data))))
            lines.append(
                Markdown(f"{link(report_id, relative(data.paths[report_id], path))} {told} [{words.zh('version.differences')}]({target})")
            )
    return lines


def version_note(rows: ReportRows, data: Data, words: Words) -> Markdown | None:
    """Return what the reader of a version that does not stand must know first, with a link to the one that does."""
    if not rows.versions or rows.report["is_current"]:
        return None
    target = relative(data.paths[next(iter(rows.versions))], rows.path)
    return Markdown(f"{words.zh('version.is_earlier')}[{words.zh('version.current')}]({target}) {words.en('version.is_earlier')}")


def statement_parts(rows: ReportRows, data: Data, words: Words) -> list[dict[str, Any]]:
    """Return the body's statements about this report: what each is about, its words, where and when it was made."""
    parts = []
    for row in rows.statements:
        about = cell_words(row["indicator"], row["measure"], data, words) if row["indicator"] else words.both("statement.whole")
        figure = rows.figures.get((row["indicator"], row["measure"]))
        printed = value_words(figure["value"], figure["state"], words) if figure else None
        source = Markdown(f"{words.zh('statement.source')}：{web_address(row['source_url'], words)}，{escape(row['date'])}")
        parts.append(
            {"id": statement_anchor(row), "about": about, "printed": printed, "text": quotation(row["statement"]), "source": source}
        )
    return parts


def statement_anchor(statement: Row) -> str:
    """Return the anchor of a statement on its report's page."""
    return f"statement-{statement['position']}"


def statement_signs(indicator: str, measure: str, rows: ReportRows, words: Words) -> Markdown:
    """Return the links that a cell carries to the statements about it; nothing for most cells."""
    own = [row for row in rows.statements if (row["indicator"], row["measure"]) == (indicator, measure)]
    return Markdown("".join(f"\u00a0[{words.zh('statement.sign')}{row['position']}](#{statement_anchor(row)})" for row in own))
