"""Sentences ready to paste: each figure with its denominator, scope, check, kind of copy and line, and no rate on too few."""

from __future__ import annotations

import json
import re
from pathlib import Path

from factories import NANSHA, make_report

from extract.model import Figure
from publish.database import build_database, report_ids
from publish.pages import build_site

MANY = {
    ("requests_new", "natural_person"): 56,
    ("requests_new", "total"): 59,
    ("granted", "natural_person"): 52,
    ("granted", "total"): Figure("granted", "total", 55, "件", "printed", raw="55", line=42),
    ("outcomes_total", "natural_person"): 57,
    ("outcomes_total", "total"): 60,
}


def cards(folder: Path, **report: object) -> dict[str, tuple[str, str]]:
    """Build a site of one report; return the sentences of its page by label."""
    folder.mkdir()
    made = make_report(**{"agency": NANSHA, "scope": "jurisdiction_total", "copy_kind": "republished", **report})  # type: ignore[arg-type]
    build_database([made], folder / "test.db")
    build_site(
        folder / "test.db", {key: () for key, _ in report_ids([made])}, folder / "dist", datasette=None, site_url="https://example.org/g"
    )
    text = next((folder / "dist").glob("agencies/*/*/index.md")).read_text(encoding="utf-8")
    block = re.search(r"```cards\n(.*?)```", text, re.DOTALL)
    return {} if block is None else {line.split(" | ")[0]: tuple(line.split(" | ")[2:4]) for line in block[1].splitlines()[1:]}  # type: ignore[misc]


def test_a_sentence_says_all_that_a_careful_reader_must_know(tmp_path: Path) -> None:
    chinese, english = cards(tmp_path / "a", cells=MANY)["予以公开"]
    assert chinese == (
        "广州市南沙区人民政府2020年政府信息公开工作年度报告：“予以公开”55件，占办理结果总计60件的91.7%。口径：全区汇总。"
        "核对：相符（不等于属实）。副本：转载。使用提示：机关自报、序列断开、汇总口径、非官方副本。所存文本第42行。见“公开”440115-2020，https://example.org/g/agencies/440115/2020/cards/#granted.total"
    )
    for part in ("55 cases, 91.7% of 60 outcomes", "Scope: Whole jurisdiction.", "adds up", "Republished copy", "Line 42", "440115-2020"):
        assert part in english


def test_no_rate_stands_on_fewer_than_thirty_outcomes(tmp_path: Path) -> None:
    told = cards(tmp_path / "a")
    assert "9件，办理结果仅14件，不计算比率。" in told["予以公开"][0]
    assert not any("%" in sentence for pair in told.values() for sentence in pair)


def test_a_broken_sum_is_told_and_takes_the_rate_away(tmp_path: Path) -> None:
    told = cards(tmp_path / "a", cells={**MANY, ("outcomes_total", "total"): 61})
    assert "办理结果总计61件（表内数字不符，不计算比率）" in told["予以公开"][0]
    assert "差异可能出自填报、转载或本站读取，以发布机关原件为准" in told["办理结果总计"][0]


def test_only_outcomes_have_a_denominator(tmp_path: Path) -> None:
    told = cards(tmp_path / "a", cells=MANY)
    for label in ("本年新收政府信息公开申请数量", "办理结果总计", "结转下年度继续办理", "行政复议"):
        assert "占办理结果" not in told[label][0], label


def test_a_figure_that_the_copy_lacks_has_no_sentence_and_news_has_none(tmp_path: Path) -> None:
    from factories import MISSING

    assert "部分公开" not in cards(tmp_path / "a", cells={("partially_granted", "total"): MISSING})
    assert cards(tmp_path / "b", document_type="news", copy_kind="news") == {}


def records(folder: Path, **report: object) -> dict[tuple[str, str], tuple[str, str]]:
    """The sentences of figures.json by cell."""
    cards(folder, **report)
    file = next((folder / "dist").glob("agencies/*/*/figures.json"))
    return {
        (row["indicator"], row["measure"]): (row["sentence_zh"], row["sentence_en"]) for row in json.loads(file.read_text(encoding="utf-8"))
    }


def test_every_cell_has_its_sentence_in_the_file_of_figures(tmp_path: Path) -> None:
    from factories import MISSING

    told = records(tmp_path / "a", cells={**MANY, ("rules", "made_in_year"): MISSING})
    assert all(chinese and english for chinese, english in told.values())
    chinese, english = told["granted", "natural_person"]
    assert "“予以公开”（自然人）52件，占这一列办理结果总计57件的91.2%。" in chinese
    assert "“Granted in full” (Natural persons), 52 cases, 91.2% of 57 outcomes in this column. " in english
    chinese, english = told["rules", "made_in_year"]
    assert "“规章”（本年新制作数量）在本站取得的文本中缺失。缺失不等于零" in chinese and "核对" not in chinese
    assert "is missing from the copy held. Missing is not zero" in english
    assert "“Administrative normative documents” (Made in the year), " in told["normative_documents", "made_in_year"][1]
    assert " items. " in told["normative_documents", "made_in_year"][1], "documents are no cases"


def test_a_column_with_few_outcomes_has_no_rate_where_the_total_has_one(tmp_path: Path) -> None:
    told = records(tmp_path / "a", cells=MANY)
    assert "，这一列办理结果仅" in told["granted", "commercial_enterprise"][0] and "%" in told["granted", "total"][0]


def test_the_page_of_cards_has_every_figure_but_zeros_outside_the_totals(tmp_path: Path) -> None:
    told = records(tmp_path / "a", cells=MANY)
    page = (tmp_path / "a/dist/agencies/440115/2020/cards/index.html").read_text(encoding="utf-8")
    held = set(re.findall(r'<dt id="([^"]+)"', page))
    assert {"granted.total", "granted.natural_person", "denied_state_secret.total"} <= held <= {".".join(cell) for cell in told}
    assert told["granted", "natural_person"][0] in page and "@techreport" in page and "[R/OL]" in page
    report = (tmp_path / "a/dist/agencies/440115/2020/index.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\(cards/index\.html#([^)]+)\)", report))
    assert "granted" in linked and all(f'id="{name}"' in page for name in linked)


def test_all_zeros_are_not_said_to_add_up(tmp_path: Path) -> None:
    from factories import balanced

    zeros = {cell: 0 for cell in balanced("national_2019")}
    assert "核对：无法核对。" in cards(tmp_path / "a", cells=zeros)["予以公开"][0]
