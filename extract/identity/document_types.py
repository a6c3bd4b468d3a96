"""What sort of document this is: an annual report, or something written around one."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from extract.identity.flow import Flow
from extract.identity.titles import Title, type_by_title
from extract.model import Evidence, RepairedDocument

HEADING_LINES = 12
LONGEST_HEADING = 100
WORDS_BEFORE_TITLE = 30


@cache
def words() -> dict[str, Any]:
    """Return document_types.yml."""
    return yaml.load((Path(__file__).parent / "document_types.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


def document_type_of(document: RepairedDocument, flow: Flow, title: Title | None, told: Title | None) -> Evidence:
    """Return the document type with the words that say it. `told` is a title that only a sentence about the report contains."""
    form = re.search(words()["form"], flow.text)
    if title and title.half:
        return Evidence("document_type", "bulletin", "title", title.line, title.text)
    placeholder = re.search(words()["placeholder"], flow.text[:2000])
    if placeholder and (form or title is None) and _numbers(document) < words()["fewest_numbers"]:
        return Evidence("document_type", "template", "placeholder", flow.line_at(placeholder.start()), placeholder[0])
    heading = _typed_heading(document, title)
    if heading:
        return heading
    if title:
        return Evidence("document_type", "annual_report", "title", title.line, title.text)
    own = re.search(words()["own_voice"], flow.text)
    news = re.search(words()["news"], flow.text)
    if news and not form and (told or not own):
        return Evidence("document_type", "news", "third_person", flow.line_at(news.start()), news[0])
    if form and _numbers(document) < words()["fewest_numbers"] and not (own and told):
        return Evidence("document_type", "template", "blank_form", flow.line_at(form.start()), form[0])
    if own or form:
        found = form or own
        return Evidence("document_type", "annual_report", "own_voice", flow.line_at(found.start()), found[0])
    return Evidence("document_type", "other", "nothing_found", None, "")


def _typed_heading(document: RepairedDocument, title: Title | None) -> Evidence | None:
    """Return the type that a heading's own words say: the line that holds the title up to its end, or one of the first lines."""
    shown = [(number, re.sub(r"\s", "", line.clean)) for number, line in enumerate(document.lines, 1) if line.clean.strip()]
    if title:
        line = next((text for number, text in shown if number == title.line), "")
        at = line.find(title.text)
        shown = [(title.line, line[max(at - WORDS_BEFORE_TITLE, 0) : at + len(title.text)] if at >= 0 else title.text)]
    for number, text in shown[:HEADING_LINES]:
        if len(text) > LONGEST_HEADING or "。" in text or not re.search(words()["about"], text):
            continue
        found = type_by_title(text)
        if found and not (title and found in ("notice", "news", "other")):
            return Evidence("document_type", found, "heading", number, text)
    return None


def _numbers(document: RepairedDocument) -> int:
    """Count the lines and cells that are a number alone."""
    cells = [cell.clean for grid in document.cells for cell in grid]
    return sum(bool(re.fullmatch(r"\s*[+-]?\d[\d.,]*\s*(?:元|万元)?\s*", text)) for text in [*cells, *(line.clean for line in document.lines)])
