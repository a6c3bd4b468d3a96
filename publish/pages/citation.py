"""How to cite a document: GB/T 7714, APA and BibTeX; and the data on a body. The day of reading is the reader's to add."""

from __future__ import annotations

from publish.pages.data import ReportRows, Row
from publish.pages.page import Chrome


def citations(rows: ReportRows, chrome: Chrome) -> list[tuple[str, str]]:
    """Return (name of the style, citation)."""
    report, agency = rows.report, rows.agency["name"]
    title = report["title"] or f"{agency}{report['year']}年政府信息公开工作年度报告"
    published = report["published_on"]
    address = f"{chrome.site_url}{rows.path}" if chrome.site_url else rows.path
    site, site_en = chrome.words.say("site.name"), chrome.words.say("site.name", "en")
    dated = f" ({published})." if published else ""
    year = (published or "")[:4] or "n.d."
    return [
        (
            "GB/T 7714",
            f"{agency}. {title}[R/OL].{dated} {site}（{site_en}）, {report['report_id']}. {address}",
        ),
        ("APA", f"{agency}. ({year}). {title}. {site_en}, {report['report_id']}. {address}"),
        (
            "BibTeX",
            "\n".join(
                [
                    f"@techreport{{gongkai-{report['report_id']},",
                    f"  author = {{{{{agency}}}}},",
                    f"  title = {{{{{title}}}}},",
                    *([f"  year = {{{year}}},"] if published else []),
                    f"  note = {{{site_en}, {report['report_id']}}},",
                    f"  url = {{{address}}}",
                    "}",
                ]
            ),
        ),
    ]


def body_citation(agency: Row, chrome: Chrome) -> str:
    """Return how to cite, after GB/T 7714, all that is held of a body."""
    words, path = chrome.words, f"agencies/{agency['agency_id']}/"
    title = words.say("citation.body", agency=agency["name"])
    site, site_en = words.say("site.name"), words.say("site.name", "en")
    return f"{site}（{site_en}）. {title}[DB/OL]. {agency['agency_id']}. {chrome.site_url or ''}{path}"
