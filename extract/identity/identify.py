"""Who reports about which year, when, in what sort of document: the evidence of a document weighed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extract.identity import gazetteer
from extract.identity.dates import published_on, year_evidence
from extract.identity.document_types import document_type_of
from extract.identity.fields import index_number_code
from extract.identity.flow import Flow, flow_of, tokens_of
from extract.identity.gazetteer import Region
from extract.identity.organs import Organ, agency_of, official_place, parse_organ, place_of
from extract.identity.places import Surroundings
from extract.identity.scope import scope_of
from extract.identity.statements import (
    Statement,
    Voice,
    body_statements,
    full_names,
    heading_statements,
    level_of_leaders,
    publisher_statements,
    signature_statements,
    site_statements,
    without_contacts,
    words,
)
from extract.identity.titles import Title, best_title, best_told, read_title, titles_of
from extract.model import Agency, CatalogueEntry, Evidence, Identity, Problem, RepairedDocument

TITLE_TOKENS = 120
# Stands for a word that no division's name ends with.
NO_LEVEL = "?"
# Organs whose division must be the one that the text calls its own (我县).
LOCAL = ("government", "government_office", "department")
# Evidence that is a page's or a portal's rather than the report's own: there a government's office stands for its government.
SECOND_HAND = ("page_field", "property", "body_states", "signature", "heading", "site", "body_portal")


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of the search for the organ: the agency and why, or why not."""

    agency: Agency | None
    organ: Organ | None
    evidence: tuple[Evidence, ...]
    problem: Problem | None = None


def identify(document: RepairedDocument, entry: CatalogueEntry) -> Identity:
    """Say who reports about which year from the document's own words; `entry` only gives addresses of the file."""
    flow = flow_of(document)
    titles = list(titles_of(tokens_of(document, TITLE_TOKENS)))
    title, declared = best_title(titles), _property_title(document)
    title = declared if declared and (title is None or (declared.organ and not title.organ)) else title
    told = best_told(titles)
    published = published_on(document, flow)
    kind = document_type_of(document, flow, title, told)
    # Only a report is written in the year after the one that it is about.
    years = [
        e for e in year_evidence(title or told, flow, published) if kind.value == "annual_report" or e.kind != "year_before_publication"
    ]
    year = int(years[0].value) if years else None
    surroundings = Surroundings(flow.text, year, tuple(filter(None, (entry.url, entry.original_url))))
    found = _agency(document, flow, title, told, year, surroundings)
    called = _called(found.agency, found.organ) if found.agency and found.organ else ()
    scope = scope_of(flow, found.agency, called, title.text if title else None)
    evidence = [*found.evidence, *years, kind, *filter(None, (published, scope)), *_index_number(flow, found.agency)]
    return Identity(
        agency=found.agency,
        year=year,
        title=title.text if title else None,
        document_type=kind.value,
        published_on=published.value if published else None,
        scope=scope.value if scope else "unknown",
        scope_line=scope.line if scope else None,
        evidence=tuple(evidence),
        problems=tuple(filter(None, (found.problem, _year_problem(years)))),
    )


def _called(agency: Agency, organ: Organ) -> tuple[str, ...]:
    """Return what a report calls its organ: its name, and behind the word for its division (市政府办公厅, 市科委)."""
    region = gazetteer.regions_by_id()[agency.region_id]
    ends = {organ.rest, organ.rest.removeprefix("人民"), organ.abbreviated or organ.rest} - {""}
    return agency.name, organ.printed, *sorted(region.name[-1] + end for end in ends if organ.kind != "government")


def _property_title(document: RepairedDocument) -> Title | None:
    """Return the title that the medium itself declares, without the name of the site behind it."""
    read = (
        read_title(re.sub(r"\s", "", unicodedata.normalize("NFKC", part)), None)
        for name, value in document.source.properties
        if name.lower() in words()["title_properties"]
        for part in (value, *re.split(r"[_|]| - ", value))
    )
    return best_title([title for title in read if title])


def _statements(document: RepairedDocument, flow: Flow, title: Title | None, told: Title | None, year: int | None) -> Iterator[Statement]:
    """Yield all that the document says about whose it is, best first. What comes later is looked for only if nothing before it counts."""
    if title and title.organ:
        yield Statement(title.organ, "title", title.line, title.text)
    own = without_contacts(flow)
    stated = list(body_statements(own, year))
    yield from (s for s in stated if s.kind == "body_publishes")
    # Where the title itself tells of a report, who published the page tells of it only.
    publishers = publisher_statements(document, year)
    if title:
        yield from publishers
    if told and told.organ:
        yield Statement(told.organ, "told_title", told.line, told.text)
    yield from publishers
    yield from (s for s in stated if s.kind != "body_publishes")
    yield from signature_statements(document, year)
    yield from heading_statements(document, year)
    yield from site_statements(document, year)
    yield from body_statements(own, year, "portal")


