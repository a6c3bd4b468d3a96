"""Documents of some bodies to rows, apart from any database: what other processes do, and what is kept from one build to the next."""

from __future__ import annotations

import hashlib
import os
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path

from extract.cached import NOT_KEPT, put
from extract.model import Agency, Figure, Problem, Report
from publish import rows
from publish.batch_database import OF_FILES, BatchDatabase, batch_database
from publish.checks import check_sums
from publish.numbered import Numbering
from publish.pages.crew import collected_once
from publish.rates import rate_rows
from publish.rows import Row
from publish.schema import Schema, load_schema
from publish.sheets import Sheet
from publish.wide_rows import wide_rows

Filed = dict[str, list[Row]]
# So many tasks wait in other processes, so that memory does not grow with what they return.
_MOST_IN_MAKING = 6


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a document from the others: its ids, and how it stands to other versions of its report."""

    source_id: str
    report_id: str | None
    is_current: bool
    supersedes: str | None


@dataclass(frozen=True, slots=True)
class Task:
    """All documents of some bodies, or such as have none. `changed` are the bodies and years that were merged or split then."""

    standings: Sequence[Standing]
    agencies: Mapping[str, Agency]
    changed: frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Compiled:
    """The rows of some documents."""

    documents: int
    rows: BatchDatabase


def _unidentified(report: Report) -> tuple[Problem, ...]:
    """A file whose body or year is not known says so, whatever else is wrong with it."""
    if report.problems:
        return ()
    zh = "未能从这份文件中认定发布机关或报告年度，暂不收入数据。"
    return (Problem("unidentified", zh, "The reporting body or the year could not be told from this file, so its figures are not used."),)


def _key_of(schema: Schema, table: str) -> Callable[[Row], object]:
    """Return what a table's rows are sorted by: its primary key."""
    names = schema.table(table).column_names
    return itemgetter(*map(names.index, schema.table(table).primary_key))


def _sheet(standing: Standing, report: Report, figures: Sequence[Figure], agencies: Mapping[str, Agency]) -> Sheet:
    identity = report.identity
    assert standing.report_id and identity and identity.agency and identity.year
    agency = agencies[identity.agency.agency_id]
    what = (report.format, identity.scope, identity.document_type)
    return Sheet(standing.report_id, agency, identity.year, *what, standing.is_current, figures)


def _file_source(standing: Standing, report: Report, more: Sequence[Problem], filed: Filed) -> None:
    source_id = standing.source_id
    filed["sources"].append(rows.source_row(source_id, report))
    filed["evidence"] += rows.evidence_rows(source_id, report)
    filed["noise"] += rows.noise_rows(source_id, report)
    filed["problems"] += rows.problem_rows(source_id, standing.report_id, report.source.path, (*report.problems, *more))


def _file_report(standing: Standing, report: Report, sheet: Sheet, filed: Filed) -> None:
    report_id, order = sheet.report_id, (standing.is_current, standing.supersedes)
    filed["reports"].append(rows.report_row(report_id, standing.source_id, report, sheet.figures, len(sheet.inconsistent), order))
    filed["sections"] += rows.section_rows(report_id, report)
    filed["narrative_figures"] += rows.narrative_rows(report_id, report)
    filed["rates"] += rate_rows(sheet)
    for table, wide in wide_rows(sheet).items():
        filed[table] += wide


def _years(sheets: Sequence[Sheet]) -> list[Row]:
    same = [(sheet.report_id, 0, sheet.report_id) for sheet in sheets]
    return same + [(sheet.report_id, -1, sheet.last.report_id) for sheet in sheets if sheet.last]


def compile_rows(reports: Sequence[Report], task: Task) -> Compiled:
    """Return the rows of these documents."""
    filed: Filed = {name: [] for name in OF_FILES}
    sheets, read = [], []
    for standing, report in zip(task.standings, reports, strict=True):
        if standing.report_id is None:
            _file_source(standing, report, _unidentified(report), filed)
            continue
        figures, twice = rows.unique_figures(report)
        _file_source(standing, report, twice, filed)
        sheets.append(_sheet(standing, report, figures, task.agencies))
        read.append((standing, report))
    numbering, results = Numbering(), check_sums(sheets, task.changed)
    numbering.add_results(results)
    numbering.add_figures(sheets)
    for (standing, report), sheet in zip(read, sheets, strict=True):
        _file_report(standing, report, sheet, filed)
    tables = {table: sorted(values, key=_key_of(load_schema(), table)) for table, values in filed.items()}
    annual = [sheet for sheet in sheets if sheet.document_type == "annual_report"]
    forms = [(sheet.report_id, block, form) for sheet in annual for block, form in sheet.forms.items()]
    return Compiled(len(reports), batch_database(task.agencies, tables, numbering.told(), _years(annual), forms))


def compile_task(reports: Sequence[Report], task: Task, kept: Path | None) -> Compiled:
    """Return the rows of these documents, from `kept` where they are there; else they are put there, in one step."""
    try:
        with collected_once(), open(kept or os.devnull, "rb") as file:
            return pickle.load(file)
    except NOT_KEPT:
        pass
    with collected_once():
        compiled = compile_rows(reports, task)
        if kept:
            put(kept, compiled)
    return compiled


def compile_all(given: Iterable[tuple[Sequence[Report], Task, Path | None]], executor: Executor | None) -> Iterator[Compiled]:
    """Yield what `compile_task` returns for each of these, in their order.

    What is not kept, the executor's processes make, where there is one; they begin with that at once, whatever kept rows stand before.
    """
    if executor is None:
        yield from (compile_task(*each) for each in given)
        return
    waiting: deque[tuple[Callable[[], Compiled], bool]] = deque()  # with whether another process makes it
    in_making = 0
    for reports, task, path in given:
        if path and path.exists():
            waiting.append((partial(compile_task, reports, task, path), False))
        else:
            waiting.append((executor.submit(compile_task, reports, task, path).result, True))
            in_making += 1
        while in_making > _MOST_IN_MAKING:
            result, elsewhere = waiting.popleft()
            yield result()
            in_making -= elsewhere
    while waiting:
        yield waiting.popleft()[0]()


def task_key(version: str, reports: Sequence[str], task: Task) -> str:
    """Return a digest of all that the rows of these documents depend on. `version` is the program's, `reports` are the documents'."""
    told = (version, *reports, task.standings, sorted(task.agencies.items()), sorted(task.changed))
    return hashlib.sha256(repr(told).encode()).hexdigest()
