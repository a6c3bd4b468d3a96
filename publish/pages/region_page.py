"""The page of a region: what it was and became, its bodies and those of the regions below it, and how to follow them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from publish.pages.compare_page import MOST_BODIES, why_not
from publish.pages.compare_page import PATH as COMPARE
from publish.pages.coverage import Coverage, province_of
from publish.pages.data import Data, Row
from publish.pages.escape import Markdown, link
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.listing import succession_sentences
from publish.pages.numbers import SMALLEST_RANKED_LIST, number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.parts import MOST_ROWS
from publish.pages.season import bodies_list
from publish.pages.words import Words

# Groups of comparable bodies that the page leads to: of its newest year with one, the largest.
_MOST_GROUPS = 4


def region_path(region_id: str) -> str:
    """Return the address of a region's page."""
    return f"regions/{region_id}/"


def ancestors(region: Row, data: Data) -> list[Row]:
    """Return the regions above a region, from the nation down."""
    above: list[Row] = []
    parent = region["parent_id"]
    while parent:
        above.insert(0, data.regions[parent])
        parent = data.regions[parent]["parent_id"]
    return above


def bodies_of(region_id: str, data: Data) -> Sequence[Row]:
    """Return the bodies of a region and of those below it in the order of the divisions; the region's own where they are too many."""
    within = data.agencies_within.get(region_id, ())
    return within if len(within) <= MOST_ROWS else data.agencies_by_region.get(region_id, ())


def region_page(region: Row, data: Data, coverage: Coverage, chrome: Chrome) -> Page:
    """Return the page of a region."""
    words = chrome.words
    path = region_path(region["region_id"])
    agencies = bodies_of(region["region_id"], data)
    below = data.listed_below.get(region["region_id"], ())
    sortable = len(agencies) >= SMALLEST_RANKED_LIST
    text = markdown(
        "region.md",
        path,
        words,
        region=region,
        n=len(data.agencies_within.get(region["region_id"], ())),
        most=MOST_ROWS,
        agencies=_bodies_table(agencies, data, words, path, with_region=bool(below)) if agencies else None,
        sortable=sortable,
        comparisons=_comparisons(agencies, data, words, path),
        below=[
            (link(words.name(other, "full_name"), relative(region_path(other["region_id"]), path)), _bodies_held(other, data, words))
            for other in below
        ],
        successions=succession_sentences({region["region_id"]}, data, words),
        governments=bodies_list(coverage.near(region["region_id"]), coverage, data, words, path),
        wider="missing/" if region["level"] == "national" else f"missing/{province_of(region['region_id'])}/",
    )
    return Page(
        path=path,
        title_zh=words.label(region, "full_name"),
        description=words.say("region.description", name=words.label(region, "full_name")),
        markdown=text,
        kind="region",
        crumbs=(
            (words.say("nav.regions"), "regions/"),
            *((words.label(row), region_path(row["region_id"])) for row in ancestors(region, data)),
            (words.label(region), None),
        ),
        scripts=("sort.js",) if sortable else (),
        feed=f"{path}feed.xml",
    )


def bodies_held(n: int, words: Words) -> Markdown:
    """Say how many bodies there are."""
    return words.zh("region.one_agency") if n == 1 else words.zh("region.n_agencies", n=number(n))


def _bodies_held(region: Row, data: Data, words: Words) -> Markdown:
    return words.zh("join.aside", text=bodies_held(len(data.agencies_within.get(region["region_id"], ())), words))


def _annual(agency: Row, data: Data) -> Sequence[Row]:
    """Return the current annual reports of a body, the latest first."""
    held = data.reports_by_agency.get(agency["agency_id"], ())
    return [row for row in held if row["document_type"] == "annual_report" and row["is_current"]]


def _bodies_table(agencies: Sequence[Row], data: Data, words: Words, path: str, *, with_region: bool) -> Markdown:
    """Return the table of bodies. It holds no figure: levels, scopes and years differ, and what a table holds can be sorted by."""
    names = ("agency", *(["region"] if with_region else []), "level", "type", "reports", "latest", "scope", "copy")
    body = []
    for agency in agencies:
        region = data.regions[agency["region_id"]]
        reports = _annual(agency, data)
        latest = reports[0] if reports else None
        body.append(
            [
                link(words.name(agency), relative(f"agencies/{agency['agency_id']}/", path)),
                *([link(words.name(region), relative(region_path(region["region_id"]), path))] if with_region else []),
                words.zh(f"level.{agency['level']}"),
                words.zh(f"agency_type.{agency['agency_type']}"),
                number(len(reports)),
                link(latest["year"], relative(data.paths[latest["report_id"]], path)) if latest else "—",
                words.zh(f"scope.{latest['scope']}") if latest else "—",
                words.zh(f"copy_kind.{data.sources[latest['source_id']]['copy_kind']}") if latest else "—",
            ]
        )
    right = [names.index("reports"), names.index("latest")]
    return table([words.both(f"column.{name}") for name in names], body, numeric=right)


def _comparisons(agencies: Sequence[Row], data: Data, words: Words, path: str) -> Sequence[Markdown]:
    """Return the links that lay bodies of the region side by side: of one year, level, scope and form, two or more of them."""
    found: defaultdict[tuple[int, str, str, str], list[str]] = defaultdict(list)
    for agency in agencies:
        for report in _annual(agency, data):
            if why_not(report) is None:
                found[report["year"], agency["level"], report["scope"], report["format"]].append(agency["agency_id"])
    held = {group: bodies for group, bodies in found.items() if len(bodies) > 1}
    newest = max((group[0] for group in held), default=0)
    groups = sorted((group for group in held if group[0] == newest), key=lambda group: (-len(held[group]), group))
    links = []
    for group in groups[:_MOST_GROUPS]:
        year, level, scope, form = group
        title = words.zh(
            "region.comparable",
            year=year,
            level=words.say(f"level.{level}"),
            scope=words.say(f"scope.{scope}"),
            since=data.formats[form]["first_year"],
        )
        shown = held[group][:MOST_BODIES]
        more = words.zh("region.first_of", shown=len(shown), n=number(len(held[group])))
        target = f"{relative(COMPARE, path)}?year={year}&bodies={','.join(shown)}"
        links.append(Markdown(f"{link(title, target)}{more}"))
    return links
