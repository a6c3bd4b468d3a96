"""Many files → many Reports, with any `concurrent.futures` executor and a cache of what was read before.

A Report depends on the file's bytes, its catalogue row and the code and data of this package; the cache is keyed by all three,
so that a cached Report is the one that reading again would give. The cache can be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import cache, partial
from pathlib import Path

from extract.model import CatalogueEntry, Problem, Report, Source
from extract.pipeline import NARRATIVE, extract_file

_CODE = (".py", ".yml", ".csv", ".txt")
_SMALL_ENOUGH_TO_DO_AT_HOME = 8


@cache
def code_version() -> str:
    """A digest of all code and data files that reading depends on, and of the Python that runs them."""
    digest = hashlib.sha256(sys.version.encode())
    root = Path(__file__).parent
    for path in sorted(path for path in root.rglob("*") if path.suffix in _CODE):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _failed(entry: CatalogueEntry, kind: str, zh: str, en: str, size: int = 0, sha256: str | None = None) -> Report:
    source = Source(entry.file, size, sha256 or hashlib.sha256().hexdigest(), None, None, None)
    return Report(source, entry, None, NARRATIVE, "narrative_only", problems=(Problem(kind, zh, en),))


def read_one(folder: Path, entry: CatalogueEntry) -> Report:
    """Read one file; whatever happens, there is a Report, so that one bad file costs no other."""
    path = folder / entry.file
    if not path.is_file():
        zh = "目录所列的文件不存在；请补上文件，或从catalogue.csv中删去该行。"
        en = "The catalogue lists a file that is not there; add the file or remove its row from catalogue.csv."
        return _failed(entry, "file_absent", zh, en)
    try:
        return extract_file(path, entry)
    except Exception as error:
        print(f"{entry.file}: reading failed with {type(error).__name__}: {error}; please report it with the file.", file=sys.stderr)
        zh = f"读取时程序出错（{type(error).__name__}）；请附上文件向本站报告。"
        en = f"Our program failed while reading this file ({type(error).__name__}); please report it with the file."
        data = path.read_bytes()
        return _failed(entry, "program_error", zh, en, len(data), hashlib.sha256(data).hexdigest())


def _key(folder: Path, entry: CatalogueEntry, version: str) -> str:
    digest = hashlib.sha256(f"{version}\0{entry!r}\0".encode())
    path = folder / entry.file
    if path.is_file():
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()


def cache_path(folder: Path, store: Path, entry: CatalogueEntry, version: str | None = None) -> Path:
    """Where the Report of a file is kept, whether or not it is there."""
    key = _key(folder, entry, version or code_version())
    return store / key[:2] / key


def keep(report: Report, path: Path) -> None:
    """Put a Report into the cache in one step, so that no other process finds half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}")
    scratch.write_bytes(pickle.dumps(report, protocol=pickle.HIGHEST_PROTOCOL))
    scratch.replace(path)


def read_cached(folder: Path, store: Path | None, version: str, entry: CatalogueEntry) -> Report:
    """The Report of one file, from the cache where it is there."""
    if store is None:
        return read_one(folder, entry)
    path = cache_path(folder, store, entry, version)
    try:
        with path.open("rb") as file:
            return pickle.load(file)
    except (OSError, pickle.PickleError, EOFError, AttributeError):
        report = read_one(folder, entry)
    keep(report, path)
    return report


def extract_all(
    folder: Path,
    entries: Sequence[CatalogueEntry],
    executor: Executor | None = None,
    store: Path | None = None,
    progress: Callable[[int], None] = lambda count: None,
) -> Iterator[Report]:
    """All Reports in the order of the entries. `progress` hears how many are done."""
    work = partial(read_cached, folder, store, code_version())
    if executor is None or len(entries) <= _SMALL_ENOUGH_TO_DO_AT_HOME:
        reports: Iterable[Report] = map(work, entries)
    else:
        reports = executor.map(work, entries, chunksize=max(1, min(64, len(entries) // 16)))
    for count, report in enumerate(reports, 1):
        progress(count)
        yield report
