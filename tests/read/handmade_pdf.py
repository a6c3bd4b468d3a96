"""Writes small PDF files: Chinese text at given places in a font that readers know by name, lines, forms and pictures."""

from __future__ import annotations

import zlib

WIDTH, HEIGHT = 595, 842


def text(x: float, y: float, content: str, size: float = 12) -> str:
    """Text whose first character stands at (x, y), y from the page's foot."""
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{content.encode('utf-16-be').hex()}> Tj ET\n"


def turned_text(matrix: str, content: str, size: float = 12) -> str:
    return f"BT /F1 {size} Tf {matrix} Tm <{content.encode('utf-16-be').hex()}> Tj ET\n"


def line(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"{x0} {y0} m {x1} {y1} l S\n"


def bar(x: float, y: float, width: float, height: float) -> str:
    return f"{x} {y} {width} {height} re f\n"


def ruled(xs: list[float], ys: list[float]) -> str:
    """All lines of a plain table."""
    return "".join(line(x, ys[0], x, ys[-1]) for x in xs) + "".join(line(xs[0], y, xs[-1], y) for y in ys)


def pdf(*pages: str, forms: dict[str, tuple[str, str]] | None = None, page_entries: str = "", picture: bool = False) -> bytes:
    """A PDF of these page contents. `forms` are (matrix, content) by name, `page_entries` goes into every page."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
        " /DW 1000 /W [1 95 500 814 939 500] /FontDescriptor 5 0 R >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120"
        " /CapHeight 880 /StemV 93 >>",
    ]
    xobjects = ""
    for name, (matrix, content) in (forms or {}).items():
        entries = f"/Type /XObject /Subtype /Form /BBox [0 0 {WIDTH} {HEIGHT}] /Matrix [{matrix}] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(_stream(entries, content.encode()))
        xobjects += f"/{name} {len(objects)} 0 R "
    if picture:
        entries = "/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8"
        objects.append(_stream(entries, b"\x00\xff\xff\x00"))
        xobjects += f"/Im1 {len(objects)} 0 R "
    kids = []
    for content in pages:
        objects.append(_stream("", content.encode()))
        resources = f"<< /Font << /F1 3 0 R >> /XObject << {xobjects}>> >>"
        page = f"/Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {len(objects)} 0 R /Resources {resources}"
        objects.append(f"<< {page} {page_entries} >>")
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _file(objects)


def _stream(entries: str, content: bytes) -> str:
    packed = zlib.compress(content)
    return f"<< {entries} /Filter /FlateDecode /Length {len(packed)} >>\nstream\n{packed.decode('latin-1')}\nendstream"


def _file(objects: list[str]) -> bytes:
    content = "%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(content)
    content += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    content += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return content.encode("latin-1")
