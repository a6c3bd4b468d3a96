"""Four people walk the site by its links, as one who has never seen it would."""

from __future__ import annotations

import csv
import io
import json

import pytest
from playwright.sync_api import Page
from selectolax.lexbor import LexborHTMLParser

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


@pytest.mark.parametrize("asked", ["南沙", "南沙区", "广州南沙", "nansha"])
def test_a_citizen_asks_for_her_district_as_she_calls_it_and_drafts_a_request(visit: Visit, asked: str) -> None:
    visit.look(PHONE, "light")
    page = visit.open()
    page.get_by_role("searchbox").fill(asked)
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_selector(".found")
    follow(page, "广州市南沙区人民政府")
    sentence = page.get_by_text("2020年收到政府信息公开申请1,777件").first
    box = sentence.bounding_box()
    assert box is not None and 0 <= box["y"] <= 700, "the sentence is the first thing to read"
    follow(page, "起草一份申请")
    assert "广州市南沙区人民政府" in page.locator("#drafting pre").inner_text()


def test_a_reporter_follows_a_broken_sum_to_its_evidence_and_takes_a_sentence_home(visit: Visit) -> None:
    visit.allow("clipboard-read", "clipboard-write")
    page = visit.open()
    follow(page, "数据核对", "header")
    page.locator("main li", has_text="相差5件").first.get_by_role("link").first.click()
    page.wait_for_selector(":target")
    told = page.locator(":target").inner_text()
    address = page.url
    page.goto(address)
    assert page.locator(":target").inner_text() == told, "the address leads to the same sum again"
    assert "以发布机关原件为准" in page.locator("main").inner_text()
    follow(page, "195", "#requests ~ .scroll")
    assert "195" in page.locator("li:target").inner_text()
    page.goto(address)
    page.locator(".cards summary").click()
    sentence = page.locator(".cards [data-copy]").first
    sentence.get_by_role("button").click()
    page.wait_for_selector(".copy:has-text('✓')")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert HOUSING in copied and "2020年" in copied and "不符" in copied


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


def test_a_scholar_goes_from_an_indicator_over_its_break_to_the_data_and_the_citation(visit: Visit) -> None:
    page = visit.open()
    follow(page, "指标", "header")
    follow(page, "予以公开", exact=True)
    text = page.locator("main").inner_text()
    assert "2019年启用新格式" in text and "第几行" in text
    follow(page, "同意公开答复数")
    assert "同意公开答复数" in heading(page) and "2014" in page.locator("main").inner_text()
    page.go_back()
    follow(page, "广州市南沙区人民政府")
    with page.expect_download() as taken:
        page.locator("#downloads ~ ul").get_by_role("link", name="figures.csv").click()
    content = taken.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf"), "Excel knows the Chinese by this mark"
    rows = {(row["indicator"], row["measure"]): row for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))}
    assert rows["granted", "total"]["value"] == "799"
    citation = page.locator("#cite ~ pre").first.inner_text()
    assert "[R/OL]" in citation and "440115-2020" in citation and "agencies/440115/2020/" in citation


def test_a_table_goes_into_a_spreadsheet_as_it_stands(visit: Visit) -> None:
    visit.allow("clipboard-read", "clipboard-write")
    page = visit.open("agencies/440115/2020/")
    page.evaluate("""() => {
        getSelection().selectAllChildren(document.querySelector('#requests ~ .scroll table'));
        document.execCommand('copy');
    }""")
    # What a spreadsheet takes of it: the table as HTML.
    copied = page.evaluate("navigator.clipboard.read().then(([item]) => item.getType('text/html')).then((blob) => blob.text())")
    rows = [[cell.text(strip=True) for cell in row.css("th, td")] for row in LexborHTMLParser(copied).css("tr")]
    granted = next(row for row in rows if "（一）予以公开" in row[0])
    assert granted[1:] == ["735", "58", "0", "0", "0", "6", "799"]


def test_a_programmer_goes_from_the_descriptor_to_the_files_and_asks_the_database(visit: Visit) -> None:
    page = visit.open("downloads/")
    address = page.locator('main a[href$="datapackage.json"]').evaluate("link => link.href")
    package = page.request.get(address).json()
    (resource,) = (one for one in package["resources"] if one["name"] == "requests")
    folder = address.rpartition("/")[0]
    table = list(csv.DictReader(io.StringIO(page.request.get(f"{folder}/{resource['path']}").text().lstrip("\ufeff"))))
    rows = page.request.get(f"{folder}/requests.json").json()
    asked = page.request.get(f"{visit.site}gongkai/requests.json?_shape=array&_size=max&year=2020").json()
    key = ("report_id", "applicant", "granted")
    wanted = [tuple(str(row[name] if row[name] is not None else "") for name in key) for row in asked]
    assert len(wanted) > 10 and {("440115-2020", "total", "799")} <= set(wanted)
    assert sorted(wanted) == sorted(tuple(str(row[name] if row[name] is not None else "") for name in key) for row in rows)
    assert sorted(wanted) == sorted(tuple(row[name] for name in key) for row in table)
    assert [each["name"] for each in resource["schema"]["fields"]] == list(table[0])


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
    page.locator("#drafting [role=status]", has_text="已复制").wait_for()
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
