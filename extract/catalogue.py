"""reports/catalogue.csv: what is known of each file beside what it says. Rows are only ever appended; their order is kept."""

from __future__ import annotations

import csv
from pathlib import Path

from extract.model import CatalogueEntry

NAME = "catalogue.csv"
COLUMNS = ("file", "url", "original_url", "copy_kind", "retrieved_on", "added_on", "note")
COPY_KINDS = ("official_site", "official_archive", "republished", "encyclopedia", "news", "unknown")


class CatalogueError(Exception):
    """The catalogue cannot be used. The message is one sentence that names the file, the line and the remedy."""


def _entry(row: dict[str, str | None], line: int, seen: set[str]) -> CatalogueEntry:
    values = {key: (row.get(key) or "").strip() or None for key in COLUMNS}
    file, kind = values["file"], values["copy_kind"] or "unknown"
    if not file or Path(file).is_absolute() or ".." in Path(file).parts:
        raise CatalogueError(f"{NAME} line {line}: `file` must name a file inside the reports folder; correct that cell.")
    if file in seen:
        raise CatalogueError(f"{NAME} line {line}: {file} is listed twice; remove one of the rows.")
    if kind not in COPY_KINDS:
        raise CatalogueError(f"{NAME} line {line}: copy_kind is {kind!r}; use one of {', '.join(COPY_KINDS)}.")
    seen.add(file)
    return CatalogueEntry(file, values["url"], values["original_url"], kind, values["retrieved_on"], values["added_on"], values["note"])


def read_catalogue(folder: Path) -> tuple[CatalogueEntry, ...]:
    """All entries in the catalogue's order, then the files of the folder that it does not name, by name."""
    entries: list[CatalogueEntry] = []
    seen: set[str] = set()
    path = folder / NAME
    if path.exists():
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lacking = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if lacking:
                raise CatalogueError(f"{NAME} line 1: the column {lacking[0]} is missing; the header must be {','.join(COLUMNS)}.")
            entries += (_entry(row, reader.line_num, seen) for row in reader)
    for found in sorted(folder.rglob("*")):
        name = found.relative_to(folder).as_posix()
        if found.is_file() and name != NAME and name not in seen and not found.name.startswith("."):
            entries.append(CatalogueEntry(name))
    return tuple(entries)
