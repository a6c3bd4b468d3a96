"""The segments of the search index written into a tree: by several processes, and only those of which something is another thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from publish.pages.crew import Crew, collected_once
from publish.pages.search_index import FOLDER, Document, Segments, counts_in, segment
from publish.pages.tree import Tree, digest, write_file

_SHARD = re.compile(r".*/\d+-\d+\.json")

# The folder of a tree, what a segment in it was made of, and the paths of its files.
Held = tuple[Path, str, Sequence[str]]


def _held(tree: Tree, stem: str) -> Held | None:
    made = tree.before.made_with(f"{stem}.json") if tree.before else None
    return (tree.before.folder, *made) if tree.before and made else None


def segments_in(tree: Tree) -> Segments:
    """Return what writes the segments of a collection into a tree."""

    def write(name: str, parts: Iterable[Sequence[Document]]) -> Iterator[tuple[Mapping[str, int], Mapping[str, bytes]]]:
        stems = ((f"{FOLDER}{name}/{number}", members) for number, members in enumerate(parts))
        given = ((tree.out, stem, members, _held(tree, stem)) for stem, members in stems)
        for key, paths, counts in Crew(tree.executor).each(_write_segment, given):
            tree.note(paths, key)
            yield counts, {}

    return write


def _write_segment(out: Path, stem: str, documents: Sequence[Document], held: Held | None) -> tuple[str, Sequence[str], Mapping[str, int]]:
    """Write a segment unless the tree before has it; return what it is made of, the paths of its files and the counts of its keys."""
    key = digest(stem, [(tuple(each.parts), tuple(each.shown), sorted(each.keys)) for each in documents])
    if held and held[1] == key:
        folder, _, paths = held
        return key, paths, counts_in((folder / path).read_bytes() for path in paths if _SHARD.fullmatch(path))
    with collected_once():
        counts, files = segment(documents)
    for end, content in files.items():
        write_file(out, f"{stem}{end}", content)
    return key, [f"{stem}{end}" for end in files], counts
