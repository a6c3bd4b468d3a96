"""What a layman is told about a check that does not add up, from the templates of `rules.yml` and the figures that entered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from extract.forms import load_dictionary
from publish.rules import Rule

Number = int | float

# Quotation marks inside a quotation.
_INNER_QUOTES = str.maketrans("“”", "‘’")


def number(value: Number) -> str:
    """A number as a sentence prints it: no decimals that say nothing."""
    return str(int(value)) if value == int(value) else str(round(value, 2))


def _signed(value: Number | None) -> str:
    """A number inside a sum: a negative one stands in brackets, and so does the word for a cell that is blank."""
    if value is None:
        return "（空白）"
    return number(value) if value >= 0 else f"（−{number(-value)}）"


def formula_in_words(terms: list[tuple[str, Number | None, int]], total: Number) -> str:
    """Return 新收154＋上年结转3＝157 for (label, value, coefficient) terms; a single term needs no sum."""
    text = "".join(
        ("−" if sign < 0 else "＋" if place else "") + label + _signed(value) for place, (label, value, sign) in enumerate(terms)
    )
    return f"{text}＝{number(total)}" if len(terms) > 1 else text


def _listed(terms: list[tuple[str, Number | None, int]]) -> str:
    return "、".join(f"{label}{_signed(value)}" for label, value, _ in terms)


def _passage(phrases: list[str]) -> str:
    """Join the words of neighbouring figures; those of the second may repeat those of the first."""
    return phrases[-1] if len(phrases) == 2 and phrases[0] in phrases[1] else "，".join(phrases)


class _Labels:
    def __init__(self) -> None:
        self.rows = {entry["indicator"]: entry for entry in load_dictionary("indicators.yml")}
        self.columns = {entry["measure"]: entry for entry in load_dictionary("measures.yml")}

    def term(self, kind: str, indicator: str, measure: str) -> str:
        row, column = self.rows[indicator]["short_zh"], self.columns[measure]["label_zh"]
        return {"indicator": row, "measure": column, "cell": f"{row}·{column}"}[kind]

    def unit(self, indicator: str, measure: str) -> str:
        return self.columns[measure]["unit"] or self.rows[indicator]["unit"] or ""


_FAILED = """
select k.report_id, k.rule, k.subject, k.subject_zh, k.subject_en, k.left_value, k.right_value,
       c.side, c.indicator, c.measure, c.value, c.coefficient, n.phrase, n.line, n.unit,
       case when c.cell_report_id <> k.report_id then a.name || o.year || '年' end as other
from checks k left join check_cells c using (report_id, rule, subject)
left join reports o on o.report_id = c.cell_report_id left join agencies a on a.agency_id = o.agency_id
left join narrative_figures n on n.report_id = c.cell_report_id and n.position = c.narrative_position
where k.outcome = 'fail' order by k.report_id, k.rule, k.subject, c.position
"""


def _places(rule: Rule, left: Number | None, right: Number | None, cells: list[tuple[Any, ...]], labels: _Labels) -> dict[str, Any]:
    """What the places of a template stand for. Cells are (side, indicator, measure, value, coefficient, phrase, line, unit, other)."""
    sides: dict[str, list[tuple[str, Number | None, int]]] = {"left": [], "right": []}
    unit = ""
    for side, indicator, measure, value, coefficient, *_ in cells:
        if measure is not None:
            unit = unit or labels.unit(indicator, measure)
            sides[side].append((labels.term(rule.label, indicator, measure), value, coefficient))
    said = [(phrase.translate(_INNER_QUOTES), line, counted_in) for *_, phrase, line, counted_in, _ in cells if phrase]
    phrase, line, counted_in = said[0] if said else ("", "", "")
    totals = {side: sum(sign * (value or 0) for _, value, sign in terms) for side, terms in sides.items()}
    return {
        "left": "" if left is None else number(left),
        "right": "" if right is None else number(right),
        "difference": "" if left is None or right is None else number(abs(left - right)),
        "unit": unit or counted_in or "",
        "left_terms": _listed(sides["left"]) if rule.test else formula_in_words(sides["left"], totals["left"]),
        "right_terms": formula_in_words(sides["right"], totals["right"]),
        "phrase": phrase,
        "phrases": [phrase for phrase, *_ in said],
        "passage": _passage([phrase for phrase, *_ in said[:2]]),
        "parts": str(len(said) - 1),
        "line": str(line),
        "other": next((other for *_, other in cells if other), ""),
    }


def fail_sentences(connection: sqlite3.Connection, rules: tuple[Rule, ...]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (sentence_zh, sentence_en, report_id, rule, subject) for each check that fails, from `checks` and `check_cells`."""
    labels, by_rule = _Labels(), {rule.rule: rule for rule in rules}
    for (report_id, name, subject), group in groupby(connection.execute(_FAILED), key=lambda row: row[:3]):
        rows = list(group)
        _, _, _, subject_zh, subject_en, left, right, *_ = rows[0]
        rule = by_rule[name]
        places = _places(rule, left, right, [row[7:] for row in rows if row[7]], labels)
        zh, en = rule.fail_zh.format(subject=subject_zh, **places), rule.fail_en.format(subject=subject_en, **places)
        yield zh, en, report_id, name, subject
