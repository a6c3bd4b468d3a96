"""One build in a process of its own, with the seconds of its stages: `python -m bench.timed_build REPORTS OUT CACHE JOBS [database]`."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import build
from extract.catalogue import read_catalogue
from publish.database import build_database
from publish.metadata import write_datasette_files
from publish.pages.crew import Crew
from publish.progress import Progress
from publish.schema import load_schema
from publish.search import place_index


def _told(progress: Progress) -> dict[str, Any]:
    return {
        "seconds": round(sum(progress.seconds.values()), 3),
        "stages": {name: round(seconds, 3) for name, seconds in progress.seconds.items()},
    }


def timed_build(reports: Path, out: Path, cache: Path, jobs: int) -> dict[str, Any]:
    """Build a generated corpus with a cache of its own."""
    build.CACHE, progress = cache, Progress()
    with progress.stage("all"):
        build.build_all(reports, out, jobs, None, generated=True, progress=progress)
    whole = progress.seconds.pop("all")
    return {**_told(progress), "seconds": round(whole, 3)}


def timed_database(reports: Path, out: Path, cache: Path, jobs: int) -> dict[str, Any]:
    """Read a generated corpus and write its database with what Datasette needs, and no pages."""
    build.CACHE, progress = cache, Progress()
    read = build._read(reports, read_catalogue(reports), {}, jobs, None, progress)
    database = out / "data" / "gongkai.db"
    with build._executor(jobs, None) as executor:
        crew, index = Crew(executor), out / ".index"
        beside = {"crew": crew, "filled": partial(build._begin_index, index, crew)}
        with progress.stage("database", "documents") as step:
            build_database(read, database, progress=step, executor=executor, cache=cache / "rows", **beside)
        with progress.stage("search"):
            crew.finish()
            place_index(database, index)
            write_datasette_files(database.parent, load_schema())
    return _told(progress)


if __name__ == "__main__":
    work = timed_database if sys.argv[5:] == ["database"] else timed_build
    print(json.dumps(work(*map(Path, sys.argv[1:4]), jobs=int(sys.argv[4]))))
