"""Office files made here, read, and what was read of their tables."""

import io
import zipfile
from pathlib import Path

from extract.model import Document
from extract.read import read_file

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def packed(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(tmp_path: Path, content: bytes, name: str) -> Document:
    path = tmp_path / name
    path.write_bytes(content)
    return read_file(path)


def places(grid) -> list[tuple[str, int, int, int, int]]:
    return [(c.text, c.row, c.column, c.row_span, c.column_span) for c in grid.cells]


def texts(grid) -> list[list[str]]:
    return [[c.text for c in grid.cells if c.row == row] for row in sorted({c.row for c in grid.cells})]


def docx(body: str, **parts: str) -> bytes:
    extra = {name.replace("__", "/") + ".xml": content for name, content in parts.items()}
    return packed({"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>", **extra})


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tr(*cells: str) -> str:
    return "<w:tr>" + "".join(cells) + "</w:tr>"
