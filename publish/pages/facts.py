"""What is known of a document and of the copy we hold, as a table of facts."""

from __future__ import annotations

from publish.pages.data import Data, ReportRows
from publish.pages.escape import Markdown, address, escape, link
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.words import Words, gloss


def source_facts(rows: ReportRows, data: Data, words: Words) -> Markdown:
    """Return the table of facts on a report page."""
    report, source, region = rows.report, rows.source, rows.region
    form = data.formats.get(report["format"])

    def to(text: object, target: str) -> Markdown:
        return link(text, relative(target, rows.path))

    body = [
        [words.both("fact.agency"), to(rows.agency["name"], f"agencies/{report['agency_id']}/")],
        [words.both("fact.region"), to(region["full_name"], f"regions/{region['region_id']}/")],
        [words.both("fact.year"), to(report["year"], f"years/{report['year']}/")],
        [words.both("fact.title"), report["title"] or words.both("fact.not_printed")],
        [words.both("fact.document_type"), words.both(f"document_type.{report['document_type']}")],
        [words.both("fact.scope"), _scope(rows, words)],
        [words.both("fact.form"), Markdown(f"{escape(form['title_zh'])} {gloss(form['title_en'])}") if form else report["format"]],
        [words.both("fact.completeness"), words.both(f"completeness.{report['completeness']}")],
        [words.both("fact.published_on"), report["published_on"] or words.both("fact.not_printed")],
        [words.both("fact.copy_kind"), words.both(f"copy_kind.{source['copy_kind']}")],
        [words.both("fact.original_url"), web_address(source["original_url"], words)],
        [words.both("fact.url"), web_address(source["url"], words)],
        [words.both("fact.retrieved_on"), source["retrieved_on"] or words.both("fact.not_recorded")],
        *([[words.both("fact.note"), source["note"]]] if source["note"] else []),
        *([[words.both("fact.script"), words.both(f"script.{source['script']}")]] if source["script"] else []),
        [words.both("fact.file"), source["path"]],
        [words.both("fact.sha256"), Markdown(f"`{source['sha256']}`")],
    ]
    return table([words.both("column.item"), words.both("column.detail")], body)


def _scope(rows: ReportRows, words: Words) -> Markdown:
    scope = words.both(f"scope.{rows.report['scope']}")
    line = rows.report["scope_line"]
    if not line or rows.report["document_type"] == "news":
        return scope
    return Markdown(f"[{words.zh('report.line', line=line)}](source/index.html#L{line}) {scope}")


def web_address(url: str | None, words: Words) -> Markdown:
    """Return a recorded web address as a link; one that is no plain web address stays text."""
    if not url:
        return words.both("fact.not_recorded")
    target = address(url)
    return Markdown(f"[{escape(url)}](<{target}>)") if target else escape(url)
