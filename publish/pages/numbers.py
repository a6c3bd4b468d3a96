"""Numbers and dates as a reader sees them. Counts carry thousands separators; a share needs thirty outcomes."""

from __future__ import annotations

from decimal import Decimal

from publish.exact import exact_sum
from publish.rates import SMALLEST_BASE_OF_A_SHARE

Number = int | float | Decimal
# Below this many comparable bodies nothing is sorted by a figure (design.md, Words).
SMALLEST_RANKED_LIST = 10


def number(value: Number | None) -> str:
    """Return the number with thousands separators and without trailing zeros; an empty text for None."""
    if value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}"
    exact = Decimal(str(value))
    text = f"{exact:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(part: Number | None, whole: Number | None) -> str | None:
    """Return a percentage with one decimal, or None where the base is unknown or too small."""
    if part is None or whole is None or whole < SMALLEST_BASE_OF_A_SHARE:
        return None
    return f"{Decimal(str(part)) / Decimal(str(whole)) * 100:.1f}%"


def size(count: int) -> str:
    """Return a file size in KB or MB."""
    return f"{count / 1024:,.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:,.1f} MB"


def total(values: list[Number | None]) -> Number | None:
    """Return the sum, or None when one value is unknown."""
    return None if any(value is None for value in values) else exact_sum(values)  # type: ignore[arg-type]
