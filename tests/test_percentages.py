"""No percentage under thirty outcomes: every page and file of a site whose bodies have 14 is read, and one of a body with thirty."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from factories import make_report

from extract.model import Agency, Report
from publish.database import build_database, report_ids
from publish.package import write_package
from publish.pages import build_site

PERCENTAGE = re.compile(r"\d\s*[%％]|百分之|per cent\b|percent\b", re.IGNORECASE)
# Pages that explain, or tell of our own program; they hold no share of a body's outcomes.
EXPLAINING = re.compile(r"(en/|zh-hant/)?(methodology|accuracy|speed|dictionary|downloads|about|checks|search|request)/")
# What a page says in general of percentages: the smallest base of a share, and of which bodies a distribution of them would be.
GENERAL = ("百分比只看办理结果满30件", "Percentages: only bodies with thirty", "百分比是", "百分比為", "Percentages are shares")
CODES = (440103, 440104, 440105, 440106, 440111, 440112, 440113, 440114, 440115, 440203, 440204)


def body(code: int) -> Agency:
    return Agency(str(code), f"某{code}人民政府", str(code), "government", "county")


def reports_of(code: int, **more: object) -> list[Report]:
    return [
        make_report(agency=body(code), form=form, year=year, **more) for form, year in (("national_2019", 2020), ("national_2021", 2021))
    ]


def site_of(out: Path, reports: list[Report]) -> Path:
    out.mkdir()
    (out / "data").mkdir()
    build_database(reports, out / "data" / "gongkai.db")
    write_package(out / "data" / "gongkai.db", out, None)
    build_site(out / "data" / "gongkai.db", {key: each.public_lines for key, each in report_ids(reports)}, out, datasette="")
    return out


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eleven bodies alike with two years each, none of which has thirty outcomes, cases or requests."""
    return site_of(tmp_path_factory.mktemp("few") / "dist", [report for code in CODES for report in reports_of(code)])


def percentages(out: Path) -> set[tuple[str, str]]:
    """Every percentage of the pages and of the files beside them, with the words around it."""
    found = set()
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.suffix not in (".md", ".svg", ".csv", ".json", ".xml") or name.startswith(("assets/", "data/")) or EXPLAINING.match(name):
            continue
        text = path.read_text("utf-8")
        if path.suffix == ".svg":
            text = re.sub(r"<[^>]*>", " ", re.sub(r"<style>.*?</style>", "", text))
        # Neither the encoding of an address nor the classes of a distribution, which stand there also where too few have the rate.
        text = re.sub(r"%[0-9A-F]{2}|\d+–\d+%(?= \| 0$| +0\b)", "", text, flags=re.MULTILINE)
        # Shares of the bodies due are told with their base, or in a block that begins with it.
        text = re.sub(r"\d/([\d,]+)\s?[（(][\d.]+%[）)]", lambda told: told[0] if int(told[1].replace(",", "")) < 30 else "", text)
        text = re.sub(r"```season\n(?:[^|]*\|){3} (\d+) (?:.|\n)*?```", lambda told: told[0] if int(told[1]) < 30 else "", text)
        for match in PERCENTAGE.finditer(text):
            around = text[max(0, match.start() - 40) : match.end() + 40]
            if not any(each in text[max(0, match.start() - 200) : match.end() + 200] for each in GENERAL):
                found.add((name, around))
    return found


def test_no_page_and_no_file_of_bodies_with_few_outcomes_has_a_percentage(few: Path) -> None:
    assert percentages(few) == set()


def test_the_same_pages_have_them_from_thirty_on(tmp_path: Path) -> None:
    more = {("granted", "natural_person"): 27, ("granted", "total"): 30, ("outcomes_total", "natural_person"): 32}
    more |= {("outcomes_total", "total"): 35, ("requests_new", "natural_person"): 31, ("requests_new", "total"): 34}
    out = site_of(tmp_path / "dist", [make_report(more, agency=body(CODES[0]))])
    pages = {name for name, _ in percentages(out)}
    assert f"agencies/{CODES[0]}/2020/index.md" in pages


def test_the_package_has_a_percentage_only_from_thirty_on(few: Path) -> None:
    with (few / "data" / "rates.csv").open(encoding="utf-8-sig", newline="") as file:
        rates = list(csv.DictReader(file))
    assert len(rates) > 100 and all(rate["percent"] == "" for rate in rates if float(rate["denominator"] or 0) < 30)
    described = json.loads((few / "data" / "datapackage.json").read_text("utf-8"))
    for resource in described["resources"]:
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert [name for name in names if "percent" in name] == (["percent"] if resource["name"] == "rates" else [])
