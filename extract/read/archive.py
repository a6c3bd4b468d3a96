"""ZIP archives of unknown origin: parts are unpacked only within bounds."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from extract.read.refusal import refusal

# Word writes about 20 bytes of XML for each byte of a report's text.
MAX_PART_BYTES = 100_000_000
_MAX_PARTS = 5_000
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


@contextmanager
def open_archive(data: bytes, kind: str) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP archive; what is damaged in it raises UnreadableFile, also while its parts are read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > _MAX_PARTS:
                raise refusal("too_much_text")
            yield archive
    except _DAMAGED as error:
        raise refusal("truncated", kind=kind) from error


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a part. Its declared size may lie, so the bound is kept while it is unpacked."""
    if name not in archive.namelist():
        raise zipfile.BadZipFile(f"no part {name}")
    with archive.open(name) as part:
        content = part.read(MAX_PART_BYTES + 1)
    if len(content) > MAX_PART_BYTES:
        raise refusal("too_much_text")
    return content
