"""The gold's breaks are found and no others; how a failed check is told, and the cells that prove it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from factories import BUREAU, GUANGZHOU, make_report, rows
from test_tables import GOLD, gold_cells

from extract.model import Report

IDENTITIES = {"新收+上年结转 = 总计+结转下年度": "T1", "办理结果各项之和 = （七）总计": "T2"}
COLUMNS = {"自然人": "natural_person", "商业企业": "commercial_enterprise", "法律服务机构": "legal_service_organization"}
COLUMNS |= {"其他": "other_organization", "总计": "total"}


def gold_report(name: str, **more: Any) -> tuple[Report, dict]:
    gold = json.loads((GOLD / f"{name}.gold.json").read_text("utf-8"))
    return make_report(base=gold_cells(gold), year=gold["year"], **more), gold


def test_the_breaks_of_the_gold_are_found_and_no_others(tmp_path: Path) -> None:
    first, _ = gold_report("002_6fd43bb944f829ae")
    second, gold = gold_report("003_5485236d7c6fb8e1", agency=BUREAU, copy_kind="encyclopedia")
    failed = rows(tmp_path, (first, second), "select report_id, rule, subject, left_value, right_value from checks where outcome = 'fail'")
    hard = {
        (f"{BUREAU.agency_id}-2020", IDENTITIES[each["identity"]], COLUMNS[each["where"]], each["left"], each["right"])
        for each in gold["checks"]
        if each["identity"] in IDENTITIES
    }
    assert len(hard) == 8
    assert {row for row in failed if row[1].startswith("T")} == hard
    soft = {row[1:3] for row in failed if not row[1].startswith("T")}
    assert soft == {("D3", column) for column in ("made_in_year", "disclosed_in_year", "disclosed_stock")} | {
        ("D4", "admin_penalty"),
        ("D4", "admin_compulsion"),
    }


def test_the_sentence_of_the_contract(tmp_path: Path) -> None:
    report, _ = gold_report("003_5485236d7c6fb8e1", agency=BUREAU)
    query = "select sentence_zh, sentence_en from checks where rule = 'T1' and subject = 'natural_person'"
    assert rows(tmp_path, [report], query) == [
        (
            "表内数字不符：‘自然人’列，新收154＋上年结转3＝157；办理结果总计154＋结转下年度0＝154，相差3件。"
            "照本站所存文本原样显示；差异可能出自填报、转载或本站读取，以发布机关原件为准。",
            "Does not add up: 157 against 154. Shown as printed in the copy we hold; the cause may be the filing, the copy or our reading. "
            "What was compared, column “Natural persons”: “New requests in the year” 154 + “Carried over from the year before” 3 = 157; "
            "“Concluded in the year” 154 + “Carried over to the next year” 0 = 154.",
        )
    ]


def test_a_negative_number_in_a_sentence_stands_in_brackets(tmp_path: Path) -> None:
    report, _ = gold_report("003_5485236d7c6fb8e1", agency=BUREAU)
    ((sentence,),) = rows(tmp_path, [report], "select sentence_zh from checks where rule = 'D4' and subject = 'admin_penalty'")
    assert "上一年项目数量351＋本年增/减（−99）＝252" in sentence


def test_no_sentence_passes_judgement(tmp_path: Path) -> None:
    report, _ = gold_report("003_5485236d7c6fb8e1", agency=BUREAU)
    blank = make_report({("granted", "total"): None}, agency=GUANGZHOU)
    for zh, en, outcome in rows(tmp_path, [report, blank], "select sentence_zh, sentence_en, outcome from checks"):
        assert (zh is None) == (en is None) == (outcome == "pass")
        for word in ("通过", "失败", "合格", "造假", "错误"):
            assert word not in (zh or "")


# ── the evidence ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_cells_of_a_failed_check_add_up_to_its_two_sides(tmp_path: Path) -> None:
    report, _ = gold_report("003_5485236d7c6fb8e1", agency=BUREAU)
    query = """
        select k.rule, k.subject, k.left_value, k.right_value,
               sum(c.coefficient * c.value) filter (where side = 'left'),
               sum(c.coefficient * c.value) filter (where side = 'right')
        from checks k join check_cells c using (report_id, rule, subject) where k.rule in ('T1', 'T2', 'D4') group by 1, 2"""
    found = rows(tmp_path, [report], query)
    assert len(found) == 10
    for _, _, left, right, left_cells, right_cells in found:
        assert (left, right) == (left_cells, right_cells)


def test_a_fingerprint_changes_with_a_value_and_a_fragment_does_not(tmp_path: Path) -> None:
    query = "select fingerprint, fragment from checks where rule = 'T1' and subject = 'natural_person'"
    ((one, place),) = rows(tmp_path, [make_report({("requests_new", "natural_person"): 13})], query)
    ((same, _),) = rows(tmp_path, [make_report({("requests_new", "natural_person"): 13, ("granted", "total"): 1})], query)
    ((other, same_place),) = rows(tmp_path, [make_report({("requests_new", "natural_person"): 14})], query)
    assert one == same != other
    assert one == hashlib.sha256(b"440115-2020\x1fT1\x1fnatural_person\x1f15\x1f12").hexdigest()[:16]
    assert place == same_place == "check-T1-natural_person"
