"""One build in a process of its own, with the seconds of its stages and its peak memory: `python -m bench.timed_build`."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import build

# The functions that build.py calls one after the other, and what each is called in the benchmark.
STAGES = {
    "_read": "extraction",
    "build_database": "database",
    "write_package": "package",
    "add_search": "search",
    "write_datasette_files": "datasette",
    "build_site": "site",
}
_KILOBYTE = 1024


def _timed(name: str, function: Callable[..., Any], seconds: dict[str, float]) -> Callable[..., Any]:
    def run(*arguments: Any, **named: Any) -> Any:
        start = time.perf_counter()
        result = function(*arguments, **named)
        seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - start
        return result

    return run


def timed_build(reports: Path, out: Path, cache: Path, jobs: int) -> dict[str, Any]:
    """Build a generated corpus with a cache of its own: seconds in all and by stage, and the largest process in bytes."""
    stages: dict[str, float] = {}
    build.CACHE = cache
    for function, stage in STAGES.items():
        if hasattr(build, function):
            setattr(build, function, _timed(stage, getattr(build, function), stages))
    start = time.perf_counter()
    build.build_all(reports, out, jobs, None, generated=True)
    seconds = time.perf_counter() - start
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * _KILOBYTE
    return {"seconds": round(seconds, 3), "stages": {name: round(value, 3) for name, value in stages.items()}, "peak_memory": peak}


if __name__ == "__main__":
    print(json.dumps(timed_build(*map(Path, sys.argv[1:4]), jobs=int(sys.argv[4]))))
