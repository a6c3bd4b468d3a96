"""The pages of the indicators: what each counts, in which form, and every figure we hold of it."""

from __future__ import annotations

from itertools import groupby

from publish.pages.data import Data, Row
from publish.pages.distribution import Groups
from publish.pages.escape import Markdown, link
from publish.pages.forms import printed_forms
from publish.pages.grid import table
from publish.pages.heed import counted_warnings, warning_text
from publish.pages.links import relative
from publish.pages.numbers import number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.peers_pages import indicator_distributions
from publish.pages.words import Words

# Beyond this many figures a page sends readers to the download.
MOST_FIGURES = 500


def printed_labels(indicator: str, data: Data, words: Words) -> Markdown:
    """Return a table of the labels that the forms print for an indicator, with the number of their row."""
    body = []
    for form, tables in printed_forms().items():
        for layout in tables:
            for position, row in enumerate((row for row in layout.rows if row.indicator), 1):
                if row.indicator == indicator:
                    heading = words.printed(layout.heading) if layout.heading else words.zh(f"block.{layout.block}")
                    body.append([form_name(form, data, words), heading, words.printed(row.label), position])
            if not layout.rows:
                heads = {column.heads[:-1] for column in layout.columns if column.indicator == indicator}
                body.extend(
                    [form_name(form, data, words), words.zh(f"block.{layout.block}"), words.printed("／".join(head)), 1]
                    for head in sorted(heads)
                )
    head = [words.both("fact.form"), words.both("column.table"), words.both("indicator.label"), words.both("indicator.row")]
    return table(head, body, numeric=[3]) if body else words.both("indicator.no_label")


def form_name(form: str, data: Data, words: Words) -> str:
    """Return the name of a form in the first language of the page, not escaped."""
    known = data.formats.get(form)
    return words.choose(known["title_zh"], known["title_en"]) if known else form


def unit_word(unit: str | None, words: Words) -> str:
    """Return a unit in the first language of the page, not escaped; nothing where there is none."""
    return words.say(f"unit.{unit}") if unit else ""


def years_in_use(row: Row) -> str:
    """Return the report years in which the forms have the indicator."""
    first, last = row["first_year"], row["last_year"]
    if first is None:
        return "—"
    return f"{first}" if first == last else f"{first}–{last or ''}"


def indicator_link(row: Row, words: Words, path: str) -> Markdown:
    """Return an indicator's name, linked, with its English name where the page has both languages."""
    name = link(words.choose(row["label_zh"], row["label_en"]), relative(f"indicators/{row['indicator']}/", path))
    return Markdown(" ".join(part for part in (name, words.gloss(row["label_en"])) if part))


def indicators_page(data: Data, chrome: Chrome) -> Page:
    """Return the index of indicators, by block in the order of the forms."""
    path = "indicators/"
    words = chrome.words
    blocks = []
    for block, members in groupby(data.indicators.values(), key=lambda row: row["block"]):
        head = [words.both("column.meaning"), words.both("column.unit"), words.both("column.years_used"), words.both("column.detail")]
        body = [
            [
                indicator_link(row, words, path),
                unit_word(row["unit"], words),
                years_in_use(row),
                words.choose(row["definition_zh"], row["definition_en"]),
            ]
            for row in members
        ]
        blocks.append((block, table(head, body)))
    text = markdown("indicators.md", path, words, blocks=blocks)
    title = words.say("page.indicators")
    return Page(path, title, words.say("description.indicators"), text, kind="listing", crumbs=((title, None),))


def indicator_page(indicator: Row, n: int, figures: list[Row], standing: Row | None, peers: Groups, data: Data, chrome: Chrome) -> Page:
    """Return the page of an indicator with `n` figures in current annual reports.

    `figures` are these figures with agency_id, year, scope and format; none when they are too many to list. `standing` counts those
    that are broken, inferred, missing or blank. `peers` are the distributions of all groups of comparable bodies.
    """
    words = chrome.words
    key = indicator["indicator"]
    path = f"indicators/{key}/"
    text = markdown(
        "indicator.md",
        path,
        words,
        indicator=indicator,
        years=years_in_use(indicator),
        unit=unit_word(indicator["unit"], words) or "—",
        warnings=[warning_text(row, words) for row in data.warnings.get(key, ())],
        also=counted_warnings((row["report_id"] for row in figures), data, words, general=False),
        standing=words.both("heed.standing", **{name: number(value or 0) for name, value in standing.items() if name != "indicator"})
        if standing
        else None,
        breaks=data.breaks.get(key, ()),
        labels=printed_labels(key, data, words),
        crosswalk=[_crossing(row, data, words, path) for row in data.crosswalk if key in (row["from_indicator"], row["to_indicator"])],
        distributions=indicator_distributions(key, peers, data, words),
        groups=_groups(figures, data, words, path),
        n=n,
        rows_link=chrome.rows_link(path, f"figures?indicator={key}"),
    )
    label = words.choose(indicator["label_zh"], indicator["label_en"])
    meaning = words.choose(indicator["definition_zh"], indicator["definition_en"])
    return Page(path, label, meaning, text, crumbs=((words.say("nav.indicators"), "indicators/"), (label, None)))


def _crossing(row: Row, data: Data, words: Words, path: str) -> Markdown:
    ends = [
        link(
            words.choose(data.indicators[row[end]]["label_zh"], data.indicators[row[end]]["label_en"]),
            relative(f"indicators/{row[end]}/", path),
        )
        for end in ("from_indicator", "to_indicator")
    ]
    note = f"{words.say('join.colon')}{words.pair(row['note'], row['note_en'])}" if row["note"] else ""
    return Markdown(f"{ends[0]} → {ends[1]}{words.zh('join.aside', text=words.say('grade.' + row['grade']))}{note}")


def _groups(figures: list[Row], data: Data, words: Words, path: str) -> list[tuple[Markdown, Markdown]]:
    """Return one table for each form and scope: figures of different ones never share a table."""
    groups = []
    ordered = sorted(figures, key=lambda row: (row["format"], row["scope"], -row["year"], row["agency_id"]))
    for (form, scope), members in groupby(ordered, key=lambda row: (row["format"], row["scope"])):
        rows = list(members)
        measures = [key for key in data.measures if any(row["measure"] == key for row in rows)]
        head = [words.both("column.agency"), words.both("column.year")]
        head += [words.pair(data.measures[key]["label_zh"], data.measures[key]["label_en"]) for key in measures]
        body = []
        for (_, agency_id, report_id), cells in groupby(rows, key=lambda row: (row["year"], row["agency_id"], row["report_id"])):
            values = {cell["measure"]: cell for cell in cells}
            year = next(iter(values.values()))["year"]
            body.append(
                [
                    link(words.name(data.agencies[agency_id]), relative(data.paths[report_id], path)),
                    year,
                    *(_value(values.get(key), words) for key in measures),
                ]
            )
        groups.append(
            (
                words.both("indicator.group", form=form_name(form, data, words), scope=words.say(f"scope.{scope}")),
                table(head, body, numeric_from=2),
            )
        )
    return groups


def _value(figure: Row | None, words: Words) -> object:
    if figure is None:
        return ""
    if figure["state"] == "missing":
        return words.zh("mark.missing")
    if figure["value"] is None:
        return words.zh("mark.blank") if figure["state"] == "blank" else words.printed(figure["raw"])
    sign = "\u00a0※" if figure["check_status"] == "inconsistent" else ""
    inferred = f" {words.zh('mark.inferred')}" if figure["state"] == "inferred" else ""
    return Markdown(f"{number(figure['value'])}{inferred}{sign}")
