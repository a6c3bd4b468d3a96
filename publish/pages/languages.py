"""The language trees: the site in simplified Chinese stands at the root, its interface again in English under en/ and in
traditional Chinese under zh-hant/.

A page of a tree is made by the same function as the one at the root, with `Words` of another language, and moved here: links to
what the tree has stay inside the tree, links to what exists once (pages of bodies and reports, data, feeds) lead out of it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from publish.pages.links import is_external, relative


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the interface. `folder` is where its tree stands, `tag` what HTML calls it, `name` its name in itself."""

    code: str
    folder: str
    tag: str
    name: str


LANGUAGES: Mapping[str, Language] = {
    each.code: each
    for each in (
        Language("zh", "", "zh-Hans", "简体"),
        Language("zh-hant", "zh-hant/", "zh-Hant", "繁體"),
        Language("en", "en/", "en", "English"),
    )
}
TREES = tuple(each for each in LANGUAGES.values() if each.folder)

# The addresses that every tree has, from the root of the tree.
_IN_TREES = re.compile(
    r"(?:(?:agencies/(?!\d{6})|regions/|years/|indicators/|peers/)(?:[^/]+/)*"
    r"|(?:missing|checks|dictionary|methodology|accuracy|speed|downloads|about|request|corrections|changes|findings)/(?:[^/]+/)*|search/|compare/)?"
    r"(?:index\.(?:html|md))?"
)
_LINK = re.compile(r"\]\(([^)\s<]+)\)")
# Blocks of components whose rows hold an address, with the cell that does.
_ADDRESS_CELL = {"```search": 0, "```figures": 4, "```tiles": 0}


def in_trees(path: str) -> bool:
    """Tell whether every language has the page at an address, given from the root of the tree in simplified Chinese."""
    return _IN_TREES.fullmatch(path) is not None


def nearest(path: str) -> str:
    """Return the address itself where every language has it, else that of the nearest page above it that they have."""
    while not in_trees(path):
        path = path.rstrip("/").rpartition("/")[0]
        path += "/" if path else ""
    return path


def alternatives(path: str, language: str) -> list[tuple[Language, str]]:
    """Return each language with the address of the same page in it, or of the nearest there; its own is the page itself."""
    shared = path.removeprefix(LANGUAGES[language].folder)
    return [(each, path if each.code == language else each.folder + nearest(shared)) for each in LANGUAGES.values()]


def _moved(target: str, path: str, folder: str) -> str:
    """Return a link of the page at `path` as it must be when the page stands in a tree's folder."""
    place, mark, rest = re.fullmatch(r"([^?#]*)([?#]?)(.*)", target, re.DOTALL).groups()  # type: ignore[union-attr]
    if is_external(target) or not place:
        return target
    reached = posixpath.normpath(posixpath.join("/" + posixpath.dirname(path), place)).strip("/")
    reached += "/" if reached and (place.endswith("/") or place in (".", "..")) else ""
    return target if in_trees(reached) else relative(reached, folder + path) + mark + rest


def move_links(text: str, path: str, folder: str) -> str:
    """Return the Markdown of the page at `path` with the links that it needs in a tree's folder."""
    lines = []
    cell: int | None = None
    for line in text.split("\n"):
        if line.startswith("```"):
            cell = _ADDRESS_CELL.get(line)
        elif cell is not None:
            cells = line.split(" | ")
            cells[cell] = _moved(cells[cell], path, folder)
            line = " | ".join(cells)
        else:
            line = _LINK.sub(lambda found: f"]({_moved(found[1], path, folder)})", line)
        lines.append(line)
    return "\n".join(lines)
