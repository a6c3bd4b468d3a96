"""The comparison with Hugo: the same layout, pages of a built tree, and no measurement where there is no Hugo."""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path

import pytest

from bench.side_by_side import hugo_layout, measure_beside_hugo, pages_of
from publish.pages.page import Chrome, to_html
from publish.pages.words import load_words

CHROME = Chrome(load_words(), None, None)


def resolved(text: str, page: str) -> str:
    """The page with its links from the root, without the description for machines."""
    told = re.sub(r"<script type=.*", "", text)
    return re.sub(r'="((?:\.\./)[^"]*)"', lambda found: f'="{posixpath.normpath(posixpath.join("/", page, found[1]))}"', told)


def test_the_layout_for_hugo_is_ours_with_a_mark_for_each_part() -> None:
    layout = hugo_layout(CHROME)
    assert not re.search(r"TITLE|DESCRIPTION|CRUMB|TARGET|LAST|HEADING|DATA|000000", layout)
    assert set(re.findall(r"\{\{ (?:range |with )?(\.[A-Za-z.]*)", layout)) == {
        *(".Title", ".Description", ".Content", ".", ".id", ".title"),
        *(f".Params.{name}" for name in ("up", "address", "crumb", "target", "data", "contents")),
    }


def test_filled_as_hugo_fills_it_a_page_is_ours(built: Path) -> None:
    (page,) = pages_of(built, 1)
    text = hugo_layout(CHROME).replace("{{ .Params.up }}", "../" * page.path.count("/")).replace("{{ .Params.target }}", "agencies/")
    ours = to_html(page, CHROME)
    for mark, value in {
        ".Title": page.title_zh,
        ".Description": page.description,
        ".Params.crumb": "机关",
        ".Params.address": page.path,
    }.items():
        text = text.replace(f"{{{{ {mark} }}}}", value)
    parts = [(text.partition("<main")[0], ours.partition("<main")[0]), (text.partition("</main>")[2], ours.partition("</main>")[2])]
    for filled, made in parts:
        assert resolved(filled, page.path) == resolved(made, page.path)


def test_without_hugo_nothing_is_measured(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "PATH", "")
    assert measure_beside_hugo(built) is None
