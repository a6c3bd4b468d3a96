"""Checks of amounts: decimals are added as they are printed, and shown as far as they are printed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from factories import NANSHA, build, make_report

from publish.exact import exact_sum

FEES = ("proactive_fees", "request_fees", "fees_total")
CHECK = "select outcome, left_value, right_value, difference, sentence_zh from checks where rule = 'P4' and subject = 'fees_total'"


def fees(folder: Path, *values: str) -> tuple[object, ...]:
    """The check that the fees printed here are a sum."""
    items = {
        ("proactive_fee_disc", "value"): Decimal(values[0]),
        ("request_fee_search", "value"): Decimal(values[1]),
        **{(name, "value"): Decimal(value) for name, value in zip(FEES, values, strict=True)},
    }
    with build(folder, make_report(items, agency=NANSHA, form="shanghai_2004", year=2010)) as db:
        (found,) = db.execute(CHECK)
        return found


@pytest.mark.parametrize(
    "values", [("317267.08", "681542.77", "998809.85"), ("0.1", "0.2", "0.3"), ("12.345678", "0.000001", "12.345679"), ("7", "0.5", "7.5")]
)
def test_amounts_that_add_up_as_printed_are_not_flagged(tmp_path: Path, values: tuple[str, str, str]) -> None:
    outcome, left, right, difference, _ = fees(tmp_path, *values)
    assert (outcome, left, right, difference) == ("pass", float(values[2]), float(values[2]), 0)


def test_a_difference_of_thousandths_is_told(tmp_path: Path) -> None:
    outcome, left, right, difference, sentence = fees(tmp_path, "1.104", "2.2", "3.305")
    assert (outcome, left, right, difference) == ("fail", 3.304, 3.305, -0.001)
    assert "1.104＋依申请公开信息收取的费用2.2＝3.304；收取费用总数3.305，相差0.001元" in sentence


def test_sums_of_whole_numbers_stay_whole_and_what_is_no_number_is_refused() -> None:
    assert repr(exact_sum((1, 2), (4,))) == "-1"
    assert exact_sum((0.3,), (0.1,)) == 0.2
    with pytest.raises(TypeError):
        exact_sum((1, None))
