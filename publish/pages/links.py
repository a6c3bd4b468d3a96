"""Links between pages. Inside the builder an address is a path from the site's root; on a page it is relative to that page."""

from __future__ import annotations

import posixpath


def relative(target: str, page: str) -> str:
    """Return the link from the page at path `page` to `target`, both as paths from the root ("" is the home page).

    A path that ends in "/" (or is empty) names a directory with its index page.
    """
    path, mark, fragment = target.partition("#")
    path, query_mark, query = path.partition("?")
    here = posixpath.dirname(page)
    there = posixpath.relpath("/" + path, "/" + here) if path or here else "."
    if (not path or path.endswith("/")) and not there.endswith("/"):
        there += "/"
    if path == page and mark:
        return mark + fragment
    return there + query_mark + query + mark + fragment


def is_external(target: str) -> bool:
    """Tell whether a link leaves the site."""
    return target.startswith(("http://", "https://", "mailto:"))
