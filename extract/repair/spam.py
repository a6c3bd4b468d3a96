"""Advertising of gambling, pornography and the like, mixed into reports by hacked or copying sites.

Three ways to tell it: phrases that no report holds, wherever they stand; lines made of the vocabulary of such pages; and
lists of long titles between bars without a word of a report, whatever they advertise.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import yaml

from extract.choice import any_of
from extract.model import Text
from extract.repair.edits import Act, Edit, Outcome, cover, rewrite

# A list of titles: how many at least, how long on average.
_TITLES, _MEAN_LENGTH = 5, 6.0
_SHORTEST_TITLE = 4
_LIST = 3  # phrases side by side that make a line one of advertising
_SHORTEST_LINE = 6
_CELL = re.compile(r"[\s\d.,%+\-—–/:()元年月日]*")
_STOP = re.compile("[。;]")
_SENTENCE_END = re.compile(r".*[。;!?](?=.)", re.DOTALL)


class _Spam(NamedTuple):
    """spam.yml as patterns. `signals` are the words that begin a phrase: without one of them no phrase is looked for.

    `signs` are these and the strong words.
    """

    signs: re.Pattern[str]
    signals: re.Pattern[str]
    phrases: re.Pattern[str]
    words: re.Pattern[str]
    strong: re.Pattern[str]
    report: re.Pattern[str]
    coverage: float


@cache
def _spam() -> _Spam:
    data = yaml.load((Path(__file__).parent / "spam.yml").read_text("utf-8"), yaml.CSafeLoader)
    phrases = [phrase for category in data["phrases"].values() for phrase in category]
    titles = data["titles"]
    more_words = f"(?:{any_of(titles['words'])})*"
    signals = [word for phrase in phrases for word in phrase["words"]]
    return _Spam(
        signs=re.compile(any_of([*signals, *titles["strong"]])),
        signals=re.compile(any_of(signals)),
        phrases=re.compile("|".join(f"(?:{any_of(phrase['words'])}){phrase['then'].replace('{words}', more_words)}" for phrase in phrases)),
        words=re.compile(any_of(titles["words"])),
        strong=re.compile(any_of(titles["strong"])),
        report=re.compile(f"{any_of(data['report_words'])}|(?:{any_of(data['report_endings'])})$"),
        coverage=titles["coverage"],
    )


def mark_of_spam(text: str) -> str | None:
    """A quick look at a whole text in simplified characters: what every line of it with spam holds, None where there is no spam.

    Without any of its words there is nothing but lists between bars, and the menus and feet of honest pages hold bars too.
    """
    if _spam().signs.search(text):
        return ""
    return "|" if "|" in text else None


def remove_spam_line(text: Text, simplified: Callable[[str], str]) -> Outcome:
    """Empty a line that is advertising and nothing else, also in what the public sees of the source.

    `simplified` returns a text of the same length in simplified characters.
    """
    line = simplified(text.clean).strip()
    if len(line) < _SHORTEST_LINE or not (_is_title(line) or _lists(line) == [(0, len(line))]):
        return text, ()
    return Text("", ""), [Act("spam_line")]


def cover_spam_phrases(text: Text, simplified: Callable[[str], str]) -> Outcome:
    """Remove advertising that stands inside a line; the public sees ■ there. A line of little else is emptied."""
    plain = simplified(text.clean)
    spans = _joined([*_phrases(plain), *_lists(plain)])
    if not spans:
        return text, ()
    rest = rewrite(cover(text, spans), [Edit(*span, "") for span in spans])
    if rest.clean.strip() and _is_rest_of_spam(simplified(rest.clean), len(plain), len(spans)):
        return Text("", ""), [Act("spam_line")]
    return rest, [Act("spam_phrase", len(spans))]


def _is_rest_of_spam(rest: str, length: int, phrases: int) -> bool:
    """Tell what is left of a line of advertising: marks, or between many phrases some words, no sentence and nothing of a report."""
    words = sum(map(str.isalnum, rest))
    if not words or phrases < _LIST:
        return not words
    return 2 * words < length - len(rest) and not _spam().report.search(rest) and not _STOP.search(rest)


def _phrases(line: str) -> list[tuple[int, int]]:
    spam = _spam()
    return [found.span() for found in spam.phrases.finditer(line)] if spam.signals.search(line) else []


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sort spans and join those that overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _is_title(line: str) -> bool:
    spam = _spam()
    if not spam.strong.search(line) or spam.report.search(line) or _STOP.search(line):
        return False
    letters = sum(not character.isspace() for character in line)
    return sum(len(word) for word in spam.words.findall(line)) >= spam.coverage * letters


def _lists(line: str) -> list[tuple[int, int]]:
    """Spans of advertising lists: runs of titles between bars, of which none holds a word of a report.

    The list may follow a sentence: then its first title begins behind the full stop. A line that begins with a bar is a row of
    a Markdown table, and advertising only by its words.
    """
    parts = line.split("|")
    if sum(len(part) >= _SHORTEST_TITLE for part in parts) < _TITLES:
        return []
    if not parts[0].strip() and not _spam().strong.search(line):
        return []
    titles: list[tuple[int, int, bool]] = []
    start = 0
    for part in parts:
        end = start + len(part)
        sentence = _SENTENCE_END.match(part)
        first = start + (sentence.end() if sentence else 0)
        titles.append((first, end, _could_be_advertising(line[first:end])))
        start = end + 1
    spans = []
    for is_advertising, group in groupby(titles, key=lambda title: title[2]):
        run = [(first, last) for first, last, _ in group if line[first:last].strip()]
        if is_advertising and _is_list([line[first:last].strip() for first, last in run]):
            last = run[-1][1]
            spans.append((run[0][0], len(line) if not line[last:].strip("| ") else last))
    return spans


def _could_be_advertising(title: str) -> bool:
    title = title.strip()
    return not title or (len(title) >= _SHORTEST_TITLE and not _CELL.fullmatch(title) and not _spam().report.search(title))


def _is_list(titles: list[str]) -> bool:
    return len(titles) >= _TITLES and sum(map(len, titles)) >= _MEAN_LENGTH * len(titles)
