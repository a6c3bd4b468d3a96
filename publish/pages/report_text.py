"""What a report says beside its tables: counted figures in the prose, its own words, and what was done to the copy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from publish.pages.data import Data, ReportRows, Row
from publish.pages.escape import Markdown, escape, quotation
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.numbers import number
from publish.pages.words import Words, gloss


def narrative_table(rows: ReportRows, data: Data, words: Words, *, lines: bool) -> Markdown | None:
    """Return the counted figures of the prose, a row a sentence. `lines` links each to its line."""
    if not rows.narrative:
        return None
    head = [words.both("column.number"), words.both("column.sentence"), *([words.both("column.line")] if lines else [])]
    body = []
    for (line, sentence), members in groupby(rows.narrative, key=lambda row: (row["line"], row["sentence"])):
        counted = "；".join(_counted(row, data, words) for row in members)
        body.append([counted, sentence, *([Markdown(f"[{line}](source/index.html#L{line})")] if lines else [])])
    return table(head, body)


def _counted(row: Row, data: Data, words: Words) -> str:
    """Return a counted figure with its unit and, where it is that of a form, its indicator."""
    about = words.say("figure.about") if row["approximate"] else ""
    indicator = data.indicators.get(row["indicator"] or "")
    meaning = f"（{indicator['label_zh']}）" if indicator else ""
    return f"{about}{number(row['value'])}{row['unit'] or ''}{meaning}"


def sections_list(rows: ReportRows, words: Words) -> list[dict[str, Any]]:
    """Return the sections with their headings and their words as quotations."""
    return [
        {
            "position": section["position"],
            "title": Markdown(f"{escape(section['heading'] or words.say(role))} {words.en(role)}"),
            "found_by": section["found_by"],
            "text": quotation(section["text"]) if section["text"] else None,
            "empty": words.both(
                "report.no_text", heading=words.printed(section["heading"] or words.say(role)), heading_en=words.say(role, "en")
            ),
        }
        for section, role in ((section, f"role.{section['role']}") for section in rows.sections)
    ]


def self_told(current: Sequence[ReportRows], words: Words, path: str) -> tuple[int, Markdown, Markdown | None] | None:
    """Return what a body says it does badly: the year, the beginning of its words, and the link to all of them where there are more.

    `current` are its annual reports, the latest first; the latest that has such words is quoted.
    """
    for rows in current:
        for section in rows.sections:
            if section["role"] == "problems" and section["text"]:
                text = beginning(section["text"])
                target = f"{relative(rows.path, path)}#section-{section['position']}"
                whole = Markdown(f"[{words.zh('agency.self_told_all')}]({target}) {words.en('agency.self_told_all')}")
                return rows.report["year"], quotation(text), whole if text != section["text"] else None
    return None


def beginning(text: str, most: int = 300) -> str:
    """Return the first paragraphs of a text, about `most` characters; what ends inside a paragraph ends with a sentence and a mark."""
    held: list[str] = []
    for line in text.splitlines():
        room = most - sum(map(len, held))
        if len(line) > room:
            end = max(line.rfind(mark, 0, room) for mark in "。；") + 1
            held += [f"{line[:end]}……"] if end else [] if held else [f"{line[:room]}……"]
            break
        held.append(line)
    return "\n".join(held)


def noise_table(rows: ReportRows, data: Data, words: Words) -> Markdown | None:
    """Return how often each kind of damage was repaired, and what to know of web addresses in the text."""
    counts: dict[str, int] = {}
    for row in rows.noise:
        counts[row["kind"]] = counts.get(row["kind"], 0) + row["count"]
    if not counts:
        return None
    kinds = [(data.noise_kinds[kind], count) for kind, count in counts.items()]
    body = [[Markdown(f"{escape(kind['title_zh'])} {gloss(kind['title_en'])}"), number(count)] for kind, count in kinds]
    hosts = dict.fromkeys(row["found"] for row in rows.noise if row["kind"] == "foreign_host" and row["found"])
    sentences = [words.both("report.foreign_host", host=host) for host in hosts]
    return Markdown("\n\n".join([table([words.both("column.kind"), words.both("column.count")], body, numeric=[1]), *sentences]))


def problems_list(rows: ReportRows, words: Words, *, lines: bool) -> Markdown | None:
    """Return the list of what could not be placed. `lines` links each to its line."""
    if not rows.problems:
        return None
    sentences = []
    for row in rows.problems:
        linked = row["line"] and lines
        place = f"（[{words.zh('report.line', line=row['line'])}](source/index.html#L{row['line']})）" if linked else ""
        sentences.append(f"- {escape(row['detail'])}{place} {gloss(row['detail_en'])}")
    return Markdown("\n".join(sentences))
