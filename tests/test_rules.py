"""Rules are data; a rule that names what does not exist is refused."""

from __future__ import annotations

from typing import Any

import pytest

from publish.rules import RuleError, read_rules

RULE = {
    "rule": "X1",
    "kind": "within_table",
    "severity": "hard",
    "formats": ["national_2019"],
    "block": "requests",
    "title_zh": "甲",
    "title_en": "a",
    "formula_zh": "甲＝乙",
    "formula_en": "a = b",
    "for_each": {"column": "columns"},
    "left": ["granted.{column}"],
    "relation": "=",
    "right": ["granted.total"],
    "label": "indicator",
    "subject_zh": "{column}",
    "subject_en": "{column}",
}


def read_rule(**changes: Any) -> Any:
    told = {"fail_zh": "", "fail_en": ""}
    data = {"sets": {"columns": ["total"]}, "bodies": {}, "sentences": {"hard": told, "tail_zh": "", "tail_en": ""}}
    return read_rules({**data, "rules": [{**RULE, **changes}]})


def test_a_rule_is_read_from_data() -> None:
    (rule,) = read_rule()
    assert [(s.subject, s.subject_zh, len(s.terms)) for s in rule.subjects] == [("total", "总计", 2)]


@pytest.mark.parametrize(
    "changes",
    [
        {"left": ["grnated.total"]},
        {"left": ["granted.{nobody}"]},
        {"left": ["granted"]},
        {"relation": "=="},
        {"cases": [{"subject": "all"}, {"subject": "all"}]},
    ],
)
def test_a_rule_that_names_what_does_not_exist_is_refused(changes: dict) -> None:
    with pytest.raises(RuleError, match="X1"):
        read_rule(**changes)
