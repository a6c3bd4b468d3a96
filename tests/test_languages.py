"""The language trees: the same pages in English and in traditional Chinese, names and printed words as they are."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from publish.pages import page as pages
from publish.pages.forms import printed_forms
from publish.pages.languages import alternatives, in_trees, move_links, nearest
from publish.pages.page import markdown
from publish.pages.traditional import to_traditional
from publish.pages.words import load_words
from publish.schema import load_schema

IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
TREES = {"en": "en", "zh-hant": "zh-Hant"}
# Written the same in both scripts by nobody: what a page in traditional characters must not have.
SIMPLIFIED_ONLY = set(
    "们个这来对会应报机关开图书数据库处维变词说读写实际与为从专业东车长门问间闻见观规视觉认证讯请许论该详语误课谁调谢议译"
)
KINDS = (
    *("", "agencies/", "regions/", "regions/440115/", "years/", "years/2020/", "indicators/", "indicators/granted/"),
    *(
        "dictionary/",
        "methodology/",
        "downloads/",
        "checks/",
        "request/",
        "corrections/",
        "about/",
        "missing/",
        "changes/",
        "search/",
        "compare/",
    ),
)


class Reader(HTMLParser):
    """Collects each text with the language it is marked as, and the links of the language switch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None]] = []
        self.texts: list[tuple[str | None, str]] = []
        self.attributes: list[tuple[str | None, str]] = []
        self.switch: dict[str, str] = {}
        self.alternates: dict[str, str] = {}

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        language = values.get("lang") or (self.open[-1][1] if self.open else None)
        # An example of a query, or a text to copy, is in the language of whom it is sent to.
        language = "copied" if tag in ("pre", "script") else language
        if tag not in VOID:
            self.open.append((tag, language))
        self.attributes += [
            (language, value) for name, value in attrs if value and name in ("content", "title", "aria-label", "placeholder")
        ]
        if values.get("hreflang"):
            known = self.alternates if tag == "link" else self.switch
            known[values["hreflang"] or ""] = values["href"] or ""

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1][1] if self.open else None, data))


@cache
def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


@cache
def names(built: Path) -> frozenset[str]:
    """Every name of a body or division, as the database holds it."""
    with closing(sqlite3.connect(built / "data/gongkai.db")) as database:
        asked = "select name from agencies union select name from regions union select full_name from regions"
        return frozenset(name for (name,) in database.execute(asked))


@cache
def printed(built: Path) -> frozenset[str]:
    """What may stay simplified Chinese on every page: names, labels of the forms, law, marks, quoted examples, notes on successions."""
    layouts = [layout for form in printed_forms().values() for layout in form]
    labels = {text for one in layouts for text in (one.heading, *(row.label for row in one.rows)) if text}
    labels |= {"／".join(column.heads[:-1]) for one in layouts for column in one.columns}
    with closing(sqlite3.connect(built / "data/gongkai.db")) as database:
        asked = (
            "select legal_basis from indicators union select share_note from successions"
            " union select found from noise union select found || ' → ' || became from noise"
        )
        told = {text for (text,) in database.execute(asked) if text}
    return frozenset(labels | told | names(built))


def without_names(text: str, built: Path) -> str:
    """The text without the names in it, which keep their script in titles too."""
    if IDEOGRAPH.search(text):
        for name in sorted((name for name in names(built) if name in text), key=len, reverse=True):
            text = text.replace(name, "")
    return text


def tree_pages(built: Path, tree: str) -> list[Path]:
    found = sorted((built / tree).rglob("index.html"))
    assert len(found) > 50
    return found


def test_every_word_has_a_text_in_both_languages() -> None:
    for key, entry in load_words().entries.items():
        assert entry["zh"] and entry["en"], key
        # A placeholder of the Chinese sentence has its value in the English one, in one language or the other.
        missing = {re.sub("_en$", "", name) for name in re.findall(r"{(\w+)}", entry["en"])} - set(re.findall(r"{(\w+)}", entry["zh"]))
        assert not missing, f"{key}: {missing}"


