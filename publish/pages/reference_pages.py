"""The pages that explain: dictionary, methodology, downloads, search, about, and the page for what is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from publish.pages.data import Data, Row
from publish.pages.escape import Markdown, escape, link
from publish.pages.grid import table
from publish.pages.heed import warning_text
from publish.pages.indicator_pages import indicator_link, unit_word, years_in_use
from publish.pages.links import relative
from publish.pages.numbers import number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.printed_labels import labels_by_form
from publish.pages.query import Database
from publish.pages.search_form import finder, search_form
from publish.pages.structured import dataset
from publish.pages.words import Words
from publish.schema import Table
from publish.site_zip import MOST_BYTES
from publish.site_zip import NAME as SITE_ZIP

_STATES = ("missing", "blank", "inferred", "split", "ocr")
_PROOFS = ("row_sum", "joint", "between_anchors", "prose")
_COPY_KINDS = ("official_site", "official_archive", "republished", "encyclopedia", "news", "unknown")
_EXAMPLES = 3
# The tables that answer most questions, in the order in which a reader asks.
_MAIN_TABLES = ("requests", "proactive", "remedies", "figures", "checks", "reports", "agencies")


def _page(name: str, text: Markdown, words: Words, kind: str = "prose") -> Page:
    title = words.say(f"page.{name}")
    return Page(f"{name}/", title, words.say(f"description.{name}"), text, kind=kind, crumbs=((title, None),))


def dictionary_page(tables: Sequence[Table], data: Data, chrome: Chrome) -> Page:
    """Return the data dictionary: every table and column, every indicator."""
    words = chrome.words
    parts = []
    for one in tables:
        head = [words.both("column.column"), words.both("column.type"), words.both("column.detail")]
        body = [
            [
                Markdown(f"`{column.name}` {words.pair(column.texts.title, column.texts.title_en)}"),
                column.type,
                words.pair(column.texts.description, column.texts.description_en),
            ]
            for column in one.columns
        ]
        parts.append((one.name, one.texts, table(head, body)))
    head = [words.both("column.meaning"), words.both("column.unit"), words.both("column.years_used"), words.both("column.detail")]
    body = [
        [
            Markdown(f"`{key}` {indicator_link(row, words, 'dictionary/')}"),
            unit_word(row["unit"], words),
            years_in_use(row),
            words.pair(row["definition_zh"], row["definition_en"]),
        ]
        for key, row in data.indicators.items()
    ]
    forms = labels_by_form(data, words, "dictionary/")
    text = markdown("dictionary.md", "dictionary/", words, tables=parts, indicators=table(head, body), forms=forms)
    return _page("dictionary", text, words)


# By kind of damage, how often it was undone, and the first examples.
Noise = Mapping[str, tuple[int, Sequence[str]]]


def read_noise(source: Database) -> Noise:
    """Read what the noise ledger of all files says of each kind."""
    counts: defaultdict[str, int] = defaultdict(int)
    examples: defaultdict[str, list[str]] = defaultdict(list)
    for kind, count, found, became in source.tuples("select kind, count, found, became from noise order by source_id, position"):
        counts[kind] += count
        if len(examples[kind]) < _EXAMPLES:
            example = f"{found} → {became}" if became else found
            if example and example not in examples[kind]:
                examples[kind].append(example)
    return {kind: (n, examples[kind]) for kind, n in counts.items()}


def methodology_page(noise: Noise, data: Data, chrome: Chrome) -> Page:
    """Return the page on how the reports are read."""
    words = chrome.words
    head = [words.both("column.kind"), words.both("column.detail"), words.both("column.count"), words.both("methodology.examples")]
    body = [
        [
            words.pair(kind["title_zh"], kind["title_en"]),
            words.pair(kind["description_zh"], kind["description_en"]),
            number(n),
            Markdown(words.say("join.items").join(words.printed(example) for example in examples)),
        ]
        for kind, (n, examples) in ((kind, noise.get(key, (0, ()))) for key, kind in data.noise_kinds.items())
    ]
    text = markdown(
        "methodology.md",
        "methodology/",
        words,
        noise=table(head, body, numeric=[2]),
        states=[words.both(f"mark_meaning.{name}") for name in _STATES],
        proofs=[words.both(f"proof.{name}") for name in _PROOFS],
        copies=[(words.both(f"copy_kind.{name}"), words.both(f"copy_kind_meaning.{name}")) for name in _COPY_KINDS],
    )
    return _page("methodology", text, words, kind="explained")


def downloads_page(tables: Sequence[Table], counts: dict[str, int], chrome: Chrome, zipped: bool, warnings: Sequence[Row] = ()) -> Page:
    """Return the page of downloads: every table in every format, the database, the data package, and the site as one zip if `zipped`.

    `warnings` is the vocabulary of usage warnings.
    """
    words = chrome.words
    path = "downloads/"
    main = [one for name in _MAIN_TABLES for one in tables if one.name == name]
    others = [one for one in tables if one.name not in _MAIN_TABLES]
    text = markdown(
        "downloads.md",
        path,
        words,
        tables=_files_table(main, counts, words, path),
        other_tables=_files_table(others, counts, words, path),
        datasette=chrome.rows_link(path, "") if chrome.datasette else None,
        zip_name=SITE_ZIP if zipped else None,
        most_megabytes=number(MOST_BYTES // (1024 * 1024)),
        warnings=[Markdown(f"`{row['warning']}` {warning_text(row, words)}") for row in warnings],
    )
    return replace(_page("downloads", text, words), json_ld=dataset(chrome, zipped=zipped))


def _files_table(tables: Sequence[Table], counts: Mapping[str, int], words: Words, path: str) -> Markdown:
    head = [words.both("column.table"), words.both("column.rows"), words.both("column.file")]
    body = []
    for one in tables:
        files = [link(name, relative(f"data/{one.name}.{name.lower()}", path)) for name in ("CSV", "JSON", "Parquet")]
        if one.name == "figures":
            files.append(Markdown("`data/figures/year=YYYY/`"))
        body.append([_with_code(one, words), number(counts[one.name]), Markdown(" · ".join(files))])
    return table(head, body, numeric=[1])


def _with_code(one: Table, words: Words) -> Markdown:
    first = escape(words.choose(one.texts.title, one.texts.title_en))
    return Markdown(f"{first} `{one.name}` {words.gloss(one.texts.title_en)}".rstrip())


def search_page(chrome: Chrome) -> Page:
    """Return the search page: forms for Datasette, or how to search without it."""
    words = chrome.words
    path = "search/"
    forms = [search_form(path, chrome, name) for name in ("sections", "reports", "agencies")]
    text = markdown("search.md", path, words, finder=finder(words), forms=[form for form in forms if form])
    return replace(_page("search", text, words), scripts=("search.js",))


def prose_page(name: str, chrome: Chrome) -> Page:
    """Return a page that is all prose."""
    return _page(name, markdown(f"{name}.md", f"{name}/", chrome.words), chrome.words)


def not_found_page(chrome: Chrome) -> Page:
    """Return the page for an address that does not exist."""
    words = chrome.words
    title = words.say("page.not_found")
    return Page("404.html", title, title, markdown("404.md", "404.html", words), kind="prose")
