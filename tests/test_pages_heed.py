"""Usage warnings are a closed vocabulary, and stand wherever the figures that they are about are used."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import yaml
from factories import BUREAU, MISSING, NANSHA, add_search, make_report, rows

from extract.model import Agency
from publish.database import build_database, report_ids
from publish.metadata import write_datasette_files
from publish.package import write_package
from publish.pages import build_site
from publish.schema import load_schema

LIWAN = Agency("440103", "广州市荔湾区人民政府", "440103", "government", "county")
REPORTS = [
    make_report(
        {("granted", "total"): MISSING, ("requests_carried_out", "total"): None}, scope="jurisdiction_total", copy_kind="republished"
    ),
    make_report(form="national_2021", year=2021, scope="jurisdiction_total"),
    make_report(agency=LIWAN, scope="jurisdiction_total"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("heed")
    (out / "data").mkdir()
    database = out / "data" / "gongkai.db"
    build_database(REPORTS, database)
    write_package(database, out)
    add_search(database)
    write_datasette_files(out / "data", load_schema())
    build_site(database, {key: () for key, _ in report_ids(REPORTS)}, out, datasette="")
    return out


def read(site: Path, name: str) -> str:
    """A file of the site, without the escapes of Markdown."""
    return (site / name).read_text("utf-8").replace("\\_", "_")


def vocabulary(root: Path) -> dict[str, dict]:
    return {entry["warning"]: entry for entry in yaml.safe_load((root / "publish" / "usage_warnings.yml").read_text("utf-8"))}


def test_the_page_of_a_report_tells_what_holds_for_its_figures(site: Path, root: Path) -> None:
    text = read(site, "agencies/440115/2020/index.md").split("{#heed}")[1].split("\n## ")[0]
    for code in (
        "self_reported",
        "series_break",
        "small_denominator",
        "scope_overlap",
        "copy_not_official",
        "figures_missing",
        "totals_blank",
    ):
        assert vocabulary(root)[code]["text_zh"] in text, code
    assert "件数不是人数（本年新收政府信息公开申请数量、重复申请、无正当理由大量反复申请）：" in text
    assert "各地口径不一（其他对外管理服务事项）：" in text
    assert vocabulary(root)["scope_unknown"]["text_zh"] not in text
    assert read(site, "agencies/440115/2021/index.md").count(vocabulary(root)["copy_not_official"]["text_zh"]) == 0


def test_the_page_of_a_body_names_the_years_that_a_warning_is_about(site: Path) -> None:
    text = read(site, "agencies/440115/index.md").split("{#heed}")[1].split("\n## ")[0]
    assert "- 非官方副本（2020）：本站所存不是官方网站或官方存档的文本" in text
    assert "- 汇总口径：这份报告汇总本地区各机关的数字" in text  # in all years
    assert "- 序列断开：表格在某些年度改变" in text


def test_the_page_of_an_indicator_counts_what_its_figures_rest_on(site: Path) -> None:
    text = read(site, "indicators/granted/index.md")
    assert "收录的21个数字中，核对不符0个，推算或拆分0个，本站取得的文本缺失1个，空白0个。" in text
    assert "- 非官方副本（1份）：" in text
    assert "- 序列断开：" in text


def test_downloads_and_their_description_carry_the_vocabulary(site: Path, root: Path) -> None:
    text = read(site, "downloads/index.md")
    for code, entry in vocabulary(root).items():
        assert f"`{code}` {entry['title_zh']}：" in text
    resources = {each["name"]: each for each in json.loads(read(site, "data/datapackage.json"))["resources"]}
    assert [each["warning"] for each in resources["rates"]["usage_warnings"]] == ["self_reported", "small_denominator"]
    assert resources["regions"]["usage_warnings"] == []


def test_every_figure_in_a_file_bears_the_codes_of_its_own(site: Path) -> None:
    table = csv.DictReader(io.StringIO(read(site, "agencies/440115/2020/figures.csv").removeprefix("\ufeff")))
    codes = {row["indicator"]: row["warnings"].split() for row in table}
    assert {"self_reported", "counts_not_persons", "copy_not_official"} <= set(codes["requests_new"])
    assert "definitions_vary" in codes["other_external_service"] and "definitions_vary" not in codes["requests_new"]
    records = json.loads(read(site, "agencies/440103/2020/figures.json"))
    assert "copy_not_official" not in records[0]["warnings"].split()


def test_a_comparison_has_a_row_of_warnings(site: Path, root: Path) -> None:
    entries = {entry["body"]: entry for entry in json.loads(read(site, "compare/2020.json"))}
    assert "warning.copy_not_official" in entries["440115"]["warnings"]
    assert "warning.copy_not_official" not in entries["440103"]["warnings"]
    block = read(site, "compare/index.md")
    for code, entry in vocabulary(root).items():
        assert f"warning.{code} | {entry['title_zh']} | {entry['title_en']}" in block


def test_a_sentence_to_paste_names_them(site: Path) -> None:
    assert "使用提示：机关自报、序列断开、件数太少、汇总口径、非官方副本、有数字不符、有数字缺失、总计留空、件数不是人数。" in read(
        site, "agencies/440115/2020/index.md"
    )


def test_tables_and_queries_of_datasette_say_theirs(site: Path, root: Path) -> None:
    database = json.loads(read(site, "data/metadata.json"))["databases"]["gongkai"]
    reported, small = (vocabulary(root)[code] for code in ("self_reported", "small_denominator"))
    for name in ("figures", "requests", "proactive", "remedies", "rates", "narrative_figures"):
        assert reported["text_zh"] in database["tables"][name]["description"], name
        assert reported["text_en"] in database["tables"][name]["description"], name
    assert small["text_zh"] in database["tables"]["rates"]["description"]
    assert "使用时请注意" not in database["tables"]["regions"]["description"]
    for name in ("requests_received", "one_figure_of_every_body", "totals_of_like_bodies", "enforcement_and_fees"):
        assert reported["text_zh"] in database["queries"][name]["description"], name


def test_the_report_of_a_government_and_of_its_office_must_not_be_added(tmp_path: Path) -> None:
    office = Agency("440115-ban-gong-shi", "广州市南沙区人民政府办公室", "440115", "government_office", "county")
    query = "select report_id from report_warnings where warning = 'scope_overlap' order by 1"
    both = [make_report(agency=NANSHA), make_report(agency=office), make_report(agency=BUREAU)]
    assert rows(tmp_path, both, query) == [("440115-2020",), ("440115-ban-gong-shi-2020",)]
    assert rows(tmp_path, [make_report(agency=NANSHA), make_report(agency=office, year=2021)], query) == []
