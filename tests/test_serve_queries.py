"""Each canned query answers right on a small database, and none mixes scopes, levels or forms."""

from __future__ import annotations

import re

import pytest
from serve_small_database import SmallDatabase, canned_queries, column

from publish.findings import finding_queries

NANSHA, LONGHUA, HOUSING = "440115", "440309", "440300-zhu-jian"


@pytest.fixture
def database(tmp_path) -> SmallDatabase:
    small = SmallDatabase(tmp_path / "gongkai.db")
    small.agency(NANSHA, "广州市南沙区人民政府")
    small.agency(LONGHUA, "深圳市龙华区人民政府")
    small.agency(HOUSING, "深圳市住房和建设局", level="prefectural")
    return small


def test_there_are_enough_queries_with_titles_in_both_languages():
    assert len(canned_queries()) >= 14
    for name, query in canned_queries().items():
        for text in (query["title"], query["description"]):
            chinese, _, english = text.partition(" / ")
            assert re.search(r"[一-鿿]", chinese) and re.search(r"[a-z]{3}", english), name


def test_requests_received_lists_one_row_a_report_by_year_and_agency(database):
    database.requests(NANSHA, 2020, requests_new=1777, requests_carried_in=3, outcomes_total=1770, requests_carried_out=10)
    database.requests(NANSHA, 2021, requests_new=5)
    database.requests(LONGHUA, 2020, requests_new=7)
    rows = database.ask("requests_received", year="2020")
    assert [(r["agency"], r["requests_new"], r["requests_carried_out"]) for r in rows] == [
        ("广州市南沙区人民政府", 1777, 10),
        ("深圳市龙华区人民政府", 7, None),
    ]
    assert column(database.ask("requests_received", agency="南沙"), "year") == [2021, 2020]


def test_outcomes_over_the_years_gives_counts_and_a_percentage_only_from_thirty_on(database):
    database.requests(NANSHA, 2019, outcomes_total=29, granted=10, denied_total=3)
    database.requests(NANSHA, 2020, outcomes_total=30, granted=12, denied_total=0)
    small, large = database.ask("outcomes_over_the_years", agency="南沙")
    assert (small["granted"], small["granted_percent"], small["note"]) == ("10/29", None, "办理结果仅29件，不计算比率")
    assert (large["granted"], large["granted_percent"], large["note"], large["refused"]) == ("12/30", 40.0, None, "0/30")
    assert database.ask("outcomes_over_the_years") == []


def disclosed(database: SmallDatabase, number: int, **kept) -> None:
    agency = f"4401{number:02}-a"
    database.agency(agency, f"机关{number}")
    database.requests(agency, 2020, granted=number, partially_granted=10, outcomes_total=100, **kept)


def test_disclosure_share_ranks_ten_comparable_bodies_and_no_fewer(database):
    for number in range(9):
        disclosed(database, number)
    assert set(column(database.ask("disclosure_share"), "rank")) == {None}
    disclosed(database, 9)
    rows = database.ask("disclosure_share")
    assert column(rows, "rank") == list(range(1, 11))
    assert (rows[0]["agency"], rows[0]["disclosed_of_outcomes"], rows[0]["percent"]) == ("机关9", "19/100", 19.0)


@pytest.mark.parametrize("kept", [{"scope": "jurisdiction_total"}, {"format": "national_2021"}, {"copy_kind": "republished"}])
def test_disclosure_share_never_counts_another_scope_form_or_copy_as_comparable(database, kept):
    for number in range(9):
        disclosed(database, number)
    disclosed(database, 9, **kept)
    rows = database.ask("disclosure_share")
    assert len(rows) == 10 and set(column(rows, "rank")) == {None}


def test_disclosure_share_never_compares_reports_of_unstated_scope(database):
    for number in range(12):
        disclosed(database, number, scope="unknown")
    assert set(column(database.ask("disclosure_share"), "rank")) == {None}


def test_disclosure_share_never_counts_another_level_or_small_numbers_as_comparable(database):
    for number in range(9):
        disclosed(database, number)
    database.requests(HOUSING, 2020, granted=30, partially_granted=0, outcomes_total=60)
    database.requests(NANSHA, 2020, granted=29, partially_granted=0, outcomes_total=29)
    rows = database.ask("disclosure_share")
    assert len(rows) == 11 and set(column(rows, "rank")) == {None}
    assert [r["percent"] for r in rows if r["agency"] == "广州市南沙区人民政府"] == [None]


