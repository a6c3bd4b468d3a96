"""What a layman is told about a check that does not add up, from the templates of `rules.yml` and the figures that entered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby

from extract.forms import load_dictionary
from publish.rules import Rule

Number = int | float


def number(value: Number) -> str:
    """A number as a sentence prints it: no decimals that say nothing."""
    return str(int(value)) if value == int(value) else str(round(value, 2))


def _signed(value: Number) -> str:
    """A number inside a sum: a negative one stands in brackets."""
    return number(value) if value >= 0 else f"（−{number(-value)}）"


def formula_in_words(terms: list[tuple[str, Number, int]], total: Number) -> str:
    """Return 新收154＋上年结转3＝157 for (label, value, coefficient) terms; a single term needs no sum."""
    text = "".join(
        ("−" if sign < 0 else "＋" if place else "") + label + _signed(value) for place, (label, value, sign) in enumerate(terms)
    )
    return f"{text}＝{number(total)}" if len(terms) > 1 else text


def _listed(terms: list[tuple[str, Number, int]]) -> str:
    return "、".join(f"{label}{number(value)}" for label, value, _ in terms)


class _Labels:
    def __init__(self) -> None:
        self.rows = {entry["indicator"]: entry for entry in load_dictionary("indicators.yml")}
        self.columns = {entry["measure"]: entry for entry in load_dictionary("measures.yml")}

    def term(self, kind: str, indicator: str, measure: str) -> str:
        row, column = self.rows[indicator]["short_zh"], self.columns[measure]["label_zh"]
        return {"indicator": row, "measure": column, "cell": f"{row}·{column}"}[kind]

    def unit(self, indicator: str, measure: str) -> str:
        return self.columns[measure]["unit"] or self.rows[indicator]["unit"] or ""


def fail_sentences(connection: sqlite3.Connection, rules: tuple[Rule, ...]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (sentence_zh, sentence_en, report_id, rule, subject) for each check that fails, from `checks` and `check_cells`."""
    labels, by_rule = _Labels(), {rule.rule: rule for rule in rules}
    rows = connection.execute(
        "select k.report_id, k.rule, k.subject, k.subject_zh, k.subject_en, k.left_value, k.right_value, c.side, c.indicator, c.measure, "
        "c.value, c.coefficient from checks k join check_cells c using (report_id, rule, subject) where k.outcome = 'fail' "
        "order by k.report_id, k.rule, k.subject, c.position"
    )
    for (report_id, name, subject), group in groupby(rows, key=lambda row: row[:3]):
        cells = list(group)
        _, _, _, subject_zh, subject_en, left, right, *_ = cells[0]
        rule = by_rule[name]
        sides: dict[str, list[tuple[str, Number, int]]] = {"left": [], "right": []}
        for side, indicator, measure, value, coefficient in (cell[7:] for cell in cells):
            sides[side].append((labels.term(rule.label, indicator, measure), value, coefficient))
        places = {
            "left": number(left),
            "right": number(right),
            "difference": number(abs(left - right)),
            "unit": labels.unit(cells[0][8], cells[0][9]),
            "left_terms": _listed(sides["left"]) if rule.test else formula_in_words(sides["left"], left),
            "right_terms": formula_in_words(sides["right"], right),
        }
        yield (
            rule.fail_zh.format(subject=subject_zh, **places),
            rule.fail_en.format(subject=subject_en, **places),
            report_id,
            name,
            subject,
        )
