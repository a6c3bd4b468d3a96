"""A distribution as SVG: a bar for each class, inside a page or as a file that the pages of many bodies show.

In the file each class has an id, and the address `requests_new.svg#b3` marks class 3 by `:target` alone: the file is the same for
all bodies of a group, however many they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import escape as html

_ROW = 24  # px from one bar to the next
_BAR = 15  # px
_HEAD = 116  # px above the bars of a file, for what they have in common
_LEFT = 27  # percent of the width, for the labels
_WIDEST = 44  # percent
# The colours of the style sheet, which a picture cannot use.
_STYLE = (
    "text{font:400 14px system-ui,-apple-system,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif;fill:#1b1e20}"
    ".en{font-size:12px;fill:#585e63}rect{fill:#2a7480}.here{display:none;font-weight:600}:target rect{fill:#9c2a14}"
    ":target .here{display:inline;fill:#9c2a14}:target text{font-weight:600}"
    "@media (prefers-color-scheme:dark){text{fill:#e8e5dd}.en{fill:#a4aaad}"
    "rect{fill:#4f9ba5}:target rect{fill:#f3a48d}:target .here{fill:#f3a48d}}"
)


def height_of(classes: int, *, in_file: bool) -> int:
    """Return the height of a picture in px."""
    return classes * _ROW + (_HEAD if in_file else 0)


def _bars(labels: Sequence[str], counts: Sequence[int], top: int, here: str, key: str = "") -> str:
    """Draw the bars; each class is called b0, b1 … behind `key`, and `here` stands behind the one that an address ends in."""
    longest = max([*counts, 1])
    parts = []
    for place, (label, count) in enumerate(zip(labels, counts, strict=True)):
        y = top + place * _ROW
        width = count / longest * _WIDEST
        mark = f'<tspan class="here" dx="8">{html(here)}</tspan>'
        drawn = (
            f'<text x="{_LEFT - 2}%" y="{y + 13}" text-anchor="end">{html(label)}</text>'
            f'<rect class="bar" x="{_LEFT}%" y="{y + 1}" width="{width:.2f}%" height="{_BAR}"/>'
            f'<text class="value" x="{_LEFT + width:.2f}%" y="{y + 13}" dx="7">{count}{mark}</text>'
        )
        parts.append(f'<g id="{html(key)}b{place}">{drawn}</g>')
    return "".join(parts)


def picture_file(
    title: str, lines: Sequence[str], english: Sequence[str], labels: Sequence[str], counts: Sequence[int], here: str
) -> bytes:
    """Return the file of a distribution. `lines` and `english`, three at most of each, say above the bars what they have in common."""
    told = "".join(f'<text x="0" y="{15 + 18 * place}">{html(line)}</text>' for place, line in enumerate(lines))
    below = 15 + 18 * len(lines)
    told += "".join(f'<text class="en" x="0" y="{below + 15 * place}">{html(line)}</text>' for place, line in enumerate(english))
    described = "；".join(f"{label} {count}" for label, count in zip(labels, counts, strict=True))
    height = height_of(len(labels), in_file=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}" role="img" aria-labelledby="t d">'
        f'<title id="t">{html(title)}</title><desc id="d">{html(described)}</desc><style>{_STYLE}</style>{told}'
        f"{_bars(labels, counts, _HEAD, here)}</svg>\n"
    ).encode()


def distribution_figure(rows: list[list[str]]) -> str:
    """Draw a distribution inside a page. First row: key, title, English title, sentence, English sentence, name of the table, English
    name, what marks the class that an address ends in; then label and number of bodies of each class. Without bodies nothing is drawn.
    """
    (key, title, title_en, told, told_en, table, table_en, here), *classes = rows
    labels, counts = [row[0] for row in classes], [int(row[1]) for row in classes]
    drawn = (
        _drawn(key, (title, told), (table, table_en), labels, counts, here)
        if any(counts)
        else "".join(f'<span id="{html(key)}-b{place}"></span>' for place in range(len(labels)))
    )
    return (
        f'<figure class="chart distribution">\n<figcaption>{_both(title, title_en)}</figcaption>\n<p>{_both(told, told_en)}</p>\n'
        f"{drawn}</figure>\n"
    )


def _drawn(key: str, texts: tuple[str, str], table: tuple[str, str], labels: Sequence[str], counts: Sequence[int], here: str) -> str:
    cells = "".join(
        f'<tr><th scope="row">{html(label)}</th><td class="num">{count}</td></tr>' for label, count in zip(labels, counts, strict=True)
    )
    height, ids = height_of(len(labels), in_file=False), (f"t-{html(key)}", f"d-{html(key)}")
    return (
        f'<svg role="img" aria-labelledby="{" ".join(ids)}" width="100%" height="{height}">'
        f'<title id="{ids[0]}">{html(texts[0])}</title><desc id="{ids[1]}">{html(texts[1])}</desc>'
        f"{_bars(labels, counts, 0, here, f'{key}-')}</svg>\n"
        f"<details><summary>{_both(*table)}</summary><table><tbody>{cells}</tbody></table></details>\n"
    )


def shared_picture(rows: list[list[str]]) -> str:
    """Show a distribution that stands in a file. First row: title, English title, address, height, description; second row: text, English
    text and address of each link below it.
    """
    (title, title_en, address, height, told), links = rows
    ways = [
        f'<a href="{html(target)}">{_both(text, english)}</a>'
        for text, english, target in zip(*(links[start::3] for start in range(3)), strict=True)
    ]
    return (
        f'<figure class="chart shared">\n<figcaption>{_both(title, title_en)}</figcaption>\n'
        f'<img src="{html(address)}" width="704" height="{html(height)}" alt="{html(told)}" loading="lazy">\n'
        f'<p class="ways">{" · ".join(ways)}</p>\n</figure>\n'
    )


def _both(text: str, english: str) -> str:
    return f'{html(text)} <span class="en" lang="en">{html(english)}</span>' if english else str(html(text))
