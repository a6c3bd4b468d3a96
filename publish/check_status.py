"""What the checks say of each figure: consistent, inconsistent, unchecked or inferred."""

from __future__ import annotations

from collections.abc import Sequence

from publish.arithmetic import Check, Result
from publish.sheets import Sheet, places


def _rests_on_itself(check: Check, sheet: Sheet) -> bool:
    """Tell whether a figure of a check was inferred or split with the help of an identity: that it holds then proves nothing."""
    before = sheet.last.inferred if sheet.last else frozenset()
    width = len(places())
    return any(place in sheet.inferred if place < width else place - width in before for place, _ in check.cells)


def mark(sheet: Sheet, results: Sequence[Result]) -> None:
    """Mark the figures of a report, and of the one of the year before, that its results prove or contradict.

    Zeros add up whatever they stand for, so a table that holds nothing else is never called consistent.
    """
    derived = bool(sheet.inferred or (sheet.last and sheet.last.inferred))
    for result in results:
        check = result.check
        if result.outcome == "pass":
            if derived and check.proves and _rests_on_itself(check, sheet):
                continue
            for before, block, proved in check.proves:
                told = sheet.last if before else sheet
                if told and block in told.telling:
                    told.consistent |= proved
        elif result.outcome == "fail" and check.rule.severity == "hard":
            for _, term, _ in result.cells:
                told = sheet.last if term.year_offset else sheet
                if told:
                    told.inconsistent.add(places()[term.indicator, term.measure])
