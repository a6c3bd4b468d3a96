"""Four people walk the site by its links, as one who has never seen it would."""

from __future__ import annotations

import csv
import io
import json

import pytest
from playwright.sync_api import Page

from browser.looking import PHONE, Visit

pytestmark = pytest.mark.browser

HOUSING = "深圳市住房和建设局"


def follow(page: Page, text: str, within: str = "main", *, exact: bool = False) -> None:
    """Follow the first visible link with this text."""
    page.locator(within).get_by_role("link", name=text, exact=exact).first.click()
    page.wait_for_load_state()


def heading(page: Page) -> str:
    return page.locator("main h1").inner_text()


def test_a_citizen_finds_her_district_and_the_line_that_says_it(visit: Visit) -> None:
    visit.look(PHONE, "light")
    page = visit.open()
    follow(page, "看我的地方")
    follow(page, "南沙区")
    assert "南沙区" in heading(page)
    follow(page, "广州市南沙区人民政府")
    assert "2020年收到政府信息公开申请1,777件" in page.locator("main").inner_text()
    follow(page, "2020")
    assert "2020年" in heading(page) and "南沙区" in heading(page)
    follow(page, "1,777", ".figures")
    line = page.locator("li:target")
    assert "1777" in line.inner_text()
    box = line.bounding_box()
    assert box is not None and 0 <= box["y"] <= 800, "the line is on the screen"


def test_a_reporter_takes_a_broken_sum_home_as_a_spreadsheet(visit: Visit) -> None:
    page = visit.open()
    follow(page, "数据核对", "header")
    finding = page.locator("main li", has_text="相差5件").first
    assert "新收195＋上年结转5＝200" in finding.inner_text() and "以发布机关原件为准" in finding.inner_text()
    finding.get_by_role("link").first.click()
    assert HOUSING in heading(page)
    target = page.locator(":target")
    assert "新收195＋上年结转5＝200" in target.inner_text()
    follow(page, "checks", "#downloads ~ ul", exact=True)
    assert "/gongkai/checks?report_id=440300-zhu-fang-he-jian-she-ju-2020" in page.url
    address = page.locator("a", has_text="CSV").first.evaluate("link => link.href")
    answer = page.request.get(address)
    rows = list(csv.DictReader(io.StringIO(answer.text())))
    assert "text/" in answer.headers["content-type"]
    assert {row["report_id"] for row in rows} == {"440300-zhu-fang-he-jian-she-ju-2020"}
    assert any("新收195＋上年结转5＝200" in row["sentence_zh"] for row in rows)


def test_a_scholar_learns_what_a_figure_means_and_takes_everything(visit: Visit) -> None:
    page = visit.open()
    follow(page, "数据字典", "footer")
    assert page.get_by_text("copy_kind", exact=True).count() >= 1
    follow(page, "方法", "footer")
    assert "怎样读一份报告" in page.locator("main").inner_text()
    follow(page, "下载", "header")
    address = page.locator('main a[href$="datapackage.json"]').evaluate("link => link.href")
    package = page.request.get(address).json()
    assert package["licenses"] and len(package["resources"]) > 20
    paths = [path for one in package["resources"] for path in ([one["path"]] if isinstance(one["path"], str) else one["path"])]
    for path in paths:
        assert page.request.head(f"{visit.site}data/{path}").status == 200, path


def test_a_programmer_reads_figures_by_address_from_another_origin(chromium, site: str) -> None:
    other = Visit(chromium, site)
    try:
        page = other.page  # an empty page: its origin is none, and no policy of ours binds it
        ask = f"path => fetch('{site}' + path).then(answer => answer.text())"
        figures = json.loads(page.evaluate(ask, "agencies/440115/2020/figures.json"))
        assert next(row["value"] for row in figures if (row["indicator"], row["measure"]) == ("requests_new", "total")) == 1777
        table = list(csv.DictReader(io.StringIO(page.evaluate(ask, "agencies/440115/2020/figures.csv").lstrip("\ufeff"))))
        assert [str(row["value"]) for row in figures] == [row["value"] for row in table]
        rows = json.loads(page.evaluate(ask, "gongkai/reports.json?_shape=array"))
        assert "440115-2020" in {row["report_id"] for row in rows}
        ranged = "path => fetch(path, {headers: {Range: 'bytes=0-15'}}).then(async answer => [answer.status, await answer.text()])"
        assert page.evaluate(ranged, f"{site}data/gongkai.db") == [206, "SQLite format 3\0"]
    finally:
        other.close()


