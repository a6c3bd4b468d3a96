"""Fenced blocks of our own in Markdown pages: key figures, charts, the search form.

A block is written by `fence()` and holds one row a line, its cells parted by " | ". Readers of the Markdown see plain rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from publish.pages.charts import bar_chart, series_chart
from publish.pages.distribution_picture import distribution_figure, shared_picture
from publish.pages.escape import Markdown, html, plain
from publish.pages.season_picture import season_figure
from publish.pages.tile_picture import tiles_figure
from publish.pages.way import way_figure

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
        f'<label for="{html(key)}">{_both((label, label_en))}</label>\n'
        f'<span class="field"><input id="{html(key)}" type="search" name="{html(field)}" autocomplete="off" required>'
        f'<button type="submit">{html(button)}</button></span>\n</form>\n'
    )


def _texts(rows: Rows) -> tuple[dict[str, tuple[str, str]], str]:
    """Return the texts of a scripted block, and the same as data attributes: camel case in the script, hyphens in HTML."""
    texts = {name: (chinese, english) for name, chinese, english in rows}
    pairs = [(name + mark, text) for name, both in texts.items() for mark, text in zip(("", "-en"), both, strict=True) if text]
    return texts, " ".join(f'data-{name}="{html(text)}"' for name, text in pairs)


def _finder(content: str) -> str:
    """Rows: name, Chinese text, English text. What site/assets/search.js fills; hidden where no script runs."""
    texts, data = _texts(_rows(content))
    return (
        f'<div id="finder" hidden {data}>\n<form class="search" role="search" action="./" method="get">\n'
        f'<label for="finder-words">{_both(texts["label"])}</label>\n'
        f'<span class="field"><input id="finder-words" type="search" name="q" autocomplete="off" required aria-describedby="finder-hint">'
        f'<button type="submit">{html(texts["button"][0])}</button></span>\n'
        f'<p id="finder-hint">{_both(texts["hint"])}</p>\n</form>\n'
        '<p role="status"></p>\n<div class="results"></div>\n</div>\n'
    )


def _draft(content: str) -> str:
    """Rows: name, text, English text; `line` for each line of the draft. What site/assets/request.js fills; a template without script."""
    lines, rows = [], []
    for row in (line.split("|") for line in content.splitlines()):
        name, text, english = (cell.strip() for cell in (*row, "", "")[:3])
        if name == "line":
            lines.append(text)
        else:
            rows.append([name, text, english])
    texts, data = _texts(rows)
    return (
        f'<div id="drafting" {data}>\n<form class="search" hidden>\n'
        f'<p><label for="draft-agency">{_both(texts["agency"])}</label>\n<input id="draft-agency" name="agency" autocomplete="off"></p>\n'
        f'<p><label for="draft-year">{_both(texts["year"])}</label>\n'
        '<input id="draft-year" name="year" inputmode="numeric" maxlength="4" autocomplete="off"></p>\n</form>\n'
        f'<pre tabindex="0" lang="zh-Hans">{html(chr(10).join(lines))}</pre>\n<p role="status"></p>\n</div>\n'
    )


def _wrong_page(content: str) -> str:
    """One row: name, text, English text. What site/assets/report.js fills with the page that the reader came from."""
    return f'<p id="wrong-page" hidden {_texts(_rows(content))[1]}></p>\n'


def _compare(content: str) -> str:
    """Rows: name, setting or Chinese text, English text. What site/assets/compare.js fills; hidden where no script runs."""
    texts, data = _texts(_rows(content))
    return (
        f'<div id="compare" hidden {data}>\n<form class="search" action="./" method="get">\n'
        f'<label for="compare-year">{_both(texts["choose_year"])}</label>\n<select id="compare-year" name="year"></select>\n'
        f'<label for="compare-body">{_both(texts["choose_body"])}</label>\n'
        '<span class="field"><input id="compare-body" name="body" list="compare-bodies" autocomplete="off" required>'
        f'<button type="submit">{html(texts["add"][0])}</button></span>\n<datalist id="compare-bodies"></datalist>\n</form>\n'
        '<ul class="chosen"></ul>\n<p role="status"></p>\n<div class="results"></div>\n</div>\n'
    )


def _cards(content: str) -> str:
    """First row: Chinese and English heading, name of the copy button; then label, English label, sentence, English sentence."""
    # Escaping leaves the marks between cells alone, and there may be a hundred cards.
    (title, title_en, button), *cards = _rows(html(content))
    items = [
        f'<dt>{_beside(label, label_en)}</dt>\n<dd data-copy="{button}">{chinese}</dd>\n'
        f'<dd data-copy="{button}" class="en" lang="en">{english}</dd>'
        for label, label_en, chinese, english in cards
    ]
    return f'<details class="cards">\n<summary>{_beside(title, title_en)}</summary>\n<dl>\n{"".join(items)}\n</dl>\n</details>\n'


def _both(text: tuple[str, str]) -> str:
    return _beside(html(text[0]), html(text[1]))


def _beside(first: str, second: str) -> str:
    return f'{first} <span class="en" lang="en">{second}</span>' if second else first


_CHARTS: Mapping[str, Callable[[str, str, str, Rows], str]] = {"bars": bar_chart, "series": series_chart}
COMPONENTS: Mapping[str, Callable[[str], str]] = {
    "figures": _key_figures,
    "chart": _chart,
    "search": _search_form,
    "finder": _finder,
    "compare": _compare,
    "draft": _draft,
    "wrong_page": _wrong_page,
    "cards": _cards,
    "distribution": lambda content: distribution_figure(_rows(content)),
    "shared": lambda content: shared_picture(_rows(content)),
    "way": lambda content: way_figure(_rows(content)),
    "season": lambda content: season_figure(_rows(content)),
    "tiles": lambda content: tiles_figure(_rows(content)),
}
