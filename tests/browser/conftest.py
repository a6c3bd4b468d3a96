"""One Chromium and one server for all browser tests of the session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from serve_origin import Origin, running

from browser.looking import Visit, kinds_of

# Quiet: a browser under test asks nobody for updates, lists or accounts.
_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Return Chromium. It ends with this folder's tests, whose event loop would be in the way of others."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium on this machine: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def origin(built: Path) -> Iterator[Origin]:
    with running(built) as started:
        yield started


@pytest.fixture(scope="package")
def site(origin: Origin) -> str:
    """Return the address of the served product; it ends in "/"."""
    return f"http://127.0.0.1:{origin.port}/"


@pytest.fixture
def visit(chromium: Browser, site: str) -> Iterator[Visit]:
    """Return a visitor with a fresh profile. What the browser complains of during the test fails it."""
    visitor = Visit(chromium, site)
    yield visitor
    complaints = visitor.complaints
    visitor.close()
    assert not complaints, complaints


@pytest.fixture(scope="package")
def kinds(built: Path) -> list[str]:
    """Return the addresses of one large and one small page of every kind."""
    return kinds_of(built)
