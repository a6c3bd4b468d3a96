"""Documents to rows, a few bodies at a time, so that no more of them than that is ever in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import sqlite_utils

from extract.cached import drop_others
from extract.kept import KeptReports
from extract.model import Agency, Report
from publish.batch_database import file_batch
from publish.checks import changed_bodies, check_between, rules_between
from publish.compiled import Compiled, Standing, Task, task_key
from publish.filing import Filing
from publish.fingerprint import code_version
from publish.narrow import Narrow
from publish.rules import load_rules
from publish.schema import Schema, create_indexes
from publish.sentences import fail_sentences
from publish.stretches import Stretches

T = TypeVar("T")
Batch = Sequence[tuple[int, str | None]]  # places in the catalogue, with report_ids

# So many reports are held in memory at a time, and the rest of a division's.
_BATCH = 256
# A batch begins at one division in so many, whatever stands before, so that a report more does not move those of all after it.
_DIVISIONS = 128
_CODE = 6  # digits of a division's code, with which the id of a body begins


class Filling:
    """Fills what files and reports say, a few bodies at a time. `agencies` are the bodies as `agencies` has them.

    `stretches` are those of the batches whose rows are kept; `sound` tells whether the rows of all batches are as the schema says.
    """

    def __init__(self, connection: sqlite3.Connection, schema: Schema, filing: Filing, agencies: Mapping[str, Agency]) -> None:
        self._connection, self._schema = connection, schema
        self._filing, self._agencies = filing, agencies
        self.stretches = Stretches()
        self._narrow = Narrow(connection, [report_id for report_id in filing.report_ids if report_id], self.stretches)
        self._changed = changed_bodies(connection)
        self.sound = True

    def task(self, batch: Batch, known: Sequence[Report]) -> Task:
        """Return what is to be known of the documents of a batch. `known` are the headers of all documents."""
        filing, standings, agencies = self._filing, [], {}
        for place, report_id in batch:
            current, before = report_id in filing.current, filing.supersedes.get(report_id or "")
            standings.append(Standing(filing.source_ids[place], report_id, current, before))
            identity = known[place].identity
            if report_id and identity and identity.agency:
                agencies[identity.agency.agency_id] = self._agencies[identity.agency.agency_id]
        changed = frozenset(each for each in self._changed if each[0] in agencies)
        return Task(standings, agencies, changed)

    def file(self, compiled: Compiled) -> None:
        """Store the rows of some documents."""
        self.sound &= compiled.rows.sound
        file_batch(self._connection, self._narrow, compiled.rows)

    def finish(self, db: sqlite_utils.Database) -> None:
        """Add what needs all documents: the checks between bodies and texts, the numbers' meanings, the indexes."""
        self._narrow.write_figure_numbers()
        check_between(self._connection, self._narrow.add_checks)
        self._narrow.write_verdicts()
        create_indexes(db, self._schema)
        rules = [rule for rule in load_rules() if rule.rule in rules_between()]
        self._narrow.add_sentences(fail_sentences(self._connection, rules))


def chosen(reports: Sequence[Report], batch: Batch) -> Sequence[Report]:
    """Return the documents of a batch, to be sent to another process."""
    places = [place for place, _ in batch]
    return reports.chosen(places) if isinstance(reports, KeptReports) else [reports[place] for place in places]


class RowCache:
    """Where the rows of batches are kept from one build to the next: a file a batch, named by all that its rows depend on."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def path(self, reports: Sequence[Report], batch: Batch, task: Task) -> Path | None:
        """Return where the rows of a batch lie or are to lie; None where nothing is kept."""
        if self._folder is None or not isinstance(reports, KeptReports):
            return None
        name = task_key(code_version(), [reports.version(place) for place, _ in batch], task)
        self._used.add(name)
        return self._folder / name

    def drop_unused(self) -> None:
        """Remove what this build did not ask for."""
        drop_others(self._folder, self._used)


def by_bodies(reports: Sequence[Report], filing: Filing) -> Iterator[list[tuple[int, str | None]]]:
    """Part all documents into batches that hold a body's documents together, in the order of report_id from batch to batch;
    those of no known body come last."""
    named = []
    for place, (header, report_id) in enumerate(zip(reports, filing.report_ids, strict=True)):
        identity = header.identity
        if report_id and identity and identity.agency:
            named.append((identity.agency.agency_id[:_CODE], report_id, place))
    batch: list[tuple[int, str | None]] = []
    # A body's reports may stand among those of another (440115-2019, 440115-200512-2020), but only of the same division.
    for division, of_division in groupby(sorted(named), key=itemgetter(0)):
        if batch and (crc32(division.encode()) % _DIVISIONS == 0 or len(batch) >= _BATCH):
            yield batch
            batch = []
        batch += [(place, report_id) for _, report_id, place in of_division]
    yield batch
    yield from _batches((place, None) for place, report_id in enumerate(filing.report_ids) if report_id is None)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(items)
    return iter(lambda: list(islice(remaining, _BATCH)), [])
