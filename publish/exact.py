"""Sums of figures as they are printed: as binary fractions, 0.1 and 0.2 would not be 0.3, and amounts that add up would be flagged."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

Number = int | float


def exact_sum(added: Collection[Number], taken: Collection[Number] = ()) -> Number:
    """Add some figures and take others away. Raises TypeError where one is no number."""
    total = sum(added) - sum(taken)
    if isinstance(total, float):
        return float(sum(Decimal(str(value)) for value in added) - sum(Decimal(str(value)) for value in taken))
    return total
