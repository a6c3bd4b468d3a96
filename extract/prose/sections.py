"""The sections of a report: what stands under each heading, outside the statutory tables."""

from __future__ import annotations

from collections.abc import Sequence, Set

from extract.model import RepairedDocument, Section, Span
from extract.prose.content import lost_headings, without_headings
from extract.prose.flow import Paragraph, paragraphs
from extract.prose.headings import Heading, find_headings


def read_sections(document: RepairedDocument, prose: Sequence[Paragraph], headings: Sequence[Heading]) -> tuple[Section, ...]:
    """Return the sections in reading order. A section's text is its paragraphs, one a line; lines that a copy wrapped are whole again."""
    last_line = next((number for number in range(len(document.lines), 0, -1) if document.lines[number - 1].clean.strip()), 0)
    sections = []
    for index, heading in enumerate(headings):
        following = headings[index + 1] if index + 1 < len(headings) else None
        start = prose[heading.paragraph].line_of(heading.start)
        end = _last_line(document, prose, following, start) if following else last_line
        sections.append(
            Section(
                position=index + 1,
                role=heading.role,
                heading=heading.text or None,
                text="\n".join(_text(prose, heading, following)),
                line_start=start,
                line_end=max(start, end),
                found_by="heading" if heading.text else "content",
            )
        )
    return tuple(sections)


def divide(document: RepairedDocument, table_spans: Sequence[Span], table_lines: Set[int]) -> tuple[list[Paragraph], list[Heading]]:
    """Return the paragraphs outside the tables and where in them each section begins; a heading that is lost has no text."""
    prose = paragraphs(document, table_spans, table_lines)
    headings = find_headings(prose)
    if not headings:
        return prose, without_headings(prose)
    headings += lost_headings(prose, headings)
    return prose, sorted(headings, key=lambda heading: (heading.paragraph, heading.start))


def _text(prose: Sequence[Paragraph], heading: Heading, following: Heading | None) -> list[str]:
    last = following.paragraph if following else len(prose) - 1
    texts = []
    for index in range(heading.paragraph, last + 1):
        start = heading.end if index == heading.paragraph else 0
        end = following.start if following and index == following.paragraph else len(prose[index].text)
        if text := prose[index].shown[start:end].strip():
            texts.append(text)
    return texts


def _last_line(document: RepairedDocument, prose: Sequence[Paragraph], following: Heading, start: int) -> int:
    """Return the last line, tables included, before the heading that follows."""
    line, column = prose[following.paragraph].place_of(following.start)
    if not document.lines[line - 1].clean[:column].strip():
        line -= 1
    while line > start and not document.lines[line - 1].clean.strip():
        line -= 1
    return line
