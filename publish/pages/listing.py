"""Rows of documents and bodies for the list pages. Order is by place and name, never by a figure."""

from __future__ import annotations

from collections.abc import Iterable

from publish.pages.escape import Markdown, escape, link
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.query import Data, Row
from publish.pages.words import Words


def check_words(report_id: str, data: Data, words: Words) -> Markdown:
    """Return the hard checks of a report in words: how many add up, do not, cannot be checked."""
    outcomes = data.outcomes(report_id)
    parts = [
        f"{words.zh(f'outcome.{outcome}')}{outcomes[f'hard_{outcome}']}"
        for outcome in ("pass", "fail", "not_assessable")
        if outcomes.get(f"hard_{outcome}")
    ]
    return Markdown("，".join(parts) or "—")


def documents_table(reports: Iterable[Row], data: Data, words: Words, path: str, *, with_agency: bool) -> Markdown:
    """Return a table of documents, each linked to its page."""
    head = [
        *([words.both("column.agency")] if with_agency else []),
        words.both("column.year"),
        words.both("column.document"),
        words.both("column.scope"),
        words.both("column.copy"),
        words.both("column.checks"),
    ]
    body = []
    for row in reports:
        here = relative(data.paths[row["report_id"]], path)
        body.append(
            [
                *([link(data.agencies[row["agency_id"]]["name"], relative(f"agencies/{row['agency_id']}/", path))] if with_agency else []),
                link(row["year"], here),
                Markdown(f"{words.zh('document_type.' + row['document_type'])}：{words.zh('completeness.' + row['completeness'])}")
                if row["document_type"] == "annual_report"
                else words.zh("document_type." + row["document_type"]),
                words.zh(f"scope.{row['scope']}"),
                words.zh(f"copy_kind.{data.sources[row['source_id']]['copy_kind']}"),
                check_words(row["report_id"], data, words),
            ]
        )
    return table(head, body)


def agencies_table(agencies: Iterable[Row], data: Data, words: Words, path: str) -> Markdown:
    """Return a table of bodies with the years we hold of each."""
    head = [words.both("column.agency"), words.both("column.region"), words.both("column.type"), words.both("column.year")]
    body = []
    for agency in agencies:
        region = data.regions[agency["region_id"]]
        years = [
            link(row["year"], relative(data.paths[row["report_id"]], path)) for row in data.reports_by_agency.get(agency["agency_id"], ())
        ]
        body.append(
            [
                link(agency["name"], relative(f"agencies/{agency['agency_id']}/", path)),
                link(region["full_name"], relative(f"regions/{region['region_id']}/", path)),
                words.both(f"agency_type.{agency['agency_type']}"),
                Markdown("、".join(dict.fromkeys(years)) or escape("—")),
            ]
        )
    return table(head, body)
