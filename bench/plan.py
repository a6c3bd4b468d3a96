"""What to generate for the accuracy gate: every pairing of medium and damage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from bench.draft import ACTS, FORM_YEARS, Order
from bench.media import MEDIA

_NATIONAL_FORMS = ("national_2019", "national_2021")
_OLD_FORMS = ("national_2014", "fujian_2008", "shanghai_2004")
# Damage that only some media can show, or only the forms since 2019 offer.
_ONLY_MEDIA = {
    "uneven_spans": ("html", "html_word", "html_layout", "html_site", "html_site_word", "html_wrong_charset"),
    "page_number": ("text_lines", "text_spaced", "text_run"),
}
# Damage of copies elsewhere: an official site prints what the organ wrote.
_OFFICIAL = ("html_site", "html_site_word")
_OF_COPIES = ("traditional", "taiwan", "pinyin_tags", "byte_slip")
# What news and notices are written in.
_OF_TEXTS = ("text_lines", "html", "markdown", *_OFFICIAL)
_ONLY_NATIONAL = ("subtotal_row", "broken_sum", "note_in_cell", "uneven_spans", "table_lost")
# Of these an order has one at most: each makes the copy traditional, or says what stands for zero, or which layout is there.
_RIVALS = (("traditional", "taiwan", "pinyin_tags", "byte_slip"), ("blank_for_zero", "dash_for_zero"), ("printed_twice", "split_table"))


def fits(noise: str, medium: str, form: str) -> bool:
    """Whether a kind of damage can occur in this medium and form."""
    if medium in _OFFICIAL and noise in _OF_COPIES:
        return False
    return medium in _ONLY_MEDIA.get(noise, MEDIA) and (form in _NATIONAL_FORMS or noise not in _ONLY_NATIONAL)


def together(noise: list[str]) -> tuple[str, ...]:
    """The kinds of damage that go together: of rivals, the first drawn."""
    return tuple(name for name in noise if not any(name in group and name != min(group, key=noise_index(noise)) for group in _RIVALS))


def noise_index(noise: list[str]):
    """A key that orders names by their place in a draw, those not drawn last."""
    return lambda name: noise.index(name) if name in noise else len(noise)


def gate_orders(reports: int, seed: int) -> Iterator[Order]:
    """The orders of the gate: a seventh of the reports are pages of official sites; they stand behind the others."""
    of_sites = reports // 7
    rest = tuple(medium for medium in MEDIA if medium not in _OFFICIAL)
    orders = [*_orders(reports - of_sites, Random(f"gate {seed}"), rest), *_orders(of_sites, Random(f"gate sites {seed}"), _OFFICIAL)]
    yield from (replace(order, number=number) for number, order in enumerate(orders))


def _orders(reports: int, rng: Random, media: Sequence[str]) -> Iterator[Order]:
    """Clean reports in each form and medium, each damage alone in each medium, then several damages together until there are enough."""
    orders = [(form, medium, ()) for medium in media for form in FORM_YEARS]
    turn = 0
    for noise in ACTS:
        for medium in media:
            forms = [form for form in (*_NATIONAL_FORMS, *_OLD_FORMS) if fits(noise, medium, form)]
            if forms:
                # Two of three in the forms since 2019, which have most cells.
                pool = [form for form in forms if form in _NATIONAL_FORMS] if turn % 3 else forms
                orders.append((pool[turn // 3 % len(pool)], medium, (noise,)))
                turn += 1
    rng.shuffle(orders)
    others = max(1, reports // 40)
    alone = orders[: max(0, reports - others - reports // 8)]
    yield from (Order(0, form, medium, noise) for form, medium, noise in alone)
    for _ in range(reports - others - len(alone)):
        form, medium = rng.choice(tuple(FORM_YEARS)), rng.choice(media)
        drawn = [name for name in rng.sample(tuple(ACTS), rng.randint(2, 5)) if fits(name, medium, form)]
        yield Order(0, form, medium, together(drawn))
    for kind in range(others):
        medium = rng.choice([medium for medium in _OF_TEXTS if medium in media])
        yield Order(0, rng.choice(tuple(FORM_YEARS)), medium, (), ("news", "notice")[kind % 2])
