"""Digests of what a build depends on, by which it is known that something need not be made again."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_CODE = ("build.py", "metadata.yml", "extract", "publish", "site")
_NO_CODE = {"__pycache__"}


def _files(path: Path) -> Iterable[Path]:
    """All files below a folder in a fixed order, or the file itself."""
    if path.is_dir():
        return (each for each in sorted(path.rglob("*")) if each.is_file() and not _NO_CODE.intersection(each.parts))
    return (path,) if path.is_file() else ()


def content_digest(paths: Iterable[Path]) -> str:
    """Return a digest of the names and bytes of these files and of all files in these folders."""
    digest = hashlib.sha256()
    for path in paths:
        for file in _files(path):
            content = hashlib.sha256(file.read_bytes()).digest()
            digest.update(f"{path.name}/{file.relative_to(path).as_posix()}\0".encode() + content)
    return digest.hexdigest()


@cache
def code_version() -> str:
    """Return a digest of the program: its code, data and templates, the libraries it uses and the Python that runs it."""
    libraries = sorted(f"{each.name} {each.version}" for each in distributions())
    program = content_digest(ROOT / name for name in _CODE)
    return hashlib.sha256("\0".join([sys.version, program, *libraries]).encode()).hexdigest()


def tree_digest(folder: Path) -> str:
    """Return a digest of the names, sizes and times of all files in a folder: it changes when somebody touches one of them."""
    digest = hashlib.sha256()
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            told = os.stat(os.path.join(place, name))
            digest.update(f"{place}\0{name}\0{told.st_size}\0{told.st_mtime_ns}\0".encode())
    return digest.hexdigest()
