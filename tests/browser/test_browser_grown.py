"""A site that has grown: many years of a body, groups, findings, regions to sort; its kinds of pages, and what a reader does there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from factories import NANSHA, make_report
from test_findings import reports as counties
from test_pages_peers import site_of

from browser.looking import PHONE, SMALLEST, Visit
from browser.test_browser_pages import axe, faults, overweight, violations
from browser.test_browser_search import Quiet
from extract.model import Agency, Section

pytestmark = pytest.mark.browser

LONG = Agency("440115-nan-sha", "中国（广东）自由贸易试验区广州南沙新区片区管理委员会综合行政执法局", "440115", "department", "county")
FORMS = {**dict.fromkeys(range(2008, 2019), "national_2014"), 2019: "national_2019", 2020: "national_2019"}
WORDS = "公开不够及时。" * 60
GROUP = "peers/2020/county-government-own_organ-national_2019/"
COMPARED = "compare/?year=2020&bodies=110101,110102,110105"
PAGES = (
    *("", "agencies/440115/", "agencies/440115-nan-sha/", "regions/000000/", "years/2020/", "peers/", GROUP, "findings/"),
    *("findings/carried_over_more_than_asked/", "indicators/requests_new/", COMPARED, "search/?q=南沙", "missing/"),
    *(f"en/{GROUP}", "en/findings/carried_over_more_than_asked/", "en/regions/000000/", f"zh-hant/{GROUP}"),
)


def yearly(year: int):
    """A year of Nansha: now thousands, now few, one year lost and one never told of."""
    form = FORMS.get(year, "national_2021")
    name = "requests_received" if form == "national_2014" else "requests_new"
    cells = {(name, "value" if form == "national_2014" else "total"): 123456 if year in (2009, 2022) else year - 2000}
    sections = (Section(1, "problems", "五、存在的主要问题及改进情况", WORDS, 1, 2),) if year == 2025 else ()
    return make_report(cells, form=form, year=year, agency=NANSHA, published_on=f"{year + 1}-03-01", sections=sections)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = [*counties(36, 6), *(yearly(year) for year in range(2008, 2026) if year != 2016)]
    made += [make_report(agency=LONG, year=year) for year in (2019, 2020)]
    return site_of(tmp_path_factory.mktemp("grown") / "dist", made)


@pytest.fixture(scope="module")
def site(grown: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(grown.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{grown.name}/"
    server.shutdown()
    server.server_close()


def test_axe_finds_no_fault_on_the_pages_of_a_grown_site(visit: Visit) -> None:
    found = [fault for path in PAGES for fault in faults(visit, path, short=path.startswith(("en", "zh-hant")))]
    assert not found, "\n".join(found)


def test_they_are_light_and_fit_the_smallest_phone(visit: Visit, grown: Path) -> None:
    visit.look(SMALLEST, "light")
    wrong = [overweight(visit, grown, path) for path in PAGES]
    assert not any(wrong), [each for each in wrong if each]


def test_a_region_sorts_by_what_the_reader_picks(visit: Visit) -> None:
    page = visit.open("regions/000000/")
    heads, rows = page.locator("#agencies ~ .scroll th[scope=col]"), page.locator("#agencies ~ .scroll tbody tr")
    before = rows.all_inner_texts()
    assert before[0].startswith("某110101") and heads.first.get_by_role("button").count() == 1
    heads.filter(has_text="年度报告").get_by_role("button").press("Enter")
    heads.filter(has_text="年度报告").get_by_role("button").press("Enter")
    assert heads.filter(has_text="年度报告").get_attribute("aria-sort") == "descending"
    assert rows.first.inner_text().startswith("广州市南沙区人民政府") and sorted(rows.all_inner_texts()) == sorted(before)
    page.evaluate(axe())
    assert not violations(visit)


def test_a_region_leads_to_its_bodies_side_by_side(visit: Visit) -> None:
    page = visit.open("regions/110000/")
    page.locator("#compare ~ ul a").first.click()
    page.wait_for_selector("#compare table")
    assert "year=2020&bodies=110101," in page.url and page.locator("#compare thead th a").count() == 6


def test_a_body_is_marked_in_the_distribution_that_its_page_leads_to(visit: Visit) -> None:
    page = visit.open("agencies/110101/")
    page.get_by_role("link", name="在这一组里").first.click()
    page.wait_for_selector(".distribution :target")
    colours = "(here) => [...here.ownerSVGElement.querySelectorAll('.bar')].map((bar) => getComputedStyle(bar).fill)"
    fills = page.locator(".distribution :target").evaluate(colours)
    own = page.locator(".distribution :target .bar").evaluate("(bar) => getComputedStyle(bar).fill")
    assert fills.count(own) == 1 and page.locator(".here:visible").all_text_contents() == ["←本机关"]


def test_a_body_tells_what_it_does_badly_in_its_own_words(visit: Visit) -> None:
    visit.look(PHONE, "light")
    page = visit.open("agencies/440115/")
    quoted = page.locator("#self-told ~ blockquote").first.inner_text()
    assert quoted.startswith("公开不够及时。") and quoted.endswith("……") and len(quoted) < len(WORDS)
    page.locator("#self-told ~ p").get_by_role("link", name="全文").first.click()
    page.wait_for_load_state()
    assert page.url.endswith("agencies/440115/2025/#section-1") and page.locator(":target").count() == 1


def test_labels_of_eighteen_years_stay_inside_the_page(visit: Visit) -> None:
    page = visit.open("agencies/440115/")
    outside = """(width) => [...document.querySelectorAll('.chart.small text')].map((text) => text.getBoundingClientRect())
        .filter((box) => box.left < 0 || box.right > width).length"""
    for width in (SMALLEST, PHONE):
        visit.look(width, "light")
        assert page.evaluate(outside, width) == 0
