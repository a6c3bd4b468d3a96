"""How a finished tree takes the place of the one before: whole, or, where that one stands untouched, by the files that differ."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

_REMOVERS = 4  # folders removed at a time


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a tree needs besides new files: `folders` keep no file but the new ones, `gone` are files that it loses."""

    folders: Sequence[str]
    gone: Sequence[str]


def remove(tree: Path) -> None:
    """Remove a tree, some of its folders at a time: what takes long is waiting for the disk."""
    if tree.is_dir():
        with ThreadPoolExecutor(_REMOVERS) as pool:
            list(pool.map(partial(shutil.rmtree, ignore_errors=True), [path for path in tree.glob("*/*") if path.is_dir()]))
    shutil.rmtree(tree, ignore_errors=True)


def swap(fresh: Path, out: Path) -> None:
    """Put a finished tree in the place of the one before; at no time is there half a tree."""
    old = out.with_name(f".{out.name}.old")
    remove(old)
    if out.exists():
        out.rename(old)
    fresh.rename(out)
    remove(old)


def _files(folder: Path) -> Iterator[str]:
    """Yield the paths of all files in a folder, from it."""
    for place, _, names in os.walk(folder):
        yield from (os.path.relpath(os.path.join(place, name), folder) for name in names)


def _drop(path: Path, tree: Path) -> None:
    """Remove a file of a tree, and the folders above it that hold nothing else."""
    path.unlink()
    with suppress(OSError):  # the first that isn't empty
        for above in path.parents:
            if above == tree:
                return
            above.rmdir()


def _same(one: Path, other: Path) -> bool:
    """Tell whether two files hold the same bytes; a bulk file may be the one of the tree before under another name."""
    return other.is_file() and (one.samefile(other) or filecmp.cmp(one, other, shallow=False))


def renew(out: Path, fresh: Path, renewal: Renewal) -> Sequence[str]:
    """Move the files of `fresh` into `out`, each in one step and only where it differs, and take away what is to go; `fresh` is removed.

    A reader meets whole files at any time, but for a moment some are of the tree before. If this is broken off, `out` is no tree.
    Return the paths of all files that are others or gone.
    """
    new = set(_files(fresh))
    of_folders = (f"{folder}/{name}" for folder in renewal.folders for name in _files(out / folder))
    gone = [*renewal.gone, *(path for path in of_folders if path not in new)]
    moved = []
    for path in sorted(new):
        source, target = fresh / path, out / path
        if not _same(source, target):
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
            moved.append(path)
    for path in gone:
        _drop(out / path, out)
    remove(fresh)
    return [*moved, *gone]
