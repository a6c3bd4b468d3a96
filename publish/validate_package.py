"""The data package as frictionless sees it: a small one whole, of a large one every so-and-so-many row of its long tables.

frictionless reads some ten thousand rows a second; that all rows meet the descriptor is checked in SQL (publish/validate.py).
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from publish.validate import ValidationError


@dataclass(frozen=True, slots=True)
class Validated:
    """What was validated: the tables in all, and the names of those of which a sample was taken."""

    tables: int
    sampled: tuple[str, ...]


def _rows(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _write_sample(source: Path, target: Path, step: int) -> None:
    with source.open(encoding="utf-8", newline="") as found, target.open("w", encoding="utf-8", newline="") as sample:
        reader, writer = csv.reader(found), csv.writer(sample, lineterminator="\n")
        writer.writerow(next(reader))
        writer.writerows(islice(reader, 0, None, step))


def _sampled(data: Path, folder: Path, most: int) -> Iterator[tuple[dict[str, Any], bool]]:
    """Write each table, or a sample of it, to a folder; yield its entry in the descriptor, and whether it is a sample."""
    for resource in json.loads((data / "datapackage.json").read_text("utf-8"))["resources"]:
        source, target = data / resource["path"], folder / resource["path"]
        rows = _rows(source)
        _write_sample(source, target, max(1, -(-rows // most)))
        yield {key: value for key, value in resource.items() if key not in ("alternatives", "bytes", "hash")}, rows > most


def _without_keys_to(entry: dict[str, Any], sampled: Collection[str]) -> dict[str, Any]:
    """Take away the foreign keys that lead to a sample, which lacks rows that others refer to."""
    schema = entry["schema"]
    keys = [key for key in schema.get("foreignKeys", ()) if (key["reference"]["resource"] or entry["name"]) not in sampled]
    return {**entry, "schema": {**schema, "foreignKeys": keys}}


def validate_package(data: Path, most: int) -> Validated:
    """Validate `data/datapackage.json` with frictionless, of a table of more than `most` rows so many at equal distances.

    Raises ValidationError with the first error.
    """
    import frictionless  # takes a fifth of a second

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        entries = list(_sampled(data, folder, most))
        sampled = tuple(entry["name"] for entry, part in entries if part)
        descriptor = data / "datapackage.json"
        if sampled:
            descriptor = folder / "datapackage.json"
            resources = [_without_keys_to(entry, sampled) for entry, _ in entries]
            descriptor.write_text(json.dumps({"resources": resources}), "utf-8")
        report = frictionless.validate(str(descriptor))
    errors = [(task.name, error) for task in report.tasks for error in task.errors] + [("the package", error) for error in report.errors]
    if errors:
        name, error = errors[0]
        raise ValidationError(f"frictionless finds {len(errors)} errors in the data package, first in {name}: {error.message}")
    return Validated(len(entries), sampled)
