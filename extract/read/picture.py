"""PNG and JPEG pictures of a report's pages, with the extra `ocr`: a picture is read as one scanned page."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from extract.model import Document
from extract.read.pdf import read_pages
from extract.read.pdf_page import recognized_page
from extract.read.refusal import refusal

_MAX_PIXELS = 60_000_000  # an A4 page at 600 dots an inch has 35 million
# What a picture does not tell: that it shows the whole width of a sheet, A4 upright or on its side, in points.
_WIDTHS = (595.0, 842.0)
_MOST_SCALE = 300 / 72
_MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


def read_picture(data: bytes) -> Document:
    """Read a picture. Raises UnreadableFile for a damaged or an enormous one."""
    try:
        with Image.open(io.BytesIO(data), formats=list(_MEDIA_TYPES)) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise refusal("too_much_text")
            media_type = _MEDIA_TYPES[picture.format]
            upright = _on_white(ImageOps.exif_transpose(picture))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise refusal("truncated", kind="PNG/JPEG") from error
    points = _WIDTHS[upright.width > upright.height]
    if upright.width > _MOST_SCALE * points:
        upright = upright.resize((round(_MOST_SCALE * points), round(upright.height * _MOST_SCALE * points / upright.width)))
    return read_pages([recognized_page(np.array(upright), upright.width / points)], media_type)


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture in grey, what is transparent in it white."""
    if picture.mode not in ("RGBA", "LA", "PA", "P"):
        return picture.convert("L")
    opaque = picture.convert("RGBA")
    paper = Image.new("RGBA", opaque.size, "white")
    return Image.alpha_composite(paper, opaque).convert("L")
