"""Reports made by hand: every cell of a form filled with small numbers that add up, and whatever a test changes in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from extract.forms import load_forms
from extract.model import Agency, CatalogueEntry, Figure, Identity, Report, Source, Value
from publish.database import build_database
from publish.opened import read_only
from publish.search import gather_texts, make_index, place_index

Cells = Mapping[tuple[str, str], Any]
MISSING = object()  # the form has the cell, this copy does not

NANSHA = Agency("440115", "广州市南沙区人民政府", "440115", "government", "county")
BUREAU = Agency("440300-zhu-fang-he-jian-she-ju", "深圳市住房和建设局", "440300", "department", "prefectural")
GUANGZHOU = Agency("440100", "广州市人民政府", "440100", "government", "prefectural")

_APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_interest_organization",
    "legal_service_organization",
)
_COLUMNS = (*_APPLICANTS, "other_organization")

# Rows of the requests table that are not all zero, for natural persons and commercial enterprises: 10+2 = 11+1 and 3+0 = 3+0.
_REQUESTS = {
    "requests_new": (10, 3),
    "requests_carried_in": (2, 0),
    "granted": (6, 3),
    "partially_granted": (1, 0),
    "denied_registry_query": (1, 0),
    "unable_not_held": (2, 0),
    "notproc_duplicate": (1, 0),
    "outcomes_total": (11, 3),
    "requests_carried_out": (1, 0),
}
_OTHERS: dict[tuple[str, str], Value] = {
    ("normative_documents", "made_in_year"): 5,
    ("normative_documents", "disclosed_in_year"): 5,
    ("normative_documents", "disclosed_stock"): 20,
    ("normative_documents", "issued_in_year"): 4,
    ("normative_documents", "repealed_in_year"): 1,
    ("normative_documents", "in_force"): 23,
    ("admin_license", "items_prev_year"): 30,
    ("admin_license", "items_change"): -2,
    ("admin_license", "decisions"): 400,
    ("admin_penalty", "items_prev_year"): 100,
    ("admin_penalty", "items_change"): 5,
    ("admin_penalty", "decisions"): 60,
    ("central_procurement", "projects"): 7,
    ("central_procurement", "amount_yuan"): Decimal("1234567.89"),
    ("reconsideration", "upheld"): 2,
    ("reconsideration", "corrected"): 1,
    ("reconsideration", "pending"): 1,
    ("reconsideration", "total"): 4,
    ("litigation_direct", "upheld"): 1,
    ("litigation_direct", "total"): 1,
}
_STATISTICS: dict[str, Value] = {
    "proactive_total": 100,
    "proactive_normative_docs": 4,
    "normative_docs_issued": 5,
    "proactive_via_website": 90,
    "proactive_via_other": 30,
    "requests_received": 12,
    "requests_in_person": 2,
    "requests_online": 10,
    "requests_concluded": 12,
    "concluded_on_time": 11,
    "concluded_extended": 1,
    "replies_total": 12,
    "reply_granted": 9,
    "reply_partial": 1,
    "reply_refused": 2,
    "refused_privacy": 2,
    "reconsideration_cases": 3,
    "reconsideration_cases_upheld": 3,
    "staff_total": 5,
    "staff_full_time": 2,
    "staff_part_time": 3,
}


def _base(block: str, indicator: str, measure: str) -> Value:
    if block == "requests":
        persons, enterprises = _REQUESTS.get(indicator, (0, 0))
        return {"natural_person": persons, "commercial_enterprise": enterprises, "total": persons + enterprises}.get(measure, 0)
    return _STATISTICS.get(indicator, 0) if block == "statistics" else _OTHERS.get((indicator, measure), 0)


def balanced(form: str) -> dict[tuple[str, str], Value]:
    """Every cell of a form; the hard identities of the form hold."""
    tables = next(each for each in load_forms() if each.form == form).tables
    return {cell[:2]: _base(table.block, *cell[:2]) for table in tables for cell in table.cells()}


def _figure(indicator: str, measure: str, value: Any) -> Figure:
    if isinstance(value, Figure):
        return value
    unit = "元" if measure == "amount_yuan" else "件"
    if value is MISSING:
        return Figure(indicator, measure, None, unit, "missing")
    if value is None:
        return Figure(indicator, measure, None, unit, "blank", raw="", line=1)
    return Figure(indicator, measure, value, unit, "printed", raw=str(value), line=1, label_as_printed=indicator)


def make_report(
    cells: Cells | None = None,
    *,
    form: str = "national_2019",
    year: int = 2020,
    agency: Agency | None = NANSHA,
    base: Cells | None = None,
    path: str = "",
    document_type: str = "annual_report",
    copy_kind: str = "official_site",
    completeness: str = "complete",
    scope: str = "own_organ",
    published_on: str | None = None,
    **more: Any,
) -> Report:
    """A report that adds up, but for `cells`: a value, None for a blank, MISSING, or a whole Figure. `more` goes to Report."""
    path = path or f"{agency.agency_id if agency else 'nobody'}-{year}-{document_type}.txt"
    values = {**(balanced(form) if base is None else base), **(cells or {})}
    identity = Identity(agency, year, f"{year}年年度报告", document_type, published_on, scope, None)
    return Report(
        source=Source(path, 1000, sha256(path.encode()).hexdigest(), "text/plain", "utf-8", "hans"),
        entry=CatalogueEntry(path, copy_kind=copy_kind, added_on="2026-11-21"),
        identity=identity,
        format=form,
        completeness=completeness,
        figures=tuple(_figure(*cell, value) for cell, value in values.items()),
        **more,
    )


def build(folder: Path, *reports: Report) -> closing[sqlite3.Connection]:
    """Build a database of these reports; `with` opens it."""
    path = folder / "test.db"
    build_database(reports, path)
    return closing(sqlite3.connect(path))


def rows(folder: Path, reports: Iterable[Report], query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Build a database of these reports and ask it one thing."""
    with build(folder, *reports) as connection:
        return connection.execute(query, parameters).fetchall()


def status(folder: Path, indicator: str, measure: str, cells: dict, **more: Any) -> str:
    """What the checks say of one figure of a report with these cells."""
    query = "select check_status from figures where indicator = ? and measure = ?"
    ((found,),) = rows(folder, [make_report(cells, **more)], query, indicator, measure)
    return found


def add_search(database: Path) -> None:
    """Make the search index of a finished database, as a build does."""
    index = database.with_name(f".{database.name}.index")
    with closing(read_only(database)) as connection:
        gather_texts(connection, index)
    make_index(index)
    place_index(database, index)
