"""The pages in a real Chromium: nothing overflows a small phone, nothing breaks the content policy, the keyboard gets everywhere."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PAGES = (
    "",
    "agencies/",
    "agencies/440115/",
    "agencies/440115/2020/",
    "agencies/440300-zhu-fang-he-jian-she-ju/2020/",
    "agencies/330104/2020/",
    "agencies/440115/2020/source/",
    "regions/",
    "years/2020/",
    "indicators/",
    "indicators/granted/",
    "checks/",
    "dictionary/",
    "methodology/",
    "accuracy/",
    "downloads/",
    "search/",
    "about/",
    "request/",
    "missing/",
    "404.html",
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def site(built: Path) -> Iterator[str]:
    # Under a prefix, as a project's Pages site stands.
    root = built.parent / "under"
    root.mkdir(exist_ok=True)
    if not (root / "prefix").exists():
        (root / "prefix").symlink_to(built)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/prefix/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_overflows_and_none_breaks_the_policy(browser, site: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    # The next page is asked for before the last one's icon has come: that request is given up, not refused.
    page.on("requestfailed", lambda request: "ABORTED" in request.failure or complaints.append(request.url))
    for path in PAGES:
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate("getComputedStyle(document.body).margin") == "0px", f"{path}: the style sheet is not in force"
        assert not complaints, f"{path}: {complaints}"
    page.close()


def test_a_wide_table_scrolls_in_itself_with_its_first_column_in_place(browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(site + "agencies/440115/2020/")
    box = page.locator(".scroll", has=page.get_by_text("一、本年新收政府信息公开申请数量")).first
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    label = box.locator("tbody th").first
    before = label.bounding_box()["x"]
    box.evaluate("box => { box.scrollLeft = 300 }")
    assert abs(label.bounding_box()["x"] - before) < 1
    page.close()


def test_a_figure_leads_to_its_line_and_back(browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(site + "agencies/440115/2020/")
    page.locator("table a", has_text="1777").first.click()
    assert "/source/index.html#L" in page.url
    line = page.locator(":target")
    assert "1777" in line.inner_text()
    assert line.evaluate("node => { const b = node.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }")
    page.get_by_text("回到报告").click()
    assert page.url.endswith("/agencies/440115/2020/")
    page.close()


def test_the_keyboard_reaches_the_content_first(browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(site + "agencies/440115/2020/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0, "the skip link is seen when it has the focus"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.close()


def test_everything_is_there_without_javascript(browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.get_by_role("link", name="广州市南沙区人民政府").first.click()
    page.get_by_role("link", name="2020").first.click()
    assert "1,777" in page.locator("main").inner_text()
    context.close()
