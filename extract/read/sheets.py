"""XLSX and XLS: every visible sheet is read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from extract.model import Document
from extract.read.builder import DocumentBuilder
from extract.read.refusal import refusal
from extract.read.rows import add_rows

_WORKER = Path(__file__).with_name("workbook_rows.py")
_ZIPPED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OLD = "application/vnd.ms-excel"
_SECONDS = 60
_EXIT_LOCKED = 3
_EXIT_DAMAGED = 4


def read_sheets(data: bytes) -> Document:
    """Read a workbook, in a process whose memory and time are bounded."""
    media_type = _ZIPPED if data.startswith(b"PK") else _OLD
    builder = DocumentBuilder()
    for sheet in _sheets(data):
        add_rows(builder, sheet["rows"], [(tuple(first), tuple(last)) for first, last in sheet["merged"]])
    return builder.build(media_type)


def _sheets(data: bytes) -> list[dict]:
    try:
        done = subprocess.run([sys.executable, "-I", str(_WORKER)], input=data, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise refusal("too_much_text") from error
    if done.returncode == _EXIT_LOCKED:
        raise refusal("encrypted", kind="Excel")
    if done.returncode == _EXIT_DAMAGED:
        raise refusal("truncated", kind="Excel")
    if done.returncode != 0:
        raise refusal("too_much_text")
    return json.loads(done.stdout)