def test_a_citizen_drafts_a_request_from_a_gap(visit: Visit) -> None:
    visit.allow("clipboard-read", "clipboard-write")
    visit.look(PHONE, "light")
    page = visit.open()
    page.get_by_role("searchbox").fill("江干")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_selector(".found")
    follow(page, "杭州市江干区人民政府")
    follow(page, "起草一份申请")
    draft = page.locator("#drafting pre")
    assert "杭州市江干区人民政府〔年份〕年政府信息公开工作年度报告全文" in draft.inner_text()
    page.get_by_label("年份").fill("2019")
    page.get_by_role("button", name="复制").click()
    page.wait_for_function("document.querySelector('#drafting [role=status]').textContent.includes('已复制')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert (
        copied.startswith("政府信息公开申请\n\n杭州市江干区人民政府：\n")
        and "杭州市江干区人民政府2019年政府信息公开工作年度报告全文" in copied
    )
    page.reload()
    assert "2019年" in draft.inner_text(), "the address keeps the draft"


def test_every_gap_is_one_step_from_its_draft(visit: Visit) -> None:
    page = visit.open("missing/")
    follow(page, "起草一份申请")
    assert "杭州市江干区人民政府2020年" in page.locator("#drafting pre").inner_text()
    page = visit.open("agencies/330104/2020/")
    follow(page, "起草一份申请")
    assert page.url.endswith("#request") and "杭州市江干区人民政府2020年" in page.locator("#request ~ pre").first.inner_text()
    page = visit.open("en/missing/")
    follow(page, "Draft a request")
    assert page.url.startswith(f"{visit.site}en/request/") and "杭州市江干区人民政府2020年" in page.locator("#drafting pre").inner_text()


def test_without_script_the_draft_is_a_template(chromium, site: str) -> None:
    plain = Visit(chromium, site, script=False)
    try:
        page = plain.open("request/?agency=x&year=2019")
        assert not page.locator("#drafting form").is_visible()
        assert "〔机关名称〕〔年份〕年政府信息公开工作年度报告" in page.locator("#drafting pre").inner_text()
    finally:
        plain.close()


def test_an_error_is_reported_from_any_page_with_and_without_an_account(visit: Visit) -> None:
    page = visit.open("agencies/440115/2020/")
    follow(page, "本页有错", "footer")
    said = page.locator("main").inner_text()
    assert f"{visit.site}agencies/440115/2020/" in said and "不需要账号" in said and "有GitHub账号的" in said
    assert "占位地址" in said, "nobody is sent to an address that nobody reads"
    page = visit.open("en/regions/440115/")
    follow(page, "Report an error", "footer")
    assert page.url.startswith(f"{visit.site}en/corrections/")


def test_an_address_that_is_not_there_leads_home(visit: Visit) -> None:
    visit.missing_is_right = True
    page = visit.open("agencies/999999/2020/")
    assert page.evaluate("getComputedStyle(document.body).margin") == "0px", "the style sheet is in force at any depth"
    visit.missing_is_right = False
    page.locator("header a").first.click()
    page.wait_for_load_state()
    assert page.url == visit.site


def test_a_sentence_and_its_figure_go_to_the_clipboard(visit: Visit) -> None:
    visit.allow("clipboard-read", "clipboard-write")
    page = visit.open("agencies/440115/2020/")
    page.locator(".cards summary").click()
    page.locator(".cards dt", has_text="予以公开").locator("~ dd").first.get_by_role("button", name="复制").click()
    page.wait_for_selector(".copy:has-text('✓')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "“予以公开”799件，占办理结果总计1,749件的45.7%。" in copied and "复制" not in copied
    citation = page.locator("#cite ~ pre").all_inner_texts()
    assert any("@techreport" in text for text in citation) and any("[R/OL]" in text for text in citation)
