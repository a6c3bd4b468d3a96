"""The built tree as a visitor's browser and a crawler find it: links, anchors, valid and light pages, no script, no outside request."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LINKS = {"a": "href", "script": "src", "link": "href", "img": "src", "form": "action"}
OWN_SCRIPT = re.compile(r"(\.\./)*assets/[a-z]+\.js")
OFFSITE = ("gongkai/", "http://", "https://")


class Reader(HTMLParser):
    """Collects ids, links and faults of a page; elements must nest and close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.faults: list[str] = []
        self.heads: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self._look(tag, values)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()} closes nothing")

    def _look(self, tag: str, values: dict[str, str | None]) -> None:
        if values.get("id"):
            self.ids.append(values["id"] or "")
        if values.get(LINKS.get(tag, "")):
            self.links.append(values[LINKS[tag]] or "")
        if "style" in values or any(name.startswith("on") for name in values):
            self.faults.append(f"<{tag}> has an inline style or handler")
        if tag == "script" and values.get("type") != "application/ld+json" and not OWN_SCRIPT.fullmatch(values.get("src") or ""):
            self.faults.append("a script")
        if tag in {"style", "iframe", "object"}:
            self.faults.append(f"<{tag}>")
        if re.fullmatch("h[1-6]", tag):
            self.heads.append(int(tag[1]))


