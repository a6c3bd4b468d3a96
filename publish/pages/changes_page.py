"""数据变动: what changed from one publication to the next, a page a date, an index of dates and an Atom feed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape as xml

from publish.changes import kinds
from publish.pages.checks_page import report_name
from publish.pages.data import Data, Row
from publish.pages.escape import Markdown, escape, link
from publish.pages.grid import table
from publish.pages.links import relative
from publish.pages.numbers import number
from publish.pages.page import Chrome, Page, markdown
from publish.pages.query import Database
from publish.pages.values import cell_words, value_words
from publish.pages.words import LANGUAGES, Words

_PATH = "changes/"
_MOST_DATES = 50
_MOST_OF_A_KIND = 200
# What the summary of a date counts: changes of these kinds, or the figures that they say a report has.
_COUNTED = {
    "reports_added": "report_added",
    "reports_replaced": "report_replaced",
    "files_changed": "file_changed",
    "reports_gone": "report_gone",
    "figures_changed": "figure_changed",
    "figures_gone": "figure_gone",
}
Counts = Mapping[str, int]


def read_counts(source: Database) -> dict[str, Counts]:
    """Count the changes of each date, latest first, by what the summary tells; figures of an added report count as added."""
    counted: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in source.rows(
        "select date, kind, count(*) as n, sum(n_figures) as figures from changes group by date, kind order by date desc"
    ):
        counts = counted[row["date"]]
        counts[row["kind"]] = row["n"]
        if row["kind"] in ("report_added", "figure_added"):
            counts["figures_added"] = counts.get("figures_added", 0) + (row["n"] if row["kind"] == "figure_added" else row["figures"])
    return counted


def read_changes_of(source: Database, date: str) -> dict[str, list[Row]]:
    """Read the first changes of a date by kind, each with the check it is about where that still does not add up."""
    return {
        kind: source.rows(
            "select changes.*, subject_zh, subject_en, fragment, outcome from changes left join checks using (report_id, rule, subject)"
            " where date = ? and kind = ? order by changes.position limit ?",
            date,
            kind,
            _MOST_OF_A_KIND,
        )
        for kind in kinds()
    }


def summary(counts: Counts) -> Mapping[str, str]:
    """Return what the sentence on a date tells. Checks are left out: they say nothing without the copy they are about."""
    return {name: number(counts.get(kind, 0)) for name, kind in (*_COUNTED.items(), ("figures_added", "figures_added"))}


def changes_index_page(counted: Mapping[str, Counts], chrome: Chrome) -> Page:
    """Return the list of publications, latest first."""
    words = chrome.words
    shown = list(counted)[:_MOST_DATES]
    body = [[link(date, f"{date}/"), words.both("changes.summary", **summary(counted[date]))] for date in shown]
    text = markdown(
        "changes.md",
        _PATH,
        words,
        dates=table([words.both("changes.date"), words.both("column.detail")], body) if body else None,
        n_earlier=len(counted) - len(shown),
        rows_link=chrome.rows_link(_PATH, "changes"),
    )
    title = words.say("page.changes")
    return Page(_PATH, title, words.say("description.changes"), text, kind="explained", crumbs=((title, None),))


def changes_page(date: str, changes: Mapping[str, Sequence[Row]], counted: Mapping[str, Counts], data: Data, chrome: Chrome) -> Page:
    """Return the page of one date. `changes` are its first ones by kind, `counted` all dates, latest first."""
    words = chrome.words
    path = f"{_PATH}{date}/"
    dates = list(counted)
    place = dates.index(date)
    counts = counted[date]
    sections = [
        {"kind": kind, "table": _LAYOUTS[kind](rows, data, words, path), "shown": len(rows), "n": counts[kind]}
        for kind, rows in changes.items()
        if rows
    ]
    text = markdown(
        "changes_date.md",
        path,
        words,
        date=date,
        summary=words.both("changes.summary", **summary(counts)),
        sections=sections,
        newer=dates[place - 1] if place else None,
        older=dates[place + 1] if place + 1 < len(dates) else None,
        rows_link=chrome.rows_link(path, f"changes?date={date}"),
    )
    title = words.say("page.changes_on", date=date)
    return Page(
        path, title, words.say("description.changes"), text, kind="explained", crumbs=((words.say("page.changes"), _PATH), (date, None))
    )


def _report(report_id: str, data: Data, words: Words, path: str) -> Markdown:
    """Return a report's name with the kind of copy, linked; one that is gone keeps its identifier."""
    report = data.reports_by_id.get(report_id)
    if report is None:
        return escape(report_id)
    name = link(report_name(report, data, words), relative(data.paths[report_id], path))
    copy = words.zh(f"copy_kind.{data.sources[report['source_id']]['copy_kind']}")
    return Markdown(f"{name}{words.zh('join.aside', text=copy)} {escape(report_id)}")


