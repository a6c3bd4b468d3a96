"""The comparison in the browser: bodies of one level, scope and form beside each other, and a plain word where that cannot be."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer

import pytest
from factories import BUREAU, GUANGZHOU, MISSING, NANSHA, make_report
from playwright.sync_api import Page

from browser.looking import PHONE, SMALLEST, Visit
from browser.test_browser_pages import axe, violations
from browser.test_browser_search import Quiet
from extract.model import Agency
from publish.database import build_database, report_ids
from publish.pages import build_site

pytestmark = pytest.mark.browser

PANYU = Agency("440113", "广州市番禺区人民政府", "440113", "government", "county")
TIANHE = Agency("440106", "广州市天河区人民政府", "440106", "government", "county")
YUEXIU = Agency("440104", "广州市越秀区人民政府", "440104", "government", "county")
HUADU = Agency("440114", "广州市花都区人民政府", "440114", "government", "county")
LUOHU = Agency("440303", "深圳市罗湖区人民政府", "440303", "government", "county")

# The forms' columns of natural persons and enterprises add up by the factory: 14 outcomes. Panyu has 60 and a broken sum besides.
MANY = {
    ("requests_new", "natural_person"): 56,
    ("requests_new", "total"): 59,
    ("granted", "natural_person"): 52,
    ("granted", "total"): 55,
    ("outcomes_total", "natural_person"): 57,
    ("outcomes_total", "total"): 60,
}
REPORTS = [
    make_report(MANY, agency=PANYU, scope="jurisdiction_total"),
    make_report({("denied_registry_query", "total"): MISSING}, agency=NANSHA, scope="jurisdiction_total"),
    make_report({**MANY, ("requests_new", "total"): 99}, agency=YUEXIU, scope="jurisdiction_total"),
    make_report(agency=TIANHE, scope="own_organ"),
    make_report(agency=HUADU, scope="unknown"),
    make_report(form="national_2021", agency=LUOHU, scope="jurisdiction_total"),
    make_report(agency=GUANGZHOU, scope="jurisdiction_total"),
    make_report(agency=BUREAU, scope="own_organ"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("compared")
    build_database(REPORTS, folder / "small.db")
    texts = {report_id: report.public_lines for report_id, report in report_ids(REPORTS)}
    build_site(folder / "small.db", texts, folder / "dist", datasette=None)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/dist/"
    server.shutdown()
    server.server_close()


def told(page: Page) -> str:
    """Return what the page says once it has read its files."""
    page.locator("#compare [role=status]").filter(has_not_text="正在").wait_for(state="attached")
    return page.locator("#compare [role=status]").inner_text()


def row(page: Page, label: str) -> list[str]:
    cells = page.locator("#compare tbody tr", has=page.get_by_role("rowheader", name=re.compile(label))).first.locator("td")
    return [re.sub(r"\s+", " ", text).strip() for text in cells.all_inner_texts()]


def test_a_reader_chooses_two_bodies_and_the_address_keeps_them(visit: Visit) -> None:
    page = visit.open("compare/")
    assert "2到6个机关" in told(page)
    for name in (NANSHA.name, PANYU.name):
        page.locator("#compare-body").fill(name)
        page.get_by_role("button", name="加入").click()
        page.wait_for_selector(f".chosen li:has-text('{name}')")
    page.wait_for_selector("#compare table")
    assert page.url.endswith("?year=2020&bodies=440115,440113")
    assert row(page, "新收") == ["13", "59"]
    page.reload()
    page.wait_for_selector("#compare table")
    assert [head.strip() for head in page.locator("#compare thead th a").all_inner_texts()] == [NANSHA.name, PANYU.name]
    page.get_by_role("button", name=f"移去{PANYU.name}").click()
    assert "2到6个机关" in told(page)
    page.go_back()
    page.wait_for_selector("#compare table")


def test_no_percentage_stands_under_thirty_outcomes(visit: Visit) -> None:
    page = visit.open("compare/?year=2020&bodies=440115,440113")
    page.wait_for_selector("#compare table")
    nansha, panyu = row(page, "予以公开")
    assert nansha == "9" and panyu.startswith("55") and panyu.endswith("91.7%")
    assert f"{NANSHA.name}：办理结果仅14件，不计算比率。" in page.locator("#compare .results").inner_text()
    assert row(page, "登记|查询")[0] == "缺", "what the copy lacks is no zero"
    # The form of 2019 has 23 totals of requests and three of cases.
    assert f"{NANSHA.name}：所列26个数字中" in page.locator("#compare .results").inner_text()
    assert "缺失1个，空白0个。" in page.locator("#compare .results").inner_text()


def test_a_broken_sum_is_marked_and_explained(visit: Visit) -> None:
    page = visit.open("compare/?year=2020&bodies=440104,440113")
    page.wait_for_selector("#compare table")
    assert row(page, "新收")[0] == "99※"
    assert "以发布机关原件为准" in page.locator("#compare .results").inner_text()


@pytest.mark.parametrize(
    ("bodies", "reason"),
    [
        ((NANSHA, GUANGZHOU), "县级、地级"),
        ((NANSHA, TIANHE), "全区汇总、本机关"),
        ((NANSHA, LUOHU), "不可比较"),
        ((NANSHA, HUADU), f"“{HUADU.name}”的报告未说明口径"),
        ((NANSHA, Agency("999999", "无", "999999", "government", "county")), "没有“999999”的年度报告"),
    ],
)
def test_what_cannot_be_compared_is_not_and_the_page_says_why(visit: Visit, bodies: tuple[Agency, ...], reason: str) -> None:
    page = visit.open(f"compare/?year=2020&bodies={','.join(body.agency_id for body in bodies)}")
    assert reason in told(page)
    assert page.locator("#compare table").count() == 0


def test_only_bodies_that_fit_are_offered(visit: Visit) -> None:
    page = visit.open("compare/?year=2020&bodies=440115")
    told(page)
    offered = page.locator("datalist option").evaluate_all("options => options.map(option => option.value)")
    assert sorted(offered) == sorted([PANYU.name, YUEXIU.name])


def test_the_comparison_is_accessible_and_fits_a_phone(visit: Visit) -> None:
    page = visit.open("compare/?year=2020&bodies=440115,440113,440104")
    page.wait_for_selector("#compare table")
    page.evaluate(axe())
    for scheme in ("light", "dark"):
        visit.look(PHONE, scheme)
        assert not violations(visit)
    visit.look(SMALLEST, "light")
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST


def test_the_comparison_speaks_the_language_of_its_page(visit: Visit) -> None:
    page = visit.open("en/compare/?year=2020&bodies=440115,440113")
    page.wait_for_selector("#compare table")
    assert row(page, "Granted in full")[1].startswith("55") and row(page, "Kind of copy")[0]
    text = page.locator("#compare .results").inner_text()
    assert "Scope: Whole jurisdiction." in text and "only 14 outcomes" in text and "missing" in text
    page.goto(f"{visit.site}en/compare/?year=2020&bodies=440115,440106")
    page.locator("#compare [role=status]", has_text="cannot be compared").wait_for()
    assert "Whole jurisdiction, This body alone: figures of different" in page.locator("#compare [role=status]").inner_text()
    page.goto(f"{visit.site}zh-hant/compare/?year=2020&bodies=440115,440113")
    page.wait_for_selector("#compare table")
    assert "口徑：全區彙總，不同口徑不可相加。" in page.locator("#compare .results").inner_text()
    assert page.locator("#compare th span[lang=zh-Hans]").count() > 5, "labels of the form keep their script"


def test_the_table_goes_to_a_spreadsheet(visit: Visit) -> None:
    visit.allow("clipboard-read", "clipboard-write")
    page = visit.open("compare/?year=2020&bodies=440115,440113")
    page.get_by_role("button", name="复制表格").click()
    page.locator("#compare [role=status]", has_text="已复制").wait_for()
    lines = [line.split("\t") for line in page.evaluate("navigator.clipboard.readText()").split("\n")]
    assert len({len(line) for line in lines}) == 1 and lines[0][1:] == [NANSHA.name, PANYU.name]
    assert ["9", "55"] in [line[1:] for line in lines]


def test_without_script_the_page_names_what_may_be_compared(chromium, site: str) -> None:
    plain = Visit(chromium, site, script=False)
    try:
        text = plain.open("compare/").locator("main").inner_text()
        assert not plain.page.locator("#compare").is_visible()
    finally:
        plain.close()
    group = next(line for line in text.split("\n") if NANSHA.name in line)
    assert PANYU.name in group and YUEXIU.name in group
    assert not any(other.name in group for other in (TIANHE, HUADU, LUOHU, GUANGZHOU, BUREAU))
