"""Old Word and rich text files, by way of LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from extract.model import Document
from extract.read.docx import read_docx
from extract.read.refusal import refusal

_KINDS = {"doc": ("Word", "application/msword"), "rtf": ("RTF", "application/rtf")}
_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 120


def read_doc(data: bytes) -> Document:
    """Read a Word file of before 2007. Raises UnreadableFile where LibreOffice is missing or cannot convert it."""
    return _read(data, "doc")


def read_rtf(data: bytes) -> Document:
    """Read a rich text file, under the same condition."""
    return _read(data, "rtf")


def _read(data: bytes, medium: str) -> Document:
    kind, media_type = _KINDS[medium]
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise refusal("needs_libreoffice", kind=kind)
    with tempfile.TemporaryDirectory() as folder:
        converted = _convert(program, Path(folder), data, medium)
        if converted is None:
            raise refusal("conversion_failed", kind=kind)
        return read_docx(converted, media_type)


def _convert(program: str, folder: Path, data: bytes, medium: str) -> bytes | None:
    """Return the file as DOCX. LibreOffice keeps its profile inside `folder`, so that runs do not disturb one another."""
    source, result = folder / f"report.{medium}", folder / "out" / "report.docx"
    source.write_bytes(data)
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    command += ["--convert-to", "docx", "--outdir", str(result.parent), str(source)]
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8"}
    try:
        subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=_SECONDS, check=False)
    except (subprocess.TimeoutExpired, OSError):
        return None
    return result.read_bytes() if result.is_file() else None
