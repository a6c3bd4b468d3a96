"""Digests of what a build depends on, by which it is known that something need not be made again."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_CODE = ("build.py", "metadata.yml", "bench/accuracy.json", "bench/benchmark.json", "extract", "publish", "site")
_NO_CODE = {"__pycache__"}
_READERS = 8  # files opened at a time: a disk that is asked for one after the other is waited for
_UNSETTLED = 2 * 10**9  # nanoseconds; the coarsest clock of a file system in use


def _files(path: Path) -> Iterator[str]:
    """Yield the paths of all files below a folder in a fixed order, or of the file itself."""
    if path.is_file():
        yield str(path)
    for place, folders, names in os.walk(path):
        folders[:] = sorted(set(folders) - _NO_CODE)
        yield from (f"{place}/{name}" for name in sorted(names))


def _of_file(file: str) -> str:
    with open(file, "rb", buffering=0) as opened:
        return hashlib.sha256(opened.read()).hexdigest()


def content_digest(paths: Iterable[Path]) -> str:
    """Return a digest of the names and bytes of these files and of all files in these folders."""
    digest = hashlib.sha256()
    for path in paths:
        start = len(str(path))
        for file in _files(path):
            digest.update(f"{path.name}/{file[start + 1 :]}\0{_of_file(file)}\0".encode())
    return digest.hexdigest()


def noted_digests(paths: Iterable[Path], note: Path) -> dict[str, str]:
    """Return a digest of the bytes of these files and of all files in these folders, by their paths, without reading those that are
    the files of the last time by all that the disk tells.

    A file's time of change can't be set by anybody, but two changes in a moment may have the same: one that has only just changed is not
    noted. `note` can be deleted at any time.
    """
    try:
        before = dict(json.loads(note.read_text("utf-8")))
    except (OSError, TypeError, ValueError):
        before = {}
    settled = time.time_ns() - _UNSETTLED
    states: dict[str, list[int]] = {}
    for file in chain.from_iterable(map(_files, paths)):
        with suppress(FileNotFoundError):  # a link to nothing, such as an editor puts beside the file that it has open
            told = os.stat(file)
            states[file] = [told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns]
    unknown = [file for file, state in states.items() if before.get(file, [])[:-1] != state]
    with ThreadPoolExecutor(_READERS) as readers:
        read = dict(zip(unknown, readers.map(_of_file, unknown), strict=True))
    digests = {file: read[file] if file in read else before[file][-1] for file in states}
    after = {file: [*state, digests[file]] for file, state in states.items() if max(state[2:]) < settled}
    if after != before:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(after), "utf-8")
    return digests


@cache
def code_version() -> str:
    """Return a digest of the program: its code, data and templates, the libraries it uses and the Python that runs it."""
    libraries = sorted(f"{each.name} {each.version}" for each in distributions())
    program = content_digest(ROOT / name for name in _CODE)
    return hashlib.sha256("\0".join([sys.version, program, *libraries]).encode()).hexdigest()


def _of_folder(place: str) -> tuple[str, list[str]]:
    """Return a digest of the names, sizes and times of the files that lie in a folder, and the folders in it."""
    told, folders = [], []
    with os.scandir(place) as entries:
        for entry in sorted(entries, key=attrgetter("name")):
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                of_file = entry.stat()
                told.append(f"{entry.name}\0{of_file.st_size}\0{of_file.st_mtime_ns}")
    return hashlib.sha256("\0".join([*folders, "", *told]).encode()).hexdigest(), folders


def folder_digests(tree: Path) -> dict[str, str]:
    """Return a digest of each folder of a tree: that of one changes when somebody touches a file in it."""
    digests, waiting = {}, [os.fspath(tree)]
    while waiting:
        place = waiting.pop()
        digests[place], folders = _of_folder(place)
        waiting += folders
    return digests


def renewed_digests(digests: Mapping[str, str], tree: Path, touched: Iterable[str]) -> dict[str, str]:
    """Return the digests of a tree of whose folders only these, and those above them, are others than they were, or gone."""
    top, renewed = os.fspath(tree), dict(digests)
    places = {os.path.join(top, path) for path in touched}
    for place in list(places):
        while len(place) > len(top):
            places.add(place := os.path.dirname(place))
    for place in places:
        if os.path.isdir(place):
            renewed[place] = _of_folder(place)[0]
        else:
            renewed.pop(place, None)
    return renewed


def _whole(digests: Mapping[str, str]) -> str:
    return hashlib.sha256("\0".join(chain.from_iterable(sorted(digests.items()))).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Remembered:
    """A build that left a tree: whether it had the same inputs, and what was told of it. `tree` is a digest of what it left."""

    same: bool
    tree: str
    told: dict[str, Any]

    def is_left_by(self, digests: Mapping[str, str]) -> bool:
        """Tell whether a tree with these digests of its folders is as the build left it."""
        return self.tree == _whole(digests)


@dataclass(frozen=True, slots=True)
class Memory:
    """What the last build into a folder was made of, and what it left there. `file` holds it; it can be deleted at any time.

    `digests` are those of the files that this build is made of, by their paths.
    """

    file: Path
    out: Path
    inputs: str
    digests: Mapping[str, str]

    def recall(self) -> Remembered | None:
        """Return what was remembered of the last build, whatever became of its tree; None where nothing is."""
        try:
            kept = json.loads(self.file.read_text("utf-8"))
            return Remembered(kept["inputs"] == self.inputs, kept["tree"], kept["told"]) if self.out.is_dir() else None
        except (KeyError, OSError, TypeError, ValueError):
            return None

    def forget(self) -> None:
        """Remember nothing, before the tree is touched."""
        self.file.unlink(missing_ok=True)

    def keep(self, digests: Mapping[str, str], **told: Any) -> None:
        """Remember a finished build with the digests of the folders of its tree and what is told of it."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps({"inputs": self.inputs, "tree": _whole(digests), "told": told}), "utf-8")


def memory_of(folder: Path, out: Path, paths: Iterable[Path], *options: str | None) -> Memory:
    """Return the memory of builds into `out` with the program as it is, the files of `paths` and these options."""
    name = hashlib.sha256(os.fsencode(out)).hexdigest()[:16]
    digests = noted_digests(paths, folder / f"{name}.inputs.json")
    inputs = hashlib.sha256(repr((code_version(), digests, options)).encode()).hexdigest()
    return Memory(folder / f"{name}.json", out, inputs, digests)