def _agency(
    document: RepairedDocument, flow: Flow, title: Title | None, told: Title | None, year: int | None, around: Surroundings
) -> Found:
    voice, full = Voice(flow), full_names(flow, year)
    for statement in _statements(document, flow, title, told, year):
        organ = _as_reporting(statement, voice)
        if organ is None:
            continue
        organ = full.get(organ.printed, organ)
        region = place_of(organ, around, year)
        if region and statement.kind in SECOND_HAND and organ.kind in LOCAL and voice.level and not region.name.endswith(voice.level):
            # A county's report lies on the city's portal and names the city's organs: its 我县 is not that city.
            continue
        if region and _is_placeless_department(organ) and not region.name.endswith(voice.level or level_of_leaders(flow) or NO_LEVEL):
            # 教育局 alone, in a text that names one city: it may be that of a district in it.
            region = None
        if region is None:
            return Found(None, organ, (), _unplaced(organ, statement))
        organ = _unabbreviated(organ, region, flow, year)
        agency = agency_of(organ, region, year)
        why = "only_bearer" if len(organ.meant) == 1 else "surroundings" if len(organ.meant) > 1 or not organ.zone else "zone"
        evidence = (
            Evidence("agency", agency.name, statement.kind, statement.line, statement.text),
            Evidence("region", agency.region_id, why, statement.line, organ.place or organ.printed),
        )
        return Found(agency, organ, evidence)
    return Found(None, None, (), _unnamed())


def _is_placeless_department(organ: Organ) -> bool:
    return organ.kind == "department" and not (organ.place or organ.relative or organ.before)


def _as_reporting(statement: Statement, voice: Voice) -> Organ | None:
    """Return the organ that a statement makes out as reporting, None if the text's own voice speaks against it."""
    organ, second_hand = statement.organ, statement.kind in SECOND_HAND
    if organ.bare and (voice.kind == "department" or (voice.kind == "township" and second_hand)):
        return None
    if statement.kind == "body_portal" and (organ.kind not in ("government", "government_office") or voice.kind != "government"):
        return None
    if second_hand and organ.kind == "government" and (voice.kind == "department" or organ.relative):
        # 市政府高度重视 is what anybody in the city writes.
        return None
    if second_hand and organ.kind == "government_office" and voice.kind == "government":
        return replace(organ, kind="government", rest="人民政府")
    return organ


def _unabbreviated(organ: Organ, region: Region, flow: Flow, year: int | None) -> Organ:
    """Return the organ under the fuller name that the text prints elsewhere: 市住建局 → 深圳市住房和建设局, else as the list has it."""
    if not organ.abbreviated:
        return organ
    counts: Counter[str] = Counter()
    for place in {organ.place, region.name, official_place(region, year)} - {""}:
        for match in re.finditer(re.escape(place) + r"(?P<rest>[\u4e00-\u9fff]{3,24}?(?:局|厅|委员会|办公室))", flow.text):
            letters = iter(match["rest"])
            fuller = parse_organ(match[0], year)
            if fuller and not fuller.abbreviated and fuller.kind == organ.kind and all(c in letters for c in organ.abbreviated):
                counts[match["rest"]] += 1
    return replace(organ, rest=counts.most_common(1)[0][0]) if counts else organ


def _index_number(flow: Flow, agency: Agency | None) -> list[Evidence]:
    """Return the credit code of the page's index number, which is the site owner's and not always the author's."""
    found = index_number_code(flow)
    if not found or not agency:
        return []
    code, line = found
    registered = gazetteer.region_of_code(code[2:8])
    return [
        Evidence(
            "index_number",
            code,
            "registered_in" if registered else "registered_elsewhere",
            line,
            registered.full_name if registered else code,
        )
    ]


def _year_problem(years: list[Evidence]) -> Problem | None:
    """Say that no year was found, or that the title and the period disagree."""
    if not years:
        return Problem("year_unknown", "文中未写明所报告的年度。", "The text does not say which year it reports on.")
    told = {e.kind: e for e in years}
    if "title" in told and "period" in told and told["title"].value != told["period"].value:
        title, period = told["title"].value, told["period"].value
        return Problem(
            "year_conflict",
            f"标题写的是{title}年，统计期限写的是{period}年；本站按标题归入{title}年。",
            f"The title says {title}, the period covered says {period}; filed under the title's year.",
            told["period"].line,
        )
    return None


def _unnamed() -> Problem:
    return Problem("agency_unknown", "文中未写明报告机关的名称。", "The text does not name the body that reports.")


def _unplaced(organ: Organ, statement: Statement) -> Problem:
    if organ.meant:
        named = "、".join(sorted(region.full_name for region in organ.meant))
        return Problem(
            "agency_ambiguous",
            f"文中写作“{organ.printed}”，可能指{named}，无法判定是哪一个。",
            f"The text says {organ.printed}, which may be any of {named}; nothing tells them apart.",
            statement.line,
        )
    return Problem(
        "agency_unplaced",
        f"文中写作“{organ.printed}”，未写明所在的省、市、县。",
        f"The text says {organ.printed} but not in which province, city or county it is.",
        statement.line,
    )
