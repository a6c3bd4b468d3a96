"""Byte slips, pinyin and compatibility forms: what is undone, what is left, and where each character came from."""

import pytest
from pypinyin import Style, pinyin

from extract.model import Document, Text
from extract.repair import repair
from extract.repair.pinyin import remove_pinyin
from extract.repair.slips import undo_slips
from extract.repair.width import folding


def text(raw: str) -> Text:
    return Text(raw, raw)


def fold(raw: str) -> Text:
    step = folding(set(raw))
    return text(raw) if step is None else step.fold(text(raw))[0]


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("審批變?yōu)橐淮紊贽k、并聯", "審批變為一次申辦、并聯"),
        ("網上查詢?nèi)肟凇⑽⑿拧⒍绦诺韧緩教嵝讶罕娹k事進度", "網上查詢入口、微信、短信等途徑提醒群眾辦事進度"),
        ("堅持?jǐn)?shù)據同源", "堅持數據同源"),  # two slips in a row
        ("權威信息迅速?gòu)V泛傳播", "權威信息迅速廣泛傳播"),
        ("申請?zhí)幚頉Q定", "申請處理決定"),
        ("尚未審(shěn)?jìng)Y", "尚未審(shěn)結"),  # the character before is tagged too
    ],
)
def test_a_byte_slip_has_one_solution(found, meant):
    repaired, acts = undo_slips(text(found))
    assert repaired.clean == meant
    assert acts and all(act.kind == "byte_slip" for act in acts)


def test_a_slip_that_lost_more_than_one_byte_is_marked_and_never_guessed():
    found = "讓?jiè)癖娍吹枚?⒂浀米"
    repaired, acts = undo_slips(text(found))
    assert repaired.clean == "讓\ufffd" + found[2:]
    assert [act.kind for act in acts] == ["byte_slip_left"]
    assert undo_slips(text(repaired.clean)) == (text(repaired.clean), ())


@pytest.mark.parametrize("plain", ["這樣行嗎?ok)", "什麼是公開?(見下)", "A?yōu)b"])
def test_a_question_mark_is_no_slip(plain):
    assert undo_slips(text(plain)) == (text(plain), ())


def tag(sentence: str, marked: str) -> str:
    """Do to a sentence what the copying sites did: write pinyin behind the bytes of a character, wherever they occur."""
    data = sentence.encode("gbk")
    for character in marked:
        encoded = character.encode("gbk")
        reading = pinyin(character, style=Style.TONE)[0][0]
        data = data.replace(encoded, encoded + f"({reading})".encode("gbk"))
    found, position = [], 0
    while position < len(data):
        width = 1 if data[position] < 0x80 else 2
        found.append(data[position : position + width].decode("gbk", "replace")[0].replace("\ufffd", "?"))
        position += width
    return "".join(found)


# Each list of marked characters cuts the sentence at least once.
@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        ("推動由原來的多個事項多次申辦、串聯審批變為一次申辦、并聯審批", "優"),
        ("堅持數據同源,以區政府門戶網站為載體", "數謹據"),
        ("主流聲音和權威信息迅速廣泛傳播", "購"),
        ("申請處理決定數量", "執數"),
        ("同時通過網上查詢入口、微信、短信等途徑提醒群眾辦事進度", "內詢"),
    ],
)
def test_what_the_tagger_did_is_undone(sentence, marked):
    damaged = tag(sentence, marked)
    assert "?" in damaged
    assert remove_pinyin(undo_slips(text(damaged))[0])[0].clean == sentence


def test_characters_of_a_slip_know_their_bytes():
    repaired, _ = undo_slips(text("變?yōu)橐淮紊贽k事"))
    assert repaired.clean == "變為一次申辦事"
    assert [repaired.raw_slice(i, i + 1) for i in range(7)] == ["變", "?yōu)", "橐", "淮", "紊", "贽k", "事"]


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("區(qū)政府", "區政府"),
        ("區（qū）政府", "區政府"),
        ("政(zheng)(zheng)府(fu)(fu)(fu)信息", "政府信息"),
        ("行(xíng)政銀行(háng)", "行政銀行"),
        ("綠(lǜ)色", "綠色"),
        ("區(qu\u0304)", "區"),  # tone mark as a character of its own
        ("增長(zhǎng)很長(cháng)", "增長很長"),
        ("强(jiàng)", "强"),
    ],
)
def test_pinyin_of_the_character_before_it_is_removed(found, meant):
    assert remove_pinyin(text(found))[0].clean == meant


@pytest.mark.parametrize(
    "plain", ["客戶端(app)", "格式(ppp)", "區(zhèng)", "附件(a)", "政府(zhengfu)", "(qū)區", "A(qū)", "區(qú)", "公開(open)"]
)
def test_other_brackets_stay(plain):
    assert remove_pinyin(text(plain)) == (text(plain), ())


def test_raw_slice_gives_back_the_pinyin():
    repaired, acts = remove_pinyin(text("區(qū)政府報(bào)告"))
    assert repaired.clean == "區政府報告"
    assert repaired.raw_slice(0, 1) == "區(qū)"
    assert repaired.raw_slice(1, 4) == "政府報(bào)"
    assert repaired.raw_slice(0, 5) == repaired.raw
    assert [(act.kind, act.count, act.found, act.became) for act in acts] == [("pinyin", 2, "區(qū)", "區")]


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("（一）予以公开：１２３，４５％", "(一)予以公开:123,45%"),
        ("〔2019〕“三安全一稳定”《条例》、。〈〉", "〔2019〕“三安全一稳定”《条例》、。〈〉"),
        ("⑴规章 ⒈许可 ㈠总体", "(1)规章 1.许可 (一)总体"),
        ("⒈2020年", "⒈2020年"),  # unfolded it would read 1.2020
        ("共12⑴", "共12⑴"),
        ("①环境 20㎡ 10² ½", "①环境 20㎡ 10² ½"),
        ("⼀⾏⼈⺠长⻓", "一行人民长长"),  # radicals of PDF makers
        ("自\u200b然\ufeff人", "自然人"),
        ("−99 －7", "-99 -7"),
        ("全\u3000角\u00a0空", "全 角 空"),
        ("……—·", "……—·"),
    ],
)
def test_compatibility_forms(found, meant):
    assert fold(found).clean == meant


def test_folding_keeps_the_way_back():
    folded = fold("㈠共\u200b１２件")
    assert folded.clean == "(一)共12件"
    assert folded.raw_slice(4, 6) == "１２"
    assert folded.raw_slice(0, 3) == "㈠"


def test_slips_come_before_pinyin_and_both_before_folding():
    document = Document("text/plain", "utf-8", ("通過網上查詢?nèi)肟凇⑽⑿拧⒍绦诺韧緩教嵝讶罕娹k事進(jìn)度，實(shí)施",))
    repaired = repair(document)
    assert repaired.lines[0].clean == "通过网上查询入口、微信、短信等途径提醒群众办事进度,实施"
    assert repaired.public_lines == document.lines
    assert {act.kind: act.count for act in repaired.noise if act.kind != "traditional_characters"} == {"byte_slip": 1, "pinyin": 2}
