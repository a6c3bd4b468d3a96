"""Traditional to simplified characters, and Taiwan's words back to the mainland's."""

from pathlib import Path

import pytest
import yaml
from opencc import OpenCC

from extract.model import Document
from extract.repair import repair
from extract.repair.script import CONFIGURATIONS, THRESHOLD, to_simplified, traditional_share

REPORTS = Path(__file__).parent.parent / "reports"
TAIWAN = yaml.safe_load((Path(__file__).parent / "repair/taiwan.yml").read_text("utf-8"))
MARKER = "最佳化服務"


def repaired(*lines: str):
    return repair(Document("text/plain", "utf-8", lines))


@pytest.mark.parametrize("script", sorted(CONFIGURATIONS))
@pytest.mark.parametrize("path", sorted(REPORTS.glob("00*.txt")), ids=lambda path: path.name[:3])
def test_the_fast_way_converts_exactly_as_opencc(path, script):
    text = path.read_text("utf-8")
    assert to_simplified(text, script) == OpenCC(CONFIGURATIONS[script]).convert(text)


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("答覆和反覆", "答复和反复"),
        ("乾隆年間乾淨", "乾隆年间干净"),
        ("瞭望臺瞭解", "瞭望台了解"),
        ("憑藉、慰藉", "凭借、慰藉"),
        ("全麵體係製度", "全面体系制度"),
    ],
)
def test_phrases_decide_over_characters(traditional, simplified):
    assert to_simplified(traditional) == simplified == OpenCC("t2s").convert(traditional)


def test_share_of_the_seeds_lies_far_from_the_threshold():
    shares = {path.name[:3]: traditional_share(path.read_text("utf-8")) for path in REPORTS.glob("00*.txt")}
    assert all(shares[name] > 10 * THRESHOLD for name in ("000", "002", "003"))
    assert shares["001"] == shares["004"] == 0


def test_a_simplified_document_is_never_converted():
    lines = ("乾隆年间的著名建筑", "瞭望、憑" + "信" * 100)
    assert [text.clean for text in repaired(*lines).lines] == list(lines)
    assert repaired(*lines).script == "hans"


@pytest.mark.parametrize(("found", "meant"), TAIWAN)
def test_words_of_taiwan(found, meant):
    document = repaired(MARKER, found)
    assert document.script == "hant-tw"
    assert document.lines[1].clean == meant
    assert document.public_lines[1] == found


def test_words_of_taiwan_stay_where_nothing_else_speaks_of_taiwan():
    document = repaired("區檔案館為民眾設定線上查詢欄目")
    assert document.script == "hant"
    assert document.lines[0].clean == "区档案馆为民众设定线上查询栏目"


def test_mainland_law_keeps_its_words():
    # What tw2sp would make of them: 创建, 文档, 查找, 运行, 进程, 交互, 内核, 智能, 添加, 性能.
    words = "建立 文件 查詢 執行 程序 互動 核心 智慧 新增 效能 整合"
    assert repaired(MARKER, words).lines[1].clean == "建立 文件 查询 执行 程序 互动 核心 智慧 新增 效能 整合"


def test_the_ledger_tells_each_word():
    noise = repaired("規範性檔案", "在入口網站公布").noise
    words = [(act.line, act.found, act.became) for act in noise if act.kind == "taiwan_term"]
    assert words == [(1, "档案", "文件"), (2, "入口网站", "门户网站")]


def test_script_is_told_without_the_spam():
    spam = "亚洲精品视频在线观看免费|" * 200
    assert repaired("區政務公開報告", spam).script == "hant"
