"""Two databases compared: what came, changed and went, by key; what cannot be compared is one sentence."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from factories import BUREAU, GUANGZHOU, MISSING, NANSHA, make_report

from build import main
from extract.model import Report
from publish.changes import Change, read_changes
from publish.compare import compare
from publish.database import build_database

TOTAL = "total"


def database(folder: Path, name: str, *reports: Report) -> Path:
    path = folder / f"{name}.db"
    build_database(reports, path)
    return path


def of_kind(changes: tuple[Change, ...], *kinds: str) -> list[tuple[Any, ...]]:
    """The changes of some kinds without the fields that they do not have."""
    fields = ("kind", "report_id", "old_report_id", "indicator", "measure", "rule", "subject")
    values = ("old_value", "new_value", "old_state", "new_state", "n_figures")
    return [
        (*(v for f in fields if (v := getattr(change, f)) is not None), *(getattr(change, f) for f in values))
        for change in changes
        if change.kind in kinds
    ]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["compare", *map(str, arguments)])


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_figure_that_changed_is_listed_with_both_values_and_no_other_is(tmp_path: Path) -> None:
    old = database(tmp_path, "old", make_report(), make_report(agency=BUREAU))
    new = database(tmp_path, "new", make_report({("admin_license", "decisions"): 401}), make_report(agency=BUREAU))
    changes = compare(old, new)
    assert of_kind(changes, "figure_changed", "figure_added", "figure_gone") == [
        ("figure_changed", "440115-2020", "admin_license", "decisions", 400, 401, "printed", "printed", None)
    ]
    assert {change.report_id for change in changes} == {"440115-2020"}


def test_a_blank_is_no_zero_and_a_lost_cell_no_blank(tmp_path: Path) -> None:
    cells = (("rules", "made_in_year"), ("rules", "disclosed_in_year"))
    old = database(tmp_path, "old", make_report({cells[0]: 0, cells[1]: None}))
    new = database(tmp_path, "new", make_report({cells[0]: None, cells[1]: MISSING}))
    assert of_kind(compare(old, new), "figure_changed") == [
        ("figure_changed", "440115-2020", "rules", "disclosed_in_year", None, None, "blank", "missing", None),
        ("figure_changed", "440115-2020", "rules", "made_in_year", 0, None, "printed", "blank", None),
    ]


def test_figures_come_and_go_within_a_report(tmp_path: Path) -> None:
    base = {("requests_new", TOTAL): 5, ("granted", TOTAL): 4}
    old = database(tmp_path, "old", make_report(base=base))
    new = database(tmp_path, "new", make_report(base={("requests_new", TOTAL): 5, ("outcomes_total", TOTAL): 6}))
    changes = compare(old, new)
    assert of_kind(changes, "figure_added", "figure_gone") == [
        ("figure_added", "440115-2020", "outcomes_total", TOTAL, None, 6, None, "printed", None),
        ("figure_gone", "440115-2020", "granted", TOTAL, 4, None, "printed", None, None),
    ]
    assert not of_kind(changes, "report_added", "report_gone", "report_replaced")


# ── reports ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_added_report_is_counted_and_one_that_is_gone_keeps_its_values(tmp_path: Path) -> None:
    gone = make_report(base={("requests_new", TOTAL): 5, ("granted", TOTAL): None}, agency=GUANGZHOU)
    added = make_report(base={("requests_new", TOTAL): 9, ("granted", TOTAL): MISSING}, agency=BUREAU)
    old, new = database(tmp_path, "old", make_report(), gone), database(tmp_path, "new", make_report(), added)
    changes = compare(old, new)
    assert of_kind(changes, "report_added", "report_gone", "figure_added", "figure_gone") == [
        ("report_added", "440300-zhu-fang-he-jian-she-ju-2020", None, None, None, None, 1),
        ("report_gone", "440100-2020", None, None, None, None, 1),
        ("figure_gone", "440100-2020", "requests_new", TOTAL, 5, None, "printed", None, None),
    ]


def test_a_better_copy_replaces_and_says_in_how_many_cells_it_differs(tmp_path: Path) -> None:
    first = make_report(path="a.txt", copy_kind="republished")
    second = make_report({("admin_license", "decisions"): 401, ("rules", "made_in_year"): None}, path="b.txt")
    old, new = database(tmp_path, "old", first), database(tmp_path, "new", first, second)
    changes = compare(old, new)
    # Rules are 0 in the first copy and blank in the second: another value.
    assert of_kind(changes, "report_replaced") == [("report_replaced", "440115-2020-2", "440115-2020", None, None, None, None, 2)]
    assert not of_kind(changes, "report_gone", "figure_changed", "figure_gone")


def test_a_worse_copy_is_added_and_replaces_nothing(tmp_path: Path) -> None:
    first, second = make_report(path="a.txt"), make_report(path="b.txt", copy_kind="encyclopedia")
    changes = compare(database(tmp_path, "old", first), database(tmp_path, "new", first, second))
    assert [row[:2] for row in of_kind(changes, "report_added", "report_replaced")] == [("report_added", "440115-2020-2")]


def test_another_file_behind_a_report_is_told(tmp_path: Path) -> None:
    old, new = database(tmp_path, "old", make_report(path="a.txt")), database(tmp_path, "new", make_report(path="b.txt"))
    assert compare(old, new) == (Change("file_changed", "440115-2020"),)


# ── checks ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_checks_that_newly_fail_and_those_resolved(tmp_path: Path) -> None:
    # In the column of other organizations every cell is 0; one new request there breaks T1 (1 + 0 against 0 + 0).
    sound = make_report()
    broken = make_report({("requests_new", "other_organization"): 1})
    one, two = database(tmp_path, "one", sound), database(tmp_path, "two", broken)
    found = of_kind(compare(one, two), "check_failing", "check_resolved")
    assert ("check_failing", "440115-2020", "T1", "other_organization", 0, 1, "pass", "fail", None) in found
    assert not [row for row in found if row[0] == "check_resolved"]
    back = of_kind(compare(two, one), "check_failing", "check_resolved")
    assert ("check_resolved", "440115-2020", "T1", "other_organization", 1, 0, "fail", "pass", None) in back
    assert not [row for row in back if row[0] == "check_failing"]


def test_a_check_that_failed_before_does_not_newly_fail(tmp_path: Path) -> None:
    old = database(tmp_path, "old", make_report({("requests_new", "other_organization"): 1}))
    new = database(tmp_path, "new", make_report({("requests_new", "other_organization"): 2}))
    assert not [row for row in of_kind(compare(old, new), "check_failing") if row[2:4] == ("T1", "other_organization")]


def test_a_check_that_can_no_longer_be_made_is_not_said_to_add_up(tmp_path: Path) -> None:
    old = database(tmp_path, "old", make_report({("requests_new", "other_organization"): 1}))
    new = database(tmp_path, "new", make_report({("requests_new", "other_organization"): None}))
    resolved = [row for row in of_kind(compare(old, new), "check_resolved") if row[2:4] == ("T1", "other_organization")]
    assert [row[-2] for row in resolved] == ["not_assessable"]


def test_checks_of_a_report_that_is_gone_are_not_resolved(tmp_path: Path) -> None:
    broken = make_report({("requests_new", "other_organization"): 1})
    old, new = database(tmp_path, "old", broken, make_report(agency=BUREAU)), database(tmp_path, "new", make_report(agency=BUREAU))
    assert not of_kind(compare(old, new), "check_resolved")


# ── the files ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_command_writes_a_file_that_the_build_reads_and_always_the_same(tmp_path: Path) -> None:
    old = database(tmp_path, "old", make_report())
    new = database(tmp_path, "new", make_report({("admin_license", "decisions"): 401}), make_report(agency=BUREAU))
    before = [sha256(path.read_bytes()).hexdigest() for path in (old, new)]
    for folder in ("a", "b"):
        result = run(old, new, "--date", "2026-11-21", "--out", tmp_path / folder)
        assert result.exit_code == 0, result.output
    texts = [(tmp_path / folder / "2026-11-21.json").read_bytes() for folder in ("a", "b")]
    assert texts[0] == texts[1]
    (file,) = read_changes(tmp_path / "a")
    assert (file.date, file.changes) == ("2026-11-21", compare(old, new))
    assert json.loads(texts[0])["changes"][0] == {
        "kind": "report_added",
        "report_id": "440300-zhu-fang-he-jian-she-ju-2020",
        "n_figures": 198,
    }
    assert [sha256(path.read_bytes()).hexdigest() for path in (old, new)] == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "new.db", "old.db"], "no journal beside the databases"


def test_columns_and_tables_that_only_one_side_has_do_not_matter(tmp_path: Path) -> None:
    old, new = database(tmp_path, "old", make_report()), database(tmp_path, "new", make_report())
    with closing(sqlite3.connect(new)) as connection:
        connection.execute("alter table reports add column sign text default 'x'")
        connection.execute("create table more (id)")
        connection.commit()
    with closing(sqlite3.connect(old)) as connection:
        connection.execute("drop table rates")
        connection.execute("alter table sections drop column heading")
        connection.commit()
    assert compare(old, new) == compare(new, old) == ()


@pytest.mark.parametrize("date", ["21.11.2026", "2026-11-31", "20261121", "2026-W47-6", "２０２６-11-21", "../2026-11-21", ""])
def test_a_malformed_date_is_one_sentence(tmp_path: Path, date: str) -> None:
    path = database(tmp_path, "one", make_report())
    result = run(path, path, "--date", date, "--out", tmp_path / "changes")
    assert result.exit_code == 1
    assert "is not a date; write it as YYYY-MM-DD" in result.output
    assert not (tmp_path / "changes").exists()


def test_without_a_date_the_command_asks_for_one(tmp_path: Path) -> None:
    path = database(tmp_path, "one", make_report())
    result = run(path, path, "--out", tmp_path / "changes")
    assert result.exit_code == 1 and "--date YYYY-MM-DD" in result.output
    assert not (tmp_path / "changes").exists()


def test_a_file_that_exists_is_only_written_anew_by_force(tmp_path: Path) -> None:
    path = database(tmp_path, "one", make_report())
    written = tmp_path / "2026-11-21.json"
    written.write_text("mine", "utf-8")
    arguments = (path, path, "--date", "2026-11-21", "--out", tmp_path)
    result = run(*arguments)
    assert result.exit_code == 1 and "exists already; --force writes it anew" in result.output
    assert written.read_text("utf-8") == "mine"
    assert run(*arguments, "--force").exit_code == 0
    assert written.read_text("utf-8") == '{"date": "2026-11-21", "changes": []}\n'


def _garbage(path: Path) -> None:
    path.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 20)


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table figures (value)")
        connection.commit()


def _no_column(path: Path) -> None:
    build_database([make_report()], path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("create table bare as select * from figures; drop view figures; alter table bare rename to figures")
        connection.execute("alter table figures drop column state")
        connection.commit()


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "there is no file"),
        (lambda path: path.mkdir(), "there is no file"),
        (lambda path: path.write_bytes(b""), "is not a SQLite database"),
        (lambda path: path.write_text("公开", "utf-8"), "is not a SQLite database"),
        (_garbage, "cannot be read"),
        (_foreign, "is not a Gongkai database: it lacks the table reports"),
        (_no_column, "is not a Gongkai database: it lacks the column figures.state"),
    ],
)
def test_what_is_no_database_of_ours_is_one_sentence(tmp_path: Path, make: Any, sentence: str) -> None:
    good, bad = database(tmp_path, "good", make_report()), tmp_path / "bad.db"
    make(bad)
    for arguments in ((good, bad), (bad, good)):
        result = run(*arguments, "--date", "2026-11-21", "--out", tmp_path / "changes")
        assert result.exit_code == 1, result.output
        assert sentence in result.output and "bad.db" in result.output
        assert result.output.count("\n") == 1 and isinstance(result.exception, SystemExit)
        assert not (tmp_path / "changes").exists()


def test_a_path_with_marks_of_an_address_is_opened_as_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "a?b #c%20"
    folder.mkdir()
    path = database(folder, "one", make_report(agency=NANSHA))
    assert compare(path, path) == ()
