"""Findings on the home page, and a page for each that lists the reports it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from publish.findings import Finding, Standing, counting_query, load_findings, newest, rows_query, standing_queries
from publish.pages.data import Data
from publish.pages.escape import Markdown, link
from publish.pages.facts import web_address
from publish.pages.grid import table
from publish.pages.heed import counted_warnings
from publish.pages.links import relative
from publish.pages.numbers import number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.parts import MOST_ROWS
from publish.pages.query import Database
from publish.pages.words import Words

PATH = "findings/"


def read_findings(source: Database) -> Sequence[Finding]:
    """Read the findings that can be told, the newest year first, then in the order of their definitions."""
    found = []
    for definition in load_findings()["findings"]:
        group = newest(source.tuples(counting_query(definition)))
        if group is not None:
            rows = [tuple(row) for row in source.tuples(rows_query(definition), *group[:4])]
            found.append(Finding(definition, *group, rows, _standing(definition, group, source)))
    return sorted(found, key=lambda each: -each.year)


def _standing(definition: Mapping[str, Any], group: Sequence[Any], source: Database) -> Standing:
    alike, queries = standing_queries(definition)
    ((held,),) = source.tuples(alike, *group[:4])
    counted = [next(iter(source.tuples(query, *group[:4]))) for query in queries]
    return Standing(*(int(sum(row[place] for row in counted)) for place in range(3)), held - group[5])


def _rests(found: Finding, words: Words) -> Markdown:
    """Return what a finding rests on; of one that counts no figures of tables, only which reports it leaves out."""
    key = "findings.rests" if found.standing.figures else "findings.rests_on_no_figure"
    return words.both(key, **{name: number(value) for name, value in asdict(found.standing).items()})


def _sentence(found: Finding, words: Words, language: str) -> str:
    named = "en" if language == "en" else None
    values = {
        "year": found.year,
        "level": words.say(f"level.{found.level}", named),
        "scope": words.say(f"scope.{found.scope}", named),
        "n": number(found.n),
        "total": number(found.total),
    }
    text = found.definition[f"sentence_{language}"]
    return (text if language == "en" else words.choose(text, text)).format(**values)


def sentence(found: Finding, words: Words) -> Markdown:
    """Return what a finding says, in the languages of the page."""
    english = _sentence(found, words, "en")
    return words.pair(english if words.language == "en" else _sentence(found, words, "zh"), english)


def _address(found: Finding) -> str:
    return f"{PATH}{found.definition['finding']}/"


def home_findings(findings: Sequence[Finding], words: Words) -> Sequence[tuple[Markdown, str, Markdown]]:
    """Return the findings of the home page: sentence, address of the page that lists its reports, and what it rests on."""
    told = findings[: load_findings()["most_on_home"]]
    return [(sentence(found, words), Markdown(_address(found)), _rests(found, words)) for found in told]


def findings_page(findings: Sequence[Finding], chrome: Chrome) -> Page:
    """Return the list of findings."""
    words = chrome.words
    title = words.say("page.findings")
    told = [(sentence(found, words), Markdown(f"{found.definition['finding']}/"), _rests(found, words)) for found in findings]
    least = load_findings()["least"]
    text = markdown("findings.md", PATH, words, findings=told, least=least)
    return Page(PATH, title, words.say("description.findings"), text, kind="listing", crumbs=((title, None),))


def finding_page(found: Finding, data: Data, chrome: Chrome) -> Page:
    """Return the page of a finding, which lists the reports that it counts."""
    words, path, definition = chrome.words, _address(found), found.definition
    head = [
        words.both("column.agency"),
        *(words.pair(each["label_zh"], each["label_en"]) for each in definition["shown"]),
        words.both("column.copy"),
        words.both("fact.original_url"),
    ]
    body = []
    for agency_id, report_id, *values in found.rows[:MOST_ROWS]:
        source = data.sources[data.reports_by_id[report_id]["source_id"]]
        shown = [value if isinstance(value, str) else number(value) for value in values]
        body.append(
            [
                link(words.name(data.agencies[agency_id]), relative(data.paths[report_id], path)),
                *shown,
                words.zh(f"copy_kind.{source['copy_kind']}"),
                web_address(source["original_url"] or source["url"], words),
            ]
        )
    group = urlencode({"year": found.year, "level": found.level, "format": found.format, "scope": found.scope})
    form = data.formats[found.format]
    text = markdown(
        "finding.md",
        path,
        words,
        definition=definition,
        sentence=sentence(found, words),
        rests=_rests(found, words),
        heed=counted_warnings((report_id for _, report_id, *_ in found.rows), data, words),
        form=words.choose(form["title_zh"], form["title_en"]),
        form_en=form["title_en"],
        rows=table(head, body, numeric=range(1, 1 + len(definition["shown"]))),
        more=len(found.rows) - MOST_ROWS,
        rows_link=chrome.rows_link(path, f"finding_{definition['finding']}?{group}"),
    )
    title = words.choose(definition["title_zh"], definition["title_en"])
    return Page(
        path,
        title,
        _sentence(found, words, "en" if words.language == "en" else "zh"),
        text,
        kind="listing",
        crumbs=((words.say("page.findings"), PATH), (title, None)),
    )
