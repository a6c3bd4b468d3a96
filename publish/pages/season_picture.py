"""The season board as inline SVG: of the reports that were due, how many are held, and what is known of the others.

Each bar is a part of one and the same whole, with its words and number above it, so that none depends on its colour.
"""

from __future__ import annotations

from markupsafe import escape as html

_ROW = 50  # px from one bar to the next
_BAR = 14  # px
_HATCHED = ("found_unreadable", "searched_not_found", "not_searched")


def season_figure(rows: list[list[str]]) -> str:
    """Draw the board. First row: nothing, title, English title, number of reports due, heads of the data table (three cells); then
    kind, label, English label, number, share of the whole (or nothing).
    """
    (_, title, title_en, whole, summary, summary_en, *head), *bars = rows
    drawn = "".join(_bar(place, int(whole), *bar) for place, bar in enumerate(bars))
    told = "；".join(f"{label} {count}" for _, label, _, count, *_ in bars)
    cells = "".join(
        f'<tr><th scope="row">{html(label)}</th><td class="num">{_number(count)}</td><td class="num">{html(share)}</td></tr>'
        for _, label, _, count, share in ([*bar, ""][:5] for bar in bars)
    )
    heads = "".join(f'<th scope="col">{html(cell)}</th>' for cell in head)
    return (
        f'<figure class="chart season">\n<figcaption>{_both(title, title_en)}</figcaption>\n'
        f'<svg role="img" aria-labelledby="season-title season-told" width="100%" height="{len(bars) * _ROW}">'
        f'<title id="season-title">{html(title)}</title><desc id="season-told">{html(told)}</desc>'
        '<defs><pattern id="season-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path class="hatch" d="M0 0V6"/></pattern></defs>{drawn}</svg>\n'
        f"<details><summary>{_both(summary, summary_en)}</summary><table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{cells}</tbody></table></details>\n</figure>\n"
    )


def _bar(place: int, whole: int, kind: str, label: str, label_en: str, count: str, share: str = "") -> str:
    top = place * _ROW
    fill = ' class="gap" fill="url(#season-hatch)"' if kind in _HATCHED else ' class="bar"'
    width = int(count) / whole * 100
    note = f" · {html(share)}" if share else ""
    return (
        f'<text x="0" y="{top + 16}"><tspan>{html(label)}</tspan> <tspan class="en">{html(label_en)}</tspan></text>'
        f'<text class="value" x="100%" y="{top + 16}" text-anchor="end">{_number(count)}{note}</text>'
        f'<rect class="track" x="0" y="{top + 24}" width="100%" height="{_BAR}"/>'
        f'<rect{fill} x="0" y="{top + 24}" width="{width:.2f}%" height="{_BAR}"/>'
    )


def _number(count: str) -> str:
    return f"{int(count):,}"


def _both(text: str, english: str) -> str:
    return f'{html(text)} <span class="en" lang="en">{html(english)}</span>' if english else str(html(text))
