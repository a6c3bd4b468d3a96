"""Search on plain static hosting, below a prefix and with no server of ours: it finds what a scan of the text finds."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page
from test_serve_built import TWENTY_WORDS

from browser.looking import Visit

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


def test_without_script_the_plain_form_stands(chromium, site: str) -> None:
    plain = Visit(chromium, site, script=False)
    try:
        page = plain.open("search/")
        assert not page.locator("#finder").is_visible()
        assert page.locator("form.search[action$='gongkai/sections'] input[name=_search]").is_visible()
    finally:
        plain.close()
