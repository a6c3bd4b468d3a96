"""The whole site as one zip, to be moved to a mirror. The same tree gives the same bytes: names sorted, no times, no owners."""

from __future__ import annotations

import filecmp
import os
import zipfile
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

NAME = "data/site.zip"
# A larger tree has no zip: whoever mirrors it copies the folder, and a free static host could not hold it twice.
MOST_BYTES = 100 * 1024 * 1024
# All files stand in this folder.
FOLDER = "gongkai"
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6
_PACKED = {".zip", ".parquet", ".png", ".xlsx"}


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names))


def fits(*folders: Path) -> bool:
    """Tell whether a tree is small enough for a zip, by the folders that are nearly all of it: its data, and those of its bodies."""
    sizes = (path.stat().st_size for folder in folders for path in _files(folder) if not path.as_posix().endswith(f"/{NAME}"))
    # It ends at the file that is too much: a large tree has many.
    return all(size <= MOST_BYTES for size in accumulate(sizes))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(f"{FOLDER}/{name}", _EARLIEST)
    entry.create_system = 3  # Unix, wherever it is written
    entry.external_attr = 0o100644 << 16
    entry.compress_type = zipfile.ZIP_STORED if Path(name).suffix in _PACKED else zipfile.ZIP_DEFLATED
    return entry


def write_zip(out: Path) -> Path:
    """Write all files of the tree but the zip itself into the zip, unless it holds these bytes already; return its path."""
    path = out / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    # Beside the tree, so that it is not among what is packed.
    scratch = out.with_name(f".{out.name}.zip")
    names = sorted(file.relative_to(out).as_posix() for file in _files(out) if file != path)
    with zipfile.ZipFile(scratch, "w") as archive:
        for name in names:
            archive.writestr(_entry(name), (out / name).read_bytes(), compresslevel=_LEVEL)
    if path.exists() and filecmp.cmp(scratch, path, shallow=False):
        scratch.unlink()
    else:
        scratch.replace(path)
    return path
