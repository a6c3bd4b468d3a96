"""The statutory tables of a report: from a repaired document to figures, each with its line, its raw text and its label."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from functools import cache, lru_cache
from pathlib import Path

import yaml

from extract.forms import Table, load_forms
from extract.model import Figure, Problem, RepairedDocument, Span, TableReading
from extract.tables.atoms import atoms_of
from extract.tables.figures import figures_of, header_print
from extract.tables.fill import Filled, Filling, fill_table, settle_by_prose
from extract.tables.match import Columns, Fit, Outline, columns_of, drop_foreign_header, fit, is_sure, outline_of, row_of
from extract.tables.printed import PrintedTable, printed_tables

__all__ = ["missing_figures", "read_tables"]

# Behind the last character of any line.
_BEHIND_ALL = 1 << 30
# More unknown labels than these are a scrambled header, which one sentence says better.
_MOST_UNKNOWN_COLUMNS = 2
# Years and the numbers of documents prove nothing, and small numbers are met by chance.
_PROSE_NUMBER = re.compile(r"(?<![\d.,〔\[])\d{4,9}(?![\d.,%]|\s*[年号〕\]])")


@cache
def _problem_texts() -> dict[str, dict[str, str]]:
    return yaml.load((Path(__file__).parent / "problems.yml").read_text("utf-8"), yaml.CSafeLoader)


def _problem(kind: str, line: int | None, indicator: str | None = None, **words: str) -> Problem:
    texts = _problem_texts()[kind]
    return Problem(kind, texts["zh"].format(**words), texts["en"].format(**words), line, indicator)


@cache
def _tables_by_keys() -> tuple[tuple[Table, frozenset[str]], ...]:
    """Every table of every form with the keys of its rows, or of its header where it has none: a print without any is not of it."""
    return tuple(
        (table, frozenset(table.places) if table.value_rows else table.header_keys) for form in load_forms() for table in form.tables
    )


@cache
def _tables_by_number() -> dict[tuple[str, int], Table]:
    return {(table.form, table.number): table for form in load_forms() for table in form.tables}


@lru_cache(maxsize=1 << 12)
def _tables_with(labels: frozenset[str]) -> tuple[Table, ...]:
    return tuple(table for table, keys in _tables_by_keys() if not keys.isdisjoint(labels))


@lru_cache(maxsize=1 << 12)
def _widest_with(labels: frozenset[str]) -> int:
    return max([len(table.columns) for table in _tables_with(labels)], default=0)


@lru_cache(maxsize=1 << 12)
def _fits(outline: Outline) -> tuple[Fit, ...]:
    """How a print meets each table that it has a label of, the best first."""
    fits = (fit(table, outline) for table in _tables_with(outline.keys()))
    return tuple(sorted(fits, key=lambda one: (*(-part for part in one.score), one.table.form)))


def _best_fits(printed: PrintedTable) -> list[Fit]:
    """The fits of a printed table that name it surely, the best first."""
    labels = (*printed.headings, *printed.header, *[row.label for row in printed.rows if row.known])
    outline = outline_of(printed, _widest_with(frozenset([atom.key for atom in labels])))
    return [one for one in _fits(outline) if is_sure(one, printed)]


def _choose(tables: Sequence[PrintedTable]) -> dict[tuple[str, int], list[PrintedTable]]:
    """Say of each printed table which form's table it is: by its labels, where they leave a choice by its neighbours'.

    A block that is printed in several pieces is one table: the form is chosen for all pieces of a block together, except where
    a form parts the block into tables of their own (the items of article 20).
    """
    fits = {index: _best_fits(printed) for index, printed in enumerate(tables)}
    votes: dict[str, int] = defaultdict(int)
    by_table: dict[tuple[str, int], int] = defaultdict(int)
    for found in fits.values():
        for one in found:
            by_table[one.table.form, one.table.number] += sum(one.score)
        if found and (len(found) == 1 or found[0].score > found[1].score):
            votes[found[0].table.form] += found[0].rows + 1
    chosen: dict[tuple[str, int], list[PrintedTable]] = {}
    for index, found in fits.items():
        if not found:
            continue
        best = max(
            found,
            key=lambda one: (
                by_table[one.table.form, one.table.number] if not one.table.flat_header and one.table.rows else sum(one.score),
                one.score,
                votes[one.table.form],
            ),
        )
        drop_foreign_header(best.table, tables[index])
        chosen.setdefault((best.table.form, best.table.number), []).append(tables[index])
    return chosen


def _cut_prose(table: Table, printed: PrintedTable) -> None:
    """Drop the rows behind a table that are none of it: words of prose that other forms have as labels."""
    rows = printed.rows
    while rows and rows[-1].label and row_of(table, rows[-1]) is None and (rows[-1].known or not rows[-1].values):
        rows.pop()


def _continuations(tables: Sequence[PrintedTable], chosen: dict[tuple[str, int], list[PrintedTable]]) -> None:
    """Give a piece that names no table by itself to the table printed before it, if its rows are of that table."""
    placed = {id(printed): key for key, group in chosen.items() for printed in group}
    forms = _tables_by_number()
    last = None
    for printed in tables:
        key = placed.get(id(printed))
        if key is None and last is not None and fit(forms[last], outline_of(printed, len(forms[last].columns))).rows > 0:
            chosen[last].append(printed)
            key = last
        last = key or last


def _header_problems(columns: Columns, printed: PrintedTable) -> Iterable[Problem]:
    line = next((atom.line for atom in printed.atoms()), None)
    if columns.order is None:
        yield _problem("header_contradicts", line)
    elif not columns.readable:
        yield _problem("header_unreadable", line)
        for label in columns.unknown if len(columns.unknown) <= _MOST_UNKNOWN_COLUMNS else ():
            yield _problem("unknown_column", line, label=label)


def _filling_problems(filling: Filling) -> Iterable[Problem]:
    for row in filling.unknown:
        yield _problem("unknown_row", row.label.line, label=row.label.raw)
    for name, filled in filling.open.items():
        yield _ran_together(name, filled)
    for filled in filling.unreadable:
        yield _ran_together(filled.name, filled)
    for atom in filling.stray:
        yield _problem("stray_value", atom.line, digits=atom.raw)
    for filled in filling.repeated:
        first = filling.rows[filled.name]
        if [cell.value for cell in first.cells or ()] != [cell.value for cell in filled.cells or ()]:
            yield _problem("printed_twice", filled.atoms[0].line, filled.name or None, label=filled.label.raw if filled.label else "")


def _ran_together(name: str, filled: Filled) -> Problem:
    digits = " ".join(atom.raw for atom in filled.atoms if atom.kind != "blank")
    label = filled.label.raw if filled.label else "、".join(dict.fromkeys(column.label for column in filled.columns))
    return _problem("ran_together", filled.atoms[0].line, name or None, label=label, digits=digits)


def _text_of_tables(printed: Sequence[PrintedTable], document: RepairedDocument) -> tuple[tuple[Span, ...], frozenset[int]]:
    """All text of the tables, from the first atom of a piece to its last: parts of lines, and the lines that are its as a whole."""
    spans: set[Span] = set()
    whole: set[int] = set()
    for table in printed:
        found = [atom for atom in table.atoms() if atom.row is None]
        if found:
            first = min([(atom.line, atom.start) for atom in found])
            last = max([(atom.ends_on, _BEHIND_ALL) if atom.ends_on > atom.line else (atom.line, atom.end) for atom in found])
            whole.update(range(first[0] + 1, last[0]))
            for line in {first[0], last[0]}:
                length = len(document.lines[line - 1].clean)
                spans.add(Span(line, first[1] if line == first[0] else 0, min(last[1], length) if line == last[0] else length))
    for grid in document.source.grids:
        whole.update(range(grid.first_line, grid.last_line + 1))
    return tuple(sorted(span for span in spans if span.line not in whole)), frozenset(whole)


def _prose_numbers(document: RepairedDocument, spans: Sequence[Span], whole_lines: Set[int]) -> frozenset[int]:
    taken: dict[int, list[Span]] = defaultdict(list)
    for span in spans:
        taken[span.line].append(span)
    numbers = set()
    for number, text in enumerate(document.lines, 1):
        if number in whole_lines:
            continue
        for match in _PROSE_NUMBER.finditer(text.clean):
            if not any(span.start <= match.start() < span.end for span in taken.get(number, ())):
                numbers.add(int(match.group()))
    return frozenset(numbers)


def read_tables(document: RepairedDocument) -> TableReading:
    """Read every statutory table of a document. Nothing in it is skipped in silence: a value is a figure or a problem."""
    atoms = atoms_of(document)
    printed = printed_tables(atoms)
    chosen = _choose(printed)
    _continuations(printed, chosen)
    tables = _tables_by_number()
    for key, group in chosen.items():
        for piece in group if tables[key].rows else ():
            _cut_prose(tables[key], piece)
    taken = _text_of_tables([piece for group in chosen.values() for piece in group], document) if chosen else ((), frozenset())
    prose: frozenset[int] | None = None
    figures: dict[tuple[str, str], Figure] = {}
    problems: list[Problem] = []
    forms: dict[str, str] = {}
    tokens = unplaced = 0
    for key in sorted(chosen):
        table = tables[key]
        pieces = [(piece, columns_of(table, piece)) for piece in chosen[key]]
        problems += (problem for piece, columns in pieces for problem in _header_problems(columns, piece))
        filling = fill_table(table, pieces)
        if filling.open:
            prose = _prose_numbers(document, *taken) if prose is None else prose
            settle_by_prose(filling, prose)
        problems += _filling_problems(filling)
        header = header_print(pieces, table)
        for filled in filling.rows.values():
            for figure in figures_of(filled, header):
                figures.setdefault(figure[:2], figure)  # indicator and measure
                if (
                    figure.unit is None
                    and (figure.measure == "amount_yuan" or (filled.row and filled.row.money))
                    and figure.value is not None
                ):
                    problems.append(_problem("no_unit", figure.line, figure.indicator, label=figure.label_as_printed or figure.raw or ""))
        forms.setdefault(table.block, table.form)
        tokens += sum([atom.kind != "blank" for piece, _ in pieces for row in piece.rows for atom in row.values])
        unplaced += (
            len(filling.stray)
            + sum(len(each.atoms) for each in (*filling.open.values(), *filling.unreadable))
            + sum(len(row.values) for row in filling.unknown)
        )
    return TableReading(tuple(figures.values()), tuple(forms.items()), *taken, tuple(problems), tokens, unplaced)


def missing_figures(reading: TableReading, form_name: str) -> tuple[Figure, ...]:
    """The cells that a form has and this copy does not: state `missing`, never zero. Each block counts by its own form."""
    by_block = dict(reading.forms)
    found = {figure[:2] for figure in reading.figures}  # indicator and measure
    missing = []
    for table in _due_tables():
        if by_block.get(table.block, form_name) == table.form:
            missing += _missing_cells(table, found)
    return tuple(missing)


@cache
def _due_tables() -> tuple[Table, ...]:
    return tuple(table for form in load_forms() for table in form.tables if form.every_cell_is_due)


def _missing_cells(table: Table, found: set[tuple[str, str]]) -> Iterable[Figure]:
    if not table.units.keys() <= found:
        for (indicator, measure), unit in table.units.items():
            if (indicator, measure) not in found:
                yield Figure(indicator, measure, None, unit, "missing")
