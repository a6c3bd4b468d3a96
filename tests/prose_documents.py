"""Documents for the tests of the prose: lines of text as the repair would hand them on."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import yaml

from extract.model import Document, NarrativeFigure, RepairedDocument, Span, Text
from extract.prose import read_prose

FOLDER = Path(__file__).parent / "prose"


def cases(name: str):
    return yaml.load((FOLDER / name).read_text("utf-8"), Loader=yaml.CSafeLoader)


def document(*lines: str) -> RepairedDocument:
    texts = tuple(text_of(line) for line in lines)
    source = Document("text/plain", "utf-8", tuple(lines))
    return RepairedDocument(source, texts, (), tuple(lines), "hans", ())


def text_of(raw: str) -> Text:
    """Fold a line as the repair does, with the origin of each character."""
    clean = ""
    origin = []
    for index, character in enumerate(raw):
        folded = normalize("NFKC", character)
        clean += folded
        origin += [index] * len(folded)
    return Text(raw, clean, (*origin, len(raw)))


def figures(*lines: str, spans: tuple[Span, ...] = ()) -> tuple[NarrativeFigure, ...]:
    repaired = document(*lines)
    return read_prose(repaired, spans)[1]
