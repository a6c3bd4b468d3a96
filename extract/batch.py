"""Many files → many Reports, with any `concurrent.futures` executor and a cache of what was read before.

A Report depends on the file's bytes, its catalogue row and the code and data of this package; the cache is keyed by all three,
so that a cached Report is the one that reading again would give. The cache can be deleted at any time. Who knows the digests of the
files already can hand them in, so that files whose Reports are kept needn't be opened.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from extract.cached import NOT_KEPT, drop_others, put
from extract.model import CatalogueEntry, Problem, Report, Source
from extract.pipeline import NARRATIVE, extract_file

T = TypeVar("T")
_CODE = (".py", ".yml", ".csv", ".txt")
_SMALL_ENOUGH_TO_DO_AT_HOME = 8
_MOST_AT_A_TIME = 64  # files that one process reads at a time
# The folder of the cache that holds headers, those of some Reports in one file.
HEADERS = "headers"


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


def refused(report: Report, reason: str) -> Report:
    """Return the Report of a file whose contents can't be stored, which says so and nothing else. `reason` names what they break."""
    zh = f"从这份文件读出的内容不合数据规范（{reason}），全部未入库；请附上文件向本站报告。"
    en = f"What was read from this file breaks the data's own rules ({reason}) and is not stored; please report it with the file."
    return Report(report.source, report.entry, None, NARRATIVE, "narrative_only", problems=(Problem("program_error", zh, en),))


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


