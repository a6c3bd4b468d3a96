"""What is shown of comparable bodies: on the page of a body, on the page of an indicator, and on the pages of the groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict

from publish.pages.compare_page import MOST_BODIES, why_not
from publish.pages.compare_page import PATH as COMPARE
from publish.pages.components import fence
from publish.pages.data import Data, ReportRows, Row
from publish.pages.distribution import (
    Distribution,
    Groups,
    class_labels,
    class_of,
    classes_of,
    is_rate,
    load_distributions,
    names_on_bodies,
    percentage,
)
from publish.pages.distribution_picture import height_of, picture_file
from publish.pages.escape import Markdown, link
from publish.pages.grid import table
from publish.pages.heed import counted_warnings
from publish.pages.links import relative
from publish.pages.numbers import SMALLEST_BASE_OF_A_SHARE, SMALLEST_RANKED_LIST, Number, number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.parts import MOST_ROWS, top_region
from publish.pages.peers import Group
from publish.pages.query import Database
from publish.pages.words import Words

PATH = "peers/"
# On the page of an indicator: its newest years, and no more groups than a reader looks at.
_NEWEST_YEARS, _MOST_GROUPS = 2, 8


def _label(name: str, data: Data) -> tuple[str, str]:
    row = data.rate_definitions[name] if is_rate(name) else data.indicators[name]
    return row["label_zh"], row["label_en"]


def group_name(group: Group, data: Data, words: Words, language: str | None = None) -> str:
    """Return what the bodies of a group have in common, not escaped."""
    form = data.formats[group.form]
    language = language or words.language
    names = {
        "level": words.say(f"level.{group.level}", language if language == "en" else None),
        "kind": words.say(f"agency_type.{group.agency_type}", language if language == "en" else None),
        "scope": words.say(f"scope.{group.scope}", language if language == "en" else None),
        "form": form["title_en"] if language == "en" else words.choose(form["title_zh"], form["title_en"]),
        "since": form["first_year"],
    }
    return words.say("peers.group", language if language == "en" else None, year=group.year, **names)


def _told(found: Distribution, words: Words, language: str | None = None) -> str:
    return words.say(
        "join.told", language, one=words.say("peers.quartiles", language, **_line_values(found)), other=_rests(found, words, language)
    )


def _rests(found: Distribution, words: Words, language: str | None = None) -> str:
    """Return how many figures of a distribution do not add up or were inferred, and how many bodies are not in it."""
    return words.say("peers.rests", language, **{name: number(value) for name, value in asdict(found.standing).items()})


def _key(name: str, group: Group) -> str:
    """Return what the classes of a distribution are called on a page: this and the place of the class."""
    return f"{name}-{group.year}-{group.level}-{group.agency_type}-{group.scope}-{group.form}".replace("_", "-")


def _block(key: str, name: str, title: tuple[str, str], told: tuple[str, str], counts: Sequence[int], words: Words) -> Markdown:
    second = words.language == "zh"
    head = [
        key,
        words.choose(*title),
        title[1] if second else "",
        told[0],
        told[1] if second else "",
        words.say("peers.data"),
        words.second("peers.data"),
        words.say("peers.here"),
    ]
    return fence("distribution", [head, *zip(class_labels(name), counts, strict=True)])


def distribution_block(group: Group, found: Distribution, title: tuple[str, str], data: Data, words: Words) -> Markdown:
    """Return a distribution inside a page; an address that ends in one of its classes marks that class."""
    return _block(_key(found.name, group), found.name, title, (_told(found, words), _told(found, words, "en")), found.counts, words)


def _group_block(name: str, group: Group, found: Distribution | None, data: Data, words: Words) -> Markdown:
    """Return a distribution on the page of its group, which the pages of its bodies lead to: empty where too few have the figure."""
    if found is not None:
        return distribution_block(group, found, _label(name, data), data, words)
    told = words.say("peers.too_few_figures"), words.say("peers.too_few_figures", "en")
    return _block(_key(name, group), name, _label(name, data), told, [0] * len(classes_of(name)), words)


def picture_files(group: Group, named: Mapping[str, Distribution], data: Data, words: Words) -> Iterator[tuple[str, bytes]]:
    """Yield the pictures of a group that the pages of bodies show, with their addresses. `named` are its distributions."""
    yield from ((f"{group.path}{name}.svg", _picture_file(name, named.get(name), group, data, words)) for name in names_on_bodies())


def _picture_file(name: str, found: Distribution | None, group: Group, data: Data, words: Words) -> bytes:
    if found is None:
        return _too_few_file(name, group, data, words)
    title = f"{group_name(group, data, words)}：{_label(name, data)[0]}"
    lines, english = (
        [*words.say("peers.quartiles_lines", language, **_line_values(found)).split("\n"), _rests(found, words, language)]
        for language in ("zh", "en")
    )
    return picture_file(title, lines, english, class_labels(name), found.counts, words.say("peers.here"))


def _too_few_file(name: str, group: Group, data: Data, words: Words) -> bytes:
    title = f"{group_name(group, data, words)}：{_label(name, data)[0]}"
    counts = [0] * len(classes_of(name))
    told, english = ([words.say("peers.too_few_figures", language)] for language in ("zh", "en"))
    return picture_file(title, told, english, class_labels(name), counts, words.say("peers.here"))


def _line_values(found: Distribution) -> dict[str, str]:
    sign = "%" if is_rate(found.name) else ""
    return {"n": number(found.n), **{name: f"{number(getattr(found, name))}{sign}" for name in ("low", "median", "high")}}


def _own_value(name: str, rows: ReportRows) -> Number | None:
    """Return the value of a body that stands in a distribution, None where it does not enter it."""
    if not is_rate(name):
        return rows.value(name)
    rate = next((rate for rate in rows.rates if rate["rate"] == name), None)
    if rate is None or rate["n_inconsistent"] or rate["denominator"] is None or rate["denominator"] < SMALLEST_BASE_OF_A_SHARE:
        return None
    return None if rate["numerator"] is None else percentage(rate["numerator"], rate["denominator"])


def _picture(name: str, value: Number, group: Group, data: Data, words: Words, path: str) -> Markdown:
    place = class_of(name, value)
    label, label_en = _label(name, data)
    shown, shown_en = (f"{number(value)}{'%' if is_rate(name) else unit}" for unit in (words.say("unit.件"), ""))
    title = words.say("peers.picture", label=label, value=shown)
    alt = words.say("peers.alt", label=label, group=group_name(group, data, words), place=class_labels(name)[place])
    height = height_of(len(classes_of(name)), in_file=True)
    picture = relative(f"{group.path}{name}.svg#b{place}", path)
    whole = relative(f"{group.path}#{_key(name, group)}-b{place}", path)
    more = [words.say("peers.in_group"), words.second("peers.in_group"), whole]
    if not is_rate(name):
        more += [words.say("peers.in_indicator"), words.second("peers.in_indicator"), relative(f"indicators/{name}/", path)]
    return fence("shared", [[title, f"{label_en}: {shown_en}", picture, height, alt], more])


def body_peers(agency_id: str, current: Sequence[ReportRows], data: Data, words: Words, path: str) -> Markdown | None:
    """Return what the page of a body says of comparable bodies; None where it has no report that may be compared."""
    told = data.peers.get(agency_id)
    if told is None:
        return _alone(agency_id, current, words, path) if current else None
    group = Group(*told["group"])
    rows = next(rows for rows in current if rows.report["year"] == group.year)
    name, name_en = group_name(group, data, words), group_name(group, data, words, "en")
    parts = [words.both("peers.compared_with", group=name, group_en=name_en)]
    if told["size"] < SMALLEST_RANKED_LIST:
        parts.append(words.both("peers.too_few", n=told["size"] - 1) if told["size"] > 1 else words.both("peers.alone"))
    else:
        values = [(name, _own_value(name, rows)) for name in names_on_bodies()]
        parts += [_picture(name, value, group, data, words, path) for name, value in values if value is not None]
        target = relative(group.path, path)
        parts.append(Markdown(f"[{words.say('peers.group_page')}]({target}) {words.en('peers.group_page')}"))
    if told["bodies"]:
        parts.append(words.both(f"peers.near_{told['near']}"))
        parts.append(Markdown("\n".join(f"- {link(name, relative(f'agencies/{key}/', path))}" for key, name in told["bodies"])))
        parts.append(_side_by_side("peers.compare", group.year, [agency_id, *(key for key, _ in told["bodies"])], words, path))
    return Markdown("\n\n".join(parts))


def _alone(agency_id: str, current: Sequence[ReportRows], words: Words, path: str) -> Markdown:
    """Return what the page of a body says that is in no group; its latest report may stand beside others all the same."""
    parts = [words.both("peers.not_comparable")]
    if why_not(current[0].report) is None:
        parts.append(_side_by_side("agency.compare", current[0].report["year"], [agency_id], words, path))
    return Markdown("\n\n".join(parts))


def _side_by_side(key: str, year: int, bodies: Sequence[str], words: Words, path: str) -> Markdown:
    target = f"{relative(COMPARE, path)}?year={year}&bodies={','.join(bodies[:MOST_BODIES])}"
    return Markdown(f"[{words.say(key)}]({target}) {words.en(key)}")


def indicator_distributions(indicator: str, groups: Groups, data: Data, words: Words) -> Sequence[tuple[Markdown, Markdown]]:
    """Return the distributions of an indicator in its newest years, each group with its heading, the largest groups of a year first."""
    held = [(group, named[indicator]) for group, named in groups.items() if indicator in named]
    years = sorted({group.year for group, _ in held}, reverse=True)[:_NEWEST_YEARS]
    shown = sorted((each for each in held if each[0].year in years), key=lambda each: (-each[0].year, -each[1].n, each[0]))
    return [_block_with_heading(group, found, data, words) for group, found in shown[:_MOST_GROUPS]]


def _block_with_heading(group: Group, found: Distribution, data: Data, words: Words) -> tuple[Markdown, Markdown]:
    title = group_name(group, data, words), group_name(group, data, words, "en")
    heading = Markdown(f"[{title[0]}]({relative(group.path, f'indicators/{found.name}/')}) {words.gloss(title[1])}")
    return heading, distribution_block(group, found, _label(found.name, data), data, words)


_COLUMNS = ("requests_new", "outcomes_total", "requests_carried_out")
Figures = Mapping[str, Sequence[tuple[Number | None, str]]]


def read_figures(source: Database) -> Figures:
    """Read what the tables of the groups show of each report, by report_id: figures, each with ※ where a sum with it does not add up.

    Where there is no figure the word that stands for it is given instead of a sign.
    """
    asked = ", ".join(f"'{name}'" for name in _COLUMNS)
    told = f"select report_id, indicator from figures where indicator in ({asked}) and measure = 'total' and"
    broken = {tuple(row) for row in source.tuples(f"{told} check_status = 'inconsistent'")}
    blank = {tuple(row) for row in source.tuples(f"{told} value is null and state <> 'missing'")}

    def sign(key: str, name: str, value: Number | None) -> str:
        if value is None:
            return "mark.blank" if (key, name) in blank else "mark.missing"
        return "※" if (key, name) in broken else ""

    rows = source.tuples(f"select report_id, {', '.join(_COLUMNS)} from requests where applicant = 'total'")
    return {key: [(value, sign(key, name, value)) for name, value in zip(_COLUMNS, values, strict=True)] for key, *values in rows}


def groups_page(members: Mapping[Group, Sequence[Row]], data: Data, chrome: Chrome) -> Page:
    """Return the list of the groups that are large enough, each given with its reports."""
    words = chrome.words
    head = [words.both("peers.what"), words.both("region.bodies")]
    body = [[link(group_name(group, data, words), group.path.removeprefix(PATH)), len(reports)] for group, reports in members.items()]
    listed = table(head, body[:MOST_ROWS], numeric=[1]) if body else None
    text = markdown("peers.md", PATH, words, groups=listed, most=len(body) - MOST_ROWS)
    title = words.say("page.peers")
    return Page(PATH, title, words.say("description.peers"), text, kind="listing", crumbs=((title, None),))


def group_page(
    group: Group,
    reports: Sequence[Row],
    named: Mapping[str, Distribution],
    figures: Figures,
    data: Data,
    chrome: Chrome,
) -> Page:
    """Return the page of a group. `named` are its distributions; `figures` has those of its reports."""
    words, path = chrome.words, group.path
    order = [*(row["indicator"] for row in load_distributions()["counts"]), *load_distributions()["rates"]]
    shown = [name for name in order if name in named or name in names_on_bodies()]
    blocks = [_group_block(name, group, named.get(name), data, words) for name in shown]
    name = group_name(group, data, words)
    text = markdown(
        "peers_group.md",
        path,
        words,
        title=name,
        title_en=group_name(group, data, words, "en"),
        n=len(reports),
        blocks=blocks,
        heed=counted_warnings((report["report_id"] for report in reports), data, words),
        bodies=_bodies_table(reports, figures, data, words, path) if len(reports) <= MOST_ROWS else _provinces(reports, data, words, path),
        sortable=len(reports) <= MOST_ROWS,
        rows_link=chrome.rows_link(path, f"requests?year={group.year}&scope={group.scope}&format={group.form}&applicant=total"),
    )
    crumbs = ((words.say("page.peers"), PATH), (name, None))
    return Page(path, name, name, text, kind="group", crumbs=crumbs, scripts=("sort.js",) if len(reports) <= MOST_ROWS else ())


def _bodies_table(reports: Sequence[Row], figures: Figures, data: Data, words: Words, path: str) -> Markdown:
    head = [words.both("column.agency"), words.both("column.region"), *(words.both(f"key.{name}") for name in _COLUMNS)]
    body = []
    for report in reports:
        agency = data.agencies[report["agency_id"]]
        province = data.regions[top_region(agency["region_id"], data)]
        values = figures.get(report["report_id"], [(None, "mark.missing")] * len(_COLUMNS))
        body.append(
            [
                link(words.name(agency), relative(data.paths[report["report_id"]], path)),
                words.name(province),
                *(words.zh(sign) if value is None else f"{number(value)} {sign}".rstrip() for value, sign in values),
            ]
        )
    return table(head, body, numeric_from=2)


def _provinces(reports: Sequence[Row], data: Data, words: Words, path: str) -> Markdown:
    """Return the number of bodies in each province: too many to list."""
    counts: dict[str, int] = {}
    for report in reports:
        key = top_region(data.agencies[report["agency_id"]]["region_id"], data)
        counts[key] = counts.get(key, 0) + 1
    body = [[link(words.name(data.regions[key]), relative(f"regions/{key}/", path)), number(n)] for key, n in sorted(counts.items())]
    return table([words.both("column.region"), words.both("region.bodies")], body, numeric=[1])
