"""The list pages: home, bodies, regions, years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from publish.pages.escape import Markdown, link
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.listing import agencies_table, documents_table, succession_sentences
from publish.pages.numbers import number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.query import Data, Row
from publish.pages.search_form import search_form
from publish.pages.words import Words

# The home page lists the documents themselves while they are few; later it counts them.
_FEW = 30


def annual(reports: Sequence[Row]) -> list[Row]:
    """Return the current annual reports among documents."""
    return [row for row in reports if row["document_type"] == "annual_report" and row["is_current"]]


def home_page(data: Data, chrome: Chrome) -> Page:
    """Return the home page."""
    words = chrome.words
    reports = annual(data.reports)
    text = markdown(
        "home.md",
        "",
        words,
        search=search_form("", chrome),
        by_year=_by_year(data, words),
        n_reports=len(reports),
        n_agencies=len({row["agency_id"] for row in reports}),
        documents=documents_table(data.reports, data, words, "", with_agency=True) if len(data.reports) <= _FEW else None,
    )
    return Page(
        path="",
        title_zh=words.say("page.home"),
        description=words.say("site.tagline"),
        markdown=text,
        kind="home",
        json_ld={
            "@context": "https://schema.org",
            "@type": "Dataset",
            "name": words.say("page.home"),
            "alternateName": words.say("page.home", "en"),
            "description": words.say("home.sentence"),
            "inLanguage": ["zh-Hans", "en"],
            "isAccessibleForFree": True,
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{chrome.site_url or ''}{path}"}
                for kind, path in (("application/vnd.sqlite3", "data/gongkai.db"), ("application/json", "data/datapackage.json"))
            ],
        },
    )


def _by_year(data: Data, words: Words) -> Markdown:
    held = Counter(row["year"] for row in annual(data.reports))
    others = Counter(row["year"] for row in data.reports if row not in annual(data.reports))
    due = Counter(row["year"] for row in data.coverage if row["status"] != "not_required")
    head = [words.both("column.year"), words.both("home.reports"), words.both("home.others"), words.both("home.due")]
    body = [
        [link(year, f"years/{year}/"), number(held[year]), number(others[year]), number(due[year]) if due[year] else "—"]
        for year in sorted(set(held) | set(others), reverse=True)
    ]
    return table(head, body, numeric=[1, 2, 3])


def agencies_page(data: Data, chrome: Chrome) -> Page:
    """Return the index of reporting bodies."""
    path = "agencies/"
    words = chrome.words
    text = markdown("agencies.md", path, words, agencies=agencies_table(data.agencies.values(), data, words, path), n=len(data.agencies))
    return _listing(path, "agencies", text, words)


def regions_page(data: Data, chrome: Chrome) -> Page:
    """Return the index of regions: those with a body of ours and the ones above them."""
    path = "regions/"
    words = chrome.words
    lines = []
    for region in data.listed_regions:
        depth = len(_ancestors(region, data))
        n = len(data.agencies_by_region.get(region["region_id"], ()))
        note = f"（{words.zh('region.n_agencies', n=n)}）" if n else ""
        lines.append("  " * depth + f"- {link(region['name'], relative('regions/' + region['region_id'] + '/', path))}{note}")
    return _listing(path, "regions", markdown("regions.md", path, words, tree=Markdown("\n".join(lines))), words)


def _ancestors(region: Row, data: Data) -> list[Row]:
    above: list[Row] = []
    parent = region["parent_id"]
    while parent:
        above.insert(0, data.regions[parent])
        parent = data.regions[parent]["parent_id"]
    return above


def region_page(region: Row, data: Data, chrome: Chrome) -> Page:
    """Return the page of a region: its bodies, the regions below it, what it was and became."""
    words = chrome.words
    path = f"regions/{region['region_id']}/"
    agencies = data.agencies_by_region.get(region["region_id"], ())
    ancestors = _ancestors(region, data)
    text = markdown(
        "region.md",
        path,
        words,
        region=region,
        agencies=agencies_table(agencies, data, words, path) if agencies else None,
        below=[row for row in data.listed_regions if row["parent_id"] == region["region_id"]],
        successions=succession_sentences({region["region_id"]}, data, words),
    )
    return Page(
        path=path,
        title_zh=region["full_name"],
        description=words.say("region.description", name=region["full_name"]),
        markdown=text,
        kind="region",
        crumbs=(
            (words.say("nav.regions"), "regions/"),
            *((row["name"], f"regions/{row['region_id']}/") for row in ancestors),
            (region["name"], None),
        ),
    )


def years_page(data: Data, chrome: Chrome) -> Page:
    """Return the index of report years."""
    path = "years/"
    words = chrome.words
    years = list(reversed(data.years))
    lines = [
        f"- {link(year, f'{year}/')} {words.both('year.n_documents', n=sum(row['year'] == year for row in data.reports))}" for year in years
    ]
    return _listing(path, "years", markdown("years.md", path, words, years=Markdown("\n".join(lines))), words)


def year_page(year: int, data: Data, chrome: Chrome) -> Page:
    """Return the page of a report year: what is held of it."""
    words = chrome.words
    path = f"years/{year}/"
    reports = [row for row in data.reports if row["year"] == year]
    coverage = Counter(row["status"] for row in data.coverage if row["year"] == year)
    text = markdown(
        "year.md",
        path,
        words,
        year=year,
        documents=documents_table(reports, data, words, path, with_agency=True),
        coverage=[(words.both(f"coverage.{status}"), number(n)) for status, n in sorted(coverage.items())],
    )
    title = words.say("page.year", year=year)
    return Page(path, title, title, text, crumbs=((words.say("nav.years"), "years/"), (str(year), None)))


def missing_page(data: Data, chrome: Chrome) -> Page:
    """Return the page on what is missing: lost tables, years known from news only, years not held."""
    path = "missing/"
    words = chrome.words
    current = {(row["agency_id"], row["year"]) for row in annual(data.reports)}
    gaps = [row for row in annual(data.reports) if row["completeness"] != "complete"]
    second_hand = [row for row in data.reports if (row["agency_id"], row["year"]) not in current]
    statuses = Counter((row["year"], row["status"]) for row in data.coverage)
    head = [words.both("column.year"), words.both("year.coverage"), words.both("year.bodies")]
    body = [
        [link(year, relative(f"years/{year}/", path)) if year in data.years else year, words.both(f"coverage.{status}"), n]
        for (year, status), n in sorted(statuses.items())
    ]
    text = markdown(
        "missing.md",
        path,
        words,
        gaps=documents_table(gaps, data, words, path, with_agency=True) if gaps else None,
        second_hand=documents_table(second_hand, data, words, path, with_agency=True) if second_hand else None,
        coverage=table(head, body, numeric=[2]) if body else None,
    )
    return _listing(path, "missing", text, words)


def _listing(path: str, name: str, text: Markdown, words: Words) -> Page:
    title = words.say(f"page.{name}")
    return Page(path, title, words.say(f"description.{name}"), text, kind="listing", crumbs=((words.say(f"nav.{name}"), None),))