def _digest(folder: Path, entry: CatalogueEntry) -> str:
    """Return a digest of a file's bytes; none of a file that isn't there."""
    with suppress(FileNotFoundError, IsADirectoryError), open(os.path.join(folder, entry.file), "rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
    return ""


def _key(entry: CatalogueEntry, digest: str, version: str) -> str:
    return hashlib.sha256(f"{version}\0{entry!r}\0{digest}".encode()).hexdigest()


def _place(store: Path, key: str) -> Path:
    return Path(f"{store}/{key[:2]}/{key}")


def cache_path(folder: Path, store: Path, entry: CatalogueEntry) -> Path:
    """Where the Report of a file is kept, whether or not it is there."""
    return _place(store, _key(entry, _digest(folder, entry), code_version()))


def header_of(report: Report) -> Report:
    """Return a report without what it says: only what tells which it is, and its problems."""
    identity = replace(report.identity, evidence=(), problems=()) if report.identity else None
    return replace(report, identity=identity, figures=(), sections=(), narrative=(), noise=(), public_lines=())


def keep(report: Report, path: Path) -> None:
    """Put a Report into the cache, its header before it."""
    put(path, header_of(report), report)


def recall(path: Path) -> Report:
    """Return a Report that was kept."""
    with path.open("rb") as file:
        pickle.load(file)
        return pickle.load(file)


def recall_header(path: Path) -> Report:
    """Return the header of a Report that was kept, at a fraction of the whole's cost."""
    with path.open("rb") as file:
        return pickle.load(file)


def read_cached(folder: Path, store: Path | None, version: str, entry: CatalogueEntry) -> Report:
    """The Report of one file, from the cache where it is there."""
    if store is None:
        return read_one(folder, entry)
    digest = _digest(folder, entry)
    try:
        return recall(_place(store, _key(entry, digest, version)))
    except NOT_KEPT:
        report, key = _read_anew(folder, entry, digest, version)
    keep(report, _place(store, key))
    return report


def _read_anew(folder: Path, entry: CatalogueEntry, digest: str, version: str) -> tuple[Report, str]:
    """Read a file, and return with its Report the key: that of the bytes as they are now, should they have been others."""
    report = read_one(folder, entry)
    if report.source.sha256 != digest:
        digest = _digest(folder, entry)
    return report, _key(entry, digest, version)


def _header(folder: Path, store: Path, entry: CatalogueEntry, digest: str, version: str) -> tuple[Report, str]:
    """Return the header of a Report with its key, and see to it that the Report is kept."""
    key = _key(entry, digest, version)
    try:
        return recall_header(_place(store, key)), key
    except NOT_KEPT:
        report, key = _read_anew(folder, entry, digest, version)
    keep(report, _place(store, key))
    return header_of(report), key


def _headers_name(paths: Iterable[Path]) -> str | None:
    """Return a digest of the names and sizes of kept Reports; None where one is not there."""
    try:
        told = "\0".join(f"{path.name} {os.stat(path).st_size}" for path in paths)
    except OSError:
        return None
    return hashlib.sha256(told.encode()).hexdigest()


def read_headers(folder: Path, store: Path, version: str, files: Sequence[tuple[CatalogueEntry, str | None]]) -> tuple[Sequence[str], Path]:
    """See to it that the Reports of some files are in the cache. Return their names there, and the file that holds all their headers:
    no more than that need travel between processes. With each file comes its digest, if it is known.
    """
    known = [(entry, digest or _digest(folder, entry)) for entry, digest in files]
    keys = [_key(entry, digest, version) for entry, digest in known]
    name = _headers_name(_place(store, key) for key in keys)
    if name is None or not (store / HEADERS / name).exists():
        found = [_header(folder, store, entry, digest, version) for entry, digest in known]
        keys = [key for _, key in found]
        name = _headers_name(_place(store, key) for key in keys)
        assert name, "each was kept just so"
        put(store / HEADERS / name, [header for header, _ in found])
    return keys, store / HEADERS / name


def extract_all(
    folder: Path,
    entries: Sequence[CatalogueEntry],
    executor: Executor | None = None,
    store: Path | None = None,
    progress: Callable[[int], None] = lambda count: None,
) -> Iterator[Report]:
    """All Reports in the order of the entries. `progress` hears how many are done."""
    yield from _all(partial(read_cached, folder, store, code_version()), entries, executor, progress)


def _at_a_time(entries: Sequence[CatalogueEntry]) -> int:
    return max(1, min(_MOST_AT_A_TIME, len(entries) // 16))


def headers_of_all(
    folder: Path,
    entries: Sequence[CatalogueEntry],
    executor: Executor | None,
    store: Path,
    progress: Callable[[int], None],
    digests: Mapping[str, str],
) -> Iterator[tuple[Path, Report]]:
    """The place in the cache and the header of each Report, in the order of the entries, read by processes that share its disk.

    `digests` are those of the bytes of files, by their paths, as far as they are known.
    """
    read = partial(read_headers, folder, store, code_version())
    size = _at_a_time(entries)
    files = [(entry, digests.get(f"{folder}/{entry.file}")) for entry in entries]
    groups = [files[start : start + size] for start in range(0, len(files), size)]
    at_home = executor is None or len(entries) <= _SMALL_ENOUGH_TO_DO_AT_HOME
    used, done = set(), 0
    for group, (keys, kept) in zip(groups, map(read, groups) if at_home else executor.map(read, groups), strict=True):
        try:
            headers = _recall_headers(kept)
        except NOT_KEPT:
            kept.unlink(missing_ok=True)
            headers = _recall_headers(read(group)[1])
        used.add(kept.name)
        done += len(group)
        progress(done)
        yield from zip((_place(store, key) for key in keys), headers, strict=True)
    drop_others(store / HEADERS, used)


def _recall_headers(path: Path) -> Sequence[Report]:
    with path.open("rb") as file:
        return pickle.load(file)


def _all(
    work: Callable[[CatalogueEntry], T], entries: Sequence[CatalogueEntry], executor: Executor | None, progress: Callable[[int], None]
) -> Iterator[T]:
    if executor is None or len(entries) <= _SMALL_ENOUGH_TO_DO_AT_HOME:
        found: Iterable[T] = map(work, entries)
    else:
        found = executor.map(work, entries, chunksize=_at_a_time(entries))
    for count, each in enumerate(found, 1):
        progress(count)
        yield each
