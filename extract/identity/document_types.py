"""What sort of document this is: an annual report, or something written around one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from extract.identity.flow import Flow, without_blanks
from extract.identity.titles import Title, type_by_title
from extract.model import Evidence, RepairedDocument

HEADING_LINES = 12
LONGEST_HEADING = 100
HEADING_BREAKS = 4
PLACEHOLDER_WITHIN = 2000
WORDS_BEFORE_TITLE = 30
_NUMBER_ALONE = re.compile(r"\s*[+-]?\d[\d.,]*\s*(?:元|万元)?\s*")
# 予以公开 12 or 予以公开1200000, but neither the numbering of the next label nor a date.
_BEHIND_LABEL = re.compile(r"(?<=[\u4e00-\u9fff)”])\s*\d+(?![\d.、)年月日])")
# A row of a form that ran on in its line.
_ROW = re.compile(r"(?<![\d.])\d+(?:\s+\d+){2,}(?![\d.])")


@cache
def words() -> dict[str, Any]:
    """Return document_types.yml."""
    return yaml.load((Path(__file__).parent / "document_types.yml").read_text("utf-8"), Loader=yaml.CSafeLoader)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(words()[name])


def document_type_of(document: RepairedDocument, flow: Flow, title: Title | None, told: Title | None) -> Evidence:
    """Return the document type with the words that say it. `told` is a title that only a sentence about the report contains."""
    if title and title.half:
        return Evidence("document_type", "bulletin", "title", title.line, title.text)
    placeholder = _placeholder(flow.text[:PLACEHOLDER_WITHIN])
    if placeholder and (title is None or _pattern("form").search(flow.text)) and _numbers(document) < words()["fewest_numbers"]:
        return Evidence("document_type", "template", "placeholder", flow.line_at(placeholder.start()), placeholder[0])
    heading = _typed_heading(document, title)
    if heading:
        return heading
    if title:
        return Evidence("document_type", "annual_report", "title", title.line, title.text)
    form, own, news = (_pattern(name).search(flow.text) for name in ("form", "own_voice", "news"))
    if news and not form and (told or not own):
        return Evidence("document_type", "news", "third_person", flow.line_at(news.start()), news[0])
    if form and not own and _numbers(document) < words()["fewest_numbers"]:
        return Evidence("document_type", "template", "blank_form", flow.line_at(form.start()), form[0])
    if own or form:
        found = form or own
        return Evidence("document_type", "annual_report", "own_voice", flow.line_at(found.start()), found[0])
    return Evidence("document_type", "other", "nothing_found", None, "")


def _placeholder(text: str) -> re.Match[str] | None:
    return _pattern("placeholder").search(text) if any(word in text for word in words()["placeholder_needs"]) else None


def _typed_heading(document: RepairedDocument, title: Title | None) -> Evidence | None:
    """Return the type that a heading's own words say: the line that holds the title up to its end, or one of the first lines."""
    if title:
        line = without_blanks(document.lines[title.line - 1].clean) if title.line else ""
        at = line.find(title.text)
        shown = [(title.line, line[max(at - WORDS_BEFORE_TITLE, 0) : at + len(title.text)] if at >= 0 else title.text)]
    else:
        lines = ((number, without_blanks(line.clean)) for number, line in enumerate(document.lines, 1))
        shown = list(islice((each for each in lines if each[1]), HEADING_LINES))
    for number, text, lines in _headings(shown):
        found = type_by_title(text)
        # Notices have long names, broken over lines; for other words joined lines would mix a heading with what stands beside it.
        if found and (lines == 1 or found == "notice") and not (title and found in ("notice", "news", "other")):
            return Evidence("document_type", found, "heading", number, text)
    return None


def _headings(shown: list[tuple[int, str]]) -> Iterator[tuple[int, str, int]]:
    """Yield what can be a heading about disclosure: a line, or up to four lines that it is broken into, with their number."""
    for i, (number, _) in enumerate(shown):
        for lines in range(1, HEADING_BREAKS + 1):
            text = "".join(part for _, part in shown[i : i + lines])
            if len(text) <= LONGEST_HEADING and "。" not in text and _pattern("about").search(text):
                yield number, text, lines


def _numbers(document: RepairedDocument) -> int:
    """Count the lines and cells that are a number alone, the numbers behind a label of a form that ran together, and rows of numbers."""
    cells = [cell.clean for grid in document.cells for cell in grid]
    lines = [line.clean for line in document.lines]
    alone = sum(bool(_NUMBER_ALONE.fullmatch(text)) for text in (*cells, *lines))
    glued = sum(len(_BEHIND_LABEL.findall(line)) for line in lines if _pattern("form").search(line))
    return alone + glued + sum(len(_ROW.findall(line)) for line in lines)
