"""Drafts written down in a medium: `write(medium, draft, rng)` gives the bytes and the file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.media import html, office, pdf, site, text
from bench.model import Draft

Writer = Callable[[Draft, Random], bytes]
WRITERS: dict[str, tuple[str, Writer]] = {
    "text_lines": (".txt", text.lines),
    "text_spaced": (".txt", text.spaced),
    "text_pipes": (".txt", text.pipes),
    "text_run": (".txt", text.run),
    "text_glued": (".txt", text.glued),
    "markdown": (".md", text.markdown),
    "html": (".html", html.plain),
    "html_word": (".html", html.word),
    "html_layout": (".html", html.layout),
    "html_site": (".html", site.edited),
    "html_site_word": (".html", site.pasted),
    "html_wrong_charset": (".html", html.wrong_charset),
    "docx": (".docx", office.docx),
    "xlsx": (".xlsx", office.xlsx),
    "csv": (".csv", office.csv_file),
    "pdf": (".pdf", pdf.pdf),
}
MEDIA = tuple(WRITERS)


def write(medium: str, draft: Draft, rng: Random) -> tuple[str, bytes]:
    """The suffix and the bytes of a draft in a medium."""
    suffix, writer = WRITERS[medium]
    return suffix, writer(draft, rng)
