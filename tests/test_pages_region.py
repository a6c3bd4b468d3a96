"""The page of a region: its bodies and those below it, what may be laid side by side, and its feed."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from factories import GUANGZHOU, make_report
from test_pages_peers import CODES, body, read, report, site_of

ATOM = "{http://www.w3.org/2005/Atom}"
FOSHAN = "440600"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reports = [report(code, 10 + 10 * place) for place, code in enumerate(CODES)]
    reports += [report(CODES[0], 33333, year=2019), make_report(agency=GUANGZHOU), report(440606, scope="unknown")]
    return site_of(tmp_path_factory.mktemp("regions") / "dist", reports)


def listed(text: str) -> list[str]:
    return re.findall(r"^\| \[(某\d+人民政府|广州市人民政府)\]", text, re.MULTILINE)


def test_a_region_lists_its_bodies_and_those_below_in_the_order_of_codes(many: Path) -> None:
    assert listed(read(many, "regions/440100/index.md")) == ["广州市人民政府", *(f"某{code}人民政府" for code in CODES[:5])]
    assert len(listed(read(many, "regions/440000/index.md"))) == len(CODES) + 2
    row = next(line for line in read(many, "regions/440000/index.md").splitlines() if f"某{CODES[0]}" in line)
    assert "| 2 | [2020](../../agencies/440103/2020/) | 本机关 | 官方网站 |" in row


def test_ten_bodies_may_be_sorted_and_nine_may_not(many: Path) -> None:
    assert "sort.js" in read(many, "regions/440000/index.html") and "点列名可以按该列排序" in read(many, "regions/440000/index.md")
    assert "sort.js" not in read(many, "regions/440100/index.html") and "点列名" not in read(many, "regions/440100/index.md")


def test_no_figure_stands_where_levels_scopes_and_years_mix(many: Path) -> None:
    table = read(many, "regions/440000/index.md").split("{#agencies}")[1].split("{#compare}")[0]
    assert "33,333" not in table and "新收" not in table


def test_bodies_that_may_stand_side_by_side_are_one_step_away(many: Path) -> None:
    text = read(many, "regions/440100/index.md").split("{#compare}")[1]
    assert "compare/?year=2020&bodies=440103,440104,440105,440106,440111)" in text and "440100" not in text.split("{#below}")[0]
    assert "{#compare}" not in read(many, f"regions/{FOSHAN}/index.md"), "one body, of no stated scope"
    english = read(many, "en/regions/440100/index.html")
    assert 'href="../../compare/?year=2020&amp;bodies=440103,440104' in english


def test_a_region_counts_its_bodies_in_good_english(many: Path) -> None:
    english = re.sub(r"<[^>]+>", "", read(many, "en/regions/index.html"))
    assert "(1 body)" in english and not re.search(r"\b1 bodies", english)
    assert "(6 bodies)" in english


def test_a_region_has_a_feed_of_its_own_and_the_page_names_it(many: Path) -> None:
    path = "regions/440100/feed.xml"
    feed = ElementTree.fromstring(read(many, path))
    assert feed.findtext(f"{ATOM}id") != ElementTree.parse(many / "feed.xml").findtext(f"{ATOM}id")
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 7, "six bodies, one of them with two years"
    for entry in entries:
        target = urljoin(f"/{path}", entry.find(f"{ATOM}link").attrib["href"])
        assert (many / target.strip("/") / "index.html").is_file(), target
    for page, target in (("regions/440100/", "feed.xml"), ("en/regions/440100/", f"../../../{path}")):
        html = read(many, f"{page}index.html")
        assert f'type="application/atom+xml" href="{target}"' in html and f'<a href="{target}"' in html


def test_a_body_outside_every_group_may_still_be_laid_beside_others(tmp_path: Path) -> None:
    out = site_of(tmp_path / "republished", [report(440103, copy_kind="republished"), report(440104, scope="unknown")])
    assert "compare/?year=2020&bodies=440103)" in read(out, "agencies/440103/index.md")
    assert "compare/?year" not in read(out, "agencies/440104/index.md"), "nobody knows what it counts"


def test_a_broken_sum_is_marked_in_the_table_of_a_group(tmp_path: Path) -> None:
    broken = make_report({("requests_new", "total"): 99}, agency=body(CODES[3]))
    out = site_of(tmp_path / "broken", [broken if code == CODES[3] else report(code) for code in CODES])
    text = read(out, "peers/2020/county-government-own_organ-national_2019/index.md").split("{#bodies}")[1]
    row = {line.split("]")[0]: line for line in text.splitlines() if line.startswith("| [")}
    assert "| 99 ※ |" in row[f"| [某{CODES[3]}人民政府"] and "※" not in row[f"| [某{CODES[0]}人民政府"]
