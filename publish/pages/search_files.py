"""The segments of the search index written into a tree: by several processes, and kept from build to build under what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from publish.pages.crew import Crew, collected_once
from publish.pages.search_index import FOLDER, Document, Segments, counts_in, segment
from publish.pages.store import Store
from publish.pages.tree import Tree, digest, place_files, write_file

_SHARD = re.compile(r".*/\d+-\d+\.json")


def segments_in(tree: Tree) -> Segments:
    """Return what writes the segments of a collection into a tree."""

    def write(name: str, parts: Iterable[Sequence[Document]]) -> Iterator[tuple[Mapping[str, int], Mapping[str, bytes]]]:
        given = ((tree.out, tree.store, f"{FOLDER}{name}/{number}", members) for number, members in enumerate(parts))
        yield from ((counts, {}) for counts in Crew(tree.executor).each(_write_segment, given))

    return write


def _write_segment(out: Path, store: Store | None, stem: str, documents: Sequence[Document]) -> Mapping[str, int]:
    key = digest(store.version, stem, [(tuple(each.parts), tuple(each.shown), sorted(each.keys)) for each in documents]) if store else ""
    held = store.recall(key) if store else None
    if store and held and place_files(out, held[1], store):
        return counts_in(Path(out, path).read_bytes() for path, _ in held[1] if _SHARD.fullmatch(path))
    with collected_once():
        counts, files = segment(documents)
    written = [(f"{stem}{end}", write_file(out, f"{stem}{end}", content, store)) for end, content in files.items()]
    if store:
        store.remember(key, [], written)
    return counts
