"""Findings: arithmetic or changes in comparable reports, as `findings.yml` defines them, and the queries that show their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

FINDINGS_FILE = Path(__file__).with_name("findings.yml")
_GROUP = ("year", "level", "format", "scope")
_KEYS = "r.year, a.level, r.format, r.scope"


@cache
def load_findings() -> Mapping[str, Any]:
    """Return the parsed `findings.yml`."""
    return yaml.load(FINDINGS_FILE.read_text("utf-8"), yaml.CSafeLoader)


@dataclass(frozen=True, slots=True)
class Standing:
    """The figures that a finding looks at, those in broken sums, those inferred or split, and the reports alike that are not in it."""

    figures: int
    inconsistent: int
    inferred: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding in the newest group of reports that is large enough: `n` of `total`, and the rows that are counted.

    A row holds agency_id, report_id and the figures of the definition's `shown`.
    """

    definition: Mapping[str, Any]
    year: int
    level: str
    format: str
    scope: str
    n: int
    total: int
    rows: Sequence[tuple[Any, ...]]
    standing: Standing


_ALIKE = (
    "r.is_current = 1 and r.document_type = 'annual_report' and r.completeness = 'complete'"
    " and s.copy_kind in ('official_site', 'official_archive')"
)
_REPORTS = "from reports r join agencies a on a.agency_id = r.agency_id join sources s on s.source_id = r.source_id"


def _source(definition: Mapping[str, Any]) -> str:
    scope = "" if definition.get("any_scope") else " and r.scope <> 'unknown'"
    return f"{_REPORTS} {definition.get('join', '')} where {_ALIKE}{scope} and ({definition['among']}){_sound(definition)}"


def _sound(definition: Mapping[str, Any]) -> str:
    """Return the condition that none of the figures that a finding rests on is part of a broken sum."""
    needed = definition.get("adding_up", {"reports": [], "indicators": []})
    names = ", ".join(f"'{name}'" for name in needed["indicators"])
    broken = (
        "select 1 from figures f where f.report_id = {}.report_id and f.check_status = 'inconsistent' and f.indicator in (" + names + ")"
    )
    return "".join(f" and not exists ({broken.format(report)})" for report in needed["reports"])


def _order(definition: Mapping[str, Any]) -> str:
    return f"order by {definition['sort']}, r.report_id"


def finding_queries() -> dict[str, dict[str, str]]:
    """Return a canned query for each finding: the rows of one group that it counts."""
    group = " and ".join(f"{key} = :{name}" for key, name in zip(_KEYS.split(", "), _GROUP, strict=True))
    group = group.replace(":year", "cast(:year as integer)")
    queries = {}
    for definition in load_findings()["findings"]:
        shown = ", ".join(f'{each["value"]} as "{each["label_en"]}"' for each in definition["shown"])
        rests = "r.n_missing, r.n_inferred, r.n_inconsistent"
        columns = f"{_KEYS}, a.name as agency, {shown}, {rests}, s.copy_kind, s.original_url, r.report_id"
        queries[f"finding_{definition['finding']}"] = {
            "title": f"{definition['title_zh']} / {definition['title_en']}",
            "description": f"{definition['note_zh']} 四个参数都须填写。 / {definition['note_en']} All four parameters are needed.",
            "sql": f"select {columns} {_source(definition)} and ({definition['hit']}) and {group} {_order(definition)}",
        }
    return queries


def counting_query(definition: Mapping[str, Any]) -> str:
    """Return the query that counts a finding's hits in each group: year, level, format, scope, hits, reports; the newest year first."""
    return (
        f"select {_KEYS}, sum({definition['hit']}), count(*) {_source(definition)}"
        f" group by {_KEYS} having count(*) >= {load_findings()['least']} order by r.year desc, count(*) desc, a.level, r.format, r.scope"
    )


def rows_query(definition: Mapping[str, Any]) -> str:
    """Return the query of the rows that a finding counts in one group: four parameters, in the order of the group."""
    shown = ", ".join(each["value"] for each in definition["shown"])
    group = " and ".join(f"{key} = ?" for key in _KEYS.split(", "))
    return f"select r.agency_id, r.report_id, {shown} {_source(definition)} and ({definition['hit']}) and {group} {_order(definition)}"


def standing_queries(definition: Mapping[str, Any]) -> tuple[str, Sequence[str]]:
    """Return the query that counts the reports alike of a group, and those that count what a finding's figures are: all, broken, inferred.

    Each has the four parameters of a group. Nothing is counted for a finding that rests on no figures of tables.
    """
    group = " and ".join(f"{key} = ?" for key in _KEYS.split(", "))
    counts = "count(*), total(f.check_status = 'inconsistent'), total(f.state = 'inferred' or f.reading = 'split')"
    queries = []
    for each in definition.get("rests_on", ()):
        among = f"select {each['report']}.report_id {_source(definition)} and {group}"
        cells = [f"f.{name} in ({', '.join(map(repr, each[f'{name}s']))})" for name in ("indicator", "measure")]
        queries.append(f"select {counts} from ({among}) g join figures f on f.report_id = g.report_id where {' and '.join(cells)}")
    return f"select count(*) {_REPORTS} where {_ALIKE} and {group}", queries


def newest(groups: Iterable[Sequence[Any]]) -> Sequence[Any] | None:
    """Return the largest group of the newest year, of groups in the order of `counting_query`, if it has a hit; else None."""
    for _, members in groupby(groups, key=lambda row: row[0]):
        return next((row for row in members if row[4]), None)
    return None
