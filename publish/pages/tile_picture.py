"""The tile grid as inline SVG.

Places are shares of the width and text sizes come from the style sheet, so that it fits a phone and a page alike.
"""

from __future__ import annotations

from markupsafe import escape as html

_HEIGHT = 58  # px of a tile with the space below it
_GAP = 4  # px
_COLUMNS = 8


def tiles_figure(rows: list[list[str]]) -> str:
    """Draw the grid. First row: nothing, title, English title, unit, English unit; then address, name,
    label, column, row, number of years.
    """
    (_, title, title_en, unit, unit_en), *tiles = rows
    drawn = "".join(_tile(*tile) for tile in tiles)
    height = (max(int(tile[4]) for tile in tiles) + 1) * _HEIGHT
    told = "；".join(f"{name} {count}" for _, name, *_, count in tiles)
    cells = "".join(f'<tr><th scope="row">{html(name)}</th><td class="num">{html(count)}</td></tr>' for _, name, *_, count in tiles)
    return (
        f'<figure class="chart tiles">\n<figcaption>{_both(title, title_en)}<br><small>{_both(unit, unit_en)}</small></figcaption>\n'
        f'<svg role="group" aria-labelledby="tiles-title tiles-told" width="100%" height="{height}">'
        f'<title id="tiles-title">{html(title)}</title><desc id="tiles-told">{html(told)}</desc>{drawn}</svg>\n'
        f"<details><summary>{_both(title, title_en)}</summary><table><tbody>{cells}</tbody></table></details>\n</figure>\n"
    )


def _tile(address: str, name: str, label: str, column: str, row: str, count: str) -> str:
    width = 100 / _COLUMNS
    left, top = int(column) * width, int(row) * _HEIGHT
    kind = "held" if int(count) else "none"
    drawn = (
        f'<rect class="{kind}" x="{left:.2f}%" y="{top}" width="{width * 0.94:.2f}%" height="{_HEIGHT - _GAP}" rx="2"/>'
        f'<text class="{kind}" x="{left + width * 0.47:.2f}%" y="{top + 23}" text-anchor="middle">{html(label)}</text>'
        f'<text class="{kind} count" x="{left + width * 0.47:.2f}%" y="{top + 44}" text-anchor="middle">{html(count)}</text>'
    )
    return f'<a href="{html(address)}" aria-label="{html(name)} {html(count)}">{drawn}</a>' if address else f"<g>{drawn}</g>"


def _both(text: str, english: str) -> str:
    return f'{html(text)} <span class="en" lang="en">{html(english)}</span>' if english else str(html(text))
