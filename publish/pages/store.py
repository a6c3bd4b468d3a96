"""Files kept from build to build under a digest of what they are made of, and put into a tree as hard links.

Every name is a digest, so a kept file is the one that making it again would give. A kept file and the file of a tree are one and the
same on the disk; the time of its last change holds a check number, which a change by anybody spoils: such a file is not used again.
The folder can be deleted at any time.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

_SECOND = 10**9  # in nanoseconds
_LIST = ".list"
# A file system that can't link: another device, too many links to one file, links not supported.
_NO_LINK = {errno.EXDEV, errno.EMLINK, errno.EPERM, errno.ENOTSUP}


def _check_number(name: str, size: int) -> int:
    return crc32(f"{name} {size}".encode()) % _SECOND


def _set_time(path: str, second: int) -> None:
    """Set the time of a kept file: a second, and the check number as its fraction."""
    changed = second * _SECOND + _check_number(os.path.basename(path), os.stat(path).st_size)
    os.utime(path, ns=(changed, changed))


def _write_new(path: str, content: bytes, check_number: int) -> None:
    """Write a file that has no other name, whatever stood there, with the check number in its time."""
    try:
        with open(path, "xb") as file:
            file.write(content)
    except FileNotFoundError:
        _make_folder(path)
        _write_new(path, content, check_number)
    except FileExistsError:
        _remove(path)
        _write_new(path, content, check_number)
    else:
        changed = int(time.time()) * _SECOND + check_number
        os.utime(path, ns=(changed, changed))


def _write_in_one_step(path: str, content: bytes) -> None:
    """Write a kept file so that no other process finds half of it."""
    scratch = f"{path}.{os.getpid()}"
    _write_new(scratch, content, _check_number(os.path.basename(path), len(content)))
    os.replace(scratch, path)


def _make_folder(path: str) -> None:
    """Make the folder of a file; mostly the one above it is there."""
    folder = os.path.dirname(path)
    try:
        os.mkdir(folder)
    except (FileNotFoundError, FileExistsError):
        os.makedirs(folder, exist_ok=True)


def _remove(path: str) -> None:
    """Remove a file, unless another process has done so."""
    with suppress(FileNotFoundError):
        os.unlink(path)


def _links_reach(folder: Path, out: Path) -> bool:
    return os.stat(folder).st_dev == os.stat(out).st_dev


def _is_untouched(path: str) -> bool:
    try:
        told = os.stat(path)
    except FileNotFoundError:
        return False
    return told.st_mtime_ns % _SECOND == _check_number(os.path.basename(path), told.st_size)


def _link(source: str, target: str) -> bool:
    """Give a file a second name, whatever has it; tell whether there can be links between the two."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        _make_folder(target)
        return _link(source, target)
    except FileExistsError:
        _remove(target)
        return _link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        return False
    return True


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of kept files. `version` digests what all of them depend on besides their own: code, templates, words, shared rows."""

    folder: Path
    version: str

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, name[:2], name)

    def place(self, name: str, target: str) -> bool:
        """Put a kept file into a tree; tell whether it was there."""
        path = self._path(name)
        if not _is_untouched(path):
            return False
        if not _link(path, target):
            _make_folder(target)
            shutil.copy2(path, target)
            # No link tells that a tree has it, so its time does.
            _set_time(path, int(time.time()))
        return True

    def put(self, name: str, content: bytes, target: str) -> None:
        """Write a file into a tree and keep it."""
        _write_new(target, content, _check_number(name, len(content)))
        path = self._path(name)
        if not _link(target, path):
            _write_in_one_step(path, content)

    def recall(self, name: str) -> tuple[Sequence[str], Sequence[tuple[str, str]]] | None:
        """Return the list that `remember` kept, or None."""
        path = self._path(name + _LIST)
        if not _is_untouched(path):
            return None
        with open(path, encoding="utf-8") as file:
            pages, files = json.load(file)
        return pages, [(path, kept) for path, kept in files]

    def remember(self, name: str, pages: Sequence[str], files: Sequence[tuple[str, str]]) -> None:
        """Keep a list: the addresses of directory pages, and files of a tree with the names under which they are kept."""
        _write_in_one_step(self._path(name + _LIST), json.dumps([pages, files], ensure_ascii=False).encode())

    def noted(self, name: str) -> Mapping[str, Any]:
        """Return what `note` kept under a name of ours; nothing where there is none."""
        try:
            with open(self.folder / f"{name}.json", encoding="utf-8") as file:
                told = json.load(file)
        except (OSError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    def note(self, name: str, told: Mapping[str, Any]) -> None:
        """Keep plain values under a name of ours, in the place of those before: what may be known, and need not."""
        _write_in_one_step(str(self.folder / f"{name}.json"), json.dumps(told).encode())

    def _entries(self) -> Iterator[os.DirEntry[str]]:
        for place in sorted(self.folder.iterdir()):
            if place.is_dir():
                with os.scandir(place) as entries:
                    yield from entries

    def prune(self, out: Path, since: int) -> None:
        """Drop what is in no tree any more; `out` is the one just made.

        A file of a tree that links can reach has a second name there. Of other trees it is known only which files were copied into
        them since that second, when the making of `out` began; what an earlier tree had is dropped.
        """
        if not self.folder.is_dir():
            return
        copied = not _links_reach(self.folder, out)
        kept, lists = set(), []
        for entry in self._entries():
            told = entry.stat()
            if entry.name.endswith(_LIST):
                lists.append(entry)
            elif told.st_nlink > 1 or (copied and told.st_mtime_ns // _SECOND >= since):
                kept.add(entry.name)
            else:
                os.unlink(entry.path)
        for entry in lists:
            held = self.recall(entry.name.removesuffix(_LIST))
            if held is None or any(name not in kept for _, name in held[1]):
                os.unlink(entry.path)
