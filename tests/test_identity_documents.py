"""Document type, publication date, year, scope and the traps that name the wrong organ."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_identity import identity

from extract.identity import identify
from extract.model import CatalogueEntry, Document, Grid, GridCell, RepairedDocument, Text

REPORT = "本报告根据《中华人民共和国政府信息公开条例》编制。本报告所列数据的统计期限自2020年1月1日起至2020年12月31日止。"
FORM = "\n本年新收政府信息公开申请数量\n3\n0\n0\n0\n0\n0\n3"


@pytest.mark.parametrize(
    ("text", "document_type"),
    [
        ("绍兴市人民政府2020年政府信息公开工作年度报告\n" + REPORT, "annual_report"),
        (REPORT + FORM, "annual_report"),
        ("绍兴市发布2020年政府信息公开工作年度报告\n本报讯 记者从市政府获悉,报告显示全市共收到申请12件。", "news"),
        ("4月2日,绍兴市人民政府办公室公布2020年政府信息公开工作年度报告。报告指出,去年收到申请12件。", "news"),
        ("省政府办公厅关于做好2020年政府信息公开工作年度报告编制工作的通知\n各市、县人民政府:\n请于1月31日前报送。", "notice"),
        ("省政府办公厅\n关于2020年政府信息公开\n工作年度报告有关事项的通知\n各市、县人民政府:", "notice"),
        ("政府信息公开工作年度报告格式(试行)\n××××年\n本年新收政府信息公开申请数量", "template"),
        ("(单位名称)20××年政府信息公开工作年度报告\n第二十条第(一)项\n规章", "template"),
        # A filer left a form's instructions in, and the copy put each table on one line.
        (
            "绍兴市民政局2020年政府信息公开工作年度报告\n第二十条第(一)项 规章(填写本年数) 0 0 0\n"
            "申请数量(填写本年数) 3 0 0 0 0 0 3 上年结转 1 0 0 0 0 0 1 予以公开 2 0 0 0 0 0 2 总计 4 0 0 0 0 0 4",
            "annual_report",
        ),
        ("一图读懂绍兴市2020年政府信息公开工作年度报告", "interpretation"),
        ("《绍兴市2020年政府信息公开工作年度报告》解读\n一、编制背景", "interpretation"),
        ("关于政府信息公开申请的答复\n张先生:您提交的申请收悉。", "letter"),
        ("绍兴市越城区2022年上半年政府信息公开工作情况报告\n上半年收到申请3件。", "bulletin"),
        ("绍兴市民政局2020年政务公开工作总结\n一年来,我局深化公开。", "other"),
        ("绍兴市天气预报\n明天多云。", "other"),
    ],
)
def test_document_type(text, document_type):
    assert identity(text).document_type == document_type


def test_a_news_article_is_about_the_organ_that_published_and_the_year_reported_on():
    found = identity("4月2日,绍兴市人民政府办公室公布2020年政府信息公开工作年度报告。报告指出,去年收到申请12件。")
    assert (found.agency.name, found.year) == ("绍兴市人民政府办公室", 2020)


def test_a_news_article_on_the_site_of_a_government_is_about_whom_its_title_names():
    text = "绍兴市越城区民政局公布2020年政府信息公开年报\n记者从报告中获悉,去年收到申请12件。"
    for name in ("ContentSource", "SiteName"):
        found = identity(text, properties=((name, "绍兴市人民政府"),))
        assert found.agency and found.agency.name == "绍兴市越城区民政局"


def test_a_report_that_is_said_to_be_published_by_its_organ_is_no_news():
    assert identity("现公布绍兴市民政局2020年政府信息公开工作年度报告。" + REPORT).document_type == "annual_report"


HEAD = "绍兴市民政局2020年政府信息公开工作年度报告\n"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("发布日期:2021-01-28", "2021-01-28"),
        ("发布时间: 2021/1/8 09:30  来源:市民政局", "2021-01-08"),
        ("公开日期\n2021-01-28", "2021-01-28"),
        ("来源:市民政局 时间:2021-01-28 15:51", "2021-01-28"),
        ("日期:2021年1月28日\n字体:【大 中 小】", "2021-01-28"),
        ("• 2021-01-28\n• 来源:市民政局\n• 分享到", "2021-01-28"),
        ("采集时间:2025-12-30T21:37:37", None),
        ("页面生成时间:2024-05-28", None),
        ("更新时间:2024-05-28", None),
        ("成文日期:2021-01-20", None),
        ("2025年12月30日 星期二\n首页 来源", None),
        ("发布日期:2021-02-30", None),
        ("正文\n绍兴市民政局\n2021年1月20日", None),
        ("3月20日,全市召开会议。", None),
    ],
)
def test_the_day_of_publication_only_where_printed_as_such(text, day):
    assert identity(HEAD + text).published_on == day


def test_the_medium_may_declare_the_day():
    assert identity(HEAD, properties=(("PubDate", "2021-01-28 10:00:00"),)).published_on == "2021-01-28"


def test_the_medium_may_declare_the_title():
    found = identity("一、总体情况", properties=(("title", "绍兴市民政局2020年政府信息公开工作年度报告_绍兴市人民政府"),))
    assert (found.agency.name, found.year) == ("绍兴市民政局", 2020)
    assert {e.line for e in found.evidence if e.kind == "title"} == {None}
    found = identity("2020年政府信息公开工作年度报告", properties=(("title", "绍兴市民政局2020年政府信息公开工作年度报告"),))
    assert found.agency.name == "绍兴市民政局"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("本报告所列数据的统计期限自2008年5月1日起至2008年12月31日止。", 2008),
        ("统计期限为2019年1月1日至12月31日。2020年,我局将继续深化。2020年2020年", 2019),
        ("2017年,我局公开30条。2017年共收到3件。2017年没有复议。2018年将继续努力。", 2017),
        ("本报告由绍兴市民政局编制。\n发布日期:2013-03-20\n我局公开30条。", 2012),
        ("我局公开30条。", None),
    ],
)
def test_year_from_period_frequency_or_publication(text, year):
    assert identity(text).year == year


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2019年,绍兴市人民政府信息公开工作以《条例》为准绳。", "绍兴市人民政府"),
        ("根据《条例》,特编制2020年度绍兴市越城区皋埠镇政府信息公开年度报告并向社会公布。", "绍兴市越城区皋埠镇人民政府"),
        ("2019年,我市政府信息公开工作以《条例》为准绳。", None),
        ("国家税务总局绍兴市税务局向社会公布本单位2020年政府信息公开工作年度报告。", "国家税务总局绍兴市税务局"),
        (
            "结合国家税务总局绍兴市越城区税务局(以下简称“越城区税务局”)有关统计数据撰写。\n2022年,越城区税务局认真贯彻《条例》。",
            "国家税务总局绍兴市越城区税务局",
        ),
        ("2009绍兴市政府信息公开工作年度报告", "绍兴市人民政府"),
    ],
)
def test_a_page_without_its_title_may_name_the_body_in_its_first_sentences(text, name):
    agency = identity(text).agency
    assert (agency.name if agency else None) == name


def test_title_and_period_that_disagree_are_a_problem_and_the_title_wins():
    found = identity("绍兴市民政局2020年政府信息公开工作年度报告\n统计期限为2019年1月1日至12月31日。")
    assert found.year == 2020
    assert [p.kind for p in found.problems] == ["year_conflict"]


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("绍兴市人民政府2020年政府信息公开工作年度报告\n2020年,全市各级行政机关共收到政府信息公开申请1200件。", "jurisdiction_total"),
        ("绍兴市人民政府2020年政府信息公开工作年度报告\n全市共受理申请1200件。", "jurisdiction_total"),
        (
            "绍兴市人民政府2012年政府信息公开工作年度报告\n本报告汇总市政府各部门工作情况编制而成。",
            "jurisdiction_total",
        ),
        (
            "绍兴市人民政府2012年政府信息公开工作年度报告\n办公室综合市政府各委、办、局年度报告而成。",
            "jurisdiction_total",
        ),
        ("绍兴市人民政府2020年政府信息公开工作年度报告\n建成全市统一受理申请平台。", "unknown"),
        ("绍兴市人民政府办公室2020年政府信息公开工作年度报告\n本机关共收到申请40件。", "own_organ"),
        ("绍兴市民政局2020年政府信息公开工作年度报告\n我局全年受理政府信息公开申请9件。", "own_organ"),
        ("绍兴市民政局2020年政府信息公开工作年度报告\n全市共收到低保申请9000件。", "unknown"),
        ("绍兴市民政局2020年政府信息公开工作年度报告\n1.本机关不掌握相关政府信息 0 0 0", "unknown"),
        (
            "杭州海关关区2021年政府信息公开工作年度报告\n根据《条例》等规定,梳理编制杭州海关关区2021年政府信息公开工作年报。年报中所列数据截至12月31日。",
            "vertical_system",
        ),
        ("国家税务总局绍兴市税务局2020年政府信息公开工作年度报告\n全市税务系统共收到政府信息公开申请60件。", "vertical_system"),
    ],
)
def test_scope_is_what_the_text_says(text, scope):
    found = identity(text)
    assert found.scope == scope
    assert (found.scope_line == 2) == (scope != "unknown")


@pytest.mark.parametrize(
    "contact",
    [
        "如对本报告有任何疑问,请与越城区政务服务数据管理局联系(电话:0575-1234567)。",
        "(联系单位:越城区大数据中心;地址:绍兴市越城区)",
        "编制单位:越城区大数据发展管理局",
    ],
)
def test_whom_to_ask_is_not_who_reports(contact):
    assert identity("2020年政府信息公开工作年度报告\n" + contact + "\n" + REPORT).agency is None


def test_the_portal_of_the_city_does_not_make_a_county_report_the_citys():
    text = REPORT + "本报告电子版可从“绍兴市人民政府门户网站”下载。我县公开30条,我县收到申请3件。"
    assert identity(text).agency is None


def test_the_office_that_compiles_a_governments_report_is_not_the_reporting_organ():
    text = "2020年政府信息公开工作年度报告\n" + "本报告由新昌县人民政府办公室编制。我县公开30条,全县收到申请3件。"
    assert identity(text).agency.name == "新昌县人民政府"


def test_a_foreign_host_says_nothing():
    text = "龙华区人民政府2020年政府信息公开工作年度报告\n可在www.haikou-longhua.cn下载。"
    assert identity(text).agency is None


def test_the_address_of_the_file_may_tell_two_districts_apart():
    text = "龙华区人民政府2020年政府信息公开工作年度报告"
    assert identity(text, url="http://lhq.haikou.gov.cn/a.html").agency.region_id == "460106"
    assert identity(text, url="http://www.example.com/haikou.gov.cn.html").agency is None


def test_every_finding_has_its_evidence_and_line():
    found = identity("首页\n" + HEAD + "发布日期:2021-01-28\n我局全年受理政府信息公开申请9件。")
    said = {e.field: (e.value, e.kind, e.line) for e in reversed(found.evidence)}
    assert said["agency"] == ("绍兴市民政局", "title", 2)
    assert said["year"] == ("2020", "title", 2)
    assert said["published_on"] == ("2021-01-28", "labelled_date", 3)
    assert said["scope"] == ("own_organ", "sentence", 4)
    assert said["document_type"] == ("annual_report", "title", 2)


def test_an_index_number_with_a_wrong_check_character_is_no_evidence():
    right = identity("索引号:11330800002618197P/2021-1\n" + HEAD)
    wrong = identity("索引号:11330800002618198P/2021-1\n" + HEAD)
    assert [e.value for e in right.evidence if e.field == "index_number"] == ["11330800002618197P"]
    assert not [e for e in wrong.evidence if e.field == "index_number"]


PIECES = st.sampled_from(
    [
        "绍兴市",
        "民政局",
        "2020年",
        "政府信息公开",
        "年度报告",
        "现公布",
        "\n",
        "。",
        "全市",
        "龙华区",
        "公布",
        ":",
        "20××年",
        "海关",
        "镇",
        "街道",
        "(",
        "关于",
        " ",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_no_text_breaks_it(text):
    found = identity(text)
    assert found.agency is None or found.agency.agency_id.startswith(found.agency.region_id)


def test_fields_that_stand_as_a_header_over_their_values():
    cells = [("索引号", 1, 1), ("发布机构", 1, 2), ("发布日期", 1, 3), ("014/2021-1", 2, 1), ("绍兴市民政局", 2, 2), ("2021-01-28", 2, 3)]
    lines = ("2020年政府信息公开工作年度报告", *(text for text, _, _ in cells))
    grid = Grid(1, tuple(GridCell(text, i, row, column) for i, (text, row, column) in enumerate(cells, 2)), 2, 7)
    source = Document("text/html", "utf-8", lines, (grid,))
    table = (tuple(Text(text, text) for text, _, _ in cells),)
    document = RepairedDocument(source, tuple(Text(line, line) for line in lines), table, lines, "hans", ())
    found = identify(document, CatalogueEntry("a.html"))
    assert (found.agency.name, found.published_on) == ("绍兴市民政局", "2021-01-28")


def test_what_the_government_above_did_is_no_reporting_organ():
    assert identity(REPORT + "2020年,市政府高度重视政府信息公开。我县公开30条。绍兴市公开300条。").agency is None
    assert identity(REPORT + "2020年,浙江省人民政府办公厅认真组织培训。我县公开30条。").agency is None


def test_an_organ_alone_at_the_head_is_the_reporting_one_unless_it_stands_in_a_menu():
    report = "\n2020年政府信息公开工作年度报告\n我局公开30条。"
    assert identity("首页 > 绍兴市民政局 > 公开年报" + report).agency.name == "绍兴市民政局"
    assert identity("绍兴市教育局 绍兴市民政局 绍兴市财政局" + report).agency is None
    assert identity("绍兴市教育局\n绍兴市民政局\n绍兴市财政局" + report).agency is None
    assert identity("绍兴市人民政府 > 公开年报" + report).agency is None


def test_the_name_of_the_site_behind_the_title_of_a_page():
    properties = (("title", "2020年政府信息公开工作年度报告_绍兴市民政局"),)
    assert identity("我局公开30条。", properties).agency.name == "绍兴市民政局"
    assert identity("我局公开30条。", (("title", "2020年政府信息公开工作年度报告_绍兴市人民政府"),)).agency is None


@pytest.mark.parametrize("who", ["我局", "我办", "我乡", "本镇", "我街道", "本机关"])
def test_a_text_that_only_points_at_itself_names_nobody(who):
    text = f"根据《武汉市政府信息公开暂行规定》,现将{who}2022年度政府信息公开情况报告如下:{who}认真落实。电话:027-12345678"
    assert identity(text).agency is None


def test_a_department_without_a_place_is_of_the_one_division_only_if_its_level_fits():
    head = "教育局2019年政府信息公开工作年度报告\n按照东丽区网站要求,"
    assert identity(head + "在区委、区政府领导下。").agency.name == "天津市东丽区教育局"
    assert identity(head + "在市委、市政府领导下。").agency is None


def test_what_a_report_will_call_its_organ_is_no_part_of_the_name():
    text = "现公布清远市清新区人民政府办公室(以下简称区政府办)2022年政府信息公开工作年度报告。区政府办公室共收到3件政府信息公开申请。"
    found = identity(text)
    assert (found.agency.name, found.scope) == ("清远市清新区人民政府办公室", "own_organ")