def test_who_asks_sets_each_applicant_against_the_total_of_its_own_report(database):
    shared = database.requests(NANSHA, 2020, requests_new=40)
    database.requests(NANSHA, 2020, "natural_person", shared, requests_new=30)
    database.requests(NANSHA, 2020, "commercial_enterprise", shared, requests_new=10)
    other = database.requests(LONGHUA, 2020, requests_new=4)
    database.requests(LONGHUA, 2020, "natural_person", other, requests_new=4)
    rows = database.ask("who_asks")
    assert column(rows, "requests_of_all") == ["30/40", "10/40", "4/4"]
    assert column(rows, "percent") == [75.0, 25.0, None]


def test_grounds_for_refusal_counts_each_ground_out_of_the_reports_own_refusals(database):
    database.insert("indicators", indicator="denied_state_secret", position=1, label_zh="属于国家秘密", block="requests")
    database.insert("indicators", indicator="denied_total", position=2, label_zh="不予公开", block="requests")
    database.requests(NANSHA, 2020, denied_total=5)
    database.insert("figures", report_id="440115-2020", indicator="denied_state_secret", measure="total", value=2)
    database.insert("figures", report_id="440115-2020", indicator="denied_state_secret", measure="natural_person", value=1)
    (row,) = database.ask("grounds_for_refusal")
    assert (row["ground"], row["refusals_of_all"], row["percent"]) == ("属于国家秘密", "2/5", None)


def test_unfinished_requests_takes_what_came_in_from_what_went_out(database):
    database.requests(NANSHA, 2020, requests_carried_in=3, requests_carried_out=10)
    database.requests(LONGHUA, 2020, requests_carried_in=None, requests_carried_out=10)
    assert column(database.ask("unfinished_requests"), "change") == [7]


ALL_QUERIES = {**canned_queries(), **finding_queries()}
# A row of it is one cell, with the state of the cell and what the checks say of it.
ONE_CELL_A_ROW = {"where_a_figure_stands"}
OF_FIGURES = [
    name
    for name, query in ALL_QUERIES.items()
    if re.search(r"\b(?:from|join) (?:figures|requests|remedies|proactive|rates|checks)\b", query["sql"])
]


@pytest.mark.parametrize("name", sorted({*OF_FIGURES} - ONE_CELL_A_ROW))
def test_a_query_of_figures_says_on_how_many_weak_figures_it_rests(database, name):
    shown = database.columns(ALL_QUERIES[name]["sql"])
    for weakness in ("inconsistent", "inferred", "missing"):
        assert shown & {f"n_{weakness}", f"figures_{weakness}"}


@pytest.mark.parametrize("name", sorted(ALL_QUERIES))
def test_a_query_gives_a_percentage_from_thirty_on_only(name):
    sql = ALL_QUERIES[name]["sql"]
    guarded = re.findall(r"case when ([\w.]+) >= 30 then round\(100\.0 \* [\w.]+ / ([\w.]+), 1\) end", sql)
    assert all(base == denominator for base, denominator in guarded)
    assert len(guarded) == sql.count("100.0")
    assert not re.search(r"\brates\b", sql)


def test_the_gap_between_two_years_counts_the_weak_figures_of_both(database):
    before = database.report(NANSHA, 2019, n_inconsistent=2, n_inferred=1, n_missing=3)
    after = database.report(NANSHA, 2020, n_inconsistent=5, n_inferred=0, n_missing=4)
    database.requests(NANSHA, 2019, report=before, requests_carried_out=4)
    database.requests(NANSHA, 2020, report=after, requests_carried_in=3)
    (row,) = database.ask("carry_over_gap")
    assert (row["figures_inconsistent"], row["figures_inferred"], row["figures_missing"]) == (7, 1, 7)


def test_carry_over_gap_compares_successive_reports_of_one_scope_and_form(database):
    database.requests(NANSHA, 2019, requests_carried_out=4)
    database.requests(NANSHA, 2020, requests_carried_in=3)
    database.requests(LONGHUA, 2019, requests_carried_out=4)
    database.requests(LONGHUA, 2020, requests_carried_in=3, scope="jurisdiction_total")
    database.requests(HOUSING, 2019, requests_carried_out=4)
    database.requests(HOUSING, 2020, requests_carried_in=4)
    (row,) = database.ask("carry_over_gap")
    assert (row["agency"], row["requests_carried_out"], row["requests_carried_in"], row["difference"]) == ("广州市南沙区人民政府", 4, 3, -1)


def test_sums_that_do_not_add_up_lists_failed_checks_of_current_reports(database):
    database.insert("rules", rule="T1", position=1, title_zh="收办平衡", severity="hard")
    database.report(NANSHA, 2020)
    database.report(NANSHA, 2019, is_current=0)
    for report, outcome in (("440115-2020", "fail"), ("440115-2019", "fail")):
        database.insert(
            "checks", report_id=report, rule="T1", subject="natural_person", outcome=outcome, left_value=157, right_value=154, difference=3
        )
    database.insert("checks", report_id="440115-2020", rule="T1", subject="total", outcome="pass")
    (row,) = database.ask("sums_that_do_not_add_up", rule="T1")
    assert (row["report_id"], row["left_value"], row["right_value"], row["difference"]) == ("440115-2020", 157, 154, 3)
    assert database.ask("sums_that_do_not_add_up", rule="T2") == []


