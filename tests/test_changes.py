"""The record of changes as an input of the build: read strictly, published as table, pages and feed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from factories import BUREAU, make_report

from build import main
from publish.changes import Change, ChangeFile, ChangesError, as_json, kinds, read_changes
from publish.database import build_database
from publish.pages import build_site
from publish.schema import load_schema

ATOM = "{http://www.w3.org/2005/Atom}"
HOUSING = "440300-zhu-fang-he-jian-she-ju-2020"
# One change of each kind. The report 440100-2019 is not held any more.
EVERY_KIND = (
    Change("report_added", HOUSING, n_figures=198),
    Change("report_replaced", "440115-2020", old_report_id="440115-2020-2", n_figures=3),
    Change("file_changed", "440115-2020"),
    Change("report_gone", "440100-2019", n_figures=2),
    Change("figure_changed", "440115-2020", indicator="granted", measure="total", old_value=1234, old_state="printed", new_state="blank"),
    Change("figure_added", "440115-2020", indicator="rules", measure="disclosed_stock", new_value=7.5, new_state="inferred"),
    Change("figure_gone", "440100-2019", indicator="granted", measure="total", old_value=88, old_state="printed"),
    Change(
        "check_failing",
        "440115-2020",
        rule="T1",
        subject="other_organization",
        old_value=0,
        new_value=1,
        old_state="pass",
        new_state="fail",
    ),
    Change("check_resolved", "440115-2020", rule="T9", subject="gone", old_value=4, old_state="fail", new_state="not_checked"),
)


def site(out: Path, *files: ChangeFile, site_url: str | None = None) -> Path:
    database = out / "data" / "gongkai.db"
    build_database([make_report({("requests_new", "other_organization"): 1}), make_report(agency=BUREAU)], database, changes=files)
    texts = {"440115-2020": ("一",), HOUSING: ("一",)}
    build_site(database, texts, out, datasette="", site_url=site_url)
    return out


def read(out: Path, path: str) -> str:
    return (out / path).read_text("utf-8")


# ── the files ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_kind_survives_writing_and_reading(tmp_path: Path) -> None:
    assert [change.kind for change in EVERY_KIND] == list(kinds()), "one of each"
    (tmp_path / "2026-11-21.json").write_text(as_json("2026-11-21", reversed(EVERY_KIND)), "utf-8")
    (tmp_path / "2026-01-05.json").write_text(as_json("2026-01-05", ()), "utf-8")
    (tmp_path / "README.md").write_text("no change file", "utf-8")
    assert read_changes(tmp_path) == (ChangeFile("2026-01-05", ()), ChangeFile("2026-11-21", EVERY_KIND))
    assert read_changes(tmp_path / "nowhere") == ()


def test_the_kinds_are_those_of_the_schema() -> None:
    (kind,) = [column for column in load_schema().table("changes").columns if column.name == "kind"]
    assert kind.field["constraints"]["enum"] == list(kinds())


ADDED = {"kind": "report_added", "report_id": "a", "n_figures": 1}
CHANGED = {"kind": "figure_changed", "report_id": "a", "indicator": "b", "measure": "c", "old_state": "blank", "new_state": "printed"}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not UTF-8"),
        ([], "must hold `date` and the list `changes`"),
        ({"date": "2026-11-21"}, "must hold `date` and the list `changes`"),
        ({"date": "2026-11-21", "changes": {}}, "must hold `date` and the list `changes`"),
        ({"date": "2026-11-22", "changes": []}, "must be named after its date"),
        ({"date": 20261121, "changes": []}, "must be named after its date"),
        ({"date": "2026-11-21", "changes": [1]}, "change 1 is no object"),
        ({"date": "2026-11-21", "changes": [{**ADDED, "kind": "report_lost"}]}, "change 1 has the kind 'report_lost'"),
        ({"date": "2026-11-21", "changes": [{"kind": "report_added", "report_id": "a"}]}, "change 1 lacks n_figures"),
        ({"date": "2026-11-21", "changes": [{**ADDED, "old_value": 1}]}, "change 1 has old_value, which a report_added does not have"),
        ({"date": "2026-11-21", "changes": [{**ADDED, "n_figures": True}]}, "n_figures of the wrong type"),
        ({"date": "2026-11-21", "changes": [{**ADDED, "n_figures": -1}]}, "n_figures of the wrong type"),
        ({"date": "2026-11-21", "changes": [{**ADDED, "report_id": ""}]}, "report_id of the wrong type"),
        ({"date": "2026-11-21", "changes": [ADDED, {**CHANGED, "new_value": "7"}]}, "change 2 has a new_value of the wrong type: '7'"),
        ({"date": "2026-11-21", "changes": [CHANGED, ADDED]}, "not in order, or one is listed twice"),
        ({"date": "2026-11-21", "changes": [ADDED, ADDED]}, "not in order, or one is listed twice"),
    ],
)
def test_a_malformed_file_fails_the_build_with_one_sentence(tmp_path: Path, root: Path, content: Any, fault: str) -> None:
    folder = tmp_path / "changes"
    folder.mkdir()
    file = folder / "2026-11-21.json"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with pytest.raises(ChangesError) as told:
        read_changes(folder)
    assert fault in str(told.value)
    assert str(told.value).startswith("changes/2026-11-21.json") and str(told.value).endswith("or remove it.")
    reports = tmp_path / "reports"
    reports.mkdir()
    result = CliRunner().invoke(main, ["build", "--reports", str(reports), "--out", str(tmp_path / "dist"), "--jobs", "1"])
    assert result.exit_code == 1 and str(told.value) in result.output and result.output.count("\n") == 1
    assert not (tmp_path / "dist").exists()


def test_a_file_that_is_not_named_by_a_date_fails(tmp_path: Path) -> None:
    (tmp_path / "first.json").write_text('{"date": "first", "changes": []}', "utf-8")
    with pytest.raises(ChangesError, match="must be named after its date"):
        read_changes(tmp_path)


def test_the_files_of_the_repository_can_be_read(root: Path) -> None:
    files = read_changes(root / "changes")
    assert len(files) == len(list((root / "changes").glob("*.json")))
    assert (root / "changes" / "README.md").is_file()


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_has_every_change_in_order(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    build_database([make_report()], path, changes=[ChangeFile("2026-01-05", EVERY_KIND[:1]), ChangeFile("2026-11-21", EVERY_KIND)])
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("select date, position, kind from changes order by date, position").fetchall()
        gone = connection.execute("select report_id, old_value, new_value from changes where kind = 'figure_gone'").fetchall()
    assert found[0] == ("2026-01-05", 1, "report_added")
    assert found[1:] == [("2026-11-21", place, kind) for place, kind in enumerate(kinds(), 1)]
    assert gone == [("440100-2019", 88, None)]


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_record_says_that_nothing_has_changed_yet(tmp_path: Path) -> None:
    out = site(tmp_path)
    assert "还没有变动可列。 *Nothing has changed yet.*" in read(out, "changes/index.md")
    assert not ElementTree.parse(out / "changes/feed.xml").getroot().findall(f"{ATOM}entry")
    assert [path.name for path in (out / "changes").iterdir() if path.is_dir()] == []


def test_the_page_of_a_date_shows_both_values_and_what_is_gone(tmp_path: Path) -> None:
    out = site(tmp_path, ChangeFile("2026-11-21", EVERY_KIND))
    text = read(out, "changes/2026-11-21/index.md")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    report = "[广州市南沙区人民政府2020年](../../agencies/440115/2020/)（官方网站） 440115-2020"
    assert any(report in row and row.endswith("| 1,234 | 空白 |") for row in rows)
    assert any(report in row and row.endswith("| 无此数字 | 7.5 推算 |") for row in rows)
    assert any(row.startswith("| 440100-2019 |") and row.endswith("| 88 | 无此数字 |") for row in rows)
    assert "[T1](../../agencies/440115/2020/#check-T1-other_organization)" in text
    assert "| 相符 | 不符（相差1） |" in text and "| 不符（相差4） | 未作此项核对 |" in text
    assert "只有官方网站或官方存档的副本才当作该机关自己的数字。" in text
    html = read(out, "agencies/440115/2020/index.html")
    assert 'id="check-T1-other_organization"' in html


def test_the_summary_counts_the_figures_of_added_reports(tmp_path: Path) -> None:
    out = site(tmp_path, ChangeFile("2026-11-21", EVERY_KIND))
    sentence = "报告新收1份、取代1份、文件更换1份、撤下1份；数字新增199个、改变1个、撤下1个。"
    assert sentence in read(out, "changes/index.md") and sentence in read(out, "changes/2026-11-21/index.md")
    assert "核对" not in sentence


def test_dates_stand_latest_first_and_lead_to_each_other(tmp_path: Path) -> None:
    dates = [f"2026-{month:02}-{day:02}" for month in (1, 2) for day in range(1, 28)]
    out = site(tmp_path, *(ChangeFile(date, EVERY_KIND[:1]) for date in dates))
    index = read(out, "changes/index.md")
    shown = [line[3:13] for line in index.splitlines() if line.startswith("| [2026")]
    assert shown == sorted(dates, reverse=True)[:50]
    assert "另有更早的4次" in index
    for older, newer in pairwise(dates):
        assert f"(../{newer}/)" in read(out, f"changes/{older}/index.md")
        assert f"(../{older}/)" in read(out, f"changes/{newer}/index.md")


def test_a_page_is_bounded_and_says_how_many_there_are(tmp_path: Path) -> None:
    many = tuple(
        Change("figure_gone", f"440100-{year}", indicator=f"i{cell:03}", measure="total", old_value=1, old_state="printed")
        for year in (2019, 2020)
        for cell in range(150)
    )
    out = site(tmp_path, ChangeFile("2026-11-21", many))
    text = read(out, "changes/2026-11-21/index.md")
    assert sum(line.startswith("| 440100-") for line in text.splitlines()) == 200
    assert "这里只列前200项，共300项" in text and "(../../data/changes.csv)" in text


@pytest.mark.parametrize("site_url", [None, "https://example.org/gongkai"])
def test_the_feed_is_valid_atom_and_its_links_lead_to_pages(tmp_path: Path, site_url: str | None) -> None:
    out = site(tmp_path, *(ChangeFile(date, EVERY_KIND) for date in ("2026-01-05", "2026-11-21")), site_url=site_url)
    feed = ElementTree.parse(out / "changes/feed.xml").getroot()
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert (element.findtext(f"{ATOM}{name}") or "").strip(), name
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}updated") for entry in entries] == ["2026-11-21T00:00:00Z", "2026-01-05T00:00:00Z"]
    assert feed.findtext(f"{ATOM}updated") == "2026-11-21T00:00:00Z"
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    for link in (link.attrib["href"] for entry in entries for link in entry.findall(f"{ATOM}link")):
        path = link.removeprefix(f"{site_url}/changes/") if site_url else link
        assert (site_url is None) == (path == link)
        assert (out / "changes" / path / "index.html").is_file(), link
    (own,) = [link.attrib["href"] for link in feed.findall(f"{ATOM}link") if link.attrib.get("rel") == "self"]
    assert own == (f"{site_url}/changes/feed.xml" if site_url else "feed.xml")


def test_hostile_names_in_a_change_file_are_shown_as_text(tmp_path: Path) -> None:
    hostile = Change("figure_gone", "<script>x</script>", indicator="|[a](http://b)", measure="*c*", old_value=1, old_state="printed")
    failing = Change("check_failing", "<b>", rule="<i>", subject="</table>", old_state="pass", new_state="fail")
    html = read(site(tmp_path, ChangeFile("2026-11-21", (hostile, failing))), "changes/2026-11-21/index.html")
    assert "&lt;script&gt;x&lt;/script&gt;" in html and "<script>x" not in html
    assert 'href="http://b"' not in html and "<i>" not in html and "|[a](http://b)" in html


def test_pages_are_the_same_bytes_twice(tmp_path: Path) -> None:
    trees = [site(tmp_path / name, ChangeFile("2026-11-21", EVERY_KIND)) for name in ("a", "b")]
    files = [sorted(path.relative_to(tree) for path in (tree / "changes").rglob("*") if path.is_file()) for tree in trees]
    assert files[0] == files[1] and len(files[0]) == 5
    assert all((trees[0] / name).read_bytes() == (trees[1] / name).read_bytes() for name in files[0])


def test_changes_and_corrections_are_found_where_a_reader_looks(built: Path) -> None:
    """On the home page, on a body's page, at the foot of every page, and by a feed reader on any page."""
    home, body = ((built / page).read_text("utf-8") for page in ("index.html", "agencies/440115/index.html"))
    for html, root in ((home, ""), (body, "../../")):
        main, footer = html.split('<main id="main">')[1].split("</main>")
        assert f'href="{root}changes/"' in main and f'href="{root}changes/"' in footer and f'href="{root}corrections/"' in footer
        assert f'<link rel="alternate" type="application/atom+xml" href="{root}changes/feed.xml"' in html
    assert 'href="../../corrections/"' in body.split('<main id="main">')[1].split("</main>")[0]
    assert (built / "changes/feed.xml").is_file()
