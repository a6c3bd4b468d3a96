"""The list pages: home, bodies, regions, years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from publish.coverage import due_on
from publish.findings import Finding, load_findings
from publish.pages.coverage import Coverage
from publish.pages.data import Data, Row
from publish.pages.escape import Markdown, link
from publish.pages.findings_pages import home_findings
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.listing import agencies_table, documents_table
from publish.pages.numbers import number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.parts import MOST_ROWS, by_top_region
from publish.pages.region_page import ancestors, bodies_held
from publish.pages.search_form import home_form
from publish.pages.season import held_of_due, provinces_table, season_board
from publish.pages.structured import dataset
from publish.pages.tiles import tile_grid
from publish.pages.words import Words

# The home page lists the documents themselves while they are few; later it counts them.
_FEW = 30


def annual(reports: Sequence[Row]) -> list[Row]:
    """Return the current annual reports among documents."""
    return [row for row in reports if row["document_type"] == "annual_report" and row["is_current"]]


def home_page(data: Data, coverage: Coverage, findings: Sequence[Finding], chrome: Chrome) -> Page:
    """Return the home page."""
    words = chrome.words
    reports = annual(data.reports)
    text = markdown(
        "home.md",
        "",
        words,
        search=home_form(words),
        by_year=_by_year(data, coverage, words),
        as_of=coverage.as_of,
        findings=home_findings(findings, words),
        least=load_findings()["least"],
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
        json_ld=dataset(chrome),
    )


def _by_year(data: Data, coverage: Coverage, words: Words) -> Markdown:
    held = Counter(row["year"] for row in annual(data.reports))
    others = Counter(row["year"] for row in data.reports)
    others.subtract(held)
    head = [words.both("column.year"), words.both("home.reports"), words.both("season.held_of_due"), words.both("home.others")]
    body = [
        [link(year, f"years/{year}/"), number(held[year]), held_of_due(coverage.of_nation(year), words), number(others[year])]
        for year in sorted(others, reverse=True)
    ]
    return table(head, body, numeric=[1, 2, 3])


def agencies_page(data: Data, chrome: Chrome) -> Page:
    """Return the index of reporting bodies."""
    path = "agencies/"
    words = chrome.words
    few = len(data.agencies) <= MOST_ROWS
    agencies = agencies_table(data.agencies.values(), data, words, path) if few else _by_region(data.agencies.values(), data, words, path)
    text = markdown("agencies.md", path, words, agencies=agencies, n=len(data.agencies))
    return _listing(path, "agencies", text, words)


def _by_region(agencies: Iterable[Row], data: Data, words: Words, path: str) -> Markdown:
    """Return a list of provinces with the number of their bodies, which their pages and those of the regions below them list."""
    lines = []
    for key, members in by_top_region(agencies, data).items():
        province = link(data.regions[key]["full_name"], relative(f"regions/{key}/", path))
        lines.append(f"- {province}{words.zh('join.aside', text=bodies_held(len(members), words))}")
    return Markdown("\n".join(lines))


def regions_page(data: Data, chrome: Chrome) -> Page:
    """Return the index of regions: those with a body of ours and the ones above them, as far down as they are not too many."""
    path = "regions/"
    words = chrome.words
    depths = {region["region_id"]: len(ancestors(region, data)) for region in data.listed_regions}
    deepest = max((depth for depth in set(depths.values()) if sum(each <= depth for each in depths.values()) <= MOST_ROWS), default=0)
    lines = []
    for region in data.listed_regions:
        depth = depths[region["region_id"]]
        if depth > deepest:
            continue
        n = len(data.agencies_within.get(region["region_id"], ()))
        note = words.zh("join.aside", text=bodies_held(n, words)) if n else ""
        lines.append("  " * depth + f"- {link(words.name(region), relative('regions/' + region['region_id'] + '/', path))}{note}")
    return _listing(
        path, "regions", markdown("regions.md", path, words, tiles=tile_grid(data, words, path), tree=Markdown("\n".join(lines))), words
    )


def years_page(data: Data, chrome: Chrome) -> Page:
    """Return the index of report years."""
    path = "years/"
    words = chrome.words
    years = list(reversed(data.years))
    lines = [f"- {link(year, f'{year}/')} {words.both('year.n_documents', n=len(data.reports_by_year[year]))}" for year in years]
    return _listing(path, "years", markdown("years.md", path, words, years=Markdown("\n".join(lines))), words)


def year_pages(year: int, data: Data, coverage: Coverage, chrome: Chrome) -> Iterator[Page]:
    """Yield the page of a report year, what is held of it, and where that is much, a page for each province."""
    words = chrome.words
    path = f"years/{year}/"
    reports = data.reports_by_year[year]
    parts = by_top_region(reports, data) if len(reports) > MOST_ROWS else {}
    provinces = coverage.counts.get(year, {})
    title = words.say("page.year", year=year)
    crumbs = ((words.say("nav.years"), "years/"), (str(year), path if parts else None))
    lines = [
        f"- {link(data.regions[key]['full_name'], f'{key}/')} {words.both('year.n_documents', n=len(part))}" for key, part in parts.items()
    ]
    text = markdown(
        "year.md",
        path,
        words,
        year=year,
        documents=Markdown("\n".join(lines)) if parts else documents_table(reports, data, words, path, with_agency=True),
        board=season_board(coverage.of_nation(year), words),
        due_on=due_on("government", year),
        as_of=coverage.as_of,
        provinces=provinces_table(dict(sorted(provinces.items())), data, words, path) if provinces else None,
    )
    yield Page(path, title, title, text, crumbs=(crumbs[0], (str(year), None)))
    for key, part in parts.items():
        below = f"{path}{key}/"
        documents = documents_table(part, data, words, below, with_agency=True)
        text = markdown("year.md", below, words, year=year, documents=documents, board=None, provinces=None)
        name = data.regions[key]["full_name"]
        yield Page(below, f"{title} {name}", f"{title} {name}", text, crumbs=(*crumbs, (name, None)))


def _listing(path: str, name: str, text: Markdown, words: Words) -> Page:
    title = words.say(f"page.{name}")
    return Page(path, title, words.say(f"description.{name}"), text, kind="listing", crumbs=((words.say(f"nav.{name}"), None),))
