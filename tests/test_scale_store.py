"""Files kept from build to build: linked into trees, never used again once somebody touched them, dropped when no tree has them."""

from __future__ import annotations

import errno
import os
import shutil
import time
from pathlib import Path

import pytest

from publish.pages import store as module
from publish.pages.page import Chrome, Page
from publish.pages.store import Store
from publish.pages.tree import Tree, digest, write_file
from publish.pages.words import load_words


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", "1")


def held(store: Store) -> int:
    return sum(path.is_file() for path in store.folder.rglob("*"))


def test_a_kept_file_is_one_file_in_every_tree(store: Store, tmp_path: Path) -> None:
    for tree in ("one", "two"):
        write_file(tmp_path / tree, "a/b/page.html", b"page", store)
    files = [tmp_path / tree / "a/b/page.html" for tree in ("one", "two")]
    assert [path.read_bytes() for path in files] == [b"page", b"page"]
    assert os.path.samefile(*files)
    assert held(store) == 1


@pytest.mark.parametrize("touch", [lambda path: path.write_bytes(b"tale"), lambda path: path.open("ab").write(b"!")])
def test_what_somebody_changed_in_a_tree_is_made_again(store: Store, tmp_path: Path, touch) -> None:
    write_file(tmp_path / "one", "page.html", b"page", store)
    touch(tmp_path / "one" / "page.html")
    write_file(tmp_path / "two", "page.html", b"page", store)
    assert (tmp_path / "two" / "page.html").read_bytes() == b"page"


def test_half_a_list_is_none(store: Store) -> None:
    store.remember("key", ["a/"], [("a/index.html", "x")])
    assert store.recall("key") == (["a/"], [("a/index.html", "x")])
    (path,) = (path for path in store.folder.rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-3])
    assert store.recall("key") is None
    assert store.recall("another") is None


def test_where_there_are_no_links_files_are_copied(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(source: str, target: str) -> None:
        raise OSError(next(iter(module._NO_LINK)), "no links here")

    monkeypatch.setattr(os, "link", no_link)
    (tmp_path / "tree").mkdir()
    write_file(tmp_path / "tree", "page.html", b"page", store)
    assert (tmp_path / "tree" / "page.html").read_bytes() == b"page"


def test_what_is_in_no_tree_is_dropped(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "tree"
    for name in ("kept", "gone"):
        store.remember(name, [], [(name, write_file(out, name, name.encode(), store))])
    store.prune(out, 0)
    assert held(store) == 4, "the tree has both"
    (out / "gone").unlink()
    store.prune(out, 0)
    assert held(store) == 2
    assert store.recall("kept") is not None
    assert store.recall("gone") is None


@pytest.mark.parametrize("linked", [True, False])
def test_the_store_does_not_grow_with_the_builds(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, linked: bool) -> None:
    """Every build changes one of ten files; the tree before it is removed only after the new one stands."""
    if not linked:

        def no_link(source: str, target: str) -> None:
            raise OSError(errno.EXDEV, "another device")

        monkeypatch.setattr(os, "link", no_link)
        monkeypatch.setattr(module, "_links_reach", lambda folder, out: False)
    for build in range(1, 7):
        monkeypatch.setattr(time, "time", lambda build=build: 1_000_000 + build * 60)
        tree = tmp_path / f"tree-{build}"
        tree.mkdir()
        for number in range(10):
            content = f"{number} {build if number == build else 0}".encode()
            store.remember(content.decode(), [], [(f"{number}.html", write_file(tree, f"{number}.html", content, store))])
        store.prune(tree, int(time.time()))
        shutil.rmtree(tmp_path / f"tree-{build - 1}", ignore_errors=True)
        # Ten files with their lists, and what the tree before had in the place of two of them.
        assert 20 <= held(store) <= 24


def test_a_page_is_made_once_and_its_key_is_all_that_it_says(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page("about/", "关于", "说明", "# 关于\n")
    trees = []
    for place in ("one", "two"):
        tree = Tree(tmp_path / place, Chrome(load_words(), None, None), store=store)
        tree.add(page)
        tree.in_language("en").add(page)
        tree.finish()
        trees.append({path.relative_to(tree.out): path.read_bytes() for path in tree.out.rglob("*") if path.is_file()})
        assert tree.pages == ["about/", "en/about/"]
        monkeypatch.setattr("publish.pages.tree.to_html", None)
    assert len(trees[0]) == 4 and trees[0] == trees[1]
    other = Page("about/", "关于", "说明", "# 关于\n", kind="listing")
    assert digest(page) != digest(other)
