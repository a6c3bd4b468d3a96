"""Rows as columns of codes: each text of a column is looked at once, however many rows repeat it, and written as it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from publish.schema import Table


class _Codes(dict[Any, int]):
    """Gives each value that it is asked for the next number, from 0."""

    def __missing__(self, value: Any) -> int:
        self[value] = code = len(self)
        return code


@dataclass(frozen=True, slots=True)
class Column:
    """The values of some rows in one column: each once, and for each row which it is; or, without codes, as they are row for row."""

    values: Sequence[Any]
    codes: Sequence[int] | None

    def told(self, tell: Callable[[Any], str]) -> Iterable[str]:
        """Yield what `tell` makes of each row's value."""
        if self.codes is None:
            return map(tell, self.values)
        return map([tell(value) for value in self.values].__getitem__, self.codes)


def coded(table: Table, rows: Sequence[Sequence[Any]]) -> Iterator[Column]:
    """Yield the columns of some rows of a table."""
    for column, values in zip(table.columns, zip(*rows, strict=True), strict=True):
        if column.type == "number":  # among them 1 and 1.0 are not the same
            yield Column(values, None)
        else:
            codes = _Codes()
            numbers = list(map(codes.__getitem__, values))
            yield Column(list(codes), numbers)
