"""The generator: its tables are the official forms, its figures add up, its damage and its truth go together."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from random import Random

import click
import pytest
from click.testing import CliRunner

import build
from bench import MARKER, is_generated
from bench.bodies import KINDS, draw_body
from bench.draft import ACTS, FORM_YEARS, Order, draw, truth_of
from bench.generate import digest, generate, make, read_truths
from bench.layout import lay_out
from bench.media import MEDIA
from bench.media.grid import placed, rectangle
from bench.nation import national_orders
from bench.plan import fits, gate_orders
from extract.catalogue import read_catalogue
from extract.identity.gazetteer import regions_by_id

ROOT = Path(__file__).parent.parent
APPLICANTS = [
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_interest_organization",
    "legal_service_organization",
    "other_organization",
]


def drawn(form: str, seed: int = 1, noise: tuple[str, ...] = ()) -> dict:
    order = Order(seed, form, "text_lines", noise)
    return truth_of(draw(order, Random(f"test {seed}")), order, "x")


@pytest.mark.parametrize(("form", "cells"), [("national_2019", 198), ("national_2021", 200), ("national_2014", 58)])
def test_a_form_has_all_its_cells(form: str, cells: int) -> None:
    assert len(drawn(form)["cells"]) == cells


@pytest.mark.parametrize("seed", range(12))
def test_the_sums_of_the_form_hold(seed: int) -> None:
    cells = {key: Decimal(value) for key, value in drawn("national_2021", seed)["cells"].items()}
    rows = {key.split(".")[0] for key in cells if key.endswith(".natural_person")}
    assert len(rows) == 25
    for row in rows:
        assert cells[f"{row}.total"] == sum(cells[f"{row}.{applicant}"] for applicant in APPLICANTS)
    leaves = rows - {"requests_new", "requests_carried_in", "outcomes_total", "requests_carried_out"}
    for column in [*APPLICANTS, "total"]:
        assert cells[f"outcomes_total.{column}"] == sum(cells[f"{row}.{column}"] for row in leaves)
        assert cells[f"requests_new.{column}"] + cells[f"requests_carried_in.{column}"] == (
            cells[f"outcomes_total.{column}"] + cells[f"requests_carried_out.{column}"]
        )


def test_the_sums_of_the_statistics_table_hold() -> None:
    for seed in range(12):
        cells = {key: Decimal(value) for key, value in drawn("national_2014", seed)["cells"].items()}
        ways = ("requests_in_person", "requests_fax", "requests_online", "requests_mail")
        assert cells["requests_received.value"] == sum(cells[f"{way}.value"] for way in ways)
        assert cells["staff_total.value"] == cells["staff_full_time.value"] + cells["staff_part_time.value"]


def test_most_towns_have_nothing_and_some_bodies_much() -> None:
    received = [int(drawn("national_2021", seed)["cells"]["requests_new.total"]) for seed in range(150)]
    assert sum(each == 0 for each in received) > 30
    assert max(received) > 10 * (sorted(received)[len(received) // 2] + 1)


def test_a_broken_sum_breaks_one() -> None:
    cells = drawn("national_2021", 3, ("broken_sum",))["cells"]
    sound = drawn("national_2021", 3)["cells"]
    assert cells != sound
    assert cells.keys() == sound.keys()


@pytest.mark.parametrize("form", sorted(FORM_YEARS))
def test_the_cells_of_a_table_cover_it_without_overlap(form: str) -> None:
    rng = Random(form)
    for flat in (False, True):
        for sheet in lay_out(form, draw_body(rng, FORM_YEARS[form][0]), rng, flat=flat):
            places = [
                (r, c)
                for row, column, cell in placed(sheet)
                for r in range(row, row + cell.row_span)
                for c in range(column, column + cell.column_span)
            ]
            assert len(places) == len(set(places)) == len(sheet.rows) * sheet.width


def test_a_body_stood_in_its_year() -> None:
    rng = Random("bodies")
    for year in range(2008, 2026):
        for _ in range(10):
            body = draw_body(rng, year)
            assert regions_by_id()[body.region_id].stood_in(year), body
            assert body.region_id[:2] not in ("71", "81", "82")


@pytest.mark.parametrize("noise", sorted(ACTS))
def test_each_kind_of_damage_shows(noise: str) -> None:
    """It changes the document, in at least one of a few draws, and leaves the truth whole or smaller."""
    struck = 0
    for seed in range(6):
        medium = "html" if noise == "uneven_spans" else "text_lines"
        form = "national_2021" if fits(noise, medium, "national_2021") else "national_2014"
        _, clean, truth = make(Order(seed, form, medium), 4)
        _, damaged, hurt = make(Order(seed, form, medium, (noise,)), 4)
        struck += clean != damaged
        assert hurt["noise"] in ([], [noise])
        assert noise == "subtotal_row" or set(hurt["cells"]) <= set(truth["cells"])
    assert struck


def test_lost_rows_and_tables_leave_the_truth() -> None:
    whole = set(drawn("national_2021", 5)["cells"])
    assert len(whole - set(drawn("national_2021", 5, ("row_lost",))["cells"])) in (7, 14)
    assert len(whole - set(drawn("national_2021", 5, ("table_lost",))["cells"])) in (15, 175)


def test_a_medium_holds_what_the_truth_says() -> None:
    for medium in MEDIA:
        file, data, truth = make(Order(7, "national_2021", medium), 9)
        if medium == "docx":
            text = zipfile.ZipFile(BytesIO(data)).read("word/document.xml").decode()
        elif medium == "xlsx":
            text = zipfile.ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
        elif medium == "pdf":
            text = "".join(bytes.fromhex(part.split(b">")[0].decode()).decode("utf-16-be") for part in data.split(b"Td <")[1:])
        else:
            text = next(found for found in (decoded(data, encoding) for encoding in ("utf-8", "gb18030")) if found)
        flat = "".join(character for character in text if character not in " \n\r")
        in_runs = medium in ("html_word", "html_site_word")
        assert truth["agency"] in flat or in_runs, (medium, file)
        if not in_runs:
            assert f"公开申请{truth['cells']['requests_new.total']}件" in flat or "共收到" not in flat


def decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def test_a_seed_gives_one_corpus_whatever_the_hash_seed(tmp_path: Path) -> None:
    code = "import sys, pathlib; from bench.generate import *; f = pathlib.Path(sys.argv[1]); generate(f, 40, 3); print(digest(f))"
    digests = set()
    for number in (1, 2):
        environment = {**os.environ, "PYTHONHASHSEED": str(number), "TZ": "Asia/Shanghai" if number == 1 else "UTC"}
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / str(number))], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout)
    generate(tmp_path / "other", 40, 4, "national")
    assert len(digests) == 1
    assert digest(tmp_path / "other") + "\n" not in digests


def test_a_corpus_says_that_it_is_invented(tmp_path: Path) -> None:
    assert not is_generated(tmp_path)
    assert not is_generated(ROOT / "reports")
    generate(tmp_path / "made", 12, 1)
    assert is_generated(tmp_path / "made")
    (tmp_path / "made" / MARKER).unlink()
    assert is_generated(tmp_path / "made"), "the catalogue says it too"
    entries = read_catalogue(tmp_path / "made")
    assert [entry.file for entry in entries] == [truth["file"] for truth in read_truths(tmp_path / "made")]
    assert all((tmp_path / "made" / entry.file).is_file() and entry.note == "generated" for entry in entries)


def test_the_gate_holds_every_damage_in_every_medium() -> None:
    orders = list(gate_orders(560, 1))
    pairs = {(order.medium, noise) for order in orders for noise in order.noise}
    wanted = {(medium, noise) for medium in MEDIA for noise in ACTS if fits(noise, medium, "national_2021")}
    assert [order.number for order in orders] == list(range(560))
    assert len(pairs & wanted) > 0.95 * len(wanted)
    assert {order.form for order in orders} == set(FORM_YEARS)


def test_a_national_corpus_is_mostly_clean_web_pages() -> None:
    orders = list(national_orders(3000, 1))
    assert sum(order.medium.startswith("html") for order in orders) > 1500
    assert sum(not order.noise for order in orders) > 1500
    assert [order.number for order in orders] == list(range(3000))


def test_a_national_corpus_has_divisions_with_organs_with_years() -> None:
    orders = list(national_orders(3000, 1))
    bodies = {}
    for order in orders:
        bodies.setdefault((order.body.region_id, order.body.kind, order.body.busier), []).append(order)
    assert all(region.stood_in(order.year) for order in orders if (region := regions_by_id()[order.body.region_id]))
    assert all([each.year for each in years] == sorted({each.year for each in years}) for years in bodies.values())
    assert 5 < len(orders) / len(bodies) < 14
    assert 10 < len(bodies) / len({order.body.region_id for order in orders}) < 45
    kinds = {order.body.kind for order in orders}
    assert kinds == {*KINDS}
    recent = [order for order in orders if order.year >= 2019]
    assert 0.6 < len(recent) / len(orders) < 0.8
    assert {order.form for order in recent if not order.bare} <= {"national_2019", "national_2021"}
    assert 0.03 < sum(order.bare for order in orders) / len(orders) < 0.15


def test_a_small_corpus_is_the_beginning_of_a_large_one() -> None:
    assert list(national_orders(50, 3)) == list(national_orders(90, 3))[:50]


def test_what_a_year_carries_out_the_next_carries_in() -> None:
    carried = 0
    orders = [
        order for order in national_orders(1500, 2) if order.year >= 2019 and order.document_type == "annual_report" and not order.bare
    ]
    for before, after in pairwise(orders):
        if before.body.busier != after.body.busier or after.year != before.year + 1:
            continue
        first, second = (truth_of(draw(replace(order, noise=()), Random(order.number)), order, "x")["cells"] for order in (before, after))
        for applicant in (*APPLICANTS, "total"):
            assert first[f"requests_carried_out.{applicant}"] == second[f"requests_carried_in.{applicant}"]
        carried += int(second["requests_carried_in.total"]) > 0
        assert int(first["requests_new.total"]) >= int(first["requests_carried_out.total"])
    assert carried > 20


def test_a_report_without_tables_has_prose() -> None:
    order = next(order for order in national_orders(3000, 1) if order.bare)
    _, data, truth = make(replace(order, medium="text_lines", noise=()), 1)
    assert truth["cells"] == {}
    assert truth["agency"] in data.decode() and len(data) > 500


def test_how_many_processes_write_does_not_show(tmp_path: Path) -> None:
    assert generate(tmp_path / "one", 150, 5) == generate(tmp_path / "two", 150, 5, jobs=2) == 150
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


def test_a_spanned_grid_becomes_a_rectangle() -> None:
    rng = Random(2)
    sheet = next(s for s in lay_out("national_2021", draw_body(rng, 2022), rng) if s.block == "requests")
    grid = rectangle(sheet)
    assert {len(row) for row in grid} == {10}
    assert grid[0][3] == "申请人情况"
    assert grid[1][3:5] == ["自然人", "法人或其他组织"]
    assert grid[1][9] == "总计"
    assert grid[2][4:9] == ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]


def test_the_command_writes_a_corpus(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.generate", str(tmp_path), "--reports", "5", "--seed", "2"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "5 invented reports" in done.stdout
    with (tmp_path / "catalogue.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 5
    assert len([json.loads(line) for line in (tmp_path / ".truth.jsonl").read_text("utf-8").splitlines()]) == 5


@pytest.mark.parametrize("marked_by", ["the marker", "the catalogue"])
def test_a_build_refuses_what_is_invented_unless_told(tmp_path: Path, marked_by: str) -> None:
    folder, out = tmp_path / "made", tmp_path / "dist"
    generate(folder, 3, 1)
    if marked_by == "the catalogue":
        (folder / MARKER).unlink()
    out.mkdir()
    (out / "index.html").write_text("as it was", "utf-8")
    done = CliRunner().invoke(build.main, ["build", "--reports", str(folder), "--out", str(out), "--jobs", "1"])
    assert done.exit_code == 1
    assert done.output.splitlines()[-1].endswith("are made up; if you mean to build them, say --generated.")
    assert (out / "index.html").read_text("utf-8") == "as it was"
    with pytest.raises(click.ClickException, match="made up"):
        build.build_all(folder, out)
