"""What the files of a tree were made of: by that, the next build knows which of them it need not make again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple


class MadeBody(NamedTuple):
    """What the pages of a body were made of, by digests: what their rows came from ("" if that wasn't known), and the rows themselves.

    `pages` are the addresses of its directory pages.
    """

    rows_from: str
    key: str
    pages: Sequence[str]


class MadeBundle(NamedTuple):
    """A digest of all that some files were made of together, and their paths."""

    key: str
    paths: Sequence[str]


@dataclass(slots=True)
class Made:
    """What a tree was made of. `version` digests what all pages depend on; `files` what each file does besides, by its path.

    The files of bodies, which stand in folders of their own, are told by `bodies`. Bulk files aren't told of. `bundles` tells of files
    that are made together, by name.
    """

    version: str
    files: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, MadeBody] = field(default_factory=dict)
    bundles: dict[str, MadeBundle] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """Return it as plain values, which JSON can hold."""
        return {"version": self.version, "files": self.files, "bodies": self.bodies, "bundles": self.bundles}

    @classmethod
    def of(cls, told: Any) -> Made | None:
        """Return what `told` told; None for what another program may have told."""
        try:
            bodies = {key: MadeBody(*each) for key, each in told["bodies"].items()}
            return cls(told["version"], told["files"], bodies, {name: MadeBundle(*each) for name, each in told["bundles"].items()})
        except (AttributeError, KeyError, TypeError):
            return None


@dataclass(frozen=True)
class Before:
    """The tree that the last build left in a folder, where nobody touched it since."""

    folder: Path
    made: Made

    def holds(self, path: str, key: str) -> bool:
        """Tell whether a file is there that was made of the same."""
        return self.made.files.get(path) == key

    def made_with(self, path: str) -> tuple[str, Sequence[str]] | None:
        """Return what a file was made of, and the paths of all files that were made of it; None for a file that isn't there."""
        key = self.made.files.get(path)
        return None if key is None else (key, self._paths[key])

    def within(self, folder: str) -> Before:
        """Return it as far as the files in one of its folders go: little enough for another process."""
        files = {path: key for path, key in self.made.files.items() if path.startswith(folder)}
        return Before(self.folder, Made(self.made.version, files))

    @classmethod
    def of(cls, folder: Path, told: Any) -> Before | None:
        """Return the tree in a folder with what was told of it; None where that says nothing."""
        made = Made.of(told)
        return made and cls(folder, made)

    @cached_property
    def _paths(self) -> Mapping[str, Sequence[str]]:
        paths: defaultdict[str, list[str]] = defaultdict(list)
        for path, key in self.made.files.items():
            paths[key].append(path)
        return paths

    def gone(self, made: Made) -> list[str]:
        """Return the paths of files that a newer tree doesn't have, but of bodies."""
        return [path for path in self.made.files if path not in made.files]

    def left(self, made: Made) -> list[str]:
        """Return the bodies that a newer tree doesn't have."""
        return [agency_id for agency_id in self.made.bodies if agency_id not in made.bodies]


def body_folder(agency_id: str) -> str:
    """Return the folder that holds all pages and files of a body, and nothing else."""
    return f"agencies/{agency_id}"
