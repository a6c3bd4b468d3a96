"""Fenced blocks of our own in Markdown pages: key figures, charts, the search form.

A block is written by `fence()` and holds one row a line, its cells parted by " | ". Readers of the Markdown see plain rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from markupsafe import escape as html

from publish.pages.charts import bar_chart, series_chart
from publish.pages.escape import Markdown, plain

Rows = list[list[str]]


def fence(name: str, rows: Iterable[Iterable[object]]) -> Markdown:
    """Return the Markdown of a block. A bar inside a cell becomes a full-width bar."""
    lines = (" | ".join(plain(cell).replace("|", "｜").replace("`", "｀") for cell in row).rstrip() for row in rows)
    return Markdown("\n".join([f"```{name}", *lines, "```"]))


def _rows(content: str) -> Rows:
    return [[cell.strip() for cell in line.split("|")] for line in content.splitlines() if line.strip()]


def _key_figures(content: str) -> str:
    """Rows: Chinese label, English label, number, unit, link, signs (may be left out)."""
    items = []
    for label, label_en, value, unit, target, *signs in _rows(content):
        signed = f'<a class="sign hard" href="#checks">{html(signs[0])}</a>' if signs and signs[0] else ""
        items.append(
            f'<div><dt>{html(label)} <span class="en" lang="en">{html(label_en)}</span></dt>'
            f'<dd><a href="{html(target)}">{html(value)}</a>{signed}<small>{html(unit)}</small></dd></div>'
        )
    return f'<dl class="figures">\n{"".join(items)}\n</dl>\n'


def _chart(content: str) -> str:
    """First row: kind, Chinese title, English title, unit; then the rows of that kind of chart."""
    (kind, title, title_en, unit), *rows = _rows(content)
    return _CHARTS[kind](title, title_en, unit, rows)


def _search_form(content: str) -> str:
    """One row: address of the form, name of the field, its id, Chinese label, English label, text of the button."""
    ((action, field, key, label, label_en, button),) = _rows(content)
    return (
        f'<form class="search" role="search" action="{html(action)}" method="get">\n'
        f'<label for="{html(key)}">{html(label)} <span class="en" lang="en">{html(label_en)}</span></label>\n'
        f'<span class="field"><input id="{html(key)}" type="search" name="{html(field)}" autocomplete="off" required>'
        f'<button type="submit">{html(button)}</button></span>\n</form>\n'
    )


_CHARTS: Mapping[str, Callable[[str, str, str, Rows], str]] = {"bars": bar_chart, "series": series_chart}
COMPONENTS: Mapping[str, Callable[[str], str]] = {"figures": _key_figures, "chart": _chart, "search": _search_form}
