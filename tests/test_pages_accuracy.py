"""The accuracy page: its arithmetic, what it says of the committed measurements, and what a damaged file of them does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import build
from publish import accuracy
from publish.accuracy import AccuracyError, read_generated, read_planted, read_real, wilson
from publish.pages import gathered
from publish.pages.accuracy_page import bound_up, share_down


@pytest.mark.parametrize(
    ("events", "trials", "low", "high"),
    [
        # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(events: int, trials: int, low: float, high: float) -> None:
    assert wilson(events, trials) == pytest.approx((low, high), abs=5e-5)


def test_no_share_is_rounded_in_our_favour() -> None:
    assert share_down(9996, 10000) == "99.9%" and share_down(30, 30) == "100.0%"
    assert share_down(29, 29) is None
    assert bound_up(0.00001) == "0.01%"


def test_the_page_says_what_was_measured(built: Path, root: Path) -> None:
    text = (built / "accuracy/index.md").read_text("utf-8")
    told = json.loads((root / "bench/accuracy.json").read_text("utf-8"))["total"]
    assert f"{told['cells']:,}格：读对{told['right']:,}格" in text and f"读错{told['wrong']:,}格" in text
    (real,) = yaml.safe_load((root / "site/accuracy_real.yml").read_text("utf-8"))
    assert f"人工逐格读过{real['cells']}格：读对{real['right']}格" in text and str(real["date"]) in text and real["command"] in text
    # 0 of 396: z²/(n+z²) = 3.8415/399.8415 = 0.9607%, rounded up.
    assert (real["wrong"], real["cells"]) == (0, 396) and "不超过0.97%" in text
    assert "不能当作真实报告的准确率" in text and "they are not the accuracy on real reports" in text
    assert "两行办理结果互换" in text


def test_the_real_cells_are_those_of_the_gold_files(root: Path) -> None:
    (real,) = read_real()
    gold = [json.loads(path.read_text("utf-8"))["tables"] for path in sorted((root / "tests/gold").glob("*.json"))]
    assert real.with_tables == len(gold)
    assert real.documents == len(list((root / "reports").glob("*.txt")))
    assert re.search(r"-k (\w+)$", real.command)[1] in (root / "tests/test_tables.py").read_text("utf-8")


def test_each_group_has_its_row_and_the_sums_are_told_not_to_hold(built: Path, root: Path) -> None:
    text = (built / "accuracy/index.md").read_text("utf-8")
    by = json.loads((root / "bench/accuracy.json").read_text("utf-8"))["by"]
    parts = {name: text.split(f"{{#{name}}}")[1].split("\n#")[0] for name in by}
    for name, groups in by.items():
        rows = [line for line in parts[name].splitlines() if line.startswith("|")][2:]
        assert len(rows) == len(groups)
        assert sorted(int(row.split("|")[3].replace(",", "")) for row in rows) == sorted(group["cells"] for group in groups.values())
    assert "各行相加不等于总数" in parts["noise"]


def test_the_page_is_reached_from_every_footer_and_from_the_methodology(built: Path) -> None:
    assert 'href="accuracy/"' in (built / "index.html").read_text("utf-8").split("<footer")[1]
    assert "(../accuracy/)" in (built / "methodology/index.md").read_text("utf-8")


def damaged(tmp_path: Path, change: str) -> Path:
    told = json.loads(accuracy.GENERATED.read_text("utf-8"))
    path = tmp_path / "accuracy.json"
    if change == "absent":
        return path
    if change == "a sum":
        told["total"]["right"] += 1
    elif change == "a count":
        told["by"]["form"]["national_2019"]["wrong"] = "0"
    elif change == "a group":
        del told["by"]["noise"]
    path.write_text("{" if change == "no JSON" else json.dumps(told), "utf-8")
    return path


@pytest.mark.parametrize("change", ["absent", "no JSON", "a sum", "a count", "a group"])
def test_a_damaged_file_is_refused_in_one_sentence(tmp_path: Path, change: str) -> None:
    with pytest.raises(AccuracyError, match=r"^accuracy\.json [^\n]+; write it anew with [^\n]+\.$"):
        read_generated(damaged(tmp_path, change))


@pytest.mark.parametrize("text", ["", "- {date: 2026-11-21}", "- {date: soon}", "[", "3"])
def test_a_damaged_file_of_real_measurements_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "accuracy_real.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(AccuracyError, match=r"^accuracy_real\.yml "):
        read_real(path)


def test_a_damaged_file_of_planted_errors_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "planted_errors.yml"
    path.write_text("kinds: {digit: {planted: 1}}", "utf-8")
    with pytest.raises(AccuracyError, match=r"^planted_errors\.yml "):
        read_planted(path)


def test_a_build_without_measurements_ends_with_that_sentence(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered, "read_generated", lambda: read_generated(tmp_path / "accuracy.json"))
    done = CliRunner().invoke(build.main, ["build", "--reports", str(root / "reports"), "--out", str(tmp_path / "dist"), "--jobs", "1"])
    assert done.exit_code == 1 and not (tmp_path / "dist").exists()
    assert done.output.strip().splitlines()[-1].startswith("Error: accuracy.json is not there; write it anew")
