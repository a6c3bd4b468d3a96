"""Charts as inline SVG, without a script and without an inline style, each with its data as a table.

Positions are percentages and text sizes are set by the style sheet, so that a chart fits a phone and a page alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from publish.pages.escape import html
from publish.pages.numbers import number
from publish.pages.words import load_words

_ROW = 46  # px from one bar to the next
_BAR = 12  # px
_PLOT = 96  # px, height of a series
_TOP = 24  # px above the plot, for the labels of the highest points
_BOTTOM = 26  # px below the plot, for the years
_LINE = 18  # px from one line of labels to the next
_LIFT = 6  # px between a column and its label
_NARROWEST = 280  # px, width of a series on a phone
_NARROW, _WIDE, _GAP = 8, 14, 6  # px: a digit, a Chinese character, and what stands between two labels


def _key(title: str, rows: list[list[str]]) -> str:
    """An id that the parts of a chart refer to: another one for another chart."""
    return hashlib.sha256("\n".join([title, *(" ".join(row) for row in rows)]).encode()).hexdigest()[:8]


def _both(key: str) -> str:
    """A word of the interface in both languages, as HTML."""
    words = load_words()
    return f'{html(words.say(key))} <span class="en" lang="en">{html(words.say(key, "en"))}</span>'


def _frame(
    title: str,
    title_en: str,
    unit: str,
    drawing: str,
    height: int,
    head: list[str],
    rows: list[list[str]],
    *,
    key: str,
    small: bool = False,
    remarks: Sequence[list[str]] = (),
) -> str:
    words = load_words()
    described = words.say("join.items").join(" ".join(cell for cell in row if cell) for row in rows)
    cells = "".join(f'<tr><th scope="row">{html(row[0])}</th>{"".join(map(_cell, row[1:]))}</tr>' for row in rows)
    said = "".join(f'<p>{html(chinese)} <span class="en" lang="en">{html(english)}</span></p>\n' for chinese, english in remarks)
    heads = "".join(f'<th scope="col">{_both(key)}</th>' for key in head)
    return (
        f'<figure class="chart{" small" if small else ""}">\n<figcaption>{html(title)}{html(words.say("join.aside", text=unit))} '
        f'<span class="en" lang="en">{html(title_en)}</span></figcaption>\n'
        f'<svg role="img" aria-labelledby="t{key} d{key}" width="100%" height="{height}">'
        f'<title id="t{key}">{html(title)}</title><desc id="d{key}">{html(described)}</desc>{drawing}</svg>\n{said}'
        f"<details><summary>{_both('chart.data')}</summary><table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{cells}</tbody></table></details>\n</figure>\n"
    )


def _cell(text: str) -> str:
    return f'<td class="num">{html(text)}</td>'


def bar_chart(title: str, title_en: str, unit: str, content: list[list[str]]) -> str:
    """Draw one bar a row: Chinese label, English label, value, note behind the value (a share, or empty), signs of the value.

    A row that begins with `note` is a remark below the chart, as in a series.
    """
    rows, remarks = [row for row in content if row[0] != "note"], [row[1:] for row in content if row[0] == "note"]
    aside = load_words().entries["join.aside"]["zh"]
    values = [Decimal(row[2].replace(",", "")) for row in rows]
    longest = max([*values, Decimal(1)])
    parts = []
    for position, (row, value) in enumerate(zip(rows, values, strict=True)):
        top = position * _ROW
        note = "".join(row[4:5]) + (aside.format(text=row[3]) if len(row) > 3 and row[3] else "")
        parts.append(
            f'<text x="0" y="{top + 15}"><tspan>{html(row[0])}</tspan> <tspan class="en">{html(row[1])}</tspan></text>'
            f'<text class="value" x="100%" y="{top + 15}" text-anchor="end">{number(value)}{html(note)}</text>'
            f'<rect class="track" x="0" y="{top + 22}" width="100%" height="{_BAR}"/>'
            f'<rect class="bar" x="0" y="{top + 22}" width="{value / longest * 100:.2f}%" height="{_BAR}"/>'
        )
    table = [[row[0], f"{number(value)}{''.join(row[4:5])}", *row[3:4]] for row, value in zip(rows, values, strict=True)]
    has_notes = any(len(row) > 2 for row in table)
    head = ["chart.item", "chart.amount", *(["chart.share"] if has_notes else [])]
    return _frame(title, title_en, unit, "".join(parts), len(rows) * _ROW, head, table, key=_key(title, rows), remarks=remarks)


def _signed(row: list[str], value: Decimal | None) -> str:
    return f"{number(value)}{html(''.join(row[2:3]))}" if value is not None else html(load_words().say("chart.not_held"))


def _break(row: list[str]) -> str:
    return "".join(row[3:4])


def _shown(texts: Sequence[str | None], first: Sequence[int], heights: Sequence[Decimal] = ()) -> set[int]:
    """Return the places whose texts fit beside each other in the narrowest chart: those of `first`, then from the right.

    A text that is None takes no room. `heights`, in px, are of the columns on which the texts stand: none may meet a higher one beside it.
    """
    slot = _NARROWEST / max(len(texts), 1)
    levels = heights or [Decimal(0)] * len(texts)
    taken: list[tuple[float, float, Decimal]] = []
    shown = set()
    for place in [*first, *reversed(range(len(texts)))]:
        text = texts[place]
        if text is None or place in shown:
            continue
        half = (sum(_WIDE if ord(letter) > 0x2E80 or letter == "※" else _NARROW for letter in text) + _GAP) / 2
        start, end = slot * (place + 0.5) - half, slot * (place + 0.5) + half
        level = levels[place]
        beside = [span[:2] for span in taken if abs(span[2] - level) < _LINE]
        beside += [(slot * (other + 0.2), slot * (other + 0.8)) for other, height in enumerate(levels) if height > level + _LIFT]
        if all(end <= other_start or start >= other_end for other_start, other_end in beside):
            taken.append((start, end, level))
            shown.add(place)
    return shown


class _Across(NamedTuple):
    """Where a column stands, in percent of the chart: its left side, its middle, and the line before it."""

    left: str
    middle: str
    edge: str


@cache
def _across(columns: int) -> tuple[str, list[_Across]]:
    """Return the width of a column and the place of each, where a chart has so many."""
    slot = Decimal(100) / columns
    places = [_Across(*(f"{slot * place + part:.2f}%" for part in (slot / 5, slot / 2, Decimal(0)))) for place in range(columns)]
    return f"{slot * 3 / 5:.2f}%", places


@lru_cache(maxsize=1 << 10)
def _dated(years: tuple[str, ...]) -> set[int]:
    """Return the places of the years that are written below the columns."""
    return _shown(years, [len(years) - 1, 0])


def series_chart(title: str, title_en: str, unit: str, content: list[list[str]]) -> str:
    """Draw columns by year: year, value (empty where we hold no report), signs of the value, what breaks the series there.

    A missing year is hatched. A break is a broken line before its year: what stands on its two sides is not one series. A row that
    begins with `note` is a remark below the chart, Chinese and English. A value or year is left out of the drawing where it would
    meet another one on a phone; the table has them all.
    """
    rows, notes = [row for row in content if row[0] != "note"], [row[1:] for row in content if row[0] == "note"]
    key = _key(title, content)
    values = [Decimal(row[1].replace(",", "")) if row[1] else None for row in rows]
    highest = max([value for value in values if value is not None] + [Decimal(1)])
    bottom = _TOP + _PLOT
    told = [_signed(row, value) for row, value in zip(rows, values, strict=True)]
    heights = [Decimal(_PLOT) if value is None else value / highest * _PLOT for value in values]
    on_columns = [None if value is None else text for text, value in zip(told, values, strict=True)]
    labelled = _shown(on_columns, [place for place, value in enumerate(values) if value == highest][:1], heights)
    dated = _dated(tuple(row[0] for row in rows))
    width, places = _across(len(rows))
    parts = [
        f'<defs><pattern id="h{key}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="hatch" d="M0 0V6"/></pattern></defs>'
    ]
    # Texts stand before the lines, with a rim of paper.
    texts = []
    colon = load_words().say("join.colon")
    for place, (row, value) in enumerate(zip(rows, values, strict=True)):
        height, across = heights[place], places[place]
        kind = "gap" if value is None else "bar"
        fill = f' fill="url(#h{key})"' if value is None else ""
        box = f'x="{across.left}" y="{bottom - height:.1f}" width="{width}" height="{height:.1f}"'
        # The pointer shows what has no room in the drawing.
        parts.append(f'<rect class="{kind}"{fill} {box}><title>{html(row[0])}{colon}{told[place]}</title></rect>')
        if place in labelled:
            texts.append(
                f'<text class="value" x="{across.middle}" y="{bottom - height - _LIFT:.1f}" text-anchor="middle">{told[place]}</text>'
            )
        if place in dated:
            texts.append(f'<text class="tick" x="{across.middle}" y="{bottom + 18}" text-anchor="middle">{html(row[0])}</text>')
        if place and _break(row):
            line = f'x1="{across.edge}" x2="{across.edge}" y1="0" y2="{bottom}"'
            parts.append(f'<line class="break" {line}><title>{html(_break(row))}</title></line>')
    parts.append(f'<line class="axis" x1="0" x2="100%" y1="{bottom}" y2="{bottom}"/>')
    breaks = any(map(_break, rows[1:]))
    table = [[row[0], text, *([_break(row)] if breaks else [])] for row, text in zip(rows, told, strict=True)]
    head = ["column.year", "chart.amount", *(["chart.breaks"] if breaks else [])]
    drawing = "".join([*parts, *texts])
    return _frame(title, title_en, unit, drawing, bottom + _BOTTOM, head, table, key=key, small=True, remarks=notes)
