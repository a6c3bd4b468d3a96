"""Digests of what a build depends on, by which it is known that something need not be made again."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from operator import attrgetter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_CODE = ("build.py", "metadata.yml", "bench/accuracy.json", "bench/benchmark.json", "extract", "publish", "site")
_NO_CODE = {"__pycache__"}


def _files(path: Path) -> Iterator[str]:
    """Yield the paths of all files below a folder in a fixed order, or of the file itself."""
    if path.is_file():
        yield str(path)
    for place, folders, names in os.walk(path):
        folders[:] = sorted(set(folders) - _NO_CODE)
        yield from (f"{place}/{name}" for name in sorted(names))


def content_digest(paths: Iterable[Path]) -> str:
    """Return a digest of the names and bytes of these files and of all files in these folders."""
    digest = hashlib.sha256()
    for path in paths:
        start = len(str(path))
        for file in _files(path):
            with open(file, "rb", buffering=0) as opened:
                content = hashlib.sha256(opened.read()).digest()
            digest.update(f"{path.name}/{file[start + 1 :]}\0".encode() + content)
    return digest.hexdigest()


@cache
def code_version() -> str:
    """Return a digest of the program: its code, data and templates, the libraries it uses and the Python that runs it."""
    libraries = sorted(f"{each.name} {each.version}" for each in distributions())
    program = content_digest(ROOT / name for name in _CODE)
    return hashlib.sha256("\0".join([sys.version, program, *libraries]).encode()).hexdigest()


def tree_digest(folder: Path) -> str:
    """Return a digest of the names, sizes and times of all files in a folder: it changes when somebody touches one of them."""
    digest, waiting = hashlib.sha256(), [os.fspath(folder)]
    while waiting:
        place = waiting.pop()
        told = [place]
        with os.scandir(place) as entries:
            for entry in sorted(entries, key=attrgetter("name")):
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    of_file = entry.stat()
                    told.append(f"{entry.name}\0{of_file.st_size}\0{of_file.st_mtime_ns}")
        digest.update("\0".join([*told, ""]).encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Remembered:
    """A build whose tree stands untouched: whether it had the same inputs, and what was told of it."""

    same: bool
    told: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Memory:
    """What the last build into a folder was made of, and what it left there. `file` holds it; it can be deleted at any time."""

    file: Path
    out: Path
    inputs: str

    def recall(self) -> Remembered | None:
        """Return what was remembered of the last build, if its tree stands untouched; else None."""
        try:
            kept = json.loads(self.file.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(kept, dict) or not self.out.is_dir() or kept.get("tree") != tree_digest(self.out):
            return None
        return Remembered(kept.get("inputs") == self.inputs, kept)

    def forget(self) -> None:
        """Remember nothing, before the tree is touched."""
        self.file.unlink(missing_ok=True)

    def keep(self, **told: Any) -> None:
        """Remember a finished build with what is told of it."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps({**told, "inputs": self.inputs, "tree": tree_digest(self.out)}), "utf-8")


def memory_of(folder: Path, out: Path, paths: Iterable[Path], *options: str | None) -> Memory:
    """Return the memory of builds into `out` with the program as it is, the files of `paths` and these options."""
    name = hashlib.sha256(os.fsencode(out)).hexdigest()[:16]
    inputs = hashlib.sha256(repr((code_version(), content_digest(paths), options)).encode()).hexdigest()
    return Memory(folder / f"{name}.json", out, inputs)