def _reports(rows: Sequence[Row], data: Data, words: Words, path: str) -> Markdown:
    body = [[_report(row["report_id"], data, words, path), number(row["n_figures"])] for row in rows]
    return table([words.both("changes.report"), words.both("change_column.n_figures")], body, numeric=[1])


def _replaced(rows: Sequence[Row], data: Data, words: Words, path: str) -> Markdown:
    body = [
        [_report(row["report_id"], data, words, path), _report(row["old_report_id"], data, words, path), number(row["n_figures"])]
        for row in rows
    ]
    head = [words.both("changes.report"), words.both("change_column.replaced"), words.both("change_column.n_differing")]
    return table(head, body, numeric=[2])


def _files(rows: Sequence[Row], data: Data, words: Words, path: str) -> Markdown:
    return table([words.both("changes.report")], [[_report(row["report_id"], data, words, path)] for row in rows])


def _figures(rows: Sequence[Row], data: Data, words: Words, path: str) -> Markdown:
    head = [words.both("changes.report"), words.both("changes.figure"), words.both("changes.before"), words.both("changes.after")]
    body = [
        [
            _report(row["report_id"], data, words, path),
            cell_words(row["indicator"], row["measure"], data, words),
            value_words(row["old_value"], row["old_state"], words),
            value_words(row["new_value"], row["new_state"], words),
        ]
        for row in rows
    ]
    return table(head, body, numeric=[2, 3])


def _checks(rows: Sequence[Row], data: Data, words: Words, path: str) -> Markdown:
    head = [words.both("changes.report"), words.both("column.rule"), words.both("changes.before"), words.both("changes.after")]
    body = [
        [
            _report(row["report_id"], data, words, path),
            _check(row, data, words, path),
            _outcome(row["old_state"], row["old_value"], words),
            _outcome(row["new_state"], row["new_value"], words),
        ]
        for row in rows
    ]
    return table(head, body)


def _check(row: Row, data: Data, words: Words, path: str) -> Markdown:
    """Return the rule and what it is about, linked to its sentence on the report's page while that stands there."""
    rule = data.rules.get(row["rule"])
    name = escape(row["rule"])
    if row["outcome"] == "fail" and row["report_id"] in data.paths:
        name = link(row["rule"], relative(f"{data.paths[row['report_id']]}#{row['fragment']}", path))
    if rule is None:
        return Markdown(f"{name} {escape(row['subject'])}")
    subject, subject_en = (row[f"subject_{language}"] or row["subject"] for language in ("zh", "en"))
    told = words.quoting(f"{rule['title_zh']}：{subject}", f"{rule['title_en']}: {subject_en}")
    return Markdown(f"{name} {told}{words.zh('join.aside', text=words.zh('severity.' + rule['severity']))}")


def _outcome(state: str, difference: float | None, words: Words) -> Markdown:
    told = words.zh(f"check_state.{state}")
    return Markdown(told + words.zh("changes.difference", value=number(difference))) if state == "fail" and difference else told


_LAYOUTS: Mapping[str, Callable[[Sequence[Row], Data, Words, str], Markdown]] = {
    "report_added": _reports,
    "report_replaced": _replaced,
    "file_changed": _files,
    "report_gone": _reports,
    "figure_changed": _figures,
    "figure_added": _figures,
    "figure_gone": _figures,
    "check_failing": _checks,
    "check_resolved": _checks,
}


def changes_feed(counted: Mapping[str, Counts], chrome: Chrome) -> bytes:
    """Return changes/feed.xml: an entry a date, latest first. Without a public address links are relative to the feed itself."""
    words = chrome.words
    base = f"{chrome.site_url}{_PATH}" if chrome.site_url else ""
    entries = "".join(
        f"<entry>\n<title>{xml(words.say('page.changes_on', date=date))}</title>\n<id>urn:gongkai:changes:{date}</id>\n"
        f'<link href="{xml(base)}{date}/"/>\n<updated>{date}T00:00:00Z</updated>\n'
        f"<summary>{xml(' '.join(words.say('changes.summary', each, **summary(counts)) for each in LANGUAGES))}</summary>\n</entry>\n"
        for date, counts in list(counted.items())[:_MOST_DATES]
    )
    updated = next(iter(counted), "1970-01-01")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-Hans">\n'
        f"<title>{xml(words.say('site.name'))}：{xml(words.say('page.changes'))}</title>\n<subtitle>{xml(words.say('description.changes'))}</subtitle>\n"
        f'<id>urn:gongkai:changes</id>\n<link rel="self" href="{xml(base)}feed.xml"/>\n<link href="{xml(base) or "./"}"/>\n'
        f"<author><name>{xml(words.say('site.name', 'en'))}</name></author>\n<updated>{updated}T00:00:00Z</updated>\n{entries}</feed>\n"
    ).encode()
