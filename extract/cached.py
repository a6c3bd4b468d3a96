"""Values kept as files from one build to the next, each under a name that digests what it is made of.

Whoever reads one must be ready for `NOT_KEPT`: a folder of such files can be deleted at any time.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Collection
from pathlib import Path

# What an absent, damaged or outdated file raises when it is read.
NOT_KEPT = (OSError, pickle.PickleError, EOFError, AttributeError, TypeError)


def put(path: Path, *values: object) -> None:
    """Keep values, to be loaded one after the other, in one step, so that no other process finds half of them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}")
    with scratch.open("wb") as file:
        for value in values:
            pickle.dump(value, file, protocol=pickle.HIGHEST_PROTOCOL)
    scratch.replace(path)


def drop_others(folder: Path | None, used: Collection[str]) -> None:
    """Remove what is not among these names; what another build is about to put there has a suffix."""
    if folder is not None and folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.name not in used and not path.suffix:
                path.unlink(missing_ok=True)
