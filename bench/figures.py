"""Plausible figures for a form: heavy-tailed, most towns zero, every sum that the form implies holds."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

from bench.bodies import words
from bench.model import Body, Key
from extract.model import Value

APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_interest_organization",
    "legal_service_organization",
    "other_organization",
)
_SHARE_OF_APPLICANTS = (78, 12, 1, 2, 4, 3)
# How often an organ has no request at all, and the middle of the others' number (natural logarithm).
_REQUESTS = {
    "government": (0.1, 4.6),
    "government_office": (0.2, 4.0),
    "department": (0.3, 2.6),
    "township_government": (0.72, 1.0),
    "subdistrict_office": (0.6, 1.3),
    "management_committee": (0.5, 1.6),
    "vertical_agency": (0.55, 1.2),
}
# Within a body's own series of years its requests vary less than among bodies of its kind.
_SPREAD, _SPREAD_OF_SERIES = 1.3, 0.5
_RESULTS = ("upheld", "corrected", "other", "pending")


def heavy(rng: Random, middle: float, spread: float = 1.2, zero: float = 0.0) -> int:
    """A count: zero with the given chance, else log-normal around exp(middle)."""
    return 0 if rng.random() < zero else int(rng.lognormvariate(middle, spread))


def _share_out(rng: Random, total: int, weights: tuple[int, ...]) -> list[int]:
    shares = [0] * len(weights)
    for place in rng.choices(range(len(weights)), weights, k=min(total, 4000)):
        shares[place] += 1
    shares[0] += max(0, total - 4000)
    return shares


def requests(rng: Random, body: Body, table: dict[str, Any]) -> dict[Key, Value]:
    """A requests table that balances: new + carried in = outcomes + carried out, in every column; totals in every row.

    What a body in a series carries out is never more than what it received, so that the next year's report finds it carried in.
    """
    zero, middle = _REQUESTS[body.kind]
    received = heavy(rng, middle + body.busier, _SPREAD_OF_SERIES if body.carried else _SPREAD, zero)
    outcomes = table["column_sums"][1]["left"]
    weights = words("weights.yml")["outcomes"]
    new = _share_out(rng, received, _SHARE_OF_APPLICANTS)
    if body.carried:
        carried_in: Sequence[int] = body.carried[0]
    else:
        carried_in = _share_out(rng, heavy(rng, 0.5, 1.0, 0.6) if received else 0, _SHARE_OF_APPLICANTS)
    found: dict[Key, Value] = {}
    for place, applicant in enumerate(APPLICANTS):
        if body.carried:
            new[place] = max(new[place], body.carried[1][place])
        whole = new[place] + carried_in[place]
        carried_out = body.carried[1][place] if body.carried else sum(rng.random() < 0.06 for _ in range(min(whole, 200)))
        shares = _share_out(rng, whole - carried_out, tuple(weights.get(name, 1) for name in outcomes))
        column = dict(zip(outcomes, shares, strict=True))
        column |= {"requests_new": new[place], "requests_carried_in": carried_in[place]}
        column |= {"outcomes_total": whole - carried_out, "requests_carried_out": carried_out}
        found |= {(row, applicant): value for row, value in column.items()}
    for row in {row for row, _ in found}:
        found[row, "total"] = sum(found[row, applicant] for applicant in APPLICANTS)
    return found


def remedies(rng: Random, asked: int) -> dict[Key, Value]:
    """Reconsiderations and lawsuits; few where few asked."""
    found: dict[Key, Value] = {}
    for row in ("reconsideration", "litigation_direct", "litigation_after_reconsideration"):
        cases = heavy(rng, 0.8, 1.1, 0.55) if asked > 5 else heavy(rng, 0.0, 0.5, 0.93)
        shares = _share_out(rng, min(cases, asked), (60, 12, 18, 10))
        found |= {(row, result): share for result, share in zip(_RESULTS, shares, strict=True)}
        found[row, "total"] = sum(shares)
    return found


def proactive_cell(rng: Random, body: Body, key: Key) -> Value:
    """One cell of the tables of article 20."""
    row, measure = key
    makes_rules = body.kind == "government" and body.region_id.endswith("00")
    if row == "rules" and not makes_rules:
        return 0
    if measure == "items_change":
        return rng.choice((0, 0, 0, 1, -1, 5, -7, 16, -44, 99))
    if measure == "amount_yuan":
        return money(rng)
    middle = {"decisions": 5.0, "items_prev_year": 3.5, "projects": 2.8, "in_force": 2.6, "disclosed_stock": 3.0}.get(measure, 1.2)
    return heavy(rng, middle, 1.5, 0.4 if body.kind in ("township_government", "subdistrict_office") else 0.2)


def money(rng: Random) -> Value:
    """An amount in yuan as filers have it: nothing, whole ten thousands, or to the fen."""
    amount = heavy(rng, 12.0, 2.0, 0.35)
    return rng.choice((amount // 10_000 * 10_000, amount, Decimal(amount * 100 + rng.randrange(100)) / 100)) if amount else 0


def statistics(rng: Random, body: Body, rows: list[dict[str, Any]], sums: list[dict[str, Any]]) -> dict[str, Value]:
    """The values of a statistics table by indicator. A row that begins with 其中 is not above the one before it."""
    found: dict[str, Value] = {}
    small = body.kind in ("township_government", "subdistrict_office", "vertical_agency")
    before = 0
    for row in rows:
        if "indicator" not in row:
            continue
        if row.get("money"):
            found[row["indicator"]] = money(rng) if rng.random() < 0.3 else 0
            continue
        value = heavy(rng, 1.5 if small else 3.0, 1.6, 0.55 if small else 0.3)
        if row["label"].startswith("其中"):
            value = min(value, before)
        found[row["indicator"]] = before = value
    for each in sums:
        present = [name for name in each["left"] if name in found]
        (total,) = each["right"]
        if total in found and present:
            found[total] = sum(found[name] for name in present)
    return found
