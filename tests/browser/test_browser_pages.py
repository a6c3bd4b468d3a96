"""Every kind of page in Chromium: accessible, quiet, light, nothing cut off, usable by keyboard and on paper."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path

import axe_playwright_python
import pytest

from browser.looking import DESK, PHONE, SMALLEST, TREES, Visit

pytestmark = pytest.mark.browser

BUDGET = 60 * 1024  # bytes of HTML and CSS, compressed, for a first view
_AXE_OPTIONS = {"resultTypes": ["violations"], "preload": False}
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


def violations(visit: Visit) -> list[str]:
    found = visit.page.evaluate(f"axe.run(document, {json.dumps(_AXE_OPTIONS)})")["violations"]
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


def test_axe_finds_no_fault_on_any_kind_of_page(visit: Visit, kinds: list[str]) -> None:
    found: list[str] = []
    visit.missing_is_right = True
    for path in kinds:
        page = visit.open(path)
        page.evaluate(axe())
        page.evaluate(_SHORTEN, 15)
        looks = [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")]
        for width, scheme in looks[:1] if path.startswith(TREES) else looks:
            visit.look(width, scheme)
            found += [f"{width} {scheme} {line}" for line in violations(visit)]
            page.evaluate(_SHORTEN, 6)
    assert not found, "\n".join(found)


def test_a_first_view_is_light_and_fits_the_smallest_phone(visit: Visit, built: Path, kinds: list[str]) -> None:
    visit.look(SMALLEST, "light")
    visit.missing_is_right = True
    for path in kinds:
        visit.requests.clear()
        assert not visit.open(path).evaluate(_OVERFLOW), path
        files = [built / (url.removeprefix(visit.site) or "index.html") for url in visit.requests]
        files = [file / "index.html" if file.is_dir() else file for file in files]
        weight = sum(len(gzip.compress(file.read_bytes())) for file in files if file.suffix in {".html", ".css", ".js"})
        assert 0 < weight <= BUDGET, f"{path}: {weight} bytes of {[file.name for file in files]}"


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
