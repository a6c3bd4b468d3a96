"""Pages from the same Markdown: our stage beside hugo's whole run, and our use of markdown-it-py beside the library as it comes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from bench.alternatives import installed
from bench.side_by_side import measure_beside_hugo, pages_of
from publish.pages.markdown import render

PAGES = 1000
PARSED = 200
ROUNDS = 5


def _median(work: Callable[[str], str], texts: list[str]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for text in texts:
            work(text)
        seconds.append(time.process_time() - start)
    return round(statistics.median(seconds), 3)


def compare_parsers(site: Path, most: int = PARSED) -> list[dict[str, Any]]:
    """CPU seconds from Markdown to HTML, in this process, files aside."""
    texts = [page.markdown or "" for page in pages_of(site, most)]
    stock = MarkdownIt("commonmark", {"html": False}).enable("table")
    makers = {"gongkai": render, f"markdown-it-py {version('markdown-it-py')}, as it comes": stock.render}
    return [{"name": name, "pages": len(texts), "seconds": _median(work, texts)} for name, work in makers.items()]


def compare_pages(site: Path, jobs: int, most: int = PAGES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Both comparisons; without hugo where it is not installed."""
    hugo = installed("hugo")
    beside = measure_beside_hugo(site, str(hugo), most, jobs, rounds) if hugo else None
    return {"parsers": compare_parsers(site), **({"hugo": beside} if beside else {})}
