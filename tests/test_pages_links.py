"""The page for what is not there keeps its links at every depth; an address of somebody else, an anchor and a rooted link stay."""

from __future__ import annotations

from pathlib import Path

from factories import build, make_report

from publish.pages import build_site
from publish.pages.links import rooted


def test_links_of_a_page_shown_at_any_depth_begin_at_the_root() -> None:
    kept = '<a href="#main"><a href="https://a.example/b"><a href="/x">'
    html = f'<a href="./">一</a><link href="assets/site.css">{kept}<form action="gongkai/sections">'
    expected = f'<a href="/site/">一</a><link href="/site/assets/site.css">{kept}<form action="/site/gongkai/sections">'
    assert rooted(html, "/site/") == expected


def test_a_site_below_a_prefix_has_a_404_page_that_knows_it(tmp_path: Path) -> None:
    report = make_report(path="a.txt", public_lines=("一",))
    with build(tmp_path, report):
        for site_url in ("https://example.org/gongkai", None):
            lines = {"440115-2020": ("一",)}
            build_site(tmp_path / "test.db", lines, tmp_path / str(bool(site_url)), datasette=None, site_url=site_url)
    assert 'href="/gongkai/assets/site.css"' in (tmp_path / "True/404.html").read_text(encoding="utf-8")
    assert 'href="assets/site.css"' in (tmp_path / "False/404.html").read_text(encoding="utf-8")
