"""What a layman is told about a check that does not add up, from the templates of `rules.yml` and the figures that entered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from extract.forms import load_dictionary
from publish.exact import Number, exact_sum
from publish.rules import Rule

Term = tuple[str, Number | None, int]  # label, value, coefficient

# Quotation marks inside a quotation.
_INNER_QUOTES = str.maketrans("“”", "‘’")


def number(value: Number) -> str:
    """A number as a sentence prints it: no decimals that say nothing. A report prints six at the most."""
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0").rstrip(".")


def _printed(value: Number) -> str:
    """A number in running text, with a minus sign that no reader takes for a dash."""
    return number(value).replace("-", "−")


@dataclass(frozen=True, slots=True)
class _Tongue:
    """How a language writes a sum: the label of a term with its value, a cell that is blank, and what stands between terms."""

    term: str
    blank: str
    negative: str
    plus: str
    minus: str
    equals: str
    comma: str

    def signed(self, value: Number | None) -> str:
        """A number inside a sum: a negative one stands in brackets, and so does the word for a cell that is blank."""
        if value is None:
            return self.blank
        return number(value) if value >= 0 else self.negative.format(number(-value))

    def named(self, label: str, value: Number | None) -> str:
        return self.term.format(label, self.signed(value))

    def sum(self, terms: Sequence[Term], total: Number) -> str:
        """Return 新收154＋上年结转3＝157; a single term needs no sum."""
        text = "".join(
            (self.minus if sign < 0 else self.plus if place else "") + self.named(label, value)
            for place, (label, value, sign) in enumerate(terms)
        )
        return f"{text}{self.equals}{_printed(total)}" if len(terms) > 1 else text

    def listed(self, terms: Sequence[Term]) -> str:
        """Return the terms without a sum."""
        return self.comma.join(self.named(label, value) for label, value, _ in terms)


_TONGUES = {
    "zh": _Tongue("{}{}", "（空白）", "（−{}）", "＋", "−", "＝", "、"),
    "en": _Tongue("“{}” {}", "(blank)", "(−{})", " + ", " − ", " = ", ", "),
}


def _passage(phrases: list[str]) -> str:
    """Join the words of neighbouring figures; those of the second may repeat those of the first."""
    return phrases[-1] if len(phrases) == 2 and phrases[0] in phrases[1] else "，".join(phrases)


class _Labels:
    def __init__(self) -> None:
        self.rows = {entry["indicator"]: entry for entry in load_dictionary("indicators.yml")}
        self.columns = {entry["measure"]: entry for entry in load_dictionary("measures.yml")}

    def term(self, kind: str, indicator: str, measure: str, tongue: str) -> str:
        """The name of a term inside a sentence: that of its row, of its column, or of both."""
        row, column = self.rows[indicator]["short_zh" if tongue == "zh" else "label_en"], self.columns[measure][f"label_{tongue}"]
        both = f"{row}·{column}" if tongue == "zh" else f"{row}: {column}"
        return {"indicator": row, "measure": column, "cell": both}[kind]

    def unit(self, indicator: str, measure: str) -> str:
        return self.columns[measure]["unit"] or self.rows[indicator]["unit"] or ""


_FAILED = """
select k.report_id, k.rule, k.subject, k.subject_zh, k.subject_en, k.left_value, k.right_value,
       c.side, c.indicator, c.measure, c.value, c.coefficient, n.phrase, n.line, n.unit,
       case when c.cell_report_id <> k.report_id then a.name || o.year || '年' end as other,
       case when c.cell_report_id <> k.report_id then coalesce(a.name_en, a.name) || ', ' || o.year end as other_en
from checks k left join check_cells c using (report_id, rule, subject)
left join reports o on o.report_id = c.cell_report_id left join agencies a on a.agency_id = o.agency_id
left join narrative_figures n on n.report_id = c.cell_report_id and n.position = c.narrative_position
where k.outcome = 'fail' and k.rule in ({rules}) order by k.report_id, k.rule, k.subject, c.position
"""


def _places(rule: Rule, left: Number | None, right: Number | None, cells: list[tuple[Any, ...]], labels: _Labels) -> dict[str, Any]:
    """What the places of a template stand for. Cells are the rows of `_FAILED` from `side` on."""
    sides: dict[tuple[str, str], list[Term]] = {(side, tongue): [] for side in ("left", "right") for tongue in _TONGUES}
    unit = ""
    for side, indicator, measure, value, coefficient, *_ in cells:
        if measure is not None:
            unit = unit or labels.unit(indicator, measure)
            for tongue in _TONGUES:
                sides[side, tongue].append((labels.term(rule.label, indicator, measure, tongue), value, coefficient))
    said = [(phrase.translate(_INNER_QUOTES), line, counted_in) for *_, phrase, line, counted_in, _, _ in cells if phrase]
    phrase, line, counted_in = said[0] if said else ("", "", "")
    terms: dict[str, str] = {}
    for (side, tongue), named in sides.items():
        written, total = _TONGUES[tongue], exact_sum([sign * (value or 0) for _, value, sign in named])
        key = f"{side}_terms" if tongue == "zh" else f"{side}_terms_{tongue}"
        terms[key] = written.listed(named) if rule.test and side == "left" else written.sum(named, total)
    return {
        **terms,
        "left": "" if left is None else _printed(left),
        "right": "" if right is None else _printed(right),
        "difference": "" if left is None or right is None else number(abs(exact_sum([left], [right]))),
        "unit": unit or counted_in or "",
        "phrase": phrase,
        "phrases": [phrase for phrase, *_ in said],
        "passage": _passage([phrase for phrase, *_ in said[:2]]),
        "parts": str(len(said) - 1),
        "line": str(line),
        "other": next((other for *_, other, _ in cells if other), ""),
        "other_en": next((other for *_, other in cells if other), ""),
    }


def fail_sentences(connection: sqlite3.Connection, rules: Sequence[Rule]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (sentence_zh, sentence_en, report_id, rule, subject) for a check of these rules that fails, by `checks` and `check_cells`."""
    names = [rule.rule for rule in rules]
    failed = _FAILED.replace("{rules}", ", ".join("?" * len(names)))
    labels, by_rule = _Labels(), {rule.rule: rule for rule in rules}
    by_subject = {(rule.rule, subject.subject): subject.told for rule in rules for subject in rule.subjects}
    for (report_id, name, subject), group in groupby(connection.execute(failed, names), key=lambda row: row[:3]):
        rows = list(group)
        _, _, _, subject_zh, subject_en, left, right, *_ = rows[0]
        rule = by_rule[name]
        places = _places(rule, left, right, [row[7:] for row in rows if row[7]], labels)
        told = by_subject.get((name, subject), rule.told)
        yield (
            *(text.format(subject=about, **places) for text, about in ((told.zh, subject_zh), (told.en, subject_en))),
            report_id,
            name,
            subject,
        )
