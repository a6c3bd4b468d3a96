"""From bytes to text: which encoding a Chinese text without a trustworthy label is in.

Byte order mark first, then strict UTF-8 (a text in another encoding never passes by chance), then the candidate whose
decoding has the largest share of characters that Chinese reports are full of. What a page claims of itself is not asked:
the claim is wrong too often, and the characters decide without it.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from pathlib import Path

from extract.read.refusal import refusal

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_ASCII_BUT_ZERO = bytes(range(0x01, 0x80))
CHINESE = re.compile(r"[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_PUBLIC_NAMES = {"big5hkscs": "big5"}
_SAMPLE_BYTES = 200_000
# Right decodings of reports score 0.4 to 0.6, of pages full of the names of fonts 0.3, wrong ones and random bytes below 0.03.
_LEAST_COMMON_SHARE = 0.1
# The most frequent encoding is not compared with the others where the beginning of a text leaves no doubt.
_SURE_COMMON_SHARE = 0.2
_LEAST_BEGINNING = 1000
_BEGINNING_BYTES = 20_000
_ENOUGH_CHARACTERS = 2_000
_CONTROL = bytes((*range(0x00, 0x09), *range(0x0E, 0x1B), 0x7F))
_NO_CHARACTER = "\ufffe"
_MOST_ZERO_BYTES = 0.001
_MOST_CONTROL_CHARACTERS = 0.01
# A text in another encoding has over half of its characters broken when it is read as UTF-8.
_MOST_BROKEN_CHARACTERS = 0.2


@cache
def _common_characters() -> frozenset[str]:
    lines = Path(__file__).with_name("common_characters.txt").read_text("utf-8").splitlines()
    return frozenset("".join(line for line in lines if not line.startswith("#")))


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of `data` without byte order mark, and the name of its encoding. Raises UnreadableFile for binary data."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _readable(data[len(mark) :].decode(encoding, "replace")), encoding
    if data.count(0) <= len(data) * _MOST_ZERO_BYTES:
        try:
            return _readable(data.decode("utf-8"), data), "utf-8"
        except UnicodeDecodeError:
            pass
        if text := _surely_gb18030(data):
            return _readable(text, data), "gb18030"
        if _share_of_broken(data[:_SAMPLE_BYTES].decode("utf-8", "replace")) <= _MOST_BROKEN_CHARACTERS:
            return _readable(data.decode("utf-8", "replace")), "utf-8"
    encoding = _most_chinese(data)
    if encoding is None:
        raise refusal("binary")
    return _readable(data.decode(encoding, "replace")), _PUBLIC_NAMES.get(encoding, encoding)


def _surely_gb18030(data: bytes) -> str | None:
    """Return the text of bytes whose beginning leaves no doubt."""
    decoder = codecs.getincrementaldecoder("gb18030")("replace")
    beginning = decoder.decode(data[:_BEGINNING_BYTES])
    if len(data) < _LEAST_BEGINNING or _share_of_common(beginning, _ENOUGH_CHARACTERS) < _SURE_COMMON_SHARE:
        return None
    return beginning + decoder.decode(data[_BEGINNING_BYTES:], final=True)


def _most_chinese(data: bytes) -> str | None:
    """Return the candidate that yields the most common characters; None where no candidate makes sense of the bytes."""
    sample = data[:_SAMPLE_BYTES]
    scores = [(_share_of_common(sample.decode(encoding, "replace")), -i) for i, encoding in enumerate(_CANDIDATES)]
    best, order = max(scores)
    return _CANDIDATES[-order] if best >= _LEAST_COMMON_SHARE else None


def _share_of_common(text: str, most: int | None = None) -> float:
    """Share of the first characters beyond ASCII that are common ones; zero characters and broken ones count against a text."""
    # In UTF-8 no byte of a character beyond ASCII is one of ASCII.
    counted = text.encode("utf-8", "surrogatepass").translate(None, _ASCII_BUT_ZERO).decode("utf-8", "surrogatepass")[:most]
    return sum(map(_common_characters().__contains__, counted)) / len(counted) if counted else 0.0


def _share_of_broken(text: str) -> float:
    """Share of replacement characters among the characters beyond ASCII."""
    beyond = sum(map(len, _BEYOND_ASCII.findall(text)))
    return text.count("\ufffd") / beyond if beyond else 0.0


def _readable(text: str, data: bytes | None = None) -> str:
    """Refuse control-character soup; a stray zero byte becomes the replacement character, as browsers do it.

    `data` is the text in an encoding where each control character is a byte that stands for nothing else: looked at first, at less cost.
    """
    most = max(2, len(text) * _MOST_CONTROL_CHARACTERS) - text.count(_NO_CHARACTER)
    # Bytes, since looking through characters takes six times as long.
    if (data is None or _controls(data) > most) and _controls(text.encode("utf-8", "surrogatepass")) > most:
        raise refusal("binary")
    return text.replace("\0", "\ufffd")


def _controls(data: bytes) -> int:
    return len(data) - len(data.translate(None, _CONTROL))