@pytest.mark.parametrize(
    "entry", [{"zh": "词"}, {"zh": "词", "en": ""}, {"zh": "词", "en": "word", "fr": "mot"}, {"zh": "词", "english": "word"}]
)
def test_a_word_without_one_of_them_fails_the_build(tmp_path: Path, entry: dict[str, str]) -> None:
    file = tmp_path / "strings.yml"
    file.write_text(yaml.safe_dump({"group": {"word": entry}}, allow_unicode=True), "utf-8")
    with pytest.raises(ValueError, match=re.escape("group.word must have")):
        load_words(file)


def test_chinese_prose_without_english_fails_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/lone.md").write_text("# 孤篇\n", "utf-8")
    monkeypatch.setattr(pages, "SITE", tmp_path)
    english = pages.in_language(pages.Chrome(load_words(), None, None), "en").words
    with pytest.raises(ValueError, match="has Chinese prose and needs its English in"):
        markdown("lone.md", "lone/", english)


def test_prose_has_the_same_sections_in_both_languages(root: Path) -> None:
    english = sorted((root / "site/templates").glob("*.en.md"))
    assert {path.name for path in english} >= {"about.en.md", "request.en.md", "methodology.en.md", "corrections.en.md"}
    for path in english:
        chinese = path.with_name(path.name.replace(".en.md", ".md"))
        anchors, theirs = (re.findall(r"^## .*(\{#.+\})$", each.read_text("utf-8"), re.MULTILINE) for each in (path, chinese))
        assert anchors == theirs, path.name


@pytest.mark.parametrize("tree", TREES)
def test_a_tree_has_every_kind_of_page_and_no_page_of_a_body(built: Path, tree: str) -> None:
    for path in KINDS:
        for name in ("index.html", "index.md"):
            assert (built / tree / path / name).is_file(), f"{path}{name}"
    shared = {path.relative_to(built / tree) for path in tree_pages(built, tree)}
    root = {path.relative_to(built) for path in built.rglob("index.html")}
    assert shared == {path for path in root if path.parts[0] not in TREES and in_trees(path.as_posix())}
    assert not [path for path in (built / tree / "agencies").iterdir() if path.name[:6].isdigit()]


def test_the_english_tree_is_english_but_for_names_and_printed_words(built: Path) -> None:
    for path in tree_pages(built, "en"):
        reader = read(path)
        for language, text in reader.texts:
            if IDEOGRAPH.search(text) and language != "copied":
                allowed = language in ("zh-Hans", "zh-Hant") or text.split(" · ")[0] in names(built)
                assert allowed, f"{path.relative_to(built)}: {text[:80]}"
        for _, value in reader.attributes:
            assert not IDEOGRAPH.search(without_names(value, built)), f"{path.relative_to(built)}: {value[:80]}"


def test_what_is_marked_chinese_on_an_english_page_is_a_name_or_printed(built: Path) -> None:
    marks = {"简体", "繁體", "缺", "空", "推", "拆", "识", "首页", "著力", "着力"}
    # English descriptions quote Chinese terms.
    quoted = {column.texts.description_en for table in load_schema().tables for column in table.columns}
    bases = printed(built) | marks | quoted
    known: set[str] = set()
    for path in tree_pages(built, "en"):
        for language, text in read(path).texts:
            if language == "zh-Hans" and IDEOGRAPH.search(text) and text not in known:
                assert any(text.strip() in base for base in bases), f"{path.relative_to(built)}: {text[:80]}"
                known.add(text)


def test_the_traditional_tree_has_no_simplified_word_of_ours(built: Path) -> None:
    for path in tree_pages(built, "zh-hant"):
        reader = read(path)
        for language, text in [*reader.texts, *reader.attributes]:
            if language == "zh-Hant" and SIMPLIFIED_ONLY & set(text):
                told = without_names(text, built)
                assert not SIMPLIFIED_ONLY & set(told), f"{path.relative_to(built)}: {SIMPLIFIED_ONLY & set(told)} in {told[:80]}"


