"""How alike two texts are, for many texts at once, in time that grows with their number and not with its square.

A text is the set of its runs of eight characters (spaces and punctuation left out), of which a fixed sixteenth is kept. Texts that
share one of the smallest hashes of their sets are compared with their neighbours there; near copies almost surely share one.
"""

from __future__ import annotations

import re
import zlib
from array import array
from collections import defaultdict
from collections.abc import Mapping

_RUN = 8
_KEPT = 16  # one run in so many is kept, by its hash
_KEYS = 8  # smallest hashes under which a text is filed
# An array holds a hash in four bytes; there is a sketch for every text of the nation in memory.
Sketch = array  # of unsigned integers
_NOT_TEXT = re.compile(r"[\W_]+")


def letters(text: str) -> str:
    """The text without spaces and punctuation."""
    return _NOT_TEXT.sub("", text)


def sketch(text: str) -> Sketch:
    """The kept hashes of a text that `letters` has cleaned, in order, each once."""
    hashes = (zlib.crc32(text[place : place + _RUN].encode()) for place in range(len(text) - _RUN + 1))
    return array("I", sorted({value for value in hashes if value % _KEPT == 0}))


def alike(one: Sketch, other: Sketch) -> float:
    """The share of their runs that two texts have in common, 0 to 1."""
    common = len(set(one).intersection(other))
    return common / (len(one) + len(other) - common) if one or other else 0.0


def most_alike(sketches: Mapping[str, Sketch], groups: Mapping[str, object]) -> dict[str, tuple[float, str]]:
    """Return, for each text that has one, the most similar earlier text of another group, with the similarity.

    Earlier is the order of `sketches`; texts of one group (copies of one report) are not compared.
    """
    filed: defaultdict[int, list[str]] = defaultdict(list)
    best: dict[str, tuple[float, str]] = {}
    for name, own in sketches.items():
        seen: set[str] = set()
        for key in own[:_KEYS]:
            other = next((each for each in reversed(filed[key]) if groups[each] != groups[name]), None)
            if other is not None and other not in seen:
                seen.add(other)
                found = (alike(own, sketches[other]), other)
                if name not in best or found[0] > best[name][0]:
                    best[name] = found
            filed[key].append(name)
    return best
