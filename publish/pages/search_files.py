"""The search index written into a tree: only those segments of which something is another thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from publish.pages.coverage import read_governments
from publish.pages.crew import collected_once
from publish.pages.data import Data
from publish.pages.made import Before
from publish.pages.page import Chrome
from publish.pages.query import Database
from publish.pages.search_index import FOLDER, Document, Segments, counts_in, index_files, section_documents, segment
from publish.pages.search_names import name_documents
from publish.pages.tree import Tree, digest, write_file

_SHARD = re.compile(r".*/\d+-\d+\.json")
_SECTIONS = "select report_id, position, heading, text from sections order by report_id, position"


def write_index(database: Path, out: Path, chrome: Chrome, version: str, before: Before | None, data: Data) -> Mapping[str, str]:
    """Write the index into a tree, as far as `before` lacks it; return what its files are made of, by path. `data` names the documents."""
    tree = Tree(out, chrome, version, before=before)
    with closing(Database(database)) as source, collected_once():
        searched = {"names": name_documents(data, read_governments(source)), "sections": section_documents(source.each(_SECTIONS), data)}
        for path, content in index_files(searched, _segments_in(tree)):
            tree.write(path, content)
    return tree.made.files


def _segments_in(tree: Tree) -> Segments:
    """Return what writes the segments of a collection into a tree."""

    def write(name: str, parts: Iterable[Sequence[Document]]) -> Iterator[tuple[Mapping[str, int], Mapping[str, bytes]]]:
        for number, members in enumerate(parts):
            yield _write_segment(tree, f"{FOLDER}{name}/{number}", members), {}

    return write


def _write_segment(tree: Tree, stem: str, documents: Sequence[Document]) -> Mapping[str, int]:
    """Write a segment unless the tree before has it; return the counts of its keys."""
    key = digest(stem, [(tuple(each.parts), tuple(each.shown), sorted(each.keys)) for each in documents])
    held = tree.before.made_with(f"{stem}.json") if tree.before else None
    if tree.before and held and held[0] == key:
        folder, (_, paths) = tree.before.folder, held
        tree.note(paths, key)
        return counts_in((folder / path).read_bytes() for path in paths if _SHARD.fullmatch(path))
    counts, files = segment(documents)
    for end, content in files.items():
        write_file(tree.out, f"{stem}{end}", content)
    tree.note([f"{stem}{end}" for end in files], key)
    return counts