def test_reconsideration_and_court_counts_corrected_out_of_concluded(database):
    row = dict.fromkeys(
        ("litigation_direct_pending", "litigation_after_reconsideration_corrected", "litigation_after_reconsideration_pending"), 1
    )
    litigation = {"litigation_direct_total": 4, "litigation_direct_corrected": 2, "litigation_after_reconsideration_total": 3}
    reconsideration = {"reconsideration_total": 42, "reconsideration_pending": 2, "reconsideration_corrected": 8}
    database.insert("remedies", **database.report(NANSHA, 2020), **row, **litigation, **reconsideration)
    (found,) = database.ask("reconsideration_and_court")
    assert (found["corrected_in_reconsideration"], found["reconsideration_percent"]) == ("8/40", 20.0)
    assert (found["corrected_by_courts"], found["court_percent"]) == ("3/5", None)
    assert (found["reconsideration_pending"], found["litigation_pending"]) == (2, 2)


def test_enforcement_and_fees_leaves_what_is_not_there_empty(database):
    database.insert("proactive", **database.report(NANSHA, 2020), admin_penalty_decisions=12, admin_fee_amount_yuan=215450.48)
    (row,) = database.ask("enforcement_and_fees", agency="南沙", year="2020")
    assert (row["admin_penalty_decisions"], row["admin_fee_amount_yuan"], row["admin_license_decisions"]) == (12, 215450.48, None)


def test_one_figure_of_every_body_ranks_like_with_like_only(database):
    database.insert("indicators", indicator="unable_not_held", position=1, block="requests")
    for number in range(11):
        agency = f"4401{number:02}-a"
        database.agency(agency, f"机关{number}")
        scope = "own_organ" if number < 10 else "unknown"
        report = database.report(agency, 2020, scope=scope)["report_id"]
        database.insert("figures", report_id=report, indicator="unable_not_held", measure="total", value=number, raw=str(number), line=9)
    rows = database.ask("one_figure_of_every_body", indicator="unable_not_held", measure="total")
    assert [(r["agency"], r["rank"]) for r in rows if r["rank"] in (1, 10)] == [("机关9", 1), ("机关0", 10)]
    assert [(r["agency"], r["rank"], r["raw"], r["line"]) for r in rows if r["scope"] == "unknown"] == [("机关10", None, "10", 9)]
    assert database.ask("one_figure_of_every_body", indicator="unable_not_held", measure="natural_person") == []


def test_totals_of_like_bodies_adds_within_one_group_and_leaves_out_unstated_scope(database):
    database.requests(NANSHA, 2020, requests_new=10, outcomes_total=8)
    database.requests(LONGHUA, 2020, requests_new=5, copy_kind="republished")
    database.requests(HOUSING, 2020, requests_new=100)
    database.requests(NANSHA, 2021, requests_new=1, scope="unknown")
    rows = database.ask("totals_of_like_bodies")
    assert [(r["level"], r["reports"], r["official_copies"], r["requests_new"], r["reports_with_outcomes"]) for r in rows] == [
        ("county", 2, 1, 15, 1),
        ("prefectural", 1, 1, 100, 0),
    ]


def test_all_zero_reports_wants_every_printed_request_figure_to_be_zero(database):
    database.insert("indicators", indicator="granted", position=1, block="requests")
    database.insert("indicators", indicator="admin_penalty", position=2, block="proactive")
    for agency, values in ((NANSHA, (0, 0)), (LONGHUA, (0, 1)), (HOUSING, (None, None))):
        report = database.report(agency, 2020)["report_id"]
        for measure, value in zip(("natural_person", "total"), values, strict=True):
            database.insert("figures", report_id=report, indicator="granted", measure=measure, value=value)
    database.insert("figures", report_id="440115-2020", indicator="admin_penalty", measure="total", value=7)
    (row,) = database.ask("all_zero_reports")
    assert (row["report_id"], row["zero_figures"]) == ("440115-2020", 2)


def test_tables_not_in_our_copy_lists_reports_with_missing_cells(database):
    database.report(NANSHA, 2020, n_missing=198)
    database.report(LONGHUA, 2020)
    database.report(LONGHUA, 2018, n_missing=198, document_type="news", report_id="440309-2018-news", is_current=0)
    assert [(r["report_id"], r["n_missing"]) for r in database.ask("tables_not_in_our_copy")] == [("440115-2020", 198)]


