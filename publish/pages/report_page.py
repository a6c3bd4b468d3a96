"""The page of one document: what a body said about one year, how sure we are of it, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from publish.pages.escape import Markdown, escape, quotation
from publish.pages.facts import source_facts
from publish.pages.grid import table
from publish.pages.lead import lead_sentence, outcome_groups
from publish.pages.components import fence
from publish.pages.numbers import SMALLEST_BASE_OF_A_SHARE, number, share
from publish.pages.page import Chrome, Page, markdown
from publish.pages.query import Data, ReportRows, Row
from publish.pages.statutory import broken_checks, statutory_blocks
from publish.pages.structured import report_json_ld
from publish.pages.words import Words, gloss

_KEY_FIGURES = ("requests_new", "granted", "partially_granted", "denied_total", "outcomes_total", "requests_carried_out")
_REMEDIES = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")


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
        scope_note=words.both("scope_note.all", scope=words.say(f"scope.{report['scope']}"), scope_en=words.say(f"scope.{report['scope']}", "en")),
        notes=_notes(rows, words),
        figures=_key_figures(rows, data, words) if is_report(report) else None,
        outcomes_chart=_outcomes_chart(rows, data, words),
        share_note=_share_note(rows, words),
        check_summary=_check_summary(rows, words),
        check_table=None,
        blocks=blocks,
        form=data.formats.get(report["format"]),
        has_source=readable,
        unplaced_checks=[item for item in broken_checks(rows) if item.sign not in placed],
        narrative=_narrative(rows, data, words),
        narrative_heading="report.narrative" if readable else "report.quoted",
        sections=_sections(rows, words) if readable else [],
        facts=source_facts(rows, data, words),
        copy_note=words.both(f"copy_kind_meaning.{rows.source['copy_kind']}"),
        noise=_noise(rows, data, words),
        problems=_problems(rows, words),
        downloads=_downloads(rows, chrome),
        other_documents=_other_documents(rows, data, words),
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
    )


def _kind_en(report: Row, words: Words) -> str:
    return words.say("page.document", "en", year=report["year"], kind=words.say(f"document_type.{report['document_type']}", "en"))


def _notes(rows: ReportRows, words: Words) -> list[tuple[str, Markdown]]:
    """Return what a reader must know before the figures, each with its kind of note."""
    if rows.report["document_type"] == "news":
        return [("NOTE", words.both("news.only")), ("NOTE", words.both("news.no_text"))]
    if not is_report(rows.report):
        return [("NOTE", words.both("other_document.note"))]
    broken = sum(check["severity"] == "hard" and check["outcome"] == "fail" for check in rows.checks)
    return [("WARNING", words.both("lead.broken", count=broken))] if broken else []


def _key_figures(rows: ReportRows, data: Data, words: Words) -> Markdown | None:
    groups = outcome_groups(rows, data)
    entries = []
    for name in _KEY_FIGURES:
        value = groups[name] if name in groups else rows.value(name)
        figure = rows.figures.get((name, "total"))
        target = f"source/index.html#L{figure['line']}" if figure and figure["line"] else "#requests"
        if value is not None:
            entries.append([words.say(f"key.{name}"), words.say(f"key.{name}", "en"), number(value), "件", target])
    for name in _REMEDIES:
        value = rows.value(name)
        if value is not None:
            entries.append([words.say(f"key.{name}"), words.say(f"key.{name}", "en"), number(value), "件", "#remedies"])
    return fence("figures", entries) if entries else None


def _outcomes_chart(rows: ReportRows, data: Data, words: Words) -> Markdown | None:
    groups = outcome_groups(rows, data)
    base = rows.value("outcomes_total")
    total_cell = rows.figures.get(("outcomes_total", "total"))
    sound = total_cell is not None and total_cell["check_status"] != "inconsistent"
    bars = [
        [words.say(f"key.{name}"), words.say(f"key.{name}", "en"), number(value), (sound and share(value, base)) or ""]
        for name, value in groups.items()
        if value is not None
    ]
    if not bars or not base or not is_report(rows.report):
        return None
    year = rows.report["year"]
    head = ["bars", words.say("report.outcomes_chart", year=year), words.say("report.outcomes_chart", "en", year=year), "件"]
    return fence("chart", [head, *bars])


def _share_note(rows: ReportRows, words: Words) -> Markdown | None:
    base = rows.value("outcomes_total")
    if base is None or base >= SMALLEST_BASE_OF_A_SHARE:
        return None
    return words.both("report.too_few", count=number(base))


def _check_summary(rows: ReportRows, words: Words) -> Markdown:
    hard = [check["outcome"] for check in rows.checks if check["severity"] == "hard"]
    if not hard:
        return words.both("check_summary.none")
    parts = {"passed": hard.count("pass"), "failed": hard.count("fail"), "unassessable": hard.count("not_assessable")}
    keys: list[tuple[str, dict[str, Any]]] = [("check_summary.counts", {"total": len(hard), **parts})]
    values = [figure["value"] for figure in rows.figures.values() if figure["indicator"].startswith("requests_new") or figure["indicator"] == "outcomes_total"]
    if values and not any(values):
        keys = [("check_summary.zero", {})]
    soft = sum(1 for check in rows.checks if check["severity"] == "soft" and check["outcome"] == "fail")
    if soft:
        keys.append(("check_summary.soft", {"count": soft}))
    chinese = "".join(words.zh(key, **values) for key, values in keys)
    return Markdown(f"{chinese} " + gloss(" ".join(words.say(key, "en", **values) for key, values in keys)))


def _narrative(rows: ReportRows, data: Data, words: Words) -> Markdown | None:
    if not rows.narrative:
        return None
    lines = has_source(rows.report)
    head = [words.both("column.sentence"), words.both("column.number"), *([words.both("column.line")] if lines else [])]
    body = []
    for (line, sentence), members in groupby(rows.narrative, key=lambda row: (row["line"], row["sentence"])):
        counted = "；".join(_counted(row, data, words) for row in members)
        body.append([sentence, counted, *([Markdown(f"[{line}](source/index.html#L{line})")] if lines else [])])
    return table(head, body)


def _counted(row: Row, data: Data, words: Words) -> str:
    """Return a counted figure with its unit and, where it is that of a form, its indicator."""
    about = words.say("figure.about") if row["approximate"] else ""
    indicator = data.indicators.get(row["indicator"] or "")
    meaning = f"（{indicator['label_zh']}）" if indicator else ""
    return f"{about}{number(row['value'])}{row['unit'] or ''}{meaning}"


def _sections(rows: ReportRows, words: Words) -> list[dict[str, Any]]:
    return [
        {
            "position": section["position"],
            "title": Markdown(f"{escape(section['heading'] or words.say('role.' + section['role']))} {words.en('role.' + section['role'])}"),
            "found_by": section["found_by"],
            "text": quotation(section["text"]) if section["text"] else words.both("report.no_text"),
        }
        for section in rows.sections
    ]


def _noise(rows: ReportRows, data: Data, words: Words) -> Markdown | None:
    counts: dict[str, int] = {}
    for row in rows.noise:
        counts[row["kind"]] = counts.get(row["kind"], 0) + row["count"]
    if not counts:
        return None
    kinds = [(data.noise_kinds[kind], count) for kind, count in counts.items()]
    body = [[Markdown(f"{escape(kind['title_zh'])} {gloss(kind['title_en'])}"), number(count)] for kind, count in kinds]
    return table([words.both("column.kind"), words.both("column.count")], body, numeric=[1])


def _problems(rows: ReportRows, words: Words) -> Markdown | None:
    if not rows.problems:
        return None
    lines = []
    for row in rows.problems:
        place = f"（[{words.zh('report.line')}{row['line']}](source/index.html#L{row['line']})）" if row["line"] and has_source(rows.report) else ""
        lines.append(f"- {escape(row['detail'])}{place} {gloss(row['detail_en'])}")
    return Markdown("\n".join(lines))


def _downloads(rows: ReportRows, chrome: Chrome) -> Sequence[tuple[str, str, Markdown]]:
    words = chrome.words
    files = [("index.md", "index.md", words.both("download.markdown"))]
    if rows.figures:
        files = [("figures.csv", "figures.csv", words.both("download.figures_csv")), ("figures.json", "figures.json", words.both("download.figures_json")), *files]
    if has_source(rows.report):
        files.append(("source.txt", "source.txt", words.both("download.source_txt")))
    for name in ("figures", "checks"):
        target = chrome.rows_link(rows.path, f"{name}?report_id={rows.report['report_id']}")
        if target and (rows.figures or name == "checks" and rows.checks):
            files.append((name, target, words.both(f"download.rows_{name}")))
    return files


def _other_documents(rows: ReportRows, data: Data, words: Words) -> list[tuple[str, str]]:
    own = rows.report
    return [
        (f"{words.say('document_type.' + other['document_type'])}：{other['title'] or other['report_id']}", data.paths[other["report_id"]])
        for other in data.reports_by_agency[own["agency_id"]]
        if other["year"] == own["year"] and other["report_id"] != own["report_id"]
    ]
