"""From a file to one document model: `read_file`. One module a medium; libraries are loaded when their medium occurs."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from extract.model import Document
from extract.read.detect import medium_of_bytes, medium_of_text
from extract.read.encoding import CHINESE, decode
from extract.read.refusal import refusal

MEGABYTE = 1_000_000
MAX_FILE_BYTES = 50 * MEGABYTE
# A yearly report has under 200,000 characters, the longest compilations under a million.
MAX_CHARACTERS = 3_000_000

# By medium: the module and the function that reads it, from bytes or from text and encoding.
_BINARY_READERS = {
    "pdf": ("pdf", "read_pdf"),
    "docx": ("docx", "read_docx"),
    "sheet": ("sheets", "read_sheets"),
    "opendocument": ("opendocument", "read_opendocument"),
    "doc": ("doc", "read_doc"),
    "rtf": ("doc", "read_rtf"),
    "picture": ("picture", "read_picture"),
    "mhtml": ("web_archive", "read_web_archive"),
}
_TEXT_READERS = {
    "html": ("markup", "read_markup"),
    "markdown": ("markdown", "read_markdown"),
    "csv": ("delimited", "read_delimited"),
    "text": ("text", "read_text"),
}

__all__ = ["MAX_CHARACTERS", "MAX_FILE_BYTES", "data_of", "read_data", "read_file"]


def read_file(path: Path) -> Document:
    """Read a report in any medium. Raises UnreadableFile with one Chinese and English sentence for what cannot be read."""
    return read_data(data_of(path), path.name)


def data_of(path: Path) -> bytes:
    """Return the bytes of a file. Raises UnreadableFile where there is none, or too large a one."""
    if not path.is_file():
        raise refusal("not_a_file")
    size = path.stat().st_size
    if size >= MAX_FILE_BYTES:
        raise refusal("too_large", megabytes=round(size / MEGABYTE, 1), limit=MAX_FILE_BYTES // MEGABYTE)
    return path.read_bytes()


def read_data(data: bytes, name: str) -> Document:
    """Read the bytes of a report; its name only breaks ties between media. Raises UnreadableFile."""
    document = _read(data, name.lower())
    if sum(map(len, document.lines)) > MAX_CHARACTERS:
        raise refusal("too_much_text")
    if not any(CHINESE.search(line) for line in document.lines):
        raise refusal("no_chinese")
    return document


def _read(data: bytes, name: str, unpacked: bool = False) -> Document:
    if not data.strip(b"\0 \t\r\n\x0b\x0c"):
        raise refusal("empty")
    medium = medium_of_bytes(data)
    if medium is None:
        return _read_decoded(data, Path(name).suffix)
    if medium != "gzip":
        return _reader(*_BINARY_READERS[medium])(data)
    if unpacked:
        raise refusal("foreign_archive")
    return _read(_gunzip(data), name.removesuffix(".gz"), unpacked=True)


def _read_decoded(data: bytes, suffix: str) -> Document:
    text, encoding = decode(data)
    if not text.strip():
        raise refusal("empty")
    medium = medium_of_text(text, suffix)
    if len(text) > MAX_CHARACTERS and medium != "html":
        raise refusal("too_much_text")
    return _reader(*_TEXT_READERS[medium])(text, encoding)


def _reader(module: str, function: str) -> Callable[..., Document]:
    return getattr(import_module(f"extract.read.{module}"), function)


def _gunzip(data: bytes) -> bytes:
    """Unpack a gzip file, at most MAX_FILE_BYTES of it."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        content = unpacker.decompress(data, MAX_FILE_BYTES)
    except zlib.error as error:
        raise refusal("truncated", kind="gzip") from error
    if not unpacker.eof:
        raise refusal("too_much_text" if len(content) == MAX_FILE_BYTES else "truncated", kind="gzip")
    return content
