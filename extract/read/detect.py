"""What kind of file this is, told from its content: first bytes, then structure. A file's name only breaks ties between texts."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from extract.read import ocr
from extract.read.archive import open_archive, read_part
from extract.read.refusal import refusal

_PDF_HEADER_WITHIN = 1024
_HEADERS_WITHIN = 4096
_MULTIPART = re.compile(rb"^Content-Type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# A member that only this kind of office file has.
_ZIP_MEMBERS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "sheet",
    "xl/workbook.bin": "sheet",
}
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.spreadsheet": "opendocument",
    b"application/vnd.oasis.opendocument.text": "opendocument",
}
_OLE_STREAMS = {"WordDocument": "doc", "Workbook": "sheet", "Book": "sheet", "EncryptedPackage": "encrypted"}
_OLE_PARTS_WITHIN = 4_000_000

_WHOLE_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_BLOCK_TAGS = "p|div|table|tbody|tr|span|h[1-6]|ul|ol|section|article|meta|title|style|center|font|br"
_OPENING_TAG = re.compile(rf"<(?:!--|\?xml|(?:{_BLOCK_TAGS})\b)", re.IGNORECASE)
_MARKDOWN = re.compile(r"^(?:#{1,6} +\S|\|[ :|-]*--[ :|-]*$)", re.MULTILINE)
_CLOSING_TAG = re.compile(rf"</(?:{_BLOCK_TAGS})>", re.IGNORECASE)
_PAGE_SUFFIXES = {".html", ".htm", ".shtml", ".xhtml", ".jsp", ".aspx", ".php"}
_TEXT_SUFFIXES = {".txt", ".md", ".markdown"}
_TABLE_SUFFIXES = {".csv", ".tsv"}


@cache
def _signatures() -> list[tuple[bytes, dict]]:
    """The first bytes of foreign files, and what signatures.yml says of each."""
    text = Path(__file__).with_name("signatures.yml").read_text("utf-8")
    return [(bytes.fromhex(signature["hex"]), signature) for signature in yaml.load(text, Loader=yaml.CSafeLoader)]


def medium_of_bytes(data: bytes) -> str | None:
    """Return pdf, docx, opendocument, sheet, doc, rtf, mhtml, gzip or picture (PNG, JPEG); None for what may be text.

    Raises UnreadableFile for a foreign file.
    """
    if b"%PDF-" in data[:_PDF_HEADER_WITHIN]:
        return "pdf"
    if data.startswith(_ZIP):
        return _medium_of_zip(data)
    if data.startswith(_OLE):
        return _medium_of_ole(data)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(b"\x1f\x8b"):
        return "gzip"
    if data.startswith(_PICTURES):
        if not ocr.is_available():
            raise refusal("picture")
        return "picture"
    if b"MIME-Version:" in data[:_HEADERS_WITHIN] and _MULTIPART.search(data[:_HEADERS_WITHIN]):
        return "mhtml"
    for magic, signature in _signatures():
        if data.startswith(magic, signature["at"]) and (not signature.get("needs_zero") or 0 in data[:512]):
            raise refusal("foreign", kind_zh=signature["zh"], kind_en=signature["en"])
    return None


def medium_of_text(text: str, suffix: str) -> str:
    """Return html, markdown, csv or text. `suffix` is the file's extension in lower case."""
    if _WHOLE_PAGE.search(text[:20_000]) or (_OPENING_TAG.match(text.lstrip()[:200]) and suffix not in _TEXT_SUFFIXES):
        return "html"
    if suffix in _PAGE_SUFFIXES and _CLOSING_TAG.search(text):
        return "html"
    if suffix in _TABLE_SUFFIXES:
        return "csv"
    return "markdown" if suffix in {".md", ".markdown"} or _MARKDOWN.search(text) else "text"


def _medium_of_zip(data: bytes) -> str:
    with open_archive(data, "ZIP") as archive:
        names = set(archive.namelist())
        for member, medium in _ZIP_MEMBERS.items():
            if member in names:
                return medium
        medium = _OPEN_DOCUMENT.get(read_part(archive, "mimetype").strip()) if "mimetype" in names else None
    if medium is None:
        raise refusal("foreign_archive")
    return medium


def _medium_of_ole(data: bytes) -> str:
    head = data[:_OLE_PARTS_WITHIN] + data[-_OLE_PARTS_WITHIN:]
    for stream, medium in _OLE_STREAMS.items():
        if stream.encode("utf-16-le") + b"\0\0" in head:
            if medium == "encrypted":
                raise refusal("encrypted", kind="Office")
            return medium
    raise refusal("foreign", kind_zh="一个未知的Office旧格式文件", kind_en="an old Office file of another kind")
