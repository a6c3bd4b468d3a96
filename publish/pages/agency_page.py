"""The page of a reporting body: its documents over the years."""

from __future__ import annotations

from collections.abc import Sequence

from publish.pages.citation import body_citation
from publish.pages.data import Data, ReportRows, Row
from publish.pages.escape import Markdown, link
from publish.pages.grid import table
from publish.pages.heed import series_warnings
from publish.pages.lead import GROUP_TOTALS, absence, cells_of, lead_sentence, outcome_groups, sign
from publish.pages.links import relative
from publish.pages.listing import documents_table, succession_sentences
from publish.pages.numbers import number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.peers_pages import body_peers
from publish.pages.report_text import self_told
from publish.pages.request_page import request_link
from publish.pages.request_way import request_way
from publish.pages.series import series_charts
from publish.pages.structured import organization
from publish.pages.versions import version_lines
from publish.pages.words import Words

# The figures of the table of years.
_YEARLY = ("requests_new", "granted", "partially_granted", "denied_total", "outcomes_total", "requests_carried_out")


# The figures that the leading sentence may hold.
_IN_LEAD = ("requests_new", "requests_carried_in", "requests_carried_out", *GROUP_TOTALS, "granted", "partially_granted")


def agency_page(agency: Row, current: list[ReportRows], data: Data, chrome: Chrome) -> Page:
    """Return the page of a body. `current` are its current annual reports, latest first."""
    words = chrome.words
    path = f"agencies/{agency['agency_id']}/"
    region = data.regions[agency["region_id"]]
    documents = data.reports_by_agency.get(agency["agency_id"], ())
    lead, lead_en = lead_sentence(current[0], data, words) if current else _lead_without_report(documents, words)
    text = markdown(
        "agency.md",
        path,
        words,
        agency=agency,
        lead=lead,
        lead_is_broken=bool(current) and any("※" in sign(name, current[0], data) for name in _IN_LEAD),
        lead_en=lead_en,
        facts=_facts(agency, region, words, path),
        successions=succession_sentences({agency["agency_id"], agency["region_id"]}, data, words),
        documents=documents_table(documents, data, words, path, with_agency=False, with_source=True),
        versions=version_lines(current, data, words, path),
        way=request_way(current[0], data, words) if current else None,
        series=series_charts(current, data, words),
        heed=series_warnings([rows.report for rows in current], _YEARLY, data, words) if current else [],
        years=_years(current, data, words, path),
        gaps=[(year, request_link(agency, year, path, words)) for year in _gaps(documents, current)],
        request=request_link(agency, None, path, words),
        peers=body_peers(agency["agency_id"], current, data, words, path),
        neighbours=[row for row in data.agencies_by_region[agency["region_id"]] if row["agency_id"] != agency["agency_id"]],
        self_told=self_told(current, words, path),
        citation=body_citation(agency, chrome),
        has_figures=any(rows.figures for rows in current),
        repeats=chrome.repeats,
        wrong_page=Markdown(f"{relative('corrections/', path)}?page={path}#how"),
        rows_link=chrome.rows_link(path, f"reports?agency_id={agency['agency_id']}"),
    )
    return Page(
        path=path,
        title_zh=agency["name"],
        description=words.say("description.agency", agency=agency["name"]),
        markdown=text,
        kind="agency",
        crumbs=((words.say("nav.agencies"), "agencies/"), (agency["name"], None)),
        json_ld={"@context": "https://schema.org", **organization(agency, region)},
    )


def _lead_without_report(documents: Sequence[Row], words: Words) -> tuple[str, str]:
    """Return the sentence about a body of which we hold no report, only news of one or something else."""
    news = any(row["document_type"] == "news" for row in documents)
    key = "news.only" if news else "other_document.note" if documents else "missing.not_held"
    return words.say(key), words.say(key, "en")


def _gaps(documents: Sequence[Row], current: Sequence[ReportRows]) -> list[int]:
    """Return the years between those of which we hold something that lack an annual report, and those known from something else only."""
    years = {row["year"] for row in documents}
    held = {rows.report["year"] for rows in current}
    return [year for year in range(max(years), min(years) - 1, -1) if year not in held] if years else []


def _span(years: Sequence[int]) -> str:
    """Return years, the latest first, as a reader sees them: one, or the first and the last."""
    return f"{years[-1]}–{years[0]}" if len(years) > 1 else str(years[0])


def _facts(agency: Row, region: Row, words: Words, path: str) -> Markdown:
    body = [
        [words.both("fact.region"), link(region["full_name"], relative(f"regions/{region['region_id']}/", path))],
        *([[words.both("fact.name_en"), agency["name_en"]]] if agency["name_en"] else []),
        [words.both("column.type"), words.both(f"agency_type.{agency['agency_type']}")],
        [words.both("column.level"), words.both(f"level.{agency['level']}")],
        *([[words.both("fact.uscc"), agency["uscc"]]] if agency["uscc"] else []),
        *([[words.both("fact.valid_to"), agency["valid_to"]]] if agency["valid_to"] else []),
    ]
    return table([words.both("column.item"), words.both("column.detail")], body)


def _years(current: list[ReportRows], data: Data, words: Words, path: str) -> Markdown | None:
    if not current:
        return None
    head = [words.both("column.year"), words.both("column.scope"), *(words.both(f"key.{key}") for key in _YEARLY)]
    body, without = [], []
    for rows in current:
        groups = outcome_groups(rows, data)
        values = [groups[key] if key in groups else rows.value(key) for key in _YEARLY]
        signs = [sign(key, rows, data) for key in _YEARLY]
        # What the form of that year does not have is not missing.
        rests = [cells_of(key, rows, data) for key in _YEARLY]
        lacking = [words.zh(absence(cells)) if cells else "—" for cells in rests]
        cells = [
            f"{number(value)}\u00a0{mark}".rstrip() if value is not None else lack
            for value, mark, lack in zip(values, signs, lacking, strict=True)
        ]
        if set(cells) == {"—"}:
            without.append(rows.report["year"])
        else:
            body.append([link(rows.report["year"], relative(rows.path, path)), words.zh(f"scope.{rows.report['scope']}"), *cells])
    parts = [table(head, body, numeric_from=2)] if body else []
    if without:
        parts.append(words.both("agency.years_without", years=_span(without)))
    return Markdown("\n\n".join(parts))
