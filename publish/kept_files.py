"""Whole files kept from one build to the next as hard links, each group under a digest of what it is made of.

A kept file and the file of a tree are one and the same on the disk, so a file that anybody changed since is not used again: the time
of its last change tells. Where links can't be made, nothing is kept. The folder can be deleted at any time.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from extract.cached import NOT_KEPT, put

Measured = dict[str, Any]  # path, bytes and hash of a file
Files = Mapping[str, Sequence[Measured]]  # by their format


def _named(cache: Path, name: str, folder: Path, files: Files) -> Iterator[tuple[Path, Path]]:
    """Yield the place of each file in the cache and in the folder."""
    told = (file for group in files.values() for file in group)
    yield from ((cache / f"{name}-{number}", folder / file["path"]) for number, file in enumerate(told))


def names_kept(name: str, files: Files) -> set[str]:
    """Return the names that a group of files has in its cache."""
    return {name, *(kept.name for kept, _ in _named(Path(), name, Path(), files))}


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    os.link(source, target)


def keep_files(cache: Path, name: str, folder: Path, files: Files) -> None:
    """Keep files that were just written into a folder."""
    try:
        for kept, path in _named(cache, name, folder, files):
            _link(path, kept)
    except OSError:
        return
    put(cache / name, files, [path.stat().st_mtime_ns for _, path in _named(cache, name, folder, files)])


def place_files(cache: Path, name: str, folder: Path) -> Files | None:
    """Put kept files into a folder and return what was told of them; None where they are not kept or not as they were."""
    try:
        with (cache / name).open("rb") as file:
            files, times = pickle.load(file), pickle.load(file)
        places = list(_named(cache, name, folder, files))
        if [kept.stat().st_mtime_ns for kept, _ in places] != times:
            return None
        for kept, path in places:
            _link(kept, path)
    except NOT_KEPT:
        return None
    return files
