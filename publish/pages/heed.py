"""What a reader must heed: the usage warnings of tables, indicators and reports, told where their figures are used."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from publish.pages.data import Data, Row
from publish.pages.escape import Markdown
from publish.pages.numbers import number
from publish.pages.words import LANGUAGES, Words

# More indicators than these are not named: the warning is about nearly all of them.
_MOST_NAMED = 4
_MOST_YEARS = 6


def warning_text(warning: Row, words: Words, about: str = "", about_en: str = "") -> Markdown:
    """Return a warning in words, with what it is about behind its title."""
    told = {
        "zh": f"{warning['title_zh']}{about and words.say('join.aside', 'zh', text=about)}：{warning['text_zh']}",
        "en": f"{warning['title_en']}{about_en and words.say('join.aside', 'en', text=about_en)}: {warning['text_en']}",
    }
    return words.pair(told["zh"], told["en"])


def _of_indicators(indicators: Iterable[str], data: Data) -> dict[str, list[Row]]:
    """Return the indicators that each warning concerns, in the order of the forms."""
    wanted = set(indicators)
    concerned: defaultdict[str, list[Row]] = defaultdict(list)
    for key, row in data.indicators.items():
        for warning in data.warnings.get(key, ()) if key in wanted else ():
            concerned[warning["warning"]].append(row)
    return concerned


def _indicators_with_figures(figures: Mapping[tuple[str, str], Row]) -> set[str]:
    return {indicator for (indicator, _), figure in figures.items() if figure["value"] is not None}


def report_warnings(report_id: str, figures: Mapping[tuple[str, str], Row], data: Data, words: Words) -> Sequence[Markdown]:
    """Return the warnings for the figures of one report: its own, those of its tables and those of the indicators it prints."""
    indicators = _of_indicators(_indicators_with_figures(figures), data)
    codes = {*data.table_warnings.get("figures", ()), *data.report_warnings.get(report_id, ()), *indicators}
    return [
        warning_text(row, words, *_named(indicators.get(code, ()), words)) for code, row in data.usage_warnings.items() if code in codes
    ]


def _named(indicators: Sequence[Row], words: Words) -> tuple[str, str]:
    if not 0 < len(indicators) <= _MOST_NAMED:
        return "", ""
    return tuple(words.say("join.list", tongue).join(row[f"label_{tongue}"] for row in indicators) for tongue in ("zh", "en"))  # type: ignore[return-value]


def series_warnings(reports: Sequence[Row], indicators: Iterable[str], data: Data, words: Words) -> Sequence[Markdown]:
    """Return the warnings for figures of several reports of a body, each with the years that it concerns where it is not all."""
    years: defaultdict[str, list[int]] = defaultdict(list)
    for report in sorted(reports, key=lambda row: row["year"]):
        for code in data.report_warnings.get(report["report_id"], ()):
            years[code].append(report["year"])
    general = {*data.table_warnings.get("figures", ()), *_of_indicators(indicators, data)}
    told = []
    for code, row in data.usage_warnings.items():
        if code in general:
            told.append(warning_text(row, words))
        elif code in years:
            some = years[code] if len(years[code]) < len(reports) else []
            listed = [words.say("join.list", tongue).join(map(str, some[-_MOST_YEARS:])) for tongue in ("zh", "en")]
            told.append(warning_text(row, words, *listed))
    return told


def counted_warnings(report_ids: Iterable[str], data: Data, words: Words, *, general: bool = True) -> Sequence[Markdown]:
    """Return the warnings for figures of reports of many bodies, each with the number of reports; `general` are those of every figure."""
    counts = Counter(code for report_id in set(report_ids) for code in data.report_warnings.get(report_id, ()))
    of_all = set(data.table_warnings.get("figures", ())) if general else set()
    told = []
    for code, row in data.usage_warnings.items():
        if code in of_all:
            told.append(warning_text(row, words))
        elif counts[code]:
            about = [words.say("heed.n_reports", language, n=number(counts[code])) for language in LANGUAGES]
            told.append(warning_text(row, words, *about))
    return told


def codes_of_report(report_id: str, data: Data) -> Sequence[str]:
    """Return the codes of the warnings for all figures of a report, in the order of the vocabulary."""
    codes = {*data.table_warnings.get("figures", ()), *data.report_warnings.get(report_id, ())}
    return [code for code in data.usage_warnings if code in codes]


def warning_codes(report_id: str, indicator: str, data: Data) -> Sequence[str]:
    """Return the codes of the warnings for one figure, in the order of the vocabulary."""
    own = {row["warning"] for row in data.warnings.get(indicator, ())}
    codes = own.union(data.table_warnings.get("figures", ()), data.report_warnings.get(report_id, ()))
    return [code for code in data.usage_warnings if code in codes]
