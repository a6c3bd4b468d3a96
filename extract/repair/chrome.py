"""Furniture of web pages: share buttons, wrappers of encyclopedias, left-over markup."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from extract.model import Text
from extract.repair.edits import Act, Edit, Outcome, rewrite

# Longer lines are never furniture; this also bounds the work that a hostile line can cause.
_LONGEST = 160

_BULLET = r"[\s•●○◆■□▪·*]*"
_SEPARATORS = frozenset("|-—–")
_SEPARATOR = re.compile(rf"({_BULLET})[|\-—–]\s*")
_LONGEST_SEPARATOR = 40
_SENTENCE = re.compile(r"[。;]")
_PROSE = re.compile(r".{40}|.*[。;!?]\s*$")


class _Chrome(NamedTuple):
    line: re.Pattern[str]
    breadcrumb: re.Pattern[str]
    markup: re.Pattern[str]
    foot: re.Pattern[str]
    menu: dict[str, Any]


@cache
def _chrome() -> _Chrome:
    data = yaml.load((Path(__file__).parent / "chrome.yml").read_text("utf-8"), yaml.CSafeLoader)
    return _Chrome(
        re.compile(rf"{_BULLET}(?:{'|'.join(data['lines'])})\s*"),
        re.compile(rf"{_BULLET}{data['breadcrumb']}\s*"),
        re.compile("|".join(data["markup"])),
        re.compile("|".join(data["foot"])),
        data["menu"],
    )


def chrome_lines(lines: Sequence[str]) -> list[int]:
    """Return the indices of lines that are furniture and nothing else."""
    different = set(lines)
    furniture = {line for line in different if 0 < len(line) <= _LONGEST and _is_furniture(line)}
    found = {index for index, line in enumerate(lines) if line in furniture} if furniture else set()
    separators = {
        line: match
        for line in different
        if len(line) < _LONGEST_SEPARATOR and (line[-1:] in _SEPARATORS or line[-1:].isspace()) and (match := _SEPARATOR.fullmatch(line))
    }
    return sorted(found | _lone_separators(lines, found, separators) if separators else found)


def menus(lines: Sequence[str], links: Mapping[int, int]) -> list[list[int]]:
    """Return the indices of lines that are menus and lists of other pages, one list each: links one behind the other and nothing else.

    `links` says how many links such a line consists of, by its index.
    """
    rule = _chrome().menu
    short = {index for index, number in links.items() if len(lines[index]) <= rule["longest"] * number}
    linked, in_menus = (sum(len(lines[index]) for index in some) for some in (links, short))
    if not linked or linked > rule["whole"] * sum(map(len, lines)) or linked - in_menus > rule["long"] * linked:
        return []
    found: list[list[int]] = [[]]
    for index, line in enumerate(lines):
        if not line or line.isspace():
            continue
        if index in short:
            found[-1].append(index)
        elif found[-1]:
            found.append([])
    return [run for run in found if sum(links[index] for index in run) >= rule["links"] or _is_dated_list([lines[index] for index in run])]


def _is_dated_list(lines: Sequence[str]) -> bool:
    rule = _chrome().menu
    return len(lines) >= rule["dated"] and all(re.search(rule["day"], line) for line in lines)


@lru_cache(maxsize=1 << 14)
def _is_furniture(line: str) -> bool:
    if _chrome().foot.search(line):
        return not _SENTENCE.search(line)
    return _chrome().line.fullmatch(line) is not None


def _lone_separators(lines: Sequence[str], furniture: set[int], separators: Mapping[str, re.Match[str]]) -> set[int]:
    """Lines that hold nothing but "|" or "-" and cannot be an empty cell.

    Such a line is a cell's dash as soon as a neighbour could be a cell too; a bullet before it tells that it is none.
    """
    found = {index: separators[line] for index, line in enumerate(lines) if line in separators}
    solid = [index for index, line in enumerate(lines) if line.strip() and index not in found and index not in furniture]
    apart = set()
    for index, match in found.items():
        after = bisect(solid, index)
        neighbours = solid[max(after - 1, 0) : after] + solid[after : after + 1]
        if match[1].strip() or all(_PROSE.match(lines[at]) for at in neighbours):
            apart.add(index)
    return apart


def is_breadcrumb(line: str) -> bool:
    """Tell whether a line is a path of links from the start page. It names the site, so it stays in the text."""
    return "页" in line and len(line) <= _LONGEST and _chrome().breadcrumb.fullmatch(line) is not None


def may_hold_markup(text: str) -> bool:
    """A quick look."""
    return "<" in text or "-->" in text or "{" in text


def remove_markup(text: Text) -> Outcome:
    """Remove comments, conditions of Word and style rules that stand inside a line."""
    if not may_hold_markup(text.clean):
        return text, ()
    found = list(_chrome().markup.finditer(text.clean))
    if not found:
        return text, ()
    return rewrite(text, [Edit(*leftover.span(), "") for leftover in found]), [Act("markup", len(found), found[0][0])]
