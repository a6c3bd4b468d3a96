"""Repair: the text as it was before copying sites damaged it, and a ledger of what was undone.

The order matters. Byte slips are undone on the raw text, because the pinyin tag is the key and folding would destroy the
bytes; then pinyin is removed and compatibility forms are folded. Spam goes before the script is judged, so that its share
is that of the report alone; furniture of the page and personal data are told last, by their simplified words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from extract.model import Document, Noise, RepairedDocument, Text, maker
from extract.repair import chrome, hosts, personal, pinyin, script, slips, spam, terms, width
from extract.repair.edits import Act, Outcome, emptied, same_length

__all__ = ["repair"]

_text = maker(Text)

# What one pass uncovers (a phrase that stood around a removed one) the next pass removes. Two passes are the rule.
_PASSES = 8


def repair(document: Document) -> RepairedDocument:
    """Undo the damage of a copy. The number of lines and of cells stays; an undamaged text comes back as it is.

    `raw` of each returned text is what the public may see: as found, with spam and personal data covered. The properties of the
    returned source are repaired in place, since a hacked site advertises in its title too.
    """
    found = [*document.lines, *[cell.text for grid in document.grids for cell in grid.cells], *[value for _, value in document.properties]]
    work = _Work(found, document)
    is_damaged = True
    for _ in range(_PASSES):
        is_damaged = is_damaged and work.undo_damage()  # what tidying covers holds no damage
        if not work.tidy() and not is_damaged:
            break
    work.note_what_stays()
    repaired = iter([work.texts[place] for place in work.places])
    lines = tuple(islice(repaired, work.lines))
    cells = tuple(tuple(islice(repaired, len(grid.cells))) for grid in document.grids)
    properties = tuple((name, text.clean) for (name, _), text in zip(document.properties, repaired, strict=True))
    return RepairedDocument(
        source=document if properties == document.properties else replace(document, properties=properties),
        lines=lines,
        cells=cells,
        public_lines=tuple([text.raw for text in lines]),
        script=work.script,
        noise=tuple(sorted(work.noise, key=lambda act: act.line)),
    )


class _Work:
    """The texts of a document: its lines, its cells, its properties. Lines repeat the cells, so only lines enter the ledger.

    Most lines of a report stand in it many times: `texts` holds each once, `places` says which of them stands where.
    """

    def __init__(self, found: Sequence[str], document: Document) -> None:
        index = {text: at for at, text in enumerate(dict.fromkeys(found))}
        self.places = list(map(index.__getitem__, found))
        self.texts = [_text((text, text, None)) for text in index]
        self.lines = len(document.lines)
        self.grids = document.grids
        self.links = {line - 1: links for line, links in document.links}
        self.script = "hans"
        self.acted = False
        self.noise: list[Noise] = []

    def undo_damage(self) -> bool:
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
            unfolded, whole = whole, self._folded(fold)
            characters.update(folded for _, folded in fold.pairs)
            reads_anew = whole != unfolded and (slips.may_hold_slip(whole) or pinyin.may_hold_pinyin(whole))
        traditional = script.traditional_among(characters)
        simplified = script.shadow_of(traditional)
        plain = simplified(whole)
        if (mark := spam.mark_of_spam(plain)) is not None:
            self._each(partial(spam.remove_spam_line, simplified=simplified), mark)
            self._each(partial(spam.cover_spam_phrases, simplified=simplified), mark)
        if chrome.may_hold_markup(plain):
            self._each(chrome.remove_markup)
        if traditional and script.may_be_traditional(text := self._text(), traditional, characters):
            self._simplify(text)
        return self.acted or reads_anew

    def tidy(self) -> bool:
        """Take out the furniture of the page and cover personal data; tell whether another pass may find more."""
        self.acted = False
        self._remove_chrome()
        if labelled := personal.may_hold_personal_data([text.clean for text in self.texts]):
            self._mask_personal_data(labelled)
        return self.acted

    def _whole(self) -> str:
        """Each text once."""
        return "\n".join([text.clean for text in self.texts])

    def _text(self) -> str:
        """All that stands in the document, each text as often as it does."""
        return "\n".join([self.texts[place].clean for place in self.places])

    def _folded(self, fold: width.Folding) -> str:
        """Fold all texts, at once where every character stays one, and return the whole of them."""
        folded = fold.one_to_one(self._whole())
        lines = folded.split("\n")
        if fold.has_longer or len(lines) != len(self.texts):
            self._each(fold.fold)
            return self._whole()
        pairs = zip(self.texts, lines, strict=True)
        self.texts = [text if text.clean.isspace() else same_length(text, line) for text, line in pairs]
        return folded

    def note_what_stays(self) -> None:
        """Enter what is no damage to undo but belongs in the ledger."""
        self._note_all([_what_stays(text) if "页" in text.clean or "." in text.clean else () for text in self.texts])

    def _each(self, step: Callable[[Text], Outcome], mark: str = "") -> None:
        """Run a step over the texts that hold a mark; the empty one is in all."""
        outcomes = [step(text) if mark in text.clean and text.clean and not text.clean.isspace() else (text, ()) for text in self.texts]
        self.texts = [text for text, _ in outcomes]
        self._note_all([acts for _, acts in outcomes])

    def _note_all(self, acts: Sequence[Sequence[Act]]) -> None:
        """Enter what was done to each of the texts, at every place where it stands."""
        if any(acts):
            for index, place in enumerate(self.places):
                if acts[place]:
                    self._note(index, acts[place])

    def _note(self, index: int, acts: Sequence[Act]) -> None:
        self.acted = True
        if index < self.lines:
            self.noise += (Noise(act.kind, index + 1, act.count, act.found, act.became) for act in acts)

    def _put(self, index: int, text: Text) -> None:
        """Change the text of one place only."""
        self.places[index] = len(self.texts)
        self.texts.append(text)

    def _simplify(self, text: str) -> None:
        if script.traditional_share(text) <= script.THRESHOLD:
            return
        self.script = "hant-tw" if self.script == "hant-tw" or terms.speaks_taiwan(text) else "hant"
        self._each(partial(script.simplify, script=self.script))
        self._each(terms.mend_spellings)
        if self.script == "hant-tw":
            self._each(terms.to_mainland)

    def _remove_chrome(self) -> None:
        lines = [self.texts[place].clean for place in self.places[: self.lines]]
        for menu in chrome.menus(lines, self.links):
            self._leave_out(menu)
            for index in menu:
                lines[index] = ""
        for index in chrome.chrome_lines(lines):
            if not any(grid.first_line <= index + 1 <= grid.last_line for grid in self.grids):
                self._leave_out([index])

    def _leave_out(self, indexes: Sequence[int]) -> None:
        """Empty lines that are no part of the report, and note the first of them."""
        raws = [self.texts[self.places[index]].raw for index in indexes]
        self._note(indexes[0], [Act("page_chrome", len(raws), raws[0].strip())])
        for index, raw in zip(indexes, raws, strict=True):
            self._put(index, emptied(raw))

    def _mask_personal_data(self, labelled: Sequence[int]) -> None:
        """Mask what a text itself says is a person's; behind a label alone on its line the two are read together."""
        found = self.texts
        masked = {at: personal.mask_personal_data(found[at]) for at in labelled}
        labels = {at: label for at in labelled if (label := personal.lone_label(found[at].clean))}
        if not labels and not any(acts for _, acts in masked.values()):
            return
        self.texts = [*found]
        for at, (text, _) in masked.items():
            self.texts[at] = text
        label = ""
        for index, place in enumerate(self.places):
            if (not label and place not in masked) or not found[place].clean.strip():
                continue
            text, acts = masked.get(place, (found[place], ()))
            if label:
                text, acts = personal.mask_personal_data(found[place], label)
                self._put(index, text)
            if acts:
                self._note(index, acts)
            label = labels.get(place, "")


def _what_stays(text: Text) -> list[Act]:
    breadcrumb = [Act("breadcrumb", 1, text.raw.strip())] if chrome.is_breadcrumb(text.clean) else []
    return breadcrumb + [Act("foreign_host", 1, host) for host in hosts.foreign_hosts(text.clean)]
