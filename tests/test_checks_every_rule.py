"""Every rule: a case that adds up, one that does not and one that cannot be checked, told in both languages.

A rule that is added to publish/rules.yml without its three cases here, or in the tables of the tests of its kind, fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from hashlib import sha256
from sqlite3 import Connection
from typing import Any

import pytest
from factories import MISSING, NANSHA, balanced, build, make_report
from test_checks import BROKEN, NEEDED, STATED, STATISTICS, YEARS, prose
from test_checks import said as stated
from test_checks_blank import CARRIED_OUT, GRANTED
from test_checks_prose import LISTS, SHARES, grown, said
from test_checks_years import BROKEN_YEARS, two_years

from extract.model import Agency, Figure, Report
from publish.rules import load_rules

# The rules of the accounting identities, and those of them that are printed on the form or pure arithmetic.
NAMES = {"P": 7, "F": 13, "T": 5, "D": 5, "Y": 6, "A": 2, "N": 5}
HARD = {*(f"T{n}" for n in range(1, 6)), *(f"P{n}" for n in range(1, 7)), *(f"F{n}" for n in range(1, 8)), "F12", "Y1", "Y2"}
OUTCOMES = ("pass", "fail", "not_assessable")
# A report that prints its totals is not spoken of by the rule on totals left blank.
SAYS_NOTHING_WHEN_IT_HOLDS = {"B1"}
# What else such a rule is about in these reports is not the same in all three.
SUBJECTS = {"P7": "requests_received", "U3": "requests"}
Case = tuple[Report, ...]  # the report that is checked, and those that it is checked against


def report(cells: dict | None = None, form: str = "national_2019", **more: Any) -> Report:
    return make_report(cells, form=form, year={**YEARS, "national_2019": 2020}[form], **more)


def of_one_report() -> Iterator[tuple[str, tuple[Case, Case, Case]]]:
    for rule, form, subject, cells, _, _ in BROKEN:
        indicator, measure = (part.format(subject=subject) for part in NEEDED.get(rule, ("granted", "natural_person")))
        lost = {(indicator, measure): None} if rule == "T5" else {**cells, (indicator, measure): None}
        yield rule, ((report(form=form),), (report(cells, form),), (report(lost, form),))
    for rule, form, subject, cells, _, _ in STATISTICS:
        blank = {cell: None for cell in balanced(form) if cell in cells or cell[0] == subject}
        yield rule, ((report(form=form),), (report(cells, form),), (report(blank, form),))
    for rule, form, indicator, agreeing, usual in STATED:
        numbers = [(agreeing[0], None), (77, None), (77, {usual: None})]
        yield rule, tuple((stated(indicator, value, form, cells),) for value, cells in numbers)  # type: ignore[misc]


def of_two_years() -> Iterator[tuple[str, tuple[Case, Case, Case]]]:
    for rule, form, subject, cells, _, _ in BROKEN_YEARS:
        lost = {cell: None for cell in balanced(form) if cell[0] in (subject, "requests_carried_out")}
        yield rule, (two_years(form, {}), two_years(form, cells), two_years(form, cells, lost))


def told(*sentences: str) -> Case:
    return (report(narrative=said(*sentences)),)


def of_other_kinds() -> Iterator[tuple[str, tuple[Case, Case, Case]]]:
    carried_in = ("requests_carried_in", "total")
    yield "B1", ((report(),), (report({GRANTED: None}),), (report({GRANTED: MISSING, CARRIED_OUT: MISSING}),))
    blank = {CARRIED_OUT: None}
    yield "B2", tuple((report(each),) for each in (blank, {**blank, carried_in: 5}, {**blank, carried_in: MISSING}))  # type: ignore[misc]
    yield "B3", tuple((report(each),) for each in ({**blank, carried_in: 1}, blank, {**blank, carried_in: MISSING}))  # type: ignore[misc]
    yield "N5", (told(SHARES.format(rate="25%")), told(SHARES.format(rate="27%")), told("公开40件，占52%。"))
    yield "N6", (told(LISTS[0][0]), told(LISTS[1][0]), told("公开信息100条，其中甲类40条，乙类约30条，丙类20条，丁类5条，其他1条。"))
    last, lost = make_report(year=2019), make_report({("requests_new", "total"): None}, year=2019)
    growth = [(report(narrative=grown(f"26件，同比增长{rate}")), before) for rate, before in (("100%", last), ("90%", last), ("90%", lost))]
    yield "Y6", tuple(growth)  # type: ignore[arg-type]
    zeros = {cell: 0 for cell in balanced("national_2019")}
    yield "U3", ((report(),), (report(zeros),), (report({**zeros, ("granted", "total"): None}),))
    earlier, copied = make_report(year=2019, sections=prose(1)), report(sections=prose(1))
    yield "U4", ((report(sections=prose(2)),), (copied, earlier), (report(sections=prose(1, 100)),))
    cell = ("central_procurement", "amount_yuan")
    bare = Figure(*cell, 251000, None, "printed", raw="251000", line=1)
    yield "U5", ((report(),), (report({cell: bare}),), (report({cell: MISSING}),))
    whole, office = report(scope="jurisdiction_total"), replace(NANSHA, agency_id="office", agency_type="government_office")
    new = ("requests_new", "total")
    yield "A1", tuple((whole, report({new: value}, agency=office)) for value in (1, 9999, None))  # type: ignore[misc]
    yield "A2", tuple((report(), report({new: value}, agency=office)) for value in (1, 13, None))  # type: ignore[misc]


@cache
def cases() -> dict[str, tuple[Case, Case, Case]]:
    return dict((*of_one_report(), *of_two_years(), *of_other_kinds()))


def of_its_own(reports: Case, name: str, region: str) -> Iterator[tuple[str, Report]]:
    """Give a case bodies of its own, in a division that no other case of the rules between bodies has."""
    bodies: dict[str, Agency] = {}
    for place, each in enumerate(reports):
        identity = each.identity
        assert identity and identity.agency
        moved = replace(identity.agency, agency_id=f"{region}-{name}-{identity.agency.agency_id}", name=f"{name}机关", region_id=region)
        agency = bodies.setdefault(identity.agency.agency_id, moved)
        path = f"{name}-{place}.txt"
        source = replace(each.source, path=path, sha256=sha256(path.encode()).hexdigest())
        yield f"{agency.agency_id}-{identity.year}", replace(each, source=source, identity=replace(identity, agency=agency))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Connection, dict[tuple[str, str], str]]]:
    """All cases in one database, and the report that each is about."""
    about: dict[tuple[str, str], str] = {}
    reports: list[Report] = []
    regions = {("A1", "pass"): "440103", ("A1", "fail"): "440104", ("A1", "not_assessable"): "440105"}
    regions |= {("A2", "pass"): "440106", ("A2", "fail"): "440111", ("A2", "not_assessable"): "440112"}
    for rule, three in cases().items():
        for outcome, case in zip(OUTCOMES, three, strict=True):
            found = list(of_its_own(case, f"{rule.lower()}-{outcome.replace('_', '-')}", regions.get((rule, outcome), "440115")))
            about[rule, outcome] = found[0][0]
            reports += [each for _, each in found]
    with build(tmp_path_factory.mktemp("rules"), *reports) as connection:
        yield connection, about


def test_the_rules_of_the_accounting_identities_are_all_there_with_their_severity() -> None:
    rules = {rule.rule: rule for rule in load_rules()}
    assert set(rules) >= {f"{letter}{n}" for letter, last in NAMES.items() for n in range(1, last + 1)}
    assert {name for name, rule in rules.items() if rule.severity == "hard"} == HARD
    for rule in rules.values():
        assert rule.severity in ("hard", "soft") and rule.formats
        assert all((rule.title_zh, rule.title_en, rule.formula_zh, rule.formula_en))


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("rule", [rule.rule for rule in load_rules()])
def test_every_rule_has_a_case_of_each_outcome(database: tuple[Connection, dict], rule: str, outcome: str) -> None:
    connection, about = database
    assert rule in cases(), f"{rule} has no cases: one that adds up, one that does not, one that cannot be checked"
    query = "select outcome, sentence_zh, sentence_en from checks where report_id = ?1 and rule = ?2 and subject = coalesce(?3, subject)"
    with closing(connection.execute(query, (about[rule, outcome], rule, SUBJECTS.get(rule)))) as cursor:
        found = cursor.fetchall()
    outcomes = {row[0] for row in found}
    if outcome == "pass":
        assert outcomes == (set() if rule in SAYS_NOTHING_WHEN_IT_HOLDS else {"pass"})
    else:
        assert outcome in outcomes and (outcome == "fail" or "fail" not in outcomes)
    for each, zh, en in found:
        assert (each == "pass") == (zh is None) == (en is None)
        assert zh is None or (zh.startswith(("无法核对", "值得留意", "表内数字不符", "两年数字不符")) and zh.endswith("。"))
        assert en is None or not any("\u4e00" <= letter <= "\u9fff" for letter in en.replace("机关", "")), en
