"""A finished tree that takes the place of the one before: whole, or by the files that differ."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from publish.fingerprint import folder_digests, renewed_digests
from publish.pages.made import Before
from publish.pages.page import Chrome, Page
from publish.pages.tree import Tree, digest
from publish.pages.words import load_words
from publish.renewal import Renewal, renew, swap

CHROME = Chrome(load_words(), None, None)
# Small enough that files and folders meet under one name.
PATHS = st.sampled_from(
    ["index.html", "data/a.csv", "data/b/c.csv", "years/index.html", "years/2020/index.html", "years/2020/x/index.html"]
)
TREES = st.dictionaries(PATHS, st.binary(max_size=2))


def write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


def read(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@given(old=TREES, new=TREES)
def test_a_renewed_tree_is_the_new_one(tmp_path_factory, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    """Without an empty folder, and nothing is left beside it. `data` comes as a whole, else only what differs lies ready."""
    place = tmp_path_factory.mktemp("renewal")
    out, fresh = place / "out", place / "fresh"
    write(out, old)
    write(fresh, {path: content for path, content in new.items() if path.startswith("data/") or old.get(path) != content})
    digests = folder_digests(out)
    others = renew(out, fresh, Renewal(["data"], [path for path in old if path not in new and not path.startswith("data/")]))
    assert read(out) == new
    assert set(others) == {path for path in {*old, *new} if old.get(path) != new.get(path)}
    assert renewed_digests(digests, out, others) == folder_digests(out)
    assert all(any(folder.iterdir()) for folder in out.rglob("*") if folder.is_dir())
    assert list(place.iterdir()) == [out]


def test_a_file_with_the_same_bytes_stays(tmp_path: Path) -> None:
    out, fresh = tmp_path / "out", tmp_path / "fresh"
    write(out, {"data/same": b"1", "data/other": b"2"})
    before = {path.name: path.stat().st_ino for path in out.glob("data/*")}
    write(fresh, {"data/same": b"1", "data/other": b"3"})
    renew(out, fresh, Renewal(["data"], []))
    after = {path.name: path.stat().st_ino for path in out.glob("data/*")}
    assert before["same"] == after["same"] and before["other"] != after["other"]


def test_a_swapped_tree_leaves_nothing_of_the_one_before(tmp_path: Path) -> None:
    write(tmp_path / "out", {"a": b"1"})
    for content in (b"2", b"3"):
        write(tmp_path / "fresh", {"b": content})
        swap(tmp_path / "fresh", tmp_path / "out")
        assert read(tmp_path) == {"out/b": content}


def test_a_page_is_made_once_and_its_key_is_all_that_it_says(tmp_path: Path) -> None:
    page = Page("about/", "关于", "说明", "# 关于\n")

    def make(place: str, version: str, page: Page, before: Before | None) -> Tree:
        tree = Tree(tmp_path / place, CHROME, version, before=before)
        tree.add(page)
        tree.in_language("en").add(page)
        tree.write("robots.txt", b"all")
        tree.finish()
        assert tree.pages == ["about/", "en/about/"]
        return tree

    first = make("first", "1", page, None)
    paths = {"about/index.html", "about/index.md", "en/about/index.html", "en/about/index.md", "robots.txt"}
    assert read(first.out).keys() == first.made.files.keys() == paths
    before = Before.of(first.out, first.made.told())
    again = make("again", "1", page, before)
    assert not again.out.exists() and again.made == first.made
    other = make("other", "1", Page("about/", "关于", "说明", "# 关于\n", kind="listing"), before)
    assert read(other.out).keys() == paths - {"robots.txt"}
    assert digest(page) != digest(Page("about/", "关于", "说明", "# 关于\n", kind="listing"))
    assert read(make("version", "2", page, before).out).keys() == paths
    less = Tree(tmp_path / "less", CHROME, "1", before=before)
    less.add(page)
    assert sorted(before.gone(less.made)) == ["en/about/index.html", "en/about/index.md", "robots.txt"]


def test_what_another_program_told_is_nothing(tmp_path: Path) -> None:
    for told in (None, [], {}, {"version": "1", "files": {}, "bodies": []}, {"version": "1", "files": {}, "bodies": {"440115": [1]}}):
        assert Before.of(tmp_path, told) is None
