"""Programs run and watched from outside: seconds, and the memory of all their processes together."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent
_PROC = Path("/proc")
_KILOBYTE = 1024
_BETWEEN = 0.1  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Watched:
    """A finished program: what it printed, how long it ran, how long processors worked for it and its children, and the most memory
    that these held at a time, in bytes."""

    stdout: str
    seconds: float
    cpu_seconds: float
    peak_memory: int


def children() -> dict[int, list[int]]:
    """The processes of this machine by the process that started them."""
    found: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
            except (OSError, ValueError, IndexError):
                continue  # it has ended
            found.setdefault(parent, []).append(int(entry.name))
    return found


def _proportional_size(process: int) -> int:
    """What a process holds, pages that it shares with others counted in part: so a sum over processes counts no page twice."""
    try:
        text = (_PROC / str(process) / "smaps_rollup").read_text("utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) * _KILOBYTE for line in text.splitlines() if line.startswith("Pss:")), 0)


def tree_memory(process: int) -> int:
    """The memory of a process and all that it started, in bytes; 0 where the system does not tell."""
    if not _PROC.is_dir():
        return 0
    parents, below = children(), [process]
    for each in below:
        below += parents.get(each, ())
    return sum(map(_proportional_size, below))


def _worked() -> float:
    """Processor seconds of all programs that were run to their end from here, with all that they had started and waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def watch(command: Sequence[str | os.PathLike[str]], cwd: Path = ROOT) -> Watched:
    """Run a program to its end. Where the system tells nothing of memory, it is that of the largest process so far."""
    start, before, peak = time.perf_counter(), _worked(), 0
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        while True:
            try:
                stdout, stderr = running.communicate(timeout=_BETWEEN)
                break
            except subprocess.TimeoutExpired:
                peak = max(peak, tree_memory(running.pid))
    seconds = time.perf_counter() - start
    if running.returncode:
        last = (stderr.strip() or stdout.strip()).splitlines()[-1:]
        raise click.ClickException(f"{' '.join(map(str, command[:4]))} failed: {' '.join(last)}")
    return Watched(stdout, seconds, _worked() - before, peak or resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _KILOBYTE)


def python(module: str, *arguments: object) -> Watched:
    """Run a module of this repository."""
    return watch([sys.executable, "-m", module, *map(str, arguments)])
