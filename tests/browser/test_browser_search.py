"""Search on plain static hosting, below a prefix and with no server of ours: it finds what a scan of the text finds."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Route
from test_serve_built import TWENTY_WORDS

from browser.looking import Visit
from publish.pages import search_index
from publish.pages.search_index import Document, index_files

pytestmark = pytest.mark.browser


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(built: Path) -> Iterator[str]:
    """Return the address of the tree below a prefix of a host that knows nothing but files."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(built.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{built.name}/"
    server.shutdown()
    server.server_close()


def search(page: Page, query: str) -> tuple[int, int]:
    """Type a query; return how many names and sections the page says it found."""
    page.locator("#finder-words").fill(query)
    page.locator(".results").evaluate("box => { delete box.dataset.names }")
    page.locator("#finder-words").press("Enter")
    page.wait_for_selector(".results[data-names]", state="attached")
    return tuple(int(page.locator(".results").get_attribute(f"data-{name}") or -1) for name in ("names", "sections"))  # type: ignore[return-value]


def scanned(built: Path, word: str) -> int:
    """Return how many published sections hold the word."""
    with closing(sqlite3.connect(f"file:{built / 'data' / 'gongkai.db'}?mode=ro", uri=True)) as connection:
        query = """select count(*) from sections join reports using (report_id) where document_type <> 'news'
                   and (instr(text, ?1) or instr(heading, ?1))"""
        return int(connection.execute(query, (word,)).fetchone()[0])


def test_twenty_words_are_found_as_often_as_a_scan_finds_them(visit: Visit, built: Path) -> None:
    page = visit.open("search/")
    found = {word: search(page, word)[1] for word in TWENTY_WORDS}
    assert found == {word: scanned(built, word) for word in TWENTY_WORDS}
    assert min(found.values()) > 0 or max(found.values()) > 10


@pytest.mark.parametrize(
    ("query", "first", "path"),
    [
        ("南沙", "南沙", "agencies/440115/"),
        ("南沙区", "南沙", "agencies/440115/"),
        ("广州南沙", "南沙", "agencies/440115/"),
        ("廣州南沙", "南沙", "agencies/440115/"),
        ("nansha", "南沙", "agencies/440115/"),
        ("nsq", "南沙", "agencies/440115/"),
        ("住建局", "住房和建设局", "agencies/440300-zhu-fang-he-jian-she-ju/"),
    ],
)
def test_a_body_is_found_by_what_people_call_it(visit: Visit, query: str, first: str, path: str) -> None:
    page = visit.open("search/")
    names, _ = search(page, query)
    assert names >= 1
    link = page.locator(".found").first.get_by_role("link").first
    assert first in link.inner_text() and link.evaluate("link => link.href") == visit.site + path
    link.click()
    assert first in page.locator("h1").inner_text()


@pytest.mark.parametrize("folder", ["", "en/"])
def test_a_body_of_which_nothing_is_held_leads_to_its_draft(visit: Visit, folder: str) -> None:
    page = visit.open(f"{folder}search/")
    search(page, "福田区")
    link = page.locator(".found").first.get_by_role("link").first
    assert link.evaluate("link => link.href") == f"{visit.site}{folder}missing/440000/#g440304"
    link.click()
    page.wait_for_selector("#g440304:target")
    page.locator("#g440304").get_by_role("link").click()
    page.locator("#drafting pre", has_text="深圳市福田区人民政府2020年").wait_for()


def test_traditional_characters_find_simplified_text(visit: Visit) -> None:
    page = visit.open("search/")
    assert search(page, "行政復議")[1] == search(page, "行政复议")[1] > 0


def test_a_hit_leads_to_its_section_and_the_word_stands_marked(visit: Visit) -> None:
    page = visit.open("search/?q=行政复议")
    page.wait_for_selector(".found mark")
    assert page.locator(".found mark").first.inner_text() == "行政复议"
    page.locator(".found a", has_text="年：").first.click()
    page.wait_for_load_state()
    assert "/agencies/" in page.url and "#section-" in page.url
    assert page.locator(":target").count() == 1, "the address ends at a section of the page"


def test_a_result_names_its_report_once(visit: Visit) -> None:
    page = visit.open("search/?q=南沙")
    page.wait_for_selector(".found mark")
    titles = page.locator(".found a", has_text="2020年：").all_inner_texts()
    assert titles and all(title.count("南沙区人民政府") == 1 and title.count("2020") == 1 for title in titles)


def test_nothing_found_is_said_and_nothing_is_run(visit: Visit) -> None:
    page = visit.open("search/")
    assert search(page, "<img src=x onerror=alert(1)>") == (0, 0)
    assert "不代表未发布" in page.locator("#finder [role=status]").inner_text()


