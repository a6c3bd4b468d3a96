"""Descriptions of pages for machines, in the vocabulary of schema.org."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from publish.pages.data import ReportRows, Row
from publish.pages.page import Chrome
from publish.site_zip import NAME as SITE_ZIP

_CONTEXT = "https://schema.org"
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def dataset(chrome: Chrome, *, zipped: bool = False) -> dict[str, Any]:
    """Describe the whole of the data. Addresses are from the site's root where its public address is not known."""
    words, root = chrome.words, chrome.site_url or ""
    files = [("application/vnd.sqlite3", "data/gongkai.db"), ("application/json", "data/datapackage.json")]
    if zipped:
        files.append(("application/zip", SITE_ZIP))
    return {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": words.say("page.home", "zh"),
        "alternateName": words.say("page.home", "en"),
        "description": words.say("home.sentence", "zh"),
        "inLanguage": ["zh-Hans", "en"],
        "isAccessibleForFree": True,
        "license": _LICENCE,
        "spatialCoverage": {"@type": "Country", "name": "中国", "sameAs": "https://www.wikidata.org/entity/Q148"},
        "distribution": [{"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{root}{path}"} for kind, path in files],
        **({"url": root} if root else {}),
    }


def organization(agency: Row, region: Row) -> dict[str, Any]:
    """Describe a reporting body."""
    described: dict[str, Any] = {
        "@type": "GovernmentOrganization",
        "name": agency["name"],
        "identifier": agency["agency_id"],
        "areaServed": {"@type": "AdministrativeArea", "name": region["full_name"]},
    }
    if agency["name_en"]:
        described["alternateName"] = agency["name_en"]
    if agency["uscc"]:
        described["taxID"] = agency["uscc"]
    if region["wikidata"] and agency["agency_type"] == "government":
        described["areaServed"]["sameAs"] = f"https://www.wikidata.org/entity/{region['wikidata']}"
    return described


def report_json_ld(rows: ReportRows, chrome: Chrome) -> Mapping[str, Any]:
    """Describe a document: a Report, or an Article for what is about a report."""
    report = rows.report
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "Report" if report["document_type"] == "annual_report" else "Article",
        "name": report["title"] or f"{rows.agency['name']}{report['year']}年政府信息公开工作年度报告",
        "identifier": report["report_id"],
        "inLanguage": "zh-Hans",
        "temporalCoverage": f"{report['year']}-01-01/{report['year']}-12-31",
        "about": organization(rows.agency, rows.region),
        "isPartOf": {"@type": "Dataset", "name": chrome.words.say("page.home"), "license": _LICENCE},
    }
    if report["document_type"] == "annual_report":
        described["author"] = described.pop("about")
    if report["published_on"]:
        described["datePublished"] = report["published_on"]
    if rows.source["original_url"]:
        described["url"] = rows.source["original_url"]
    return described
