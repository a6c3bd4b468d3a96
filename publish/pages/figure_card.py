"""A figure ready to paste: one sentence with its denominator, scope, check, kind of copy and line, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from publish.pages.components import fence
from publish.pages.data import Data, ReportRows, Row
from publish.pages.escape import Markdown
from publish.pages.heed import warning_codes
from publish.pages.numbers import SMALLEST_BASE_OF_A_SHARE, number, share
from publish.pages.page import Chrome
from publish.pages.words import Words

# The column that sums a row of a table up; the report's page tells these, the page of its cards every cell.
SUMS = ("total", "value")
_INNER_QUOTES = str.maketrans("“”", "‘’")
NO_OUTCOMES = frozenset({"requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out"})
# 件 is a request or a case in these blocks, and a document or an act in the others.
_CASES = ("requests", "remedies", "statistics")
_READINGS = ("split", "ocr")
# What stands between a label and its count.
_COUNT = {"zh": "", "en": ", "}


def cards_path(rows: ReportRows) -> str:
    """Return the address of the page with the cards of all figures of a document."""
    return f"{rows.path}cards/"


def card_of(figure: Row) -> str:
    """Return the anchor of a figure's card."""
    return f"{figure['indicator']}.{figure['measure']}"


def has_card(figure: Row) -> bool:
    """Tell whether a figure has a card; most cells are zeros outside the column of totals, whose sentences are in figures.json alone."""
    return figure["state"] != "missing" and (figure["value"] != 0 or figure["measure"] in SUMS)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells the figures of one report in one language. What all figures share is put together once."""

    rows: ReportRows
    data: Data
    texts: Mapping[str, str]
    language: str
    name: str
    scope: str
    copy: str
    source: str
    between: str
    heeded: dict[str, str]

    def sentence(self, figure: Row) -> str:
        texts, indicator = self.texts, self.data.indicators[figure["indicator"]]
        # The label stands in quotation marks; its own become inner ones.
        label = indicator["label_zh"].translate(_INNER_QUOTES) if self.language == "zh" else indicator["label_en"]
        column = "" if figure["measure"] in SUMS else self.data.measures[figure["measure"]][f"label_{self.language}"]
        cell = texts["cell"].format(label=label, column=column) if column else texts["row"].format(label=label)
        told = texts["figure"].format(agency=self.name, year=self.rows.report["year"], cell=cell)
        line = texts["line"].format(line=figure["line"]) if figure["line"] else ""
        source = f"{self.copy}{self._heed(figure['indicator'])}{line}{self.source}{card_of(figure)}"
        if figure["value"] is None:
            state = texts[f"none_{figure['state']}" if f"none_{figure['state']}" in texts else "none_text"]
            return f"{told}{state.format(raw=figure['raw'])}{texts['stop']}{self.scope}{source}"
        unit = figure["unit"] or ""
        if unit == "件":
            unit = texts["cases" if indicator["block"] in _CASES else "items"]
        told += f"{_COUNT[self.language]}{number(figure['value'])}{unit}{self._share(figure, indicator)}{texts['stop']}"
        how = texts["inferred"] if figure["state"] == "inferred" else ""
        how += texts[f"reading_{figure['reading']}"] if figure["reading"] in _READINGS else ""
        return f"{told}{self.scope}{how}{texts[f'check_{self._check(figure)}']}{source}"

    def _share(self, figure: Row, indicator: Row) -> str:
        if indicator["block"] != "requests" or figure["indicator"] in NO_OUTCOMES:
            return ""
        base = self.rows.figures.get(("outcomes_total", figure["measure"]))
        if base is None or base["value"] is None:
            return ""
        of_column = "" if figure["measure"] in SUMS else "column_"
        if base["value"] < SMALLEST_BASE_OF_A_SHARE:
            return self.texts[f"{of_column}too_few"].format(base=number(base["value"]))
        if "inconsistent" in (base["check_status"], figure["check_status"]):
            return self.texts[f"{of_column}base"].format(base=number(base["value"]))
        return self.texts[f"{of_column}share"].format(base=number(base["value"]), share=share(figure["value"], base["value"]))

    def _heed(self, indicator: str) -> str:
        """Return what to heed when using an indicator of this report, put together once for the cells of its row."""
        if indicator not in self.heeded:
            codes = warning_codes(self.rows.report["report_id"], indicator, self.data)
            titles = [self.data.usage_warnings[code][f"title_{self.language}"] for code in codes]
            self.heeded[indicator] = self.texts["heed"].format(warnings=self.between.join(titles)) if titles else ""
        return self.heeded[indicator]

    def _check(self, figure: Row) -> str:
        # All zeros add up whatever they are, so they are no proof of anything.
        zero = self.rows.report["report_id"] in self.data.all_zero and figure["check_status"] == "consistent"
        return "unchecked" if zero else str(figure["check_status"])


def _texts(words: Words, language: str) -> Mapping[str, str]:
    return {key.removeprefix("card."): entry[language] for key, entry in words.entries.items() if key.startswith("card.")}


def _teller(rows: ReportRows, data: Data, chrome: Chrome, language: str) -> _Teller:
    texts, words, report = _texts(chrome.words, language), chrome.words, rows.report
    scope = texts["scope"].format(scope=words.say(f"scope.{report['scope']}", language))
    copy = texts["copy"].format(copy=words.say(f"copy_kind.{rows.source['copy_kind']}", language))
    version = "" if report["is_current"] else texts["earlier"]
    return _Teller(
        rows=rows,
        data=data,
        texts=texts,
        language=language,
        name=rows.agency["name" if language == "zh" else "name_en"] or rows.agency["name"],
        scope=scope,
        copy=copy + version,
        source=f"{texts['source'].format(report_id=report['report_id'])}{chrome.site_url or ''}{cards_path(rows)}#",
        between=words.say("join.list", language),
        heeded={},
    )


def figure_sentences(rows: ReportRows, data: Data, chrome: Chrome) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the sentences of a report's cells in Chinese and English; none for a document that is no annual report.

    A tree that does not repeat them needs only those of the cells that have a card.
    """
    if rows.report["document_type"] != "annual_report":
        return {}
    chinese, english = (_teller(rows, data, chrome, language) for language in ("zh", "en"))
    told = {key: row for key, row in rows.figures.items() if chrome.repeats or has_card(row)}
    return {key: (chinese.sentence(row), english.sentence(row)) for key, row in told.items()}


def figure_cards(rows: ReportRows, data: Data, chrome: Chrome) -> Markdown | None:
    """Return the sentences of the sums of a report's rows, in the order of the form; None where the copy has no figure."""
    figures: Mapping[tuple[str, str], Row] = rows.figures
    told = [row for (_, measure), row in figures.items() if measure in SUMS and row["value"] is not None and row["state"] != "missing"]
    tellers = [_teller(rows, data, chrome, language) for language in ("zh", "en")]
    places = {indicator: place for place, indicator in enumerate(data.indicators)}
    entries = []
    for row in sorted(told, key=lambda row: places[row["indicator"]]):
        indicator = data.indicators[row["indicator"]]
        entries.append([indicator["label_zh"], indicator["label_en"], *(teller.sentence(row) for teller in tellers)])
    head = [chrome.words.say("card.open"), chrome.words.say("card.open", "en"), chrome.words.say("card.button")]
    return fence("cards", [head, *entries]) if entries else None
