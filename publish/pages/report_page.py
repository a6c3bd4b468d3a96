"""The page of one document: what a body said about one year, how sure we are of it, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from publish.pages.citation import citations
from publish.pages.data import Data, ReportRows, Row
from publish.pages.escape import Markdown, escape, link
from publish.pages.facts import source_facts
from publish.pages.figure_card import figure_cards
from publish.pages.heed import report_warnings
from publish.pages.lead import lead_sentence
from publish.pages.page import Chrome, Page, markdown
from publish.pages.report_figures import check_summary, key_figures, outcomes_chart, rates_table, share_note
from publish.pages.report_text import narrative_table, noise_table, problems_list, sections_list
from publish.pages.request_page import draft
from publish.pages.request_way import request_way
from publish.pages.statutory import broken_checks, statutory_blocks
from publish.pages.structured import report_json_ld
from publish.pages.versions import statement_parts, version_note, version_parts
from publish.pages.words import Words


def is_report(report: Row) -> bool:
    """Tell whether a document is an annual report and not something about one."""
    return bool(report["document_type"] == "annual_report")


def has_source(report: Row) -> bool:
    """Tell whether we may publish the document's full text: that of a news article is not ours."""
    return bool(report["document_type"] != "news")


def title_of(rows: ReportRows, words: Words) -> str:
    """Return the page's title: body and year, whatever the copy printed above its text."""
    agency, report = rows.agency["name"], rows.report
    if is_report(report):
        return words.say("page.report", agency=agency, year=report["year"])
    return words.say("page.document", agency=agency, year=report["year"], kind=words.say(f"document_type.{report['document_type']}"))


def report_page(rows: ReportRows, data: Data, chrome: Chrome) -> Page:
    """Return the page of a document."""
    words = chrome.words
    report = rows.report
    readable = has_source(report)
    blocks = statutory_blocks(rows, data, words, has_source=readable) if is_report(report) else []
    placed = {item.sign for block in blocks if not block.lost for _, items in block.broken for item in items}
    title = title_of(rows, words)
    title_en = words.say("page.report", "en", year=report["year"]) if is_report(report) else _kind_en(report, words)
    lead, lead_en = lead_sentence(rows, data, words)
    text = markdown(
        "report.md",
        rows.path,
        words,
        title=title,
        title_en=title_en,
        lead=lead,
        lead_en=lead_en,
        scope_note=_scope_note(report, words),
        notes=_notes(rows, data, words),
        **(_figures(rows, data, words) if is_report(report) else {}),
        is_report=is_report(report),
        heed=report_warnings(report["report_id"], rows.figures, data, words),
        blocks=blocks,
        tables_held=any(not block.lost for block in blocks),
        form=data.formats.get(report["format"]),
        has_source=readable,
        unplaced_checks=[item for item in broken_checks(rows) if item.sign not in placed],
        narrative=narrative_table(rows, data, words, lines=readable),
        narrative_heading="report.narrative" if readable else "report.quoted",
        sections=sections_list(rows, words) if readable else [],
        facts=source_facts(rows, data, words),
        copy_note=words.both(f"copy_kind_meaning.{rows.source['copy_kind']}"),
        noise=noise_table(rows, data, words),
        problems=problems_list(rows, words, lines=readable),
        request_text=draft(words, rows.agency["name"], report["year"]) if _has_gap(report) else None,
        request_here=link(words.zh("request.link"), "#request") if _has_gap(report) else "",
        citations=citations(rows, chrome),
        cards=figure_cards(rows, data, chrome) if is_report(report) and chrome.repeats else None,
        downloads=_downloads(rows, chrome),
        other_documents=_other_documents(rows, data, words),
        statements=statement_parts(rows, data, words),
        versions=version_parts(rows, data, words),
        is_current=report["is_current"],
    )
    return Page(
        path=rows.path,
        title_zh=title,
        description=words.say("description.report", agency=rows.agency["name"], year=report["year"]),
        markdown=text,
        kind="report",
        crumbs=(
            (words.say("nav.agencies"), "agencies/"),
            (rows.agency["name"], f"agencies/{report['agency_id']}/"),
            (str(report["year"]), None),
        ),
        json_ld=report_json_ld(rows, chrome),
        scripts=("copy.js",),
    )


def _kind_en(report: Row, words: Words) -> str:
    return words.say("page.document", "en", year=report["year"], kind=words.say(f"document_type.{report['document_type']}", "en"))


def _scope_note(report: Row, words: Words) -> Markdown:
    scope, scope_en = (words.say(f"scope.{report['scope']}", language) for language in ("zh", "en"))
    return words.both("scope_note.all", scope=scope, scope_en=scope_en)


def _figures(rows: ReportRows, data: Data, words: Words) -> dict[str, Markdown | None]:
    return {
        "figures": key_figures(rows, data, words),
        "outcomes_chart": outcomes_chart(rows, data, words),
        "way": request_way(rows, data, words),
        "share_note": share_note(rows, words),
        "rates": rates_table(rows, data, words),
        "check_summary": check_summary(rows, data, words),
    }


def _has_gap(report: Row) -> bool:
    return not is_report(report) or report["completeness"] != "complete"


def _notes(rows: ReportRows, data: Data, words: Words) -> list[tuple[str, Markdown]]:
    """Return what a reader must know before the figures, each with its kind of note."""
    if rows.report["document_type"] == "news":
        return [("NOTE", words.both("news.only")), ("NOTE", words.both("news.no_text"))]
    if not is_report(rows.report):
        return [("NOTE", words.both("other_document.note"))]
    notes = []
    if version := version_note(rows, data, words):
        notes.append(("WARNING", version))
    if rows.value("requests_new") is None:
        notes.extend(("NOTE", _quoted(row, words)) for row in rows.narrative if row["indicator"] == "requests_new")
    broken = sum(check["severity"] == "hard" and check["outcome"] == "fail" for check in rows.checks)
    if broken:
        notes.append(("WARNING", words.both("lead.broken", count=broken)))
    return notes


def _quoted(figure: Row, words: Words) -> Markdown:
    """Return the sentence of the prose that tells what the lost table would."""
    line = link(words.zh("report.line", line=figure["line"]), f"source/index.html#L{figure['line']}")
    return Markdown(f"{words.zh('report.in_prose')}“{escape(figure['sentence'])}”（{line}） {words.en('report.in_prose')}")


def _downloads(rows: ReportRows, chrome: Chrome) -> Sequence[tuple[str, str, Markdown]]:
    words = chrome.words
    names = {"index.md": "download.markdown"}
    if rows.figures:
        names = {
            "figures.csv": "download.figures_csv",
            "figures.json": "download.figures_json",
            **({"figures.xlsx": "download.figures_xlsx"} if chrome.repeats else {}),
            **names,
        }
    if has_source(rows.report):
        names["source.txt"] = "download.source_txt"
    files = [(name, name, words.both(key)) for name, key in names.items()]
    for name in ("figures", "checks"):
        target = chrome.rows_link(rows.path, f"{name}?report_id={rows.report['report_id']}")
        if target and (rows.figures if name == "figures" else rows.checks):
            files.append((name, target, words.both(f"download.rows_{name}")))
    return files


def _other_documents(rows: ReportRows, data: Data, words: Words) -> list[tuple[str, str]]:
    own = rows.report
    return [
        (f"{words.say('document_type.' + other['document_type'])}：{other['title'] or other['report_id']}", data.paths[other["report_id"]])
        for other in data.reports_by_agency[own["agency_id"]]
        if other["year"] == own["year"] and other["report_id"] != own["report_id"] and other["report_id"] not in rows.versions
    ]
