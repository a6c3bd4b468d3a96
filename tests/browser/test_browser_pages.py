"""Every kind of page in Chromium: accessible, quiet, light, nothing cut off, usable by keyboard and on paper."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest

from browser.looking import DESK, PHONE, SMALLEST, TREES, Visit

pytestmark = pytest.mark.browser

BUDGET = 60 * 1024  # bytes of HTML and CSS, compressed, for a first view
_AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}
# What depends on colours and sizes alone; every other rule is asked once at each width.
_SEEN = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
_LOOKS = ((PHONE, "light", ()), (DESK, "dark", ()), (DESK, "light", _SEEN), (PHONE, "dark", _SEEN))
_OVERFLOW = """() => {
    const limit = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= limit) return [];
    const wide = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > limit + 1
        && !element.parentElement.closest('.scroll, pre'));
    return ['page', ...wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
}"""


# Rows of a table and lines of a text repeat one pattern: the first look takes many of them, each further look some.
_SHORTEN = """(most) => document.querySelectorAll('tbody, .lines, main ul').forEach(
    (list) => [...list.children].slice(most).forEach((element) => element.remove()))"""


@cache
def axe() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(visit: Visit, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe finds on the page as it is, by all of its rules or by these."""
    options = {**_AXE_OPTIONS, **({"runOnly": list(rules)} if rules else {})}
    found = visit.page.evaluate(f"axe.run(document, {json.dumps(options)})")["violations"]
    return [
        f"{visit.page.url}: {rule['id']}: {node['html'][:160]}: {node['failureSummary']}" for rule in found for node in rule["nodes"][:2]
    ]


def test_the_kinds_are_all_kinds(kinds: list[str]) -> None:
    shapes = {path.split("/")[0] + "/" * path.count("/") for path in kinds}
    assert {"", "404.html", "agencies/", "agencies//", "agencies///", "agencies////", "regions//", "years//", "indicators//"} <= shapes


def test_axe_finds_a_fault_that_is_there(visit: Visit) -> None:
    page = visit.open("about/")
    page.evaluate(axe())
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"../assets/icon.svg\"><button></button>')")
    assert {"image-alt", "button-name"} <= {line.split(": ")[1] for line in violations(visit)}


def faults(visit: Visit, path: str, *, short: bool = False) -> list[str]:
    """Look at a page on a phone and a desk, in light and dark, and return what axe finds; `short` is one look, another for each page."""
    page = visit.open(path)
    page.evaluate(axe())
    page.evaluate(_SHORTEN, 15)
    found = []
    for width, scheme, rules in (_LOOKS[len(path) % 2],) if short else _LOOKS:
        visit.look(width, scheme)
        found += [f"{width} {scheme} {line}" for line in violations(visit, rules)]
        page.evaluate(_SHORTEN, 6)
    return found


def test_axe_finds_no_fault_on_any_kind_of_page(visit: Visit, kinds: list[str]) -> None:
    visit.missing_is_right = True
    found = [fault for path in kinds for fault in faults(visit, path, short=path.startswith(TREES))]
    assert not found, "\n".join(found)


def overweight(visit: Visit, built: Path, path: str) -> str | None:
    """Open a page on the smallest phone; tell what is wrong if it is wider than that, or if its text, style and scripts are too heavy."""
    visit.requests.clear()
    if wide := visit.open(path).evaluate(_OVERFLOW):
        return f"{path}: {wide}"
    files = [built / (urlsplit(url).path.removeprefix(urlsplit(visit.site).path) or "index.html") for url in visit.requests]
    files = [file / "index.html" if file.is_dir() else file for file in files]
    weight = sum(len(gzip.compress(file.read_bytes())) for file in files if file.suffix in {".html", ".css", ".js"})
    return None if 0 < weight <= BUDGET else f"{path}: {weight} bytes of {[file.name for file in files]}"


def test_a_first_view_is_light_and_fits_the_smallest_phone(visit: Visit, built: Path, kinds: list[str]) -> None:
    visit.look(SMALLEST, "light")
    visit.missing_is_right = True
    wrong = [overweight(visit, built, path) for path in kinds]
    assert not any(wrong), [each for each in wrong if each]


def test_the_keyboard_reaches_the_text_and_shows_where_it_is(visit: Visit) -> None:
    page = visit.open("agencies/440115/2020/")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#main"
    box = skip.bounding_box()
    assert box is not None and box["x"] >= 0 and box["y"] >= 0 and box["width"] > 40, "the skip link shows when it has the focus"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)"), "the next stop is in the text"
    for _ in range(12):
        style = page.evaluate(
            "(({outlineStyle, outlineWidth}) => [outlineStyle, parseFloat(outlineWidth)])(getComputedStyle(document.activeElement))"
        )
        assert style[0] != "none" and style[1] >= 2, page.evaluate("document.activeElement.outerHTML")
        page.keyboard.press("Tab")


def test_paper_shows_the_tables_whole_and_no_menu(visit: Visit) -> None:
    page = visit.open("agencies/440115/2020/")
    page.emulate_media(media="print", color_scheme="dark")
    assert not any(menu.is_visible() for menu in page.locator("header.site nav").all())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("[...document.querySelectorAll('.scroll')].every((box) => getComputedStyle(box).overflowX === 'visible')")
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF") and paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page/") >= 2


def test_pages_say_the_same_without_script(chromium, site: str, kinds: list[str]) -> None:
    plain = Visit(chromium, site, script=False)
    plain.missing_is_right = True
    try:
        for path in (path for path in kinds if not path.startswith(TREES)):
            page = plain.open(path)
            assert page.locator("main h1").count() == 1 and len(page.locator("main").inner_text()) > 20, path
    finally:
        plain.close()
    assert not plain.complaints
