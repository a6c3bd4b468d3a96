"""Reports to rows: pure functions from `Report` values to the tuples of the tables, in the order of `schema.yml`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import pairwise
from operator import itemgetter
from typing import Any

import yaml

from extract.identity.gazetteer import regions_by_id
from extract.model import Agency, Figure, Problem, Report, Value
from publish.english_names import english_name

Row = tuple[Any, ...]

NOISE_KINDS_FILE = resources.files("extract") / "repair" / "kinds.yml"
NOISE_COLUMNS = ("pinyin_removed", "byte_slips_repaired", "spam_removed", "chrome_lines_removed", "personal_data_masked")

# Which copy of one report stands for its body and year: one with tables before one without, then the official copy, then the
# fuller one, then the one published later, then the one that we filed later. Copies of one grade are equally near to the body.
_COMPLETENESS = ("complete", "partial", "narrative_only")
_COPY_GRADES = {"official_site": 0, "official_archive": 0, "republished": 1, "encyclopedia": 1, "unknown": 2, "news": 3}


@cache
def noise_kinds() -> dict[str, dict[str, Any]]:
    """The kinds of the noise ledger, as the repair room describes them."""
    return yaml.load(NOISE_KINDS_FILE.read_text("utf-8"), yaml.CSafeLoader)


_INTEGERS = 1 << 63


def sql_value(value: Value | None) -> int | float | None:
    """A value as SQLite stores it: whole numbers as integers, as far as it has integers."""
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or -_INTEGERS <= value < _INTEGERS else float(value)


def _numbered(names: Iterable[str]) -> Iterator[str]:
    """Add -2, -3 … to the second and later bearers of a name."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name}-{seen[name]}"


def report_ids(reports: Iterable[Report]) -> list[tuple[str, Report]]:
    """Pair each report that tells its body and year with its report_id, in the catalogue's order; others have none."""
    identified, names = [], []
    for report in reports:
        identity = report.identity
        if identity and identity.agency and identity.year:
            kind = identity.document_type
            names.append(f"{identity.agency.agency_id}-{identity.year}" + ("" if kind == "annual_report" else f"-{kind}"))
            identified.append(report)
    return list(zip(_numbered(names), identified, strict=True))


def source_ids(reports: Sequence[Report]) -> list[str]:
    """Return the source_id of each file: the head of its SHA-256."""
    return list(_numbered(report.source.sha256[:16] for report in reports))


def source_row(source_id: str, report: Report) -> Row:
    """The row of `sources`."""
    counts: Counter[str] = Counter()
    for act in report.noise:
        counts[noise_kinds()[act.kind]["column"]] += act.count
    source, entry = report.source, report.entry
    provenance = (entry.url, entry.original_url, entry.copy_kind, entry.retrieved_on, entry.added_on, entry.note)
    measured = (source.media_type, source.encoding, source.bytes, source.sha256, source.script)
    return (source_id, source.path, *provenance, *measured, *(counts[column] for column in NOISE_COLUMNS))


def agencies_of(reports: Iterable[Report]) -> dict[str, Agency]:
    """Return the bodies by their ids, each as its first report names it."""
    agencies: dict[str, Agency] = {}
    for report in reports:
        if report.identity and report.identity.agency:
            agencies.setdefault(report.identity.agency.agency_id, report.identity.agency)
    return agencies


def agency_rows(agencies: Mapping[str, Agency], documents: Mapping[str, int]) -> list[Row]:
    """The rows of `agencies`; `documents` says how many documents of each we hold. A government stands as long as its division."""
    made = []
    for key, a in sorted(agencies.items()):
        division = regions_by_id().get(key)
        valid = (division.valid_from, division.valid_to) if division else (None, None)
        made.append((key, a.name, english_name(a), a.region_id, a.agency_type, a.level, a.uscc, *valid, documents.get(key, 0)))
    return made


def _rank(report: Report) -> tuple[bool, int, int]:
    lost = report.completeness == "narrative_only"
    return (lost, _COPY_GRADES[report.entry.copy_kind], _COMPLETENESS.index(report.completeness))


