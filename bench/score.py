"""What the reader made of a report, held against the truth: cells right, wrong, silent, missing; who, when; counted figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from extract.model import Figure, Report

# Half of the smallest difference that a printed amount can have, in yuan.
_TOLERANCE = Decimal("0.005")


@dataclass(slots=True)
class Score:
    """The score of one report. `faults` say what is not right, for people: (kind, what, got, printed)."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str, Any, Any]] = field(default_factory=list)


def _same(got: Any, want: str | None) -> bool:
    if got is None or want is None:
        return got is None and want is None
    return abs(Decimal(str(got)) - Decimal(want)) < _TOLERANCE


def _cell(figure: Figure | None, want: str | None) -> str:
    if want is None and figure is not None:
        if figure.value is None and figure.state in ("blank", "dash", "text"):
            return "right"
        if figure.state == "inferred" and figure.proof:
            return "right"
    if want is not None and figure is not None and _same(figure.value, want):
        return "right"
    return "missing" if figure is None or figure.value is None else "wrong"


def score_cells(report: Report | None, truth: Mapping[str, Any], score: Score) -> None:
    """Count every printed cell once, and every value that the document does not print as wrong.

    A wrong cell is silent while no problem of the reader names its indicator; that a check of the publisher might still object to
    it does not excuse the reader.
    """
    figures = {(figure.indicator, figure.measure): figure for figure in report.figures} if report else {}
    named = {problem.indicator for problem in report.problems if problem.indicator} if report else set()
    wanted = {tuple(key.split(".", 1)): value for key, value in truth["cells"].items()}
    for key in [*wanted, *(key for key in figures if key not in wanted)]:
        figure, want = figures.get(key), wanted.get(key)
        kind = _cell(figure, want) if key in wanted else "wrong" if figure.value is not None else None
        if kind is None:
            continue
        score.counts[kind] += 1
        if kind == "wrong" and key[0] not in named:
            score.counts["silent"] += 1
            kind = "silent"
        if kind != "right":
            printed = want if key in wanted else "nothing"
            score.faults.append((kind, ".".join(key), figure.value if figure else None, printed))


def score_identity(report: Report | None, truth: Mapping[str, Any], score: Score) -> None:
    """Agency, division, year, date and kind of document, each right or not."""
    identity = report.identity if report else None
    agency = identity.agency if identity else None
    got = {
        "agency": agency.name if agency else None,
        "region_id": agency.region_id if agency else None,
        "year": identity.year if identity else None,
        "published_on": identity.published_on if identity else None,
        "document_type": identity.document_type if identity else None,
    }
    for what, value in got.items():
        if truth["document_type"] == "notice" and what in ("agency", "region_id", "year"):
            continue
        if value == truth[what]:
            score.counts["identity_right"] += 1
        else:
            score.counts["identity_wrong"] += 1
            score.faults.append((f"identity {what}", what, value, truth[what]))


def score_narrative(report: Report | None, truth: Mapping[str, Any], score: Score) -> None:
    """Counted figures found with value and measure word, not found, and found where nothing is counted."""
    prose = [(figure.value, figure.unit) for figure in report.narrative] if report else []
    for value, unit in truth["narrative"]:
        hit = next((each for each in prose if _same(each[0], value) and each[1] == unit), None)
        if hit:
            prose.remove(hit)
            score.counts["narrative_found"] += 1
        else:
            score.counts["narrative_lost"] += 1
            score.faults.append(("narrative lost", "", None, f"{value}{unit or ''}"))
    score.counts["narrative_extra"] += len(prose)
    score.faults += (("narrative extra", "", f"{value}{unit or ''}", None) for value, unit in prose)


def score_report(report: Report | None, truth: Mapping[str, Any]) -> Score:
    """Score one report. None stands for a crash: nothing is right."""
    score = Score()
    score_cells(report, truth, score)
    score_identity(report, truth, score)
    if truth["document_type"] != "notice":
        score_narrative(report, truth, score)
    return score
