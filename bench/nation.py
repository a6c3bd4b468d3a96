"""What to generate for the benchmark: a nation on a smaller scale, division by division.

Each division has its organs, each organ a series of yearly reports: in the form of the year, more of them found in late years than in
early ones, its figures in proportion to its own in other years, what one year carries out carried in by the next. Whole divisions are
drawn, so that reports a body, bodies a division and divisions a report are in proportion at any size. The whole gazetteer gives about
as many reports as the State has (some 700,000); a longer corpus there is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import Any

from bench.bodies import place_name, standing, vertical_names, words
from bench.draft import Order
from bench.figures import APPLICANTS
from bench.model import Body
from bench.noise_text import TEXT_ACTS
from bench.plan import fits, together
from extract.identity.gazetteer import Region

YEARS = range(2008, 2026)
_BUSIER = 1.1  # the spread of bodies of a kind, natural logarithm
_CARRIED = ((0, 1, 2, 5), (88, 8, 3, 1))  # requests of a natural person carried over, and how often
_CARRYING = {"government": 0.9, "government_office": 0.6, "department": 0.35}  # kinds that have requests in hand at the year's end
_DAMAGES = ((0, 1, 2, 3), (55, 25, 14, 6))  # how many kinds of damage a copy has, and how often


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ of a division: the rest of its name, and the years that it reports on."""

    kind: str
    rest: str
    since: int = YEARS[0]
    until: int = YEARS[-1]


@cache
def _proportions(name: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    shares = words("proportions.yml")[name]
    return tuple(shares), tuple(shares.values())


def _since(table: dict[int, Any], year: int) -> Any:
    """The entry of the latest year that is not after this one."""
    return table[max(start for start in table if start <= year)]


def _departments(level: str) -> list[Organ]:
    lists = words("nation.yml")["departments"]["provincial" if level == "provincial" else "local"]
    return [
        Organ("department", name, group.get("from", YEARS[0]), group.get("to", YEARS[-1])) for group in lists for name in group["names"]
    ]


def organs(rng: Random, level: str) -> list[Organ]:
    """The organs of a division that report, drawn."""
    names = words("bodies.yml")
    pools = {
        "government": [Organ("government", "人民政府")],
        "government_office": [Organ("government_office", "人民政府办公厅" if level == "provincial" else "人民政府办公室")],
        "department": _departments(level),
        "township_government": [Organ("township_government", name + "人民政府") for name in names["towns"]],
        "subdistrict_office": [Organ("subdistrict_office", name + "办事处") for name in names["subdistricts"]],
        "management_committee": [Organ("management_committee", name + "管理委员会") for name in names["zones"]],
        "vertical_agency": [Organ("vertical_agency", str(number)) for number in range(3)],
    }
    counts = words("nation.yml")["organs"][level]
    drawn = ((kind, rng.sample(pools[kind], rng.randint(*least_and_most))) for kind, least_and_most in counts.items())
    return [organ for _, some in drawn for organ in some]


def _name(organ: Organ, region: Region, year: int) -> str | None:
    """The organ's name in a year; None where it had none that means only it."""
    if organ.kind != "vertical_agency":
        return place_name(region, year) + organ.rest
    names = vertical_names(region, year)
    return names[int(organ.rest)] if int(organ.rest) < len(names) else None


def _carried(seed: str, year: int, kind: str) -> tuple[int, ...]:
    """By applicant, what a body carries out of a year; the same whether that year's report asks or the next one's."""
    rng = Random(f"carried {seed} {year}")
    if rng.random() >= _CARRYING.get(kind, 0.15):
        return (0,) * len(APPLICANTS)
    return (rng.choices((1, 2, 3, 6, 14), (40, 28, 18, 10, 4))[0], *(rng.choices(*_CARRIED)[0] for _ in APPLICANTS[1:]))


def series(rng: Random, organ: Organ, region: Region, seed: str) -> Iterator[tuple[int, Body]]:
    """The years of a body whose reports are found, with the body as it was in each."""
    found = words("nation.yml")["found"]
    busier = rng.gauss(0, _BUSIER)
    for year in range(organ.since, organ.until + 1):
        if rng.random() >= _since(found, year) or region.region_id not in standing(year, region.level):
            continue
        name = _name(organ, region, year)
        if name:
            carried = tuple(_carried(seed, each, organ.kind) for each in (year - 1, year))
            yield year, Body(name, region.region_id, organ.kind, busier, carried)


def _form(rng: Random, region: Region, year: int) -> str:
    plan = words("nation.yml")
    forms = _since(plan["forms"], year)
    own = plan["provincial_forms"].get(region.code[:2])
    if own and year < 2019:
        forms = _since(own, year)
    return rng.choices(tuple(forms), tuple(forms.values()))[0]


_FORM_OF_YEAR = {2008: "shanghai_2004", 2014: "national_2014", 2019: "national_2019", 2021: "national_2021"}


def _order(rng: Random, number: int, region: Region, year: int, body: Body) -> Order:
    form = _form(rng, region, year)
    medium = rng.choices(*_proportions("media"))[0]
    kind = rng.choices(*_proportions("document_types"))[0]
    bare = form == "none"
    form = _since(_FORM_OF_YEAR, year) if bare else form
    names, shares = _proportions("noise")
    drawn = dict.fromkeys(rng.choices(names, shares, k=rng.choices(*_DAMAGES)[0]))
    noise = [name for name in drawn if fits(name, medium, form) and not (bare and name not in TEXT_ACTS)]
    order = Order(number, form, medium, together(noise), kind, body, year, bare)
    return order if kind == "annual_report" else replace(order, noise=(), bare=False)


def national_orders(reports: int, seed: int) -> Iterator[Order]:
    """Orders for `reports` reports, or for all that the nation has: mostly web pages, most of them clean."""
    rng = Random(f"national {seed}")
    regions = {
        region.region_id: region for year in YEARS for level in words("nation.yml")["organs"] for region in standing(year, level).values()
    }
    drawn = sorted(regions)
    rng.shuffle(drawn)
    number = 0
    for region in map(regions.__getitem__, drawn):
        for place, organ in enumerate(organs(rng, region.level)):
            for year, body in series(rng, organ, region, f"{seed} {region.region_id} {place}"):
                if number == reports:
                    return
                yield _order(rng, number, region, year, body)
                number += 1
