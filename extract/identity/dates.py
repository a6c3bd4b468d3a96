"""The report year and the day of publication, each with the evidence for it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from datetime import date
from functools import cache
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import yaml

from extract.identity.fields import page_fields
from extract.identity.flow import Flow
from extract.identity.titles import Title
from extract.model import Evidence, RepairedDocument

HEAD = 3000
LONE_DATE_LINES = 30
# A year that the text merely names most often counts only if it does so this often.
OFTEN = 3


@cache
def words() -> dict[str, Any]:
    """Return dates.yml."""
    return yaml.load((Path(__file__).parent / "dates.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text.replace("{day}", words()["day"]))


def _day(match: re.Match[str]) -> str | None:
    """Return the date of a match as YYYY-MM-DD, None if the calendar does not have it."""
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"])).isoformat()
    except ValueError:
        return None


def _head(document: RepairedDocument) -> Flow:
    """Return the first lines of a document with single blanks in and between them."""
    cleans = [line.clean for line in document.lines[:HEAD]]
    lines = [f"{clean} " if clean.isalnum() else f"{' '.join(clean.split())} " for clean in cleans]
    starts = [0, *accumulate(map(len, lines))]
    shown = min(bisect_left(starts, HEAD), len(lines))
    return Flow("".join(lines[:shown])[:HEAD], tuple(starts[:shown]), tuple(range(1, shown + 1)))


def published_on(document: RepairedDocument, flow: Flow) -> Evidence | None:
    """Return the printed day of publication: a medium's property, a labelled date, or a lone date among page furniture."""
    for name, value in document.source.properties:
        match = _pattern("{day}").search(value) if name.lower() in words()["properties"] else None
        if match and _day(match):
            return Evidence("published_on", _day(match) or "", "property", None, f"{name}:{value}"[:120])
    if any(word in flow.text for word in words()["published_needs"]):
        page = _head(document)
        for label in words()["published"]:
            match = _pattern(label).search(page.text)
            if match and _day(match):
                return Evidence("published_on", _day(match) or "", "labelled_date", page.line_at(match.start("y")), match[0][:120])
    for name, value, line in page_fields(document, words()["fields"]):
        match = _pattern("{day}").match(value)
        if match and _day(match):
            return Evidence("published_on", _day(match) or "", "page_field", line, f"{name}:{value}"[:120])
    return _lone_date(document)


def _lone_date(document: RepairedDocument) -> Evidence | None:
    lines = ((number, line.raw) for number, line in enumerate(document.lines, 1) if line.raw.strip())
    shown = list(islice(lines, LONE_DATE_LINES))
    for i, (number, text) in enumerate(shown):
        match = _pattern(words()["lone"]).fullmatch(text)
        if not match or not _day(match):
            continue
        near = " ".join(other for _, other in shown[max(i - 3, 0) : i + 4] if other != text and len(other) < 60)
        if re.search(words()["furniture"], near):
            return Evidence("published_on", _day(match) or "", "lone_date", number, text.strip())
    return None


def year_evidence(title: Title | None, flow: Flow, published: Evidence | None) -> list[Evidence]:
    """Return what says which year is reported on, best first: title, period, most frequent year, year before publication."""
    found = []
    if title and title.year:
        found.append(Evidence("year", str(title.year), "title", title.line, title.text))
    for period in words()["periods"]:
        match = _pattern(period).search(flow.text)
        if match:
            found.append(Evidence("year", match["year"], "period", flow.line_at(match.start()), match[0][:120]))
            break
    counts = Counter(match["year"] for match in _pattern(words()["any_year"]).finditer(flow.text))
    ranked = counts.most_common(2)
    if ranked and ranked[0][1] >= OFTEN and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        first = re.search(ranked[0][0] + "年", flow.text)
        found.append(
            Evidence(
                "year", ranked[0][0], "most_frequent", flow.line_at(first.start()) if first else None, f"{ranked[0][0]}年 × {ranked[0][1]}"
            )
        )
    if published:
        found.append(Evidence("year", str(int(published.value[:4]) - 1), "year_before_publication", published.line, published.text))
    return found