@cache
def page(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return reader


@pytest.fixture(scope="module")
def pages(built: Path) -> list[Path]:
    return sorted(path for path in built.rglob("*.html") if "data" not in path.relative_to(built).parts)


def test_the_expected_pages_stand(built: Path) -> None:
    for path in (
        "index.html",
        "agencies/index.html",
        "agencies/440115/index.html",
        "agencies/440115/2020/index.html",
        "agencies/440115/2020/source/index.html",
        "regions/440115/index.html",
        "years/2020/index.html",
        "indicators/requests_new/index.html",
        "dictionary/index.html",
        "methodology/index.html",
        "checks/index.html",
        "downloads/index.html",
        "search/index.html",
        "about/index.html",
        "request/index.html",
        "missing/index.html",
        "404.html",
    ):
        assert (built / path).is_file(), path
    for path in ("index.md", "agencies/440115/2020/index.md", "agencies/440115/2020/figures.csv", "sitemap.xml", "feed.xml", "robots.txt"):
        assert (built / path).is_file(), path


def test_pages_are_well_formed(pages: list[Path], built: Path) -> None:
    for path in pages:
        reader = page(path)
        name = path.relative_to(built)
        assert not reader.faults and not reader.open, f"{name}: {reader.faults} {reader.open}"
        assert len(reader.ids) == len(set(reader.ids)), f"{name}: {sorted(i for i in reader.ids if reader.ids.count(i) > 1)[:3]}"
        assert reader.heads[:1] == [1] and reader.heads.count(1) == 1, f"{name}: {reader.heads}"
        assert all(after - before <= 1 for before, after in zip(reader.heads, reader.heads[1:], strict=False)), f"{name}: {reader.heads}"
        language = {"en": "en", "zh-hant": "zh-Hant"}.get(name.parts[0], "zh-Hans")
        assert path.read_text(encoding="utf-8").startswith(f'<!DOCTYPE html>\n<html lang="{language}">'), name


def test_every_link_and_anchor_inside_the_tree_leads_somewhere(pages: list[Path], built: Path) -> None:
    checked = 0
    for path in pages:
        for link in page(path).links:
            assert not link.startswith("/"), f"{path.relative_to(built)}: {link} is absolute"
            parts = urlsplit(link)
            if parts.scheme or re.match(r"(\.\./)*gongkai/", link):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if parts.path.endswith("/") or target.is_dir():
                target = target / "index.html"
            assert target.is_file(), f"{path.relative_to(built)}: {link}"
            if parts.fragment and target.suffix == ".html":
                assert unquote(parts.fragment) in page(target).ids, f"{path.relative_to(built)}: {link}"
            checked += 1
    assert checked > 1000


def test_links_of_markdown_pages_are_those_of_the_html(built: Path) -> None:
    text = (built / "agencies/440115/2020/index.md").read_text(encoding="utf-8")
    assert "[1777](source/index.html#L" in text and "](/" not in text


def test_a_page_is_light(pages: list[Path], built: Path) -> None:
    css = len(gzip.compress((built / "assets/site.css").read_bytes()))
    for path in pages:
        assert css + len(gzip.compress(path.read_bytes())) <= 60 * 1024, path.relative_to(built)


def test_no_page_asks_another_host_for_anything(pages: list[Path], built: Path) -> None:
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert ("Content-Security-Policy" in text and "default-src &#39;none&#39;" in text) or "default-src 'none'" in text
        for tag in re.findall(r"<(?:link|img|script|source|use)\b[^>]*>", text):
            assert not re.search(r'(?:src|href)="(?:https?:)?//', tag) or 'rel="canonical"' in tag, f"{path.relative_to(built)}: {tag}"


def test_figures_lead_to_the_line_that_prints_them(built: Path) -> None:
    folder = built / "agencies/440300-zhu-fang-he-jian-she-ju/2020"
    lines = (folder / "source.txt").read_text(encoding="utf-8").split("\n")
    tables = (folder / "index.md").read_text(encoding="utf-8").split("{#tables}")[1].split("{#narrative}")[0]
    found = re.findall(r"\[([+\-]?[\d.]+)[^\]]*\]\(source/index\.html#L(\d+)\)", tables)
    assert len(found) == 198
    for printed, line in found:
        assert printed in lines[int(line) - 1], f"{printed} is not in line {line}: {lines[int(line) - 1]}"


def test_the_report_of_the_gold_file_is_shown_as_printed(built: Path, root: Path) -> None:
    gold = json.loads((root / "tests/gold/002_6fd43bb944f829ae.gold.json").read_text(encoding="utf-8"))
    text = (built / "agencies/440115/2020/index.md").read_text(encoding="utf-8").split("{#requests}")[1]
    columns = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
    for label, values in gold["tables"]["requests"].items():
        name = label.split("/")[-1]
        row = next(line for line in text.splitlines() if line.startswith("|") and name in line.split("|")[1])
        assert [int(cell) for cell in re.findall(r"\[(\d+)\]\(source", row)] == [values[column] for column in columns], label


def test_the_broken_sums_of_003_stand_beside_its_figures(built: Path) -> None:
    text = (built / "agencies/440300-zhu-fang-he-jian-she-ju/2020/index.md").read_text(encoding="utf-8")
    for sentence in (
        "表内数字不符：‘自然人’列，新收154＋上年结转3＝157；办理结果总计154＋结转下年度0＝154，相差3件。照本站所存文本原样显示；差异可能出自填报、转载或本站读取，以发布机关原件为准。",
        "新收8＋上年结转1＝9；办理结果总计8＋结转下年度0＝8，相差1件。",
        "新收1＋上年结转1＝2；办理结果总计1＋结转下年度0＝1，相差1件。",
        "新收195＋上年结转5＝200；办理结果总计195＋结转下年度0＝195，相差5件。",
    ):
        assert sentence in text
    assert len(re.findall(r"^> - ※\d 表内数字不符", text, re.MULTILINE)) == 8
    assert "※" not in (built / "agencies/440115/2020/index.md").read_text(encoding="utf-8"), "002 breaks none"


def test_machines_can_follow(built: Path, pages: list[Path]) -> None:
    urls = [element.text for element in ElementTree.parse(built / "sitemap.xml").iter() if element.tag.endswith("loc")]
    assert len(urls) == len([path for path in pages if path.name == "index.html"])
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.parse(built / "feed.xml").getroot()
    for entry in feed.iter(f"{atom}entry"):
        link = entry.find(f"{atom}link")
        assert link is not None and (built / link.attrib["href"] / "index.html").is_file()
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', (built / "agencies/440115/2020/index.html").read_text("utf-8"))
    assert data is not None and json.loads(data[1])["@type"] == "Report"
