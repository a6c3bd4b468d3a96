"""The parts of the layout that all pages of one language at one depth have in common: rendered once for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import Environment
from markupsafe import Markup

from publish.pages.languages import Language


@dataclass(frozen=True, slots=True)
class Frame:
    """Links to style, icon and feed; the head of the page with the menu; what the foot says of the site; the menu of the foot."""

    links: Markup
    head: Markup
    about: Markup
    foot: Markup


# By language, number of folders above the page, the first of them, and whether the page is its index.
Frames = dict[tuple[str, int, str, bool], Frame]


def frame_of(path: str, language: Language, frames: Frames, templates: Environment, context: Mapping[str, object]) -> Frame:
    """Return the frame of the page at `path`, an address from the root; `context` makes those that `frames` lacks.

    Menus lead to folders and files at the root of a tree, so on their way to them pages that share the key differ in nothing.
    """
    shared = path.removeprefix(language.folder)
    first, mark, below = shared.partition("/")
    key = (language.code, path.count("/"), first if mark else "", not below)
    if key not in frames:
        made = templates.get_template("frame.html").make_module(dict(context))
        frames[key] = Frame(*(getattr(made, name)() for name in ("links", "head", "about", "foot")))
    return frames[key]
