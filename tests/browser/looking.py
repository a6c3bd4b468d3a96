"""A visitor's browser: opens pages of the site and notes everything that a careful visitor would complain of."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

PHONE, DESK, SMALLEST = 390, 1280, 320
_HEIGHT = 900


class Visit:
    """One page in a fresh profile. `complaints` fills with console errors, foreign requests and broken answers."""

    def __init__(self, browser: Browser, site: str, *, width: int = DESK, scheme: str = "light", script: bool = True) -> None:
        self.site = site
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.missing_is_right = False
        self._context = browser.new_context(
            viewport={"width": width, "height": _HEIGHT},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=script,
            locale="zh-CN",
            accept_downloads=True,
        )
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A policy that refuses something is a console error too.
        if message.type in ("error", "warning") and not (self.missing_is_right and "404" in message.text):
            self.complaints.append(f"{self.page.url}: {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)
        if urlsplit(request.url).netloc != urlsplit(self.site).netloc and not request.url.startswith("data:"):
            self.complaints.append(f"{self.page.url} asks {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and not self.missing_is_right:
            self.complaints.append(f"{response.url} answers {response.status}")

    def open(self, path: str = "") -> Page:
        """Open a page of the site by its address from the root."""
        self.page.goto(self.site + path, wait_until="load")
        return self.page

    def look(self, width: int, scheme: str) -> None:
        """Change the size of the window and the colour scheme."""
        self.page.set_viewport_size({"width": width, "height": _HEIGHT})
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

    def allow(self, *permissions: str) -> None:
        """Grant the site permissions that a visitor would be asked for."""
        self._context.grant_permissions(list(permissions), origin=self.site.rstrip("/"))

    def close(self) -> None:
        """Close the page with its profile."""
        self._context.close()


# The trees of other languages repeat the kinds of the root.
TREES = ("en", "zh-hant")


def kinds_of(built: Path) -> list[str]:
    """Return the largest page of every shape of address (`agencies/*/`, `agencies/*/*/source/` …), and the smallest of the reports.

    The English tree has all its kinds; of the traditional one the home page and the shapes with many pages stand for all.
    """
    shapes: defaultdict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    for file in sorted(built.rglob("*.html")):
        path = file.relative_to(built).as_posix()
        if path.startswith("data/"):
            continue
        parts = path.split("/")
        fixed = 1 + (parts[0] == "en")
        shape = tuple(part if place < fixed or not _is_name(part) else "*" for place, part in enumerate(parts))
        shapes[shape].append((file.stat().st_size, re.sub(r"(^|/)index\.html$", r"\1", path)))
    chosen = [max(pages)[1] for shape, pages in shapes.items() if shape[0] != "zh-hant" or len(pages) > 1 or len(shape) <= 2]
    return [*chosen, min(shapes["agencies", "*", "*", "index.html"])[1]]


def _is_name(part: str) -> bool:
    """Tell whether a part of an address names a thing and not a kind of page."""
    return part not in {"index.html", "source", "agencies", "regions", "years", "indicators"}