def test_what_bodies_say_they_do_badly_reads_that_section_only(database):
    report = database.report(NANSHA, 2020)["report_id"]
    database.insert("sections", report_id=report, position=1, role="overview", text="主动公开不够及时")
    database.insert("sections", report_id=report, position=2, role="problems", text="公开不够及时，队伍不稳")
    database.index()
    assert column(database.ask("what_bodies_say_they_do_badly"), "text") == ["公开不够及时，队伍不稳"]
    assert len(database.ask("what_bodies_say_they_do_badly", q="及時")) == 1
    assert database.ask("what_bodies_say_they_do_badly", q="主动") == []


def test_figures_in_the_prose_are_found_by_a_word_of_their_sentence(database):
    report = database.report(NANSHA, 2020)["report_id"]
    database.insert(
        "narrative_figures", report_id=report, position=1, value=85000, unit="条", phrase="8.5万条", sentence="网站发布8.5万条。", line=4
    )
    database.insert("narrative_figures", report_id=report, position=2, value=3, unit="件", phrase="3件", sentence="收到举报3件。", line=5)
    assert [(r["value"], r["line"]) for r in database.ask("figures_in_the_prose", phrase="网站")] == [(85000, 4)]


def test_where_a_figure_stands_names_line_raw_text_and_file(database):
    database.insert("indicators", indicator="granted", position=1, label_zh="予以公开", block="requests")
    report = database.report(NANSHA, 2020)["report_id"]
    database.insert("figures", report_id=report, indicator="granted", measure="total", value=799, raw="799", line=61, state="printed")
    (row,) = database.ask("where_a_figure_stands", report_id=report)
    assert (row["indicator"], row["value"], row["raw"], row["line"], row["path"]) == ("予以公开", 799, "799", 61, "440115-2020.txt")
    assert database.ask("where_a_figure_stands", report_id="440115-2019") == []


def governments(database: SmallDatabase) -> None:
    """Four governments and what became of their reports on 2020, and a department of which something is held."""
    told = {"440103": ("held", 0), "440104": ("held", 3), "440105": ("searched_not_found", None), "440106": ("not_searched", None)}
    for agency, (status, late) in told.items():
        database.agency(agency, f"广州市{agency}区人民政府", agency_type="government")
        database.insert("coverage", agency_id=agency, year=2020, status=status, days_late=late)
    database.insert("coverage", agency_id="440103", year=2019, status="not_required")
    database.insert("coverage", agency_id=HOUSING, year=2020, status="held")


def test_what_we_hold_counts_governments_by_year_and_level(database):
    governments(database)
    later, earlier = database.ask("what_we_hold")
    assert (later["year"], later["level"], later["expected"], later["held"], later["held_in_time"], later["held_late"]) == (
        *(2020, "county", 4, 2, 1, 1),
    )
    assert (later["searched_not_found"], later["not_searched"], later["held_undated"]) == (1, 1, 0)
    assert (earlier["year"], earlier["expected"], earlier["held"]) == (2019, 0, 0)


def test_what_we_lack_lists_governments_whose_report_is_not_held(database):
    governments(database)
    assert [(row["agency_id"], row["status"]) for row in database.ask("what_we_lack", year="2020")] == [
        ("440105", "searched_not_found"),
        ("440106", "not_searched"),
    ]
    assert column(database.ask("what_we_lack", name="440106"), "agency_id") == ["440106"]
    assert database.ask("what_we_lack", year="2019") == []


def test_who_followed_whom_shows_names_of_divisions_and_organs(database):
    database.insert("regions", region_id="330104", code="330104", name="江干区", full_name="浙江省杭州市江干区", level="county")
    database.insert("regions", region_id="330102", code="330102", name="上城区", full_name="浙江省杭州市上城区", level="county")
    database.insert("successions", predecessor="330104", successor="330102", kind="merged", date="2021-04")
    database.insert("successions", predecessor=NANSHA, successor=LONGHUA, kind="renamed", date="2022")
    (row,) = database.ask("who_followed_whom", name="江干")
    assert (row["predecessor"], row["successor"], row["date"]) == ("浙江省杭州市江干区", "浙江省杭州市上城区", "2021-04")


def test_search_shows_the_words_in_their_sentence(database):
    report = database.report(NANSHA, 2020, title="2020年度报告")["report_id"]
    database.insert("sections", report_id=report, position=1, role="overview", text="全年办理行政复议3件。", line_start=2)
    database.index()
    (row,) = database.ask("search", q="行政復議")
    assert (row["report_id"], row["excerpt"], row["line_start"]) == (report, "全年办理行政复议3件。", 2)
    assert database.ask("search", q="行政诉讼") == []
    assert database.ask("search", q="") == []
