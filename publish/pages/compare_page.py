"""The page that lays comparable bodies side by side: of one level, scope and form, chosen by the reader, never ranked.

The choice is made by site/assets/compare.js, which reads `compare/<year>.json` (written here) and the published
`figures.json` of each report. Without script the page says what may be compared and links to the figures.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from publish.pages.components import fence
from publish.pages.data import Data, Row
from publish.pages.escape import Markdown, link
from publish.pages.figure_card import NO_OUTCOMES
from publish.pages.heed import codes_of_report
from publish.pages.links import relative
from publish.pages.numbers import SMALLEST_BASE_OF_A_SHARE
from publish.pages.page import Chrome, Page, markdown
from publish.pages.words import Words

PATH = "compare/"
MOST_BODIES = 6
_NAMED = 6
# Groups that the page lists for those without a script, the newest first.
_MOST_GROUPS = 8
_LABELS = ("level", "scope", "copy_kind")
_WORDS = (
    *(
        "choose_year",
        "choose_body",
        "add",
        "remove",
        "remove_short",
        "choose",
        "most",
        "unknown_body",
        "scope_unknown",
        "no_tables",
        "mixed",
    ),
    *("loading", "failed", "caption", "column_indicator", "scope_line", "copy_line", "few", "inconsistent", "broken", "inferred"),
    *("missing", "blank", "legend", "copy", "copied", "heed_line", "rests"),
)

Group = tuple[int, str, str, str]


def _reports(data: Data) -> list[Row]:
    return [row for row in data.reports if row["document_type"] == "annual_report" and row["is_current"]]


def why_not(report: Row) -> str | None:
    """Return why a report may not stand beside another: its tables are lost, or nobody knows what it counts."""
    if report["completeness"] == "narrative_only" or report["format"] == "narrative":
        return "no_tables"
    return "scope_unknown" if report["scope"] == "unknown" else None


def groups(data: Data) -> dict[Group, list[Row]]:
    """Return the reports that may stand side by side, by year, level, scope and form; a group has two or more."""
    found: defaultdict[Group, list[Row]] = defaultdict(list)
    for report in _reports(data):
        if why_not(report) is None:
            found[report["year"], data.agencies[report["agency_id"]]["level"], report["scope"], report["format"]].append(report)
    return {group: found[group] for group in sorted(found, key=lambda group: (-group[0], group[1:])) if len(found[group]) > 1}


def compare_files(data: Data) -> Iterator[tuple[str, bytes]]:
    """Yield, for each year, the file of its reports: what the script needs to tell what may be compared."""
    by_year: defaultdict[int, list[Row]] = defaultdict(list)
    for report in _reports(data):
        by_year[report["year"]].append(report)
    for year, reports in sorted(by_year.items()):
        entries = []
        for report in reports:
            agency = data.agencies[report["agency_id"]]
            entries.append(
                {
                    "body": report["agency_id"],
                    "name": agency["name"],
                    "name_en": agency["name_en"],
                    "path": data.paths[report["report_id"]],
                    "why_not": why_not(report),
                    "level": f"level.{agency['level']}",
                    "scope": f"scope.{report['scope']}",
                    "form": f"form.{report['format']}",
                    "copy": f"copy_kind.{data.sources[report['source_id']]['copy_kind']}",
                    "warnings": [f"warning.{code}" for code in codes_of_report(report["report_id"], data)],
                }
            )
        lines = ",\n".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) for entry in entries)
        yield f"{PATH}{year}.json", f"[\n{lines}\n]\n".encode()


def compare_page(data: Data, chrome: Chrome) -> Page:
    """Return the page of comparisons."""
    words = chrome.words
    years = sorted({report["year"] for report in _reports(data)}, reverse=True)
    outcomes = [key for key, row in data.indicators.items() if row["block"] == "requests" and key not in NO_OUTCOMES]
    settings = [
        ["years", " ".join(map(str, years)), ""],
        ["outcomes", " ".join(outcomes), ""],
        ["bodies", MOST_BODIES, ""],
        ["base", SMALLEST_BASE_OF_A_SHARE, ""],
    ]
    # What a button is called aloud has one language.
    texts = [[name, words.say(f"compare.{name}"), "" if name == "remove" else words.second(f"compare.{name}")] for name in _WORDS]
    texts += [[key, words.say(key), words.second(key)] for key in words.entries if key.partition(".")[0] in _LABELS]
    texts += [
        [f"form.{key}", words.choose(form["title_zh"], form["title_en"]), form["title_en"] if words.language == "zh" else ""]
        for key, form in data.formats.items()
    ]
    texts += [
        [f"warning.{code}", words.choose(row["title_zh"], row["title_en"]), row["title_en"] if words.language == "zh" else ""]
        for code, row in data.usage_warnings.items()
    ]
    listed = _group_list(data, words)
    text = markdown(
        "compare.md",
        PATH,
        words,
        chooser=fence("compare", [*settings, *texts]) if years else None,
        groups=listed[:_MOST_GROUPS],
        unlisted=max(0, len(listed) - _MOST_GROUPS),
    )
    title = words.say("page.compare")
    page = Page(PATH, title, words.say("description.compare"), text, kind="compare", crumbs=((title, None),))
    return replace(page, scripts=("compare.js",)) if years else page


def _group_list(data: Data, words: Words) -> Sequence[tuple[Markdown, Markdown, int]]:
    """Return each group: what its reports share, links to the first of them, and how many more there are."""
    listed = []
    for (year, level, scope, form), reports in groups(data).items():
        heading = words.both(
            "compare.group",
            year=year,
            level=words.say(f"level.{level}"),
            level_en=words.say(f"level.{level}", "en"),
            scope=words.say(f"scope.{scope}"),
            scope_en=words.say(f"scope.{scope}", "en"),
            form=words.choose(data.formats[form]["title_zh"], data.formats[form]["title_en"]),
            form_en=data.formats[form]["title_en"],
        )
        links = [
            link(words.name(data.agencies[report["agency_id"]]), relative(data.paths[report["report_id"]], PATH))
            + words.zh("join.aside", text=link("CSV", relative(data.paths[report["report_id"]] + "figures.csv", PATH)))
            for report in reports[:_NAMED]
        ]
        listed.append((heading, Markdown(words.say("join.list").join(links)), max(0, len(reports) - _NAMED)))
    return listed
