"""Which indicator a counted figure of the prose states, where its words leave no doubt."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from extract.prose.data import load

# How far back the words that tell an indicator stand.
REACH = 60


@dataclass(frozen=True, slots=True)
class _Rule:
    """One entry of meanings.yml. A pattern that the entry does not give is None."""

    indicator: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    whole: bool
    context: re.Pattern[str] | None
    units: frozenset[str | None] | None
    roles: frozenset[str] | None


def indicator_of(*, before: str, clause: str, after: str, context: str, unit: str | None, role: str) -> str | None:
    """Return the indicator of a figure, or None when no rule or rules of several indicators agree.

    `before` is its sentence up to the digits, `clause` the last part of that, `after` what follows the measure word, `context`
    the words around it, earlier sentences too.
    """
    near = before[-REACH:]
    around = near + after
    found = {
        rule.indicator
        for word, rules in _rules_by_word(unit)
        if word in around
        for rule in rules
        if (rule.roles is None or role in rule.roles)
        and (rule.before is None or rule.before.search(near))
        and (rule.after is None or rule.after.match(after))
        and (rule.unless is None or not rule.unless.search(clause))
        and (rule.context is None or rule.context.search(context))
        and not (rule.whole and "其中" in before)
    }
    return found.pop() if len(found) == 1 else None


@cache
def _rules_by_word(unit: str | None) -> tuple[tuple[str, tuple[_Rule, ...]], ...]:
    """Return the rules for figures of this unit, under each of the words of which one must stand near the figure."""
    counted = [rule for rule in _rules() if rule.units is None or unit in rule.units]
    by_word: dict[str, list[_Rule]] = defaultdict(list)
    for name, words in load("meanings")["words"].items():
        for word in words:
            by_word[word] += (rule for rule in counted if rule.indicator == name)
    return tuple((word, tuple(rules)) for word, rules in by_word.items() if rules)


@cache
def _rules() -> tuple[_Rule, ...]:
    data = load("meanings")
    parts = data["parts"]

    def pattern(entry: dict[str, str], name: str, form: str = "{}") -> re.Pattern[str] | None:
        if name not in entry:
            return None
        expression = entry[name]
        while "<" in (expanded := re.sub(r"<(\w+)>", lambda match: parts[match[1]], expression)) and expanded != expression:
            expression = expanded
        return re.compile(form.format(expanded))

    def units(entry: dict[str, str | list[str | None]]) -> frozenset[str | None] | None:
        value = entry.get("units")
        return None if value is None else frozenset(parts[value] if isinstance(value, str) else value)

    return tuple(
        _Rule(
            indicator=entry["indicator"],
            before=pattern(entry, "before", "(?:{})$"),
            after=pattern(entry, "after"),
            unless=pattern(entry, "unless"),
            whole=bool(entry.get("whole")),
            context=pattern(entry, "context"),
            units=units(entry),
            roles=frozenset(entry["roles"]) if "roles" in entry else None,
        )
        for entry in data["rules"]
    )
