"""Links between pages. Inside the builder an address is a path from the site's root; on a page it is relative to that page."""

from __future__ import annotations

import re

_OWN_LINK = re.compile(r'\b(href|src|action)="(?!/|#|[a-z]+:)(?:\./)?')


def _way(path: str, here: str) -> str:
    """Return the way from a folder to a path, both from the root and plain: `posixpath.relpath`, which every link of every page needs."""
    steps, there = here.split("/") if here else [], [step for step in path.split("/") if step]
    common = 0
    while common < len(steps) and common < len(there) and steps[common] == there[common]:
        common += 1
    return "/".join([".."] * (len(steps) - common) + there[common:]) or "."


def relative(target: str, page: str) -> str:
    """Return the link from the page at path `page` to `target`, both as paths from the root ("" is the home page).

    A path that ends in "/" (or is empty) names a directory with its index page.
    """
    path, mark, fragment = target.partition("#")
    path, query_mark, query = path.partition("?")
    here = page.rpartition("/")[0]
    there = _way(path, here)
    if (not path or path.endswith("/")) and not there.endswith("/"):
        there += "/"
    if path == page and mark:
        return mark + fragment
    return there + query_mark + query + mark + fragment


def is_external(target: str) -> bool:
    """Tell whether a link leaves the site."""
    return target.startswith(("http://", "https://", "mailto:"))


def rooted(html: str, root: str) -> str:
    """Return the HTML of a page at the root with links that hold at any depth: a host shows 404.html at every address that is not there.

    `root` is the path of the site on its host; it begins and ends in "/".
    """
    return _OWN_LINK.sub(lambda found: f'{found[1]}="{root}', html)
