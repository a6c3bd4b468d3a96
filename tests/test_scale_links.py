"""The way between two pages is that of `posixpath.relpath`, for every shape of path."""

from __future__ import annotations

import posixpath

from hypothesis import given
from hypothesis import strategies as st

from publish.pages.links import relative

STEPS = st.lists(st.sampled_from(["agencies", "a", "b", "2020", "x-y"]), max_size=4)
FOLDER = STEPS.map(lambda steps: "".join(f"{step}/" for step in steps))


@given(FOLDER, FOLDER)
def test_a_link_leads_where_it_should(target: str, page: str) -> None:
    way = relative(target, page)
    assert way == posixpath.relpath(f"/{target}", f"/{page}") + "/"
    assert posixpath.normpath(f"/{page}{way}") == posixpath.normpath(f"/{target}")
