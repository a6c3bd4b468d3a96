"""The rules of `rules.yml`, expanded over the forms: for each rule, form and subject the figures on its left and right side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from extract.forms import load_dictionary
from publish.terms import Term, TermError, expand, flat, form_cells

RULES_FILE = Path(__file__).with_name("rules.yml")
Side = tuple[tuple[Term, ...], int | None]
RELATIONS = ("=", "<=", ">=", "!=", "<", "within_factor", "any_of", "parts", "share", "growth", "has_unit")


class RuleError(ValueError):
    """A rule names something that does not exist. The message says which rule and what."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a check that does not add up, as templates for `str.format`."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that a rule checks in reports of one form: a column, a row, a table. Constants are the numbers of a side."""

    rule: str
    format: str
    subject: str
    block: str
    subject_zh: str
    subject_en: str
    told: Told
    left_constant: int | None
    right_constant: int | None
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """What a number of the prose may equal in the tables of one form, when it states this indicator; the first is the usual one."""

    rule: str
    format: str
    indicator: str
    alternatives: tuple[tuple[Term, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as `rules.yml` describes it."""

    rule: str
    position: int
    kind: str
    severity: str
    formats: tuple[str, ...]
    title_zh: str
    title_en: str
    formula_zh: str
    formula_en: str
    relation: str
    label: str
    first_year: int
    test: str | None
    proves: bool
    blank_totals: str | None
    zero_is_fine: bool
    unless: tuple[dict[str, list[str]], ...]
    told: Told
    factor: int | None
    at_least: int | None
    subject_zh: str
    subject_en: str
    subjects: tuple[Subject, ...]
    stated: tuple[Stated, ...]
    members: dict[str, str] | None
    similar_text: dict[str, float] | None
    needs_unit: bool


@cache
def _labels(field: str) -> dict[str, str]:
    rows = {entry["indicator"]: entry[field] for entry in load_dictionary("indicators.yml")}
    return rows | {entry["measure"]: entry[field] for entry in load_dictionary("measures.yml")}


def _side(raw: dict[str, Any], side: str, form: str, sets: dict[str, list[str]], bound: dict[str, str]) -> Side | None:
    """Return the terms and the constant of a side; None when the form does not have it."""
    constant = next((item for item in raw[side] if isinstance(item, int)), None)
    written = [item for item in raw[side] if isinstance(item, str)]
    terms = expand(written, side, form, sets, bound) if written else ()
    return None if terms is None else (terms, constant)


def _told(raw: dict[str, Any], words: dict[str, Any]) -> Told:
    """Return the templates of a rule or of a case of it: what is wrong, how the figures stand here, and in English the formula."""
    usual = words[raw["severity"]]
    chinese, english, detail = (raw.get(name, usual.get(name, "")) for name in ("fail_zh", "fail_en", "detail_en"))
    # A rule with an English sentence of its own says the formula there, unless it names a detail.
    if "fail_en" in raw and "detail_en" not in raw:
        detail = ""
    return Told(chinese + words["tail_zh"], " ".join(part for part in (english, words["tail_en"], detail) if part))


def _subjects(raw: dict[str, Any], sets: dict[str, list[str]], words: dict[str, Any]) -> Iterator[Subject]:
    loops = raw.get("for_each") or {}
    told = _told(raw, words)
    for form in raw["formats"]:
        for values in product(*(sets[name] for name in loops.values())):
            bound = dict(zip(loops, values, strict=True))
            left, right = (_side(raw, side, form, sets, bound) for side in ("left", "right"))
            if left is None or right is None:
                continue
            yield Subject(
                rule=raw["rule"],
                format=form,
                subject=raw.get("subject", "".join(f"{{{name}}}" for name in bound)).format(**bound),
                block=raw["block"],
                subject_zh=raw["subject_zh"].format(**{name: _labels("label_zh")[value] for name, value in bound.items()}),
                subject_en=raw["subject_en"].format(**{name: _labels("label_en")[value] for name, value in bound.items()}),
                told=told,
                left_constant=left[1],
                right_constant=right[1],
                terms=(*left[0], *right[0]),
            )


def _stated(raw: dict[str, Any], sets: dict[str, list[str]]) -> Iterator[Stated]:
    for form, (indicator, written) in product(raw["formats"], raw.get("stated", {}).items()):
        if indicator not in _labels("label_zh"):
            raise RuleError(f"rule {raw['rule']}: there is no indicator {indicator}")
        alternatives = [terms for each in written if (terms := expand(each, "right", form, sets))]
        if alternatives:
            yield Stated(raw["rule"], form, indicator, tuple(alternatives))


def _rule(raw: dict[str, Any], position: int, data: dict[str, Any]) -> Rule:
    if raw["relation"] not in RELATIONS:
        raise RuleError(f"rule {raw['rule']} has the unknown relation {raw['relation']}")
    if unknown := set(raw["formats"]) - {*form_cells(), "narrative"}:
        raise RuleError(f"rule {raw['rule']} holds for the unknown form {', '.join(sorted(unknown))}")
    sets = {name: flat(items) for name, items in data["sets"].items()}
    words = data["sentences"]
    try:
        cases = raw.get("cases", [{}] if "left" in raw else [])
        subjects = [subject for case in cases for subject in _subjects({**raw, **case}, sets, words)]
        stated = list(_stated(raw, sets))
    except TermError as error:
        raise RuleError(f"rule {raw['rule']}: {error}") from error
    keys = [(subject.format, subject.subject) for subject in subjects]
    if len(set(keys)) < len(keys):
        raise RuleError(f"rule {raw['rule']} has two subjects of one name")
    return Rule(
        rule=raw["rule"],
        position=position,
        kind=raw["kind"],
        severity=raw["severity"],
        formats=tuple(raw["formats"]),
        title_zh=raw["title_zh"],
        title_en=raw["title_en"],
        formula_zh=raw["formula_zh"],
        formula_en=raw["formula_en"],
        relation=raw["relation"],
        label=raw["label"],
        first_year=raw.get("first_year", 0),
        test=raw.get("test"),
        proves=raw.get("proves", raw["severity"] == "hard" and raw["relation"] == "="),
        blank_totals=raw.get("blank_totals"),
        zero_is_fine=raw.get("zero_is_fine", False),
        unless=tuple(data["bodies"][raw["unless"]]) if "unless" in raw else (),
        told=_told(raw, words),
        factor=raw.get("factor"),
        at_least=raw.get("at_least"),
        subject_zh=raw.get("subject_zh", ""),
        subject_en=raw.get("subject_en", ""),
        subjects=tuple(subjects),
        stated=tuple(stated),
        members=raw.get("members"),
        similar_text=raw.get("similar_text"),
        needs_unit=raw["relation"] == "has_unit",
    )


@cache
def _data() -> dict[str, Any]:
    return yaml.load(RULES_FILE.read_text("utf-8"), yaml.CSafeLoader)


def read_rules(data: dict[str, Any]) -> tuple[Rule, ...]:
    """Make rules of a parsed `rules.yml`. Raises RuleError."""
    return tuple(_rule(raw, position, data) for position, raw in enumerate(data["rules"], 1))


@cache
def load_rules() -> tuple[Rule, ...]:
    """All rules, in the order of the file."""
    return read_rules(_data())


def words(name: str) -> str:
    """A sentence of the `sentences` part of `rules.yml` that belongs to no single rule."""
    return _data()["sentences"][name]