def _best_first(versions: Sequence[tuple[str, Report]]) -> list[str]:
    """Order the versions of one report, given in the catalogue's order. Printed dates count where each of several equals has one."""
    grades: defaultdict[tuple[bool, int, int], list[tuple[str, Report]]] = defaultdict(list)
    for version in reversed(versions):
        grades[_rank(version[1])].append(version)
    ranked = []
    for _, equals in sorted(grades.items()):
        dates = [report.identity.published_on or "" for _, report in equals if report.identity]
        if all(dates):
            equals = [version for _, version in sorted(zip(dates, equals, strict=True), key=itemgetter(0), reverse=True)]
        ranked += [report_id for report_id, _ in equals]
    return ranked


def current_and_superseded(identified: Sequence[tuple[str, Report]]) -> tuple[set[str], dict[str, str]]:
    """Return the current report of each body and year, and for each report of several the next best, which it supersedes."""
    copies: defaultdict[tuple[str, int], list[tuple[str, Report]]] = defaultdict(list)
    for report_id, report in identified:
        identity = report.identity
        if identity and identity.agency and identity.year and identity.document_type == "annual_report":
            copies[identity.agency.agency_id, identity.year].append((report_id, report))
    current, supersedes = set(), {}
    for versions in copies.values():
        ranked = _best_first(versions)
        current.add(ranked[0])
        supersedes.update(pairwise(ranked))
    return current, supersedes


def unique_figures(report: Report) -> tuple[list[Figure], list[Problem]]:
    """Return the figures, the first of each cell, and a problem for each later one that says otherwise."""
    cells: dict[tuple[str, str], Figure] = {}
    problems = []
    for figure in report.figures:
        first = cells.setdefault((figure.indicator, figure.measure), figure)
        if first.value != figure.value:
            one, other = (first.raw, first.line), (figure.raw, figure.line)
            zh = f"同一单元格印了两次，数字不同：第{one[1]}行为{one[0]}，第{other[1]}行为{other[0]}；采用前者。"
            en = f"A cell is printed twice, as {one[0]} on line {one[1]} and as {other[0]} on line {other[1]}; the first is used."
            problems.append(Problem("duplicate_cell", zh, en, figure.line, figure.indicator))
    return [cells[key] for key in sorted(cells)], problems


def report_row(
    report_id: str,
    source_id: str,
    report: Report,
    figures: Sequence[Figure],
    inconsistent: int,
    standing: tuple[bool, str | None],
) -> Row:
    """The row of `reports`; `inconsistent` counts the figures that the checks marked so, `standing` is (is_current, supersedes)."""
    identity = report.identity
    assert identity and identity.agency and identity.year
    missing = sum(figure.state == "missing" for figure in figures)
    inferred = sum(figure.state == "inferred" or figure.reading == "split" for figure in figures)
    what = (identity.title, identity.document_type, report.format, identity.published_on, identity.scope, identity.scope_line)
    held = (report.completeness, int(standing[0]), standing[1], missing, inferred, inconsistent, source_id)
    return (report_id, identity.agency.agency_id, identity.year, *what, *held)


def section_rows(report_id: str, report: Report) -> Iterator[Row]:
    """The rows of `sections`. A news article's text is not ours to publish."""
    ours = report.identity is not None and report.identity.document_type != "news"
    for s in report.sections:
        yield (report_id, s.position, s.role, s.heading, s.found_by, s.text if ours else None, s.line_start, s.line_end)


def narrative_rows(report_id: str, report: Report) -> Iterator[Row]:
    """The rows of `narrative_figures`."""
    for n in report.narrative:
        yield (report_id, n.position, n.role, sql_value(n.value), n.unit, int(n.approximate), n.phrase, n.sentence, n.line, n.indicator)


def evidence_rows(source_id: str, report: Report) -> Iterator[Row]:
    """The rows of `evidence`. What was concluded from finding nothing has none to show."""
    told = [e for e in report.identity.evidence if e.text] if report.identity else []
    for place, e in enumerate(told, 1):
        yield (source_id, place, e.field, e.value, e.kind, e.line, e.text)


def noise_rows(source_id: str, report: Report) -> Iterator[Row]:
    """The rows of `noise`."""
    for place, act in enumerate(report.noise, 1):
        yield (source_id, place, act.line, act.kind, act.count, act.found, act.became)


def problem_rows(source_id: str, report_id: str | None, path: str, problems: Iterable[Problem]) -> Iterator[Row]:
    """The rows of `problems`."""
    for place, p in enumerate(problems, 1):
        yield (source_id, place, report_id, path, p.kind, p.indicator, p.detail_zh, p.detail_en, p.line)
