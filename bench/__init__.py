"""Generated national corpora with their truth, the accuracy gate that reads them, and the benchmark."""

from __future__ import annotations

import csv
from pathlib import Path

from extract.catalogue import NAME

# This file stands in every folder that `bench.generate` writes, and its catalogue says the same of each report: the reports are
# invented, and no published build may hold them. Hidden, so that no catalogue takes it for a report.
MARKER = ".GENERATED"
NOTE = "generated"

__all__ = ["MARKER", "NOTE", "is_generated"]


def is_generated(folder: Path) -> bool:
    """Tell whether the reports of a folder are invented, or any of them is."""
    if (folder / MARKER).exists():
        return True
    catalogue = folder / NAME
    if not catalogue.is_file():
        return False
    with catalogue.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return any((row.get("note") or "").strip() == NOTE for row in csv.DictReader(file))