def test_names_and_printed_labels_keep_their_script(built: Path) -> None:
    page = (built / "zh-hant/agencies/index.html").read_text("utf-8")
    # Conversion by rule would write 江乾區.
    assert '<span lang="zh-Hans">杭州市江干区人民政府</span>' in page and "江乾" not in page
    page = (built / "zh-hant/indicators/denied_registry_query/index.html").read_text("utf-8")
    assert '<span lang="zh-Hans">8.属于行政查询事项</span>' in page and "表格上怎樣印" in page
    page = (built / "en/indicators/granted/index.html").read_text("utf-8")
    assert '<span lang="zh-Hans">（一）予以公开</span>' in page


def test_figures_are_the_same_in_every_language(built: Path) -> None:
    found = [
        re.findall(
            r"\| (\d+(?: ※)?(?: \| \d+(?: ※)?){7}) \|",
            (built / tree / "indicators/granted/index.md").read_text("utf-8").replace("\u00a0", " "),
        )
        for tree in ("", "en", "zh-hant")
    ]
    assert found[0] == found[1] == found[2] and "2020 | 735 | 58 | 0 | 0 | 0 | 6 | 799" in found[0]


@pytest.mark.parametrize("tree", ["", "en/", "zh-hant/"])
@pytest.mark.parametrize("path", KINDS)
def test_the_switch_and_the_alternates_lead_to_the_same_page(built: Path, tree: str, path: str) -> None:
    file = built / tree / path / "index.html"
    reader = read(file)
    for tag, folder in {"zh-Hans": "", "zh-Hant": "zh-hant/", "en": "en/"}.items():
        same = (built / folder / path / "index.html").resolve()
        assert (file.parent / reader.alternates[tag]).resolve() / "index.html" == same
        if folder != tree:
            assert (file.parent / reader.switch[tag]).resolve() / "index.html" == same
    assert reader.alternates["x-default"] == reader.alternates["zh-Hans"]
    assert len(reader.switch) == 2


def test_from_a_page_that_stands_once_the_switch_leads_to_the_nearest(built: Path) -> None:
    file = built / "agencies/440115/2020/index.html"
    reader = read(file)
    assert reader.switch == {"zh-Hant": "../../../zh-hant/agencies/", "en": "../../../en/agencies/"}
    assert not reader.alternates, "no other language has this page"
    assert nearest("agencies/440115/2020/source/") == "agencies/" and nearest("feed.xml") == nearest("404.html") == ""
    assert [address for _, address in alternatives("en/regions/440115/", "en")] == [
        *("regions/440115/", "zh-hant/regions/440115/", "en/regions/440115/")
    ]


def test_links_stay_in_the_tree_where_it_has_the_page_and_lead_out_where_not() -> None:
    text = "[a](../../regions/440000/) [b](../../agencies/440115/) [c](feed.xml) [d](https://a.example/) [e](#x)"
    text += " [f](../../data/t.csv?x#y) [g](./)"
    assert move_links(text, "regions/440115/", "en/") == (
        "[a](../../regions/440000/) [b](../../../agencies/440115/) [c](../../../regions/440115/feed.xml) [d](https://a.example/) [e](#x)"
        " [f](../../../data/t.csv?x#y) [g](./)"
    )
    assert (
        move_links("```search\ngongkai/sections | q\n```\n[h](years/)", "", "en/") == "```search\n../gongkai/sections | q\n```\n[h](years/)"
    )


def test_conversion_keeps_to_script() -> None:
    assert to_traditional("行政复议，数据核对，发布机关公布的制发件数 CSV") == "行政復議，數據核對，發布機關公布的製發件數 CSV"


def test_the_sitemap_lists_the_trees(built: Path) -> None:
    text = (built / "sitemap.xml").read_text("utf-8")
    assert "<loc>en/regions/440115/</loc>" in text and "<loc>zh-hant/about/</loc>" in text