def test_the_index_is_loaded_only_when_somebody_searches(visit: Visit) -> None:
    page = visit.open("search/")
    page.wait_for_selector("#finder:not([hidden])")
    assert not [url for url in visit.requests if "/index/" in url]
    search(page, "复议")
    files = {url for url in visit.requests if "/index/" in url}
    assert 3 <= len(files) <= 8, files


def test_the_box_of_the_home_page_leads_to_the_results(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("searchbox").fill("广州南沙")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_selector(".found")
    assert page.url == f"{visit.site}search/?q={quote('广州南沙')}"
    assert page.locator(".found a").first.inner_text() == "广州市南沙区人民政府"
    page.go_back()
    assert page.url == visit.site


def test_the_keyboard_alone_searches_and_goes_on(visit: Visit) -> None:
    page = visit.open("search/")
    page.locator("#finder-words").focus()
    page.keyboard.type("公开")
    page.keyboard.press("Enter")
    page.wait_for_selector(".found")
    more = page.get_by_role("button", name="更多").last
    shown = page.locator(".found").last.locator("li").count()
    more.focus()
    page.keyboard.press("Enter")
    page.locator(".found").last.locator("li").nth(shown).wait_for()
    assert page.evaluate("document.activeElement.closest('li') === document.querySelectorAll('.found:last-of-type li')[20]")


def test_the_english_page_speaks_english_and_stays_there(visit: Visit) -> None:
    page = visit.open("en/")
    page.get_by_role("searchbox").fill("nansha")
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_selector(".found")
    # Nansha of Guangzhou, its government and that of Sansha's Nansha; and Nanshan of Shenzhen and of Hegang.
    assert page.locator("#finder [role=status]").inner_text().startswith("5 names")
    place = page.locator(".found li", has_text="region").get_by_role("link")
    assert place.inner_text().startswith("Nansha District") and place.evaluate("link => link.href") == f"{visit.site}en/regions/440115/"
    assert search(page, "复议")[1] > 0
    unmarked = """() => [...document.querySelectorAll('#finder *')].filter((element) => element.closest('[lang]').lang === 'en'
        && [...element.childNodes].some((node) => node.nodeType === 3 && /[\\u3400-\\u9fff]/u.test(node.data)))
        .map((one) => one.outerHTML)"""
    assert page.evaluate(unmarked) == []


def test_the_traditional_page_keeps_the_words_of_reports(visit: Visit) -> None:
    page = visit.open("zh-hant/search/?q=復議")
    page.wait_for_selector(".found mark")
    assert "段。" in page.locator("#finder [role=status]").inner_text() and "報告文字" in page.locator("#finder h2").inner_text()
    assert page.locator(".found mark").first.inner_text() == "复议" and page.locator(".found p").first.get_attribute("lang") == "zh-Hans"


def _section(number: int) -> Document:
    """A made-up section: common words in all, a pair of characters in one of a hundred, a word of four in one alone."""
    rare = "三稀" if number % 100 == 7 else "三十"
    text = "".join(chr(0x4E00 + (number * 7919 + place * 104729) % 3000) for place in range(400))
    return Document(
        [f"第{number}节", f"政府信息公开{text}{rare}独有{number:05}"], ["agencies/440115/2020/#section-1", "某机关", None, 2020]
    )


@pytest.mark.parametrize(
    ("query", "most", "found"), [("公开", 200, 5000), ("三稀", 400, 50), ("独有04321", 700, None), ("政府信息公开", 700, None)]
)
def test_what_a_search_loads_is_bounded_however_many_reports_there_are(visit: Visit, query: str, most: int, found: int | None) -> None:
    """`most` is in KB before compression: the same for one segment of 500 sections or for ten."""
    files = grown()
    loaded: list[int] = []

    def answer(route: Route) -> None:
        body = files["search/index/" + route.request.url.partition("/search/index/")[2]]
        loaded.append(len(body))
        route.fulfill(body=body, content_type="application/json")

    page = visit.open("search/")
    page.route("**/search/index/**", answer)
    _, sections = search(page, query)
    assert page.locator(".found li").count() > 0
    assert sum(loaded) <= most * 1024, f"{sum(loaded)} bytes in {len(loaded)} files"
    assert sections == found or found is None
    told = page.locator("#finder [role=status]").inner_text()
    assert ("至多" in told) == (found is None), told


@cache
def grown() -> dict[str, bytes]:
    """The index of 5,000 sections in ten segments."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_index, "SEGMENT", 500)
        return dict(index_files({"names": [], "sections": map(_section, range(5000))}))


def test_without_script_the_plain_form_stands(chromium, site: str) -> None:
    plain = Visit(chromium, site, script=False)
    try:
        page = plain.open("search/")
        assert not page.locator("#finder").is_visible()
        assert page.locator("form.search[action$='gongkai/sections'] input[name=_search]").is_visible()
    finally:
        plain.close()
