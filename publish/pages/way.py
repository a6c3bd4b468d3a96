"""The way of requests as HTML: steps of text that wrap, so that no label can meet another on a narrow screen, with bars as inline SVG."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from decimal import Decimal

from markupsafe import escape as html

from publish.pages.words import load_words

Row = list[str]


@dataclass(slots=True)
class _Step:
    """A step: its own row, the rows of its parts, and remarks on it."""

    row: Row
    parts: list[Row] = field(default_factory=list)
    remarks: list[Row] = field(default_factory=list)


def way_figure(content: list[Row]) -> str:
    """Rows: heading and its English; then `stage`, `case`, `part` (label, English, count, signs) or `note` (text, English).

    A note stands under the step before it; one at the end stands under the whole, and so does what `rests` says of the figures.
    """
    (title, title_en), *rows = content
    rests = [row for row in rows if row[0] == "rests"]
    rows = [row for row in rows if row[0] != "rests"]
    closing = [*([rows.pop()] if rows[-1][0] == "note" else []), *rests]
    steps: list[_Step] = []
    for row in rows:
        if row[0] == "part":
            steps[-1].parts.append(row)
        elif row[0] == "note":
            steps[-1].remarks.append(row)
        else:
            steps.append(_Step(row))
    key = hashlib.sha256("\n".join(" ".join(row) for row in content).encode()).hexdigest()[:8]
    came_in = _count(steps[0].row)
    flow = "".join(_step(step, came_in) for step in steps if step.row[0] == "stage")
    cases = "".join(_step(step, _count(step.row)) for step in steps if step.row[0] == "case")
    return (
        f'<figure class="way" aria-labelledby="w{key}">\n<figcaption id="w{key}">{_both(title, title_en)}</figcaption>\n'
        f'<ol class="flow">\n{flow}</ol>\n'
        + (f'<ul class="cases">\n{cases}</ul>\n' if cases else "")
        + f"{_remarks(closing)}{_table(steps)}</figure>\n"
    )


def _count(row: Row) -> Decimal | None:
    """Return the count of a row, or None where a word stands in its place."""
    digits = row[3].replace(",", "")
    return Decimal(digits) if digits.isdecimal() else None


def _both(chinese: str, english: str) -> str:
    return f'{html(chinese)} <span class="en" lang="en">{html(english)}</span>' if english else str(html(chinese))


def _signed(row: Row) -> str:
    sign = row[4] if len(row) > 4 else ""
    return f'{html(row[3])}<span class="sign">{html(sign)}</span>' if sign else str(html(row[3]))


def _bar(count: Decimal | None, whole: Decimal | None) -> str:
    """Return the bar of a count, hidden from screen readers: the text beside it says the same. A count beyond the whole fills it."""
    width = min(count / whole * 100, Decimal(100)) if count and whole else Decimal(0)
    bar = f'<rect class="bar" width="{width:.2f}%" height="6"/>' if width else ""
    return f'<svg aria-hidden="true" width="100%" height="6"><rect class="track" width="100%" height="6"/>{bar}</svg>'


def _remarks(rows: list[Row]) -> str:
    return "".join(f'<p class="remark">{_both(row[1], row[2])}</p>\n' for row in rows)


def _step(step: _Step, whole: Decimal | None) -> str:
    parts = "".join(
        f"<li><span>{_both(part[1], part[2])}</span> <b>{_signed(part)}</b>{_bar(_count(part), whole)}</li>\n" for part in step.parts
    )
    return (
        f'<li><p class="step"><span>{_both(step.row[1], step.row[2])}</span> <strong>{_signed(step.row)}</strong></p>\n'
        + (f"<ul>\n{parts}</ul>\n" if parts else "")
        + f"{_remarks(step.remarks)}</li>\n"
    )


def _table(steps: list[_Step]) -> str:
    words = load_words()
    body = []
    for step in steps:
        names = [step.row[1], *(f"{step.row[1]}{words.say('join.colon')}{part[1]}" for part in step.parts)]
        for name, row in zip(names, [step.row, *step.parts], strict=True):
            body.append(f'<tr><th scope="row">{html(name)}</th><td class="num">{_signed(row)}</td></tr>')
    data, item, amount = (_both(words.say(key), words.say(key, "en")) for key in ("chart.data", "chart.item", "chart.amount"))
    return (
        f"<details><summary>{data}</summary><table><thead><tr>"
        f'<th scope="col">{item}</th><th scope="col">{amount}</th></tr></thead><tbody>{"".join(body)}</tbody></table></details>\n'
    )
