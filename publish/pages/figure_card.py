"""A figure ready to paste: one sentence with its denominator, scope, check, kind of copy and line, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from publish.pages.components import fence
from publish.pages.escape import Markdown
from publish.pages.heed import warning_codes
from publish.pages.numbers import SMALLEST_BASE_OF_A_SHARE, number, share
from publish.pages.page import Chrome
from publish.pages.query import Data, ReportRows, Row
from publish.pages.words import Words

# The column that sums a row of a table up; the cells by applicant or by outcome can be told from the table.
_SUMS = ("total", "value")
_INNER_QUOTES = str.maketrans("“”", "‘’")
NO_OUTCOMES = frozenset({"requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out"})


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells the figures of one report in one language."""

    rows: ReportRows
    data: Data
    words: Words
    address: str
    language: str

    def say(self, key: str, **values: object) -> str:
        return self.words.say(f"card.{key}", self.language, **values)

    def sentence(self, figure: Row) -> str:
        report, indicator = self.rows.report, self.data.indicators[figure["indicator"]]
        name = self.rows.agency["name" if self.language == "zh" else "name_en"] or self.rows.agency["name"]
        count = f"{number(figure['value'])}{self.say('unit') if figure['unit'] == '件' else figure['unit'] or ''}"
        # The label stands in quotation marks; its own become inner ones.
        label = indicator["label_zh"].translate(_INNER_QUOTES) if self.language == "zh" else indicator["label_en"]
        told = self.say("figure", agency=name, year=report["year"], label=label, count=count)
        return told + self._share(figure, indicator) + self.say("stop") + self._conditions(figure)

    def _share(self, figure: Row, indicator: Row) -> str:
        if indicator["block"] != "requests" or figure["indicator"] in NO_OUTCOMES:
            return ""
        base = self.rows.figures.get(("outcomes_total", "total"))
        if base is None or base["value"] is None:
            return ""
        if base["value"] < SMALLEST_BASE_OF_A_SHARE:
            return self.say("too_few", base=number(base["value"]))
        if "inconsistent" in (base["check_status"], figure["check_status"]):
            return self.say("base", base=number(base["value"]))
        return self.say("share", base=number(base["value"]), share=share(figure["value"], base["value"]))

    def _conditions(self, figure: Row) -> str:
        report, source = self.rows.report, self.rows.source
        parts = [
            self.say("scope", scope=self.words.say(f"scope.{report['scope']}", self.language)),
            self.say("inferred") if figure["state"] == "inferred" else "",
            self.say(f"check_{self._check(figure)}"),
            self.say("copy", copy=self.words.say(f"copy_kind.{source['copy_kind']}", self.language)),
            self._heed(figure),
            self.say("line", line=figure["line"]) if figure["line"] else "",
            self.say("source", report_id=report["report_id"], address=self.address),
        ]
        return "".join(parts).rstrip()

    def _heed(self, figure: Row) -> str:
        codes = warning_codes(self.rows.report["report_id"], figure["indicator"], self.data)
        titles = [self.data.usage_warnings[code][f"title_{self.language}"] for code in codes]
        return self.say("heed", warnings=self.words.say("join.list", self.language).join(titles)) if titles else ""

    def _check(self, figure: Row) -> str:
        # All zeros add up whatever they are, so they are no proof of anything.
        zero = self.rows.report["report_id"] in self.data.all_zero and figure["check_status"] == "consistent"
        return "unchecked" if zero else str(figure["check_status"])


def figure_cards(rows: ReportRows, data: Data, chrome: Chrome) -> Markdown | None:
    """Return the sentences of a report's figures, in the order of the form; None where the copy has no figure."""
    indicators = list(data.indicators)
    figures: Mapping[tuple[str, str], Row] = rows.figures
    told = [row for (_, measure), row in figures.items() if measure in _SUMS and row["value"] is not None and row["state"] != "missing"]
    address = f"{chrome.site_url or ''}{rows.path}"
    tellers = [_Teller(rows, data, chrome.words, address, language) for language in ("zh", "en")]
    entries = []
    for row in sorted(told, key=lambda row: indicators.index(row["indicator"])):
        indicator = data.indicators[row["indicator"]]
        entries.append([indicator["label_zh"], indicator["label_en"], *(teller.sentence(row) for teller in tellers)])
    head = [chrome.words.say("card.open"), chrome.words.say("card.open", "en"), chrome.words.say("card.button")]
    return fence("cards", [head, *entries]) if entries else None
