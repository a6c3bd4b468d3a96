"""Repair: the text as it was before copying sites damaged it, and a ledger of what was undone.

The order matters. Byte slips are undone on the raw text, because the pinyin tag is the key and folding would destroy the
bytes; then pinyin is removed and compatibility forms are folded. Spam goes before the script is judged, so that its share
is that of the report alone; furniture of the page and personal data are told last, by their simplified words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from extract.model import Document, Noise, RepairedDocument, Text
from extract.repair import chrome, hosts, personal, pinyin, script, slips, spam, terms, width
from extract.repair.edits import Act, Outcome, emptied

__all__ = ["repair"]

# What one pass uncovers (a phrase that stood around a removed one) the next pass removes. Two passes are the rule.
_PASSES = 8


def repair(document: Document) -> RepairedDocument:
    """Undo the damage of a copy. The number of lines and of cells stays; an undamaged text comes back as it is.

    `raw` of each returned text is what the public may see: as found, with spam and personal data covered. The properties of the
    returned source are repaired in place, since a hacked site advertises in its title too.
    """
    found = [*document.lines, *(cell.text for grid in document.grids for cell in grid.cells), *(value for _, value in document.properties)]
    in_grids = {line - 1 for grid in document.grids for line in range(grid.first_line, grid.last_line + 1)}
    same = {text: Text(text, text) for text in found}
    work = _Work([same[text] for text in found], len(document.lines), in_grids)
    for _ in range(_PASSES):
        if not work.run_once():
            break
    work.note_what_stays()
    rest = iter(work.texts[work.lines :])
    cells = tuple(tuple(next(rest) for _ in grid.cells) for grid in document.grids)
    properties = tuple((name, next(rest).clean) for name, _ in document.properties)
    return RepairedDocument(
        source=document if properties == document.properties else replace(document, properties=properties),
        lines=tuple(work.texts[: work.lines]),
        cells=cells,
        public_lines=tuple(text.raw for text in work.texts[: work.lines]),
        script=work.script,
        noise=tuple(sorted(work.noise, key=lambda act: act.line)),
    )


class _Work:
    """The texts of a document: its lines, its cells, its properties. Lines repeat the cells, so only lines enter the ledger."""

    def __init__(self, texts: list[Text], lines: int, grid_lines: set[int]) -> None:
        self.texts = texts
        self.lines = lines
        self.grid_lines = grid_lines
        self.script = "hans"
        self.acted = False
        self.noise: list[Noise] = []

    def run_once(self) -> bool:
        """Run every step over everything that a quick look finds in need of it; tell whether another pass may find more."""
        self.acted = False
        whole = self._whole()
        if slips.may_hold_slip(whole):
            self._each(slips.undo_slips)
        if pinyin.may_hold_pinyin(whole):
            self._each(pinyin.remove_pinyin)
            whole = self._whole()
        characters = set(whole)
        reads_anew = False
        if fold := width.folding(characters):
            self._each(fold)
            unfolded, whole = whole, self._whole()
            reads_anew = whole != unfolded and (slips.may_hold_slip(whole) or pinyin.may_hold_pinyin(whole))
        is_traditional = script.may_be_traditional(characters)
        simplified = script.shadow if is_traditional else str
        plain = simplified(whole)
        if spam.may_hold_spam(plain):
            self._each(partial(spam.remove_spam_line, simplified=simplified))
            self._each(partial(spam.cover_spam_phrases, simplified=simplified))
        if chrome.may_hold_markup(plain):
            self._each(chrome.remove_markup)
        if is_traditional:
            self._simplify()
        self._remove_chrome()
        if personal.may_hold_personal_data(plain):
            self._mask_personal_data()
        return self.acted or reads_anew

    def _whole(self) -> str:
        return "\n".join(text.clean for text in self.texts)

    def note_what_stays(self) -> None:
        """Enter what is no damage to undo but belongs in the ledger."""
        acts = {text: _what_stays(text) for text in set(self.texts[: self.lines])}
        if any(acts.values()):
            for index, text in enumerate(self.texts[: self.lines]):
                if acts[text]:
                    self._note(index, acts[text])

    def _each(self, step: Callable[[Text], Outcome]) -> None:
        """Run a step over everything. Most lines of a report stand in it many times: each is stepped over once."""
        outcomes: dict[Text, Outcome] = {}
        for index, text in enumerate(self.texts):
            outcome = outcomes.get(text)
            if outcome is None:
                outcome = outcomes[text] = step(text) if text.clean and not text.clean.isspace() else (text, ())
            self.texts[index], acts = outcome
            if acts:
                self._note(index, acts)

    def _note(self, index: int, acts: Sequence[Act]) -> None:
        self.acted = True
        if index < self.lines:
            self.noise += (Noise(act.kind, index + 1, act.count, act.found, act.became) for act in acts)

    def _simplify(self) -> None:
        text = self._whole()
        if script.traditional_share(text) <= script.THRESHOLD:
            return
        self.script = "hant-tw" if self.script == "hant-tw" or terms.speaks_taiwan(text) else "hant"
        self._each(partial(script.simplify, script=self.script))
        self._each(terms.mend_spellings)
        if self.script == "hant-tw":
            self._each(terms.to_mainland)

    def _remove_chrome(self) -> None:
        lines = [text.clean for text in self.texts[: self.lines]]
        for index in chrome.chrome_lines(lines):
            if index in self.grid_lines:
                continue
            self._note(index, [Act("page_chrome", 1, self.texts[index].raw.strip())])
            self.texts[index] = emptied(self.texts[index].raw)

    def _mask_personal_data(self) -> None:
        label = ""
        outcomes: dict[tuple[Text, str], tuple[Outcome, str]] = {}
        for index, text in enumerate(self.texts):
            if text.clean and not text.clean.isspace():
                known = outcomes.get((text, label))
                if known is None:
                    known = outcomes[text, label] = personal.mask_personal_data(text, label), personal.lone_label(text.clean)
                (self.texts[index], acts), label = known
                if acts:
                    self._note(index, acts)


def _what_stays(text: Text) -> list[Act]:
    breadcrumb = [Act("breadcrumb", 1, text.raw.strip())] if chrome.is_breadcrumb(text.clean) else []
    return breadcrumb + [Act("foreign_host", 1, host) for host in hosts.foreign_hosts(text.clean)]
