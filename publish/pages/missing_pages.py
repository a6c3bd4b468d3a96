"""What is missing here: lost tables, years known from news only, and by province the governments whose reports are not held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from publish.pages.coverage import Coverage, province_of
from publish.pages.data import Data, Row
from publish.pages.escape import Markdown, link
from publish.pages.grid import table
from publish.pages.index_pages import annual
from publish.pages.links import relative
from publish.pages.listing import documents_table
from publish.pages.numbers import number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.parts import MOST_ROWS
from publish.pages.season import bodies_list, held_of_due, years_table
from publish.pages.words import Words

PATH = "missing/"


def missing_page(data: Data, coverage: Coverage, chrome: Chrome) -> Page:
    """Return the page on what is missing."""
    words = chrome.words
    current = {(row["agency_id"], row["year"]) for row in annual(data.reports)}
    gaps = [row for row in annual(data.reports) if row["completeness"] != "complete"]
    second_hand = [row for row in data.reports if (row["agency_id"], row["year"]) not in current]
    text = markdown(
        "missing.md",
        PATH,
        words,
        gaps=_listed_or_counted(gaps, data, words),
        second_hand=_listed_or_counted(second_hand, data, words),
        years=years_table(coverage, data, words, PATH),
        provinces=_provinces(coverage, data, words),
        as_of=coverage.as_of,
    )
    title = words.say("page.missing")
    return Page(PATH, title, words.say("description.missing"), text, kind="listing", crumbs=((words.say("nav.missing"), None),))


def _provinces(coverage: Coverage, data: Data, words: Words) -> Markdown:
    head = [words.both("season.province"), words.both("season.all_years")]
    body = [
        [link(words.name(data.regions[key], "full_name"), f"{key}/"), held_of_due(counts, words)]
        for key, counts in coverage.of_provinces(coverage.provinces()).items()
    ]
    return table(head, body, numeric=[1])


def _groups(province: str, coverage: Coverage) -> dict[str, list[Row]]:
    """Return the governments of a province by the prefecture that they belong to, or the province where none stands between."""
    groups: dict[str, list[Row]] = {}
    for key, row in coverage.bodies.items():
        if province_of(key) == province:
            groups.setdefault(row["parent_id"] if row["level"] == "county" else key, []).append(row)
    return dict(sorted(groups.items()))


def missing_in_province(province: str, data: Data, coverage: Coverage, chrome: Chrome) -> Page:
    """Return the page of a province with the years held and missing of each government in it."""
    words, region = chrome.words, data.regions[province]
    path = f"{PATH}{province}/"
    groups = [
        (words.named(data.regions[key]), key, bodies_list(bodies, coverage, data, words, path, anchored=True))
        for key, bodies in _groups(province, coverage).items()
    ]
    title = words.say("page.missing_in", name=words.label(region))
    text = markdown("missing_province.md", path, words, groups=groups, place=words.label(region), place_en=region["name_en"])
    told = words.say("description.missing_in", name=words.label(region))
    return Page(path, title, told, text, kind="listing", crumbs=((words.say("nav.missing"), PATH), (words.label(region), None)))


def _listed_or_counted(reports: Sequence[Row], data: Data, words: Words) -> Markdown | None:
    """Return a table of documents, or of their number in each year when they are too many: the pages of the years list them."""
    if not reports:
        return None
    if len(reports) <= MOST_ROWS:
        return documents_table(reports, data, words, PATH, with_agency=True, with_request=True)
    counts = Counter(row["year"] for row in reports)
    body = [[link(year, relative(f"years/{year}/", PATH)), number(n)] for year, n in sorted(counts.items(), reverse=True)]
    return table([words.both("column.year"), words.both("column.count")], body, numeric=[1])
