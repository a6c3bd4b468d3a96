"""Rows of documents and bodies for the list pages. Order is by place and name, never by a figure."""

from __future__ import annotations

from collections.abc import Iterable

from publish.pages.data import Data, Row
from publish.pages.escape import Markdown, address, escape, link
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.request_page import request_link
from publish.pages.words import Words


def check_words(report_id: str, data: Data, words: Words) -> Markdown:
    """Return the hard checks of a report in words: how many add up, do not, cannot be checked."""
    outcomes = data.outcomes(report_id)
    if report_id in data.all_zero:
        return words.zh("outcome.all_zero")
    parts = [
        words.zh("outcome.counted", outcome=words.say(f"outcome.{outcome}"), n=outcomes[f"hard_{outcome}"])
        for outcome in ("pass", "fail", "not_assessable")
        if outcomes.get(f"hard_{outcome}")
    ]
    return Markdown(words.say("join.clause").join(parts) or "—")


def succession_sentences(bearers: set[str], data: Data, words: Words) -> list[Markdown]:
    """Say who followed these bodies or divisions, and whom they followed."""
    changes = [row for row in data.successions if bearers & {row["predecessor"], row["successor"]}]

    def name(key: str) -> Markdown:
        if key in data.agencies:
            return words.name(data.agencies[key])
        return words.name(data.regions[key], "full_name") if key in data.regions else escape(key)

    return [
        words.both(
            "agency.succession",
            predecessor=name(row["predecessor"]),
            successor=name(row["successor"]),
            detail=Markdown(words.say("join.clause").join(words.printed(part) for part in (row["date"], row["share_note"]) if part) or "—"),
        )
        for row in changes
    ]


def _document_words(row: Row, data: Data, words: Words, path: str) -> Markdown:
    """Say what a document is; a version of a report that does not stand leads to what differs in it."""
    kind = words.zh(f"document_type.{row['document_type']}")
    if row["document_type"] != "annual_report":
        return kind
    text = Markdown(f"{kind}{words.say('join.colon')}{words.zh('completeness.' + row['completeness'])}")
    if row["is_current"]:
        return text
    current = data.other_versions(row)[0]
    target = relative(f"{data.paths[current]}#version-{row['report_id']}", path)
    return Markdown(text + words.zh("join.aside", text=link(words.zh("version.earlier"), target)))


def _source_link(source: Row, words: Words) -> Markdown:
    """Return the link to the body's own page, else to that of the copy held; in words where neither is recorded."""
    for key, url in (("original", source["original_url"]), ("copy", source["url"])):
        if target := url and address(url):
            return Markdown(f"[{words.zh(f'agency.{key}')}](<{target}>)")
    return words.zh("agency.no_address")


def documents_table(
    reports: Iterable[Row], data: Data, words: Words, path: str, *, with_agency: bool, with_request: bool = False, with_source: bool = False
) -> Markdown:
    """Return a table of documents, each linked to its page and, `with_request`, to the draft of a request for the whole report.

    `with_source` tells when each was published and leads to where it stands.
    """
    head = [
        *([words.both("column.agency")] if with_agency else []),
        words.both("column.year"),
        words.both("column.document"),
        words.both("column.scope"),
        words.both("column.copy"),
        words.both("column.checks"),
        *([words.both("column.published"), words.both("column.original")] if with_source else []),
        *([words.both("column.request")] if with_request else []),
    ]
    body = []
    for row in reports:
        here = relative(data.paths[row["report_id"]], path)
        body.append(
            [
                *(
                    [link(words.name(data.agencies[row["agency_id"]]), relative(f"agencies/{row['agency_id']}/", path))]
                    if with_agency
                    else []
                ),
                link(row["year"], here),
                _document_words(row, data, words, path),
                words.zh(f"scope.{row['scope']}"),
                words.zh(f"copy_kind.{data.sources[row['source_id']]['copy_kind']}"),
                check_words(row["report_id"], data, words),
                *([row["published_on"] or "—", _source_link(data.sources[row["source_id"]], words)] if with_source else []),
                *([request_link(data.agencies[row["agency_id"]], row["year"], path, words)] if with_request else []),
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
                link(words.name(agency), relative(f"agencies/{agency['agency_id']}/", path)),
                link(words.name(region, "full_name"), relative(f"regions/{region['region_id']}/", path)),
                words.both(f"agency_type.{agency['agency_type']}"),
                Markdown(words.say("join.list").join(dict.fromkeys(years)) or escape("—")),
            ]
        )
    return table(head, body)
