"""The tree that the last build left, and how it becomes the next one."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, Future
from pathlib import Path

from publish.fingerprint import Remembered, folder_digests, renewed_digests
from publish.pages import Site
from publish.pages.crew import soon
from publish.pages.made import Before
from publish.renewal import renew, swap


class Standing:
    """The tree that stands in a folder, with what is remembered of the build that left it."""

    def __init__(self, out: Path, remembered: Remembered | None) -> None:
        self._out, self._remembered = out, remembered
        self._digests: Future[dict[str, str]] | None = None

    def look(self, executor: Executor | None) -> None:
        """Begin to look whether somebody touched it since, where anything is remembered."""
        if self._remembered:
            self._digests = soon(executor, folder_digests, self._out)

    def before(self) -> Before | None:
        """Return it if it is as it was left, else None."""
        if self._remembered and self._digests and self._remembered.is_left_by(self._digests.result()):
            return Before.of(self._out, self._remembered.told.get("made"))
        return None

    def become(self, site: Site, fresh: Path) -> Mapping[str, str]:
        """Make it the new tree and return the digests of its folders."""
        if site.renewal and self._digests:
            return renewed_digests(self._digests.result(), self._out, renew(self._out, fresh, site.renewal))
        swap(fresh, self._out)
        return folder_digests(self._out)
