"""Charts as inline SVG, without a script and without an inline style, each with its data as a table.

Positions are percentages and text sizes are set by the style sheet, so that a chart fits a phone and a page alike.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal

from markupsafe import Markup
from markupsafe import escape as html

from publish.pages.numbers import number

_ROW = 46  # px from one bar to the next
_BAR = 12  # px
_PLOT = 200  # px, height of a series
_TOP = 26  # px above the plot, for the labels of the highest points
_BOTTOM = 28  # px below the plot, for the years


def _frame(title: str, title_en: str, unit: str, drawing: str, height: int, head: list[str], rows: list[list[str]]) -> str:
    key = hashlib.sha256("\n".join([title, *(" ".join(row) for row in rows)]).encode()).hexdigest()[:8]
    described = "；".join(" ".join(cell for cell in row if cell) for row in rows)
    cells = "".join(f'<tr><th scope="row">{html(row[0])}</th>{"".join(map(_cell, row[1:]))}</tr>' for row in rows)
    heads = "".join(f'<th scope="col">{html(cell)}</th>' for cell in head)
    return (
        f'<figure class="chart">\n<figcaption>{html(title)}（{html(unit)}） '
        f'<span class="en" lang="en">{html(title_en)}</span></figcaption>\n'
        f'<svg role="img" aria-labelledby="t{key} d{key}" width="100%" height="{height}">'
        f'<title id="t{key}">{html(title)}</title><desc id="d{key}">{html(described)}</desc>{drawing}</svg>\n'
        f'<details><summary>图中数字 <span class="en" lang="en">Data of this chart</span></summary><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{cells}</tbody></table></details>\n</figure>\n"
    )


def _cell(text: str) -> str:
    return f'<td class="num">{html(text)}</td>'


def bar_chart(title: str, title_en: str, unit: str, rows: list[list[str]]) -> str:
    """Draw one bar a row: Chinese label, English label, value, note behind the value (a share, or empty)."""
    values = [Decimal(row[2].replace(",", "")) for row in rows]
    longest = max([*values, Decimal(1)])
    parts = []
    for position, (row, value) in enumerate(zip(rows, values, strict=True)):
        top = position * _ROW
        note = f"（{row[3]}）" if len(row) > 3 and row[3] else ""
        parts.append(
            f'<text x="0" y="{top + 15}"><tspan>{html(row[0])}</tspan> <tspan class="en">{html(row[1])}</tspan></text>'
            f'<text class="value" x="100%" y="{top + 15}" text-anchor="end">{number(value)}{html(note)}</text>'
            f'<rect class="track" x="0" y="{top + 22}" width="100%" height="{_BAR}"/>'
            f'<rect class="bar" x="0" y="{top + 22}" width="{value / longest * 100:.2f}%" height="{_BAR}"/>'
        )
    table = [[f"{row[0]}", number(value), *row[3:4]] for row, value in zip(rows, values, strict=True)]
    has_notes = any(len(row) > 2 for row in table)
    return _frame(title, title_en, unit, "".join(parts), len(rows) * _ROW, ["项目", "数量", *(["占比"] if has_notes else [])], table)


def _signed(row: list[str], value: Decimal | None) -> str:
    return f"{number(value)}{html(''.join(row[2:3]))}" if value is not None else "未收录"


def _break(row: list[str]) -> str:
    return "".join(row[3:4])


def series_chart(title: str, title_en: str, unit: str, rows: list[list[str]]) -> str:
    """Draw columns by year: year, value (empty where we hold no report), signs of the value, what breaks the series there.

    A missing year is hatched. A break is a broken line before its year: what stands on its two sides is not one series.
    """
    values = [Decimal(row[1].replace(",", "")) if row[1] else None for row in rows]
    highest = max([value for value in values if value is not None] + [Decimal(1)])
    slot = Decimal(100) / len(rows)
    bottom = _TOP + _PLOT
    parts = [
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="hatch" d="M0 0V6"/></pattern></defs>'
    ]
    for position, (row, value) in enumerate(zip(rows, values, strict=True)):
        left, middle = slot * position + slot / 5, slot * position + slot / 2
        height = _PLOT if value is None else value / highest * _PLOT
        kind = "gap" if value is None else "bar"
        fill = ' fill="url(#hatch)"' if value is None else ""
        parts.append(
            f'<rect class="{kind}"{fill} x="{left:.2f}%" y="{bottom - height:.1f}" width="{slot * 3 / 5:.2f}%" height="{height:.1f}"/>'
            f'<text class="value" x="{middle:.2f}%" y="{bottom - height - 7:.1f}" text-anchor="middle">{_signed(row, value)}</text>'
            f'<text class="tick" x="{middle:.2f}%" y="{bottom + 19}" text-anchor="middle">{html(row[0])}</text>'
        )
        if position and _break(row):
            place = f'x1="{slot * position:.2f}%" x2="{slot * position:.2f}%" y1="0" y2="{bottom}"'
            parts.append(f'<line class="break" {place}><title>{html(_break(row))}</title></line>')
    parts.append(f'<line class="axis" x1="0" x2="100%" y1="{bottom}" y2="{bottom}"/>')
    broken = any(map(_break, rows[1:]))
    table = [[row[0], _signed(row, value), *([_break(row)] if broken else [])] for row, value in zip(rows, values, strict=True)]
    head = ["年度", "数量", *(["序列在此断开"] if broken else [])]
    return _frame(title, title_en, unit, str(Markup("").join(map(Markup, parts))), bottom + _BOTTOM, head, table)
