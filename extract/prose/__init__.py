"""Read the prose of a report: its sections and the counted figures that stand outside the statutory tables."""

from extract.prose.narrative import read_narrative
from extract.prose.sections import read_sections

__all__ = ["read_narrative", "read_sections"]
