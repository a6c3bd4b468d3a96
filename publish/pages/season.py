"""The season of a report year, and governments with the years that are held or missing: board, tables and lists from `Coverage`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from publish.pages.components import fence
from publish.pages.coverage import HELD, NOT_HELD, SEASON, Counts, Coverage, Season, due, held, share_words
from publish.pages.data import Data, Row
from publish.pages.escape import Markdown, address, anchor, link
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.numbers import number
from publish.pages.request_page import request_link
from publish.pages.tables import LEVEL
from publish.pages.words import Words

# What is seldom so is a bar or column of its own only where there is some of it.
_SELDOM = ("found_unreadable",)


def body_anchor(agency_id: str) -> str:
    """Return the anchor of a government in the list of its province."""
    return f"g{agency_id}"


def held_of_due(counts: Counts, words: Words) -> Markdown:
    """Return how many of the reports due are held, with the base and, where it is large enough, the share: 3/3,207（0.1%）."""
    if not due(counts):
        return Markdown("—")
    part = share_words(held(counts), due(counts), words)
    told = f"{number(held(counts))}/{number(due(counts))}"
    return Markdown(told + words.zh("join.aside", text=part) if part else told)


def _kinds(all_counts: Iterable[Counts]) -> list[str]:
    present = {kind for counts in all_counts for kind, n in counts.items() if n}
    return [kind for kind in SEASON if kind not in _SELDOM or kind in present]


def _head(kind: str, words: Words) -> Markdown:
    """Return the head of a kind's column, below that of all that is held, or all that is not."""
    return Markdown(f"{words.both('season.held' if kind in HELD else 'season.not_held')}{LEVEL}{words.both(f'season.column_{kind}')}")


def season_board(counts: Counts, words: Words) -> Markdown | None:
    """Return the picture of a year's season, None where nothing was due."""
    whole = due(counts)
    if not whole:
        return None
    labels = ("season.board", "season.data")
    told = [each for key in labels for each in (words.say(key), words.second(key))]
    head = ["", *told[:2], whole, *told[2:], words.say("season.kind"), words.say("season.bodies"), words.say("season.share")]
    bars = [("due", whole, ""), *((kind, counts.get(kind, 0), share_words(counts.get(kind, 0), whole, words)) for kind in _kinds([counts]))]
    return fence(
        "season", [head, *([kind, words.say(f"season.{kind}"), words.second(f"season.{kind}"), n, part] for kind, n, part in bars)]
    )


def provinces_table(counts: Mapping[str, Counts], data: Data, words: Words, path: str) -> Markdown:
    """Return a table of provinces with what became of the reports of their governments, in the order of their codes."""
    kinds = _kinds(counts.values())
    head = [words.both("season.province"), words.both("season.due"), *(_head(kind, words) for kind in kinds)]
    body = [
        [
            link(words.name(data.regions[key], "full_name"), relative(f"missing/{key}/", path)),
            number(due(own)),
            *(number(own.get(kind, 0)) for kind in kinds),
        ]
        for key, own in counts.items()
    ]
    return table(head, body, numeric_from=1)


def years_table(coverage: Coverage, data: Data, words: Words, path: str) -> Markdown:
    """Return a table of report years with what became of the reports due."""
    years = {year: coverage.of_nation(year) for year in sorted(coverage.counts, reverse=True)}
    kinds = [kind for kind in _kinds(years.values()) if kind in NOT_HELD]
    head = [words.both("column.year"), words.both("season.held_of_due"), *(_head(kind, words) for kind in kinds)]
    body = [
        [
            link(year, relative(f"years/{year}/", path)) if year in data.years else year,
            held_of_due(counts, words),
            *(number(counts.get(kind, 0)) for kind in kinds),
        ]
        for year, counts in years.items()
    ]
    return table(head, body, numeric_from=1)


def _spans(years: Sequence[int]) -> list[str]:
    """Return years as spans: 2008–2012, 2015."""
    spans = []
    for _, run in groupby(enumerate(years), key=lambda pair: pair[1] - pair[0]):
        own = [year for _, year in run]
        spans.append(str(own[0]) if len(own) == 1 else f"{own[0]}–{own[-1]}")
    return spans


def _told(kind: str, seasons: Sequence[Season], data: Data, words: Words, path: str) -> list[Markdown]:
    """Return the years of one kind: those held lead to their report, those looked for say when and where."""
    if kind in ("not_searched", "not_required"):
        return [Markdown(span) for span in _spans([season.year for season in seasons])]
    if kind in HELD:
        return [link(season.year, relative(data.paths[season.report_id or ""], path)) for season in seasons]
    return [_searched(season, words) for season in seasons]


def _searched(season: Season, words: Words) -> Markdown:
    target = address(season.official_url) if season.official_url else None
    year = link(season.year, target) if target else Markdown(season.year)
    return Markdown(year + words.zh("join.aside", text=season.checked_on)) if season.checked_on else year


def _stood(agency: Row, words: Words) -> Markdown:
    """Say from when and until when a government stood, where that is not all the time."""
    ends = [words.say(f"season.{end}", date=agency[f"valid_{end}"]) for end in ("from", "to") if agency[f"valid_{end}"]]
    return words.zh("join.aside", text=words.say("join.clause").join(ends)) if ends else Markdown("")


def _years_told(seasons: Sequence[Season], data: Data, words: Words, path: str) -> str:
    """Say of the years of a government which are held and which are not: 已收录2019、2020；尚未查找2008–2018."""
    parts = []
    for key, kinds in (("held", HELD), *((kind, (kind,)) for kind in (*NOT_HELD, "not_required"))):
        own = [season for season in seasons if season.kind in kinds]
        if own:
            years = Markdown(words.say("join.list").join(_told(own[0].kind, own, data, words, path)))
            parts.append(words.zh("season.years", status=words.say(f"coverage.{key}"), years=years))
    return words.say("join.colon") + words.say("join.items").join(parts)


def _request(agency: Row, seasons: Sequence[Season], path: str, words: Words) -> str:
    missing = [season.year for season in seasons if season.kind in NOT_HELD]
    return f" {request_link(agency, missing[0] if len(missing) == 1 else None, path, words, 'request.link_short')}" if missing else ""


def bodies_list(agencies: Iterable[Row], coverage: Coverage, data: Data, words: Words, path: str, *, anchored: bool = False) -> Markdown:
    """Return a list of governments with the years held and missing of each, and the draft of a request for what is missing."""
    lines = []
    # Most governments of a list have the same story.
    told: dict[Sequence[Season], str] = {}
    for agency in agencies:
        key = agency["agency_id"]
        seasons = coverage.seasons.get(key, ())
        if seasons not in told:
            told[seasons] = _years_told(seasons, data, words, path)
        name = words.name(agency)
        if agency["n_documents"]:
            name = link(name, relative(f"agencies/{key}/", path))
        mark = f" {anchor(body_anchor(key))}" if anchored else ""
        lines.append(f"- {name}{_stood(agency, words)}{told[seasons]}{_request(agency, seasons, path, words)}{mark}")
    return Markdown("\n".join(lines))
