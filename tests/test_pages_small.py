"""Pages of reports made by hand: what a reader is told when sums break, cells are blank, text is hostile, little is known."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from factories import BUREAU, GUANGZHOU, MISSING, balanced, make_report

from extract.model import Agency, Figure, NarrativeFigure, Noise, Problem, Section
from publish.database import build_database, report_ids
from publish.pages import build_site
from publish.pages.charts import series_chart

GOLDEN = Path(__file__).parent / "site"
HOSTILE = "<script>alert('x')</script> **粗** [点我](http://evil.example/) | 表 ![图](x) `码` {#id}"
ZEROS = Agency("440106", "广州市天河区人民政府", "440106", "government", "county")
LOST = Agency("330104", "杭州市江干区人民政府", "330104", "government", "county")


def figure(indicator: str, measure: str, value: int | None, **more: object) -> Figure:
    return Figure(indicator, measure, value, "件", **{"state": "printed", "raw": None if value is None else str(value), "line": 7, **more})


REPORTS = [
    # 2020: 11 outcomes; the column of natural persons breaks T1: 20+2 against 11+1.
    make_report(
        {
            ("requests_new", "natural_person"): figure("requests_new", "natural_person", 20),
            ("requests_new", "total"): figure("requests_new", "total", 23),
            ("granted", "total"): figure("granted", "total", 9, line=42),
            ("rules", "made_in_year"): None,
            ("rules", "disclosed_in_year"): figure("rules", "disclosed_in_year", None, state="dash", raw="—"),
            ("normative_documents", "disclosed_stock"): MISSING,
            ("admin_license", "items_change"): figure("admin_license", "items_change", -2, raw="－2"),
            ("requests_carried_out", "other_organization"): figure(
                "requests_carried_out", "other_organization", 0, state="inferred", proof="row_sum", raw=None, line=None
            ),
            ("central_procurement", "amount_yuan"): Figure(
                "central_procurement", "amount_yuan", 2154504800, "元", "printed", raw="215450.48", line=9
            ),
        },
        scope="jurisdiction_total",
        copy_kind="republished",
        published_on="2021-02-10",
        public_lines=tuple(f"第{number}行" for number in range(1, 60)),
        sections=(
            Section(1, "overview", "一、总体情况", f"收到申请。\n{HOSTILE}", 1, 2),
            Section(2, "problems", None, "问题。", 3, 3, "content"),
        ),
        narrative=(
            NarrativeFigure(1, "overview", 85000, "次", True, "8.5万余次", "阅读8.5万余次，办结12件。", 2),
            NarrativeFigure(2, "overview", 12, "件", False, "12件", "阅读8.5万余次，办结12件。", 2, "outcomes_total"),
        ),
        noise=(Noise("pinyin", 1, 3, "區(qū)", "區"), Noise("foreign_host", 2, 1, "www.example.cn", None)),
        problems=(Problem("unplaced", f"表中“{HOSTILE}”读不出。", "A text in the table could not be placed.", 8),),
    ),
    make_report(form="national_2021", year=2021, scope="jurisdiction_total", public_lines=("一",)),
    # All zero: nothing can be said to add up.
    make_report(base=dict.fromkeys(balanced("national_2019"), 0), agency=ZEROS),
    # Tables lost in this copy.
    make_report(base=dict.fromkeys(balanced("national_2019"), MISSING), agency=LOST, completeness="narrative_only"),
    # Enough outcomes for shares: 40 of 80 granted in full.
    make_report(
        {
            **{("granted", measure): 40 for measure in ("natural_person", "total")},
            **{("denied_registry_query", measure): 40 for measure in ("natural_person", "total")},
            **{
                (name, measure): 0
                for name in ("partially_granted", "unable_not_held", "notproc_duplicate", "requests_carried_in", "requests_carried_out")
                for measure in ("natural_person", "total")
            },
            **{(name, measure): 80 for name in ("outcomes_total", "requests_new") for measure in ("natural_person", "total")},
            **{(name, "commercial_enterprise"): 0 for name in ("granted", "outcomes_total", "requests_new")},
        },
        agency=BUREAU,
    ),
    make_report(
        base={},
        agency=GUANGZHOU,
        year=2018,
        document_type="news",
        copy_kind="news",
        form="narrative",
        completeness="narrative_only",
        public_lines=("新闻全文第一句。", "新闻全文第二句。"),
        narrative=(NarrativeFigure(1, "overview", 4382, "次", False, "4382次", "回应舆情4382次。", 1),),
    ),
    make_report(agency=None, base={}, path="空.txt", problems=(Problem("empty", "这个文件是空的。", "The file is empty."),)),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("small") / "dist"
    out.mkdir()
    database = out / "test.db"
    build_database(REPORTS, database)
    texts: Mapping[str, tuple[str, ...]] = {key: report.public_lines for key, report in report_ids(REPORTS)}
    build_site(database, texts, out, datasette="")
    return out


def read(small: Path, path: str) -> str:
    return (small / path).read_text(encoding="utf-8")


def table_after(text: str, heading: str) -> list[list[str]]:
    """The rows of the first Markdown table after a heading, cell by cell."""
    lines = text[text.index(heading) :].splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def row(rows: list[list[str]], label: str) -> list[str]:
    return next(cells for cells in rows if label in cells[0])


def test_the_agency_page_is_as_approved(small: Path) -> None:
    assert read(small, "agencies/440115/index.md") == (GOLDEN / "agency-440115.md").read_text(encoding="utf-8")


def test_the_report_page_is_as_approved(small: Path) -> None:
    assert read(small, "agencies/440115/2020/index.md") == (GOLDEN / "report-440115-2020.md").read_text(encoding="utf-8")


def test_a_broken_sum_is_marked_in_its_cells_and_explained(small: Path) -> None:
    text = read(small, "agencies/440115/2020/index.md")
    cells = row(table_after(text, "### 收到和处理政府信息公开申请情况"), "一、本年新收")
    sign, anchor = re.search(r"\[(※\d+)\]\(#([^)]+)\)", cells[1]).groups()
    assert cells[1].startswith("[20](source/index.html#L7)")
    note = next(line for line in text.splitlines() if f"{{#{anchor}}}" in line)
    assert note.startswith(
        f"> - {sign} 表内数字不符：‘自然人’列，新收20＋上年结转2＝22；办理结果总计11＋结转下年度1＝12，相差10件。照本站所存文本原样显示；"
    )
    assert "以发布机关原件为准。 *Does not add up: 22 against 12. Shown as printed in the copy we hold;" in note
    html = read(small, "agencies/440115/2020/index.html")
    assert f'<a href="#{anchor}" class="sign hard">{sign}</a>' in html and html.count(f'id="{anchor}"') == 1


def test_states_are_said_in_words_and_nothing_turns_into_zero(small: Path) -> None:
    text = read(small, "agencies/440115/2020/index.md")
    rows = table_after(text, "#### 第二十条第（一）项")
    assert row(rows, "规章")[1:3] == ["[空](source/index.html#L1)", "[—](source/index.html#L7)"]
    assert row(rows, "规范性文件")[3] == "缺"
    assert row(table_after(text, "### 收到和处理"), "四、结转下年度")[6] == "0 推"
    assert "- 推：推算值，原文未印：由‘总计＝各列之和’唯一推得。" in text
    assert "- 空：原文此格空白。空白不等于零。" in text
    assert "- 缺：本站取得的文本缺少此数。缺失不等于零，也不表示该机关未公布。" in text


def test_figures_are_shown_as_printed_with_yuan_beside_other_units(small: Path) -> None:
    text = read(small, "agencies/440115/2020/index.md")
    assert row(table_after(text, "#### 第二十条第（五）项"), "行政许可")[2] == "[－2](source/index.html#L7)"
    assert row(table_after(text, "#### 第二十条第（九）项"), "政府集中采购")[2] == "[215450.48（＝2,154,504,800元）](source/index.html#L9)"


def test_the_form_of_2021_has_its_own_layout(small: Path) -> None:
    text = read(small, "agencies/440115/2021/index.md")
    assert table_after(text, "#### 第二十条第（一）项")[0][1].startswith("本年制发件数")
    labels = [cells[0] for cells in table_after(text, "### 收到和处理")]
    assert any("3.其他" in label for label in labels) and any("（六）其他处理" in label for label in labels)
    assert "第二十条第（九）项" not in text


def test_a_lost_table_is_said_and_its_sentence_is_the_contract(small: Path) -> None:
    text = read(small, "agencies/330104/2020/index.md")
    assert text.count("本站取得的文本缺少此表。缺失不等于零，也不表示该机关未公布。") == 3
    assert "| 0 |" not in text and "[0]" not in text


def test_all_zero_is_never_said_to_add_up(small: Path) -> None:
    text = read(small, "agencies/440106/2020/index.md")
    assert "申请表的数字全部为零，勾稽关系自然成立，不算相符。" in text
    assert not re.search(r"相符\d", text)
    listed = next(line for line in read(small, "index.md").splitlines() if "天河区" in line)
    assert listed.endswith("| 全部为零，不算相符 |")


def test_no_percentage_under_thirty_outcomes(small: Path) -> None:
    text = read(small, "agencies/440115/2021/index.md")
    assert "办理结果仅14件，不计算比率。" in text
    assert "%" not in text
    assert "40／80 | 50.0%" in read(small, "agencies/440300-zhu-fang-he-jian-she-ju/2020/index.md")


def test_no_share_of_a_total_that_does_not_add_up(small: Path) -> None:
    assert "%" not in read(small, "agencies/440115/2020/index.md").split("## 法定表格")[0]


def test_hostile_text_stays_text(small: Path) -> None:
    html = read(small, "agencies/440115/2020/index.html")
    assert "<script>alert" not in html and 'evil.example/"' not in html and "<img" not in html
    assert html.count("&lt;script&gt;alert") == 2, "once in the section, once in the problem"
    assert 'id="id"' not in html


def test_every_legend_stands_beside_the_caution(small: Path) -> None:
    for page in ("checks/index.md", "methodology/index.md", "agencies/440115/2020/index.md", "index.md", "indicators/granted/index.md"):
        assert "表内数字相符不等于数字属实" in read(small, page), page


def test_news_gives_figures_sentences_and_no_text(small: Path) -> None:
    text = read(small, "agencies/440100/2018/index.md")
    assert "仅见新闻报道，未取得年报原文；数字系转引，不进入比较与汇总。" in text
    assert ["4,382次", "回应舆情4382次。"] in table_after(text, "## 报道中的数字")
    assert not (small / "agencies/440100/2018/source").exists() and not (small / "agencies/440100/2018/source.txt").exists()
    everything = "".join(path.read_text(encoding="utf-8") for path in small.rglob("*") if path.suffix in {".html", ".md", ".txt", ".csv"})
    assert "新闻全文" not in everything


def test_figures_of_different_scope_or_form_share_no_table(small: Path) -> None:
    text = read(small, "indicators/granted/index.md")
    headings = re.findall(r"^### (.+?) \*", text, re.MULTILINE)
    assert len(headings) == len(set(headings)) == 3
    assert not any("广州市南沙区" in part and "深圳市住房" in part for part in text.split("### ")[1:])


def test_a_file_that_cannot_be_read_is_listed_with_its_sentence(small: Path) -> None:
    text = read(small, "checks/index.md")
    assert "- 空.txt：这个文件是空的。 *The file is empty.*" in text[text.index("{#unreadable}") :]


def test_each_broken_check_has_a_stable_anchor_that_leads_to_the_report(small: Path) -> None:
    text = read(small, "checks/index.md")
    assert "[T1](../agencies/440115/2020/#check-T1-natural_person)" in text
    assert "{#440115-2020-check-T1-natural_person}" in text
    assert 'id="440115-2020-check-T1-natural_person"' in read(small, "checks/index.html")


def test_a_series_is_broken_where_its_figures_change_their_meaning() -> None:
    rows = [["2018", "5", ""], ["2019", "7", "", "2019年启用新格式"], ["2020", "9", ""]]
    drawn = series_chart("历年新收申请", "New requests by year", "件", rows)
    (line,) = re.findall(r'<line class="break" x1="([\d.]+)%"', drawn)
    assert float(line) == pytest.approx(100 / 3, abs=0.01)
    assert drawn.count("2019年启用新格式") == 3  # on the line, in the description and in the table
    assert 'class="break"' not in series_chart("历年新收申请", "New requests by year", "件", rows[1:])


def test_series_appears_with_the_second_year(small: Path) -> None:
    text = read(small, "agencies/440115/index.md")
    assert "series | 本年新收政府信息公开申请数量 | New requests in the year | 件\n2020 | 23 | ※ |\n2021 | 13 |" in text
    assert "series |" not in read(small, "agencies/440106/index.md")


def test_figures_files_open_in_a_spreadsheet_and_in_a_program(small: Path) -> None:
    raw = (small / "agencies/440115/2020/figures.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfreport_id,year,indicator,label_zh")
    assert raw.count(b"\r\n") == 199
    records = json.loads(read(small, "agencies/440115/2020/figures.json"))
    assert len(records) == 198
    new = next(record for record in records if (record["indicator"], record["measure"]) == ("requests_new", "total"))
    assert (new["value"], new["label_zh"], new["measure_zh"], new["check_status"]) == (
        23,
        "本年新收政府信息公开申请数量",
        "总计",
        "inconsistent",
    )
    assert len(json.loads(read(small, "agencies/440115/figures.json"))) == 398


def test_datasette_links_follow_the_address(tmp_path: Path, small: Path) -> None:
    assert 'href="../../../gongkai/figures?report_id=440115-2020"' in read(small, "agencies/440115/2020/index.html")
    texts = {key: report.public_lines for key, report in report_ids(REPORTS)}
    build_site(small / "test.db", texts, tmp_path / "none", datasette=None)
    assert "gongkai/" not in read(tmp_path, "none/agencies/440115/2020/index.html").replace("gongkai.db", "")
    assert "检索需要浏览器运行JavaScript" in read(tmp_path, "none/search/index.md")
    build_site(small / "test.db", texts, tmp_path / "away", datasette="https://db.example.org", site_url="https://example.org/open")
    html = read(tmp_path, "away/agencies/440115/2020/index.html")
    assert 'href="https://db.example.org/gongkai/figures?report_id=440115-2020"' in html
    assert '<link rel="canonical" href="https://example.org/open/agencies/440115/2020/">' in html
    assert "<loc>https://example.org/open/agencies/440115/2020/</loc>" in read(tmp_path, "away/sitemap.xml")
    assert "form-action &#39;self&#39; https://db.example.org" in read(tmp_path, "away/search/index.html")


def test_a_second_build_writes_nothing(small: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in small.rglob("*") if path.is_file()}
    texts = {key: report.public_lines for key, report in report_ids(REPORTS)}
    build_site(small / "test.db", texts, small, datasette="")
    assert {path: path.stat().st_mtime_ns for path in small.rglob("*") if path.is_file()} == before


def test_the_dictionary_is_found_by_the_printed_row(small: Path) -> None:
    rows = table_after(read(small, "dictionary/index.md"), "{#form-national_2021}")
    # Row 13 of the requests table, as the form of 2021 prints it.
    (found,) = [cells for cells in rows if cells[2] == "1.本机关不掌握相关政府信息"]
    assert found[:2] == ["收到和处理政府信息公开申请情况", "13"] and "(../indicators/unable_not_held/)" in found[3]
