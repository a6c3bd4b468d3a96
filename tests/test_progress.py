"""Progress: its line, its arithmetic, and a build seen through a terminal and without one."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from publish.progress import Progress, clock_time, told


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (125, "2:05"), (3725, "1:02:05")])
def test_a_span_of_time(seconds: float, text: str) -> None:
    assert clock_time(seconds) == text


@pytest.mark.parametrize(
    ("done", "elapsed", "line"),
    [
        (0, 5.0, "reading  0/9,000 reports"),
        (10, 0.5, "reading  10/9,000 reports"),
        (3000, 10.0, "reading  3,000/9,000 reports  300/s  0:20 left"),
        (2, 10.0, "reading  2/9,000 reports  5.0 s each  12:29:50 left"),
        (9000, 10.0, "reading  9,000/9,000 reports  900/s"),
    ],
)
def test_the_line_tells_rate_and_remaining_time(done: int, elapsed: float, line: str) -> None:
    assert told("reading", "reports", done, 9000, elapsed) == line


def test_a_terminal_sees_a_moving_line_and_what_each_stage_took() -> None:
    stream, times = Terminal(), iter((0.0, 0.02, 2.0, 2.05, 4.0, 4.0, 5.5))
    progress = Progress(stream, lambda: next(times))
    with progress.stage("reading", "reports") as step:
        for done in (1, 50, 51):
            step(done, 100)
    with progress.stage("search"):
        pass
    assert stream.getvalue() == (
        "\r\x1b[Kreading …\r\x1b[Kreading  50/100 reports  25/s  0:02 left\r\x1b[Kreading: 100 reports in 4.0 s\n"
        "\r\x1b[Ksearch …\r\x1b[Ksearch: 1.5 s\n"
    )
    assert progress.summary() == "5.5 s: reading 4.0, search 1.5"


def test_without_a_terminal_nothing_is_shown_and_the_time_is_kept() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    with progress.stage("reading", "reports") as step:
        step(1, 2)
    assert stream.getvalue() == ""
    assert progress.seconds.keys() == {"reading"}


def test_a_stage_that_fails_is_not_told_as_done() -> None:
    stream = Terminal()
    progress = Progress(stream)
    with pytest.raises(ValueError, match="broken"), progress.stage("reading"):
        raise ValueError("broken")
    assert progress.seconds == {} and "reading:" not in stream.getvalue()


def build_seen_by(stderr: int, root: Path, folder: Path, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "build.py"), "build", "--reports", str(folder), "--out", str(out), "--jobs", "1"]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=stderr, text=True, cwd=root, check=True)


def test_a_build_on_a_terminal_and_in_ci(root: Path, tmp_path: Path, folder: Path) -> None:
    reader, writer = pty.openpty()
    build_seen_by(writer, root, folder, tmp_path / "dist")
    os.close(writer)
    seen = os.read(reader, 100_000).decode()
    os.close(reader)
    lines = [line.rpartition("\x1b[K")[2] for line in seen.split("\r\n")]
    assert [line.partition(":")[0] for line in lines if line] == ["reading", "database", "publishing"]
    assert all(re.fullmatch(r"\w+: (\d+ [a-z ]+ in )?\d+\.\d s", line) for line in lines if line), lines
    done = build_seen_by(subprocess.PIPE, root, folder, tmp_path / "other")
    assert done.stderr == ""
    assert re.fullmatch(r"1 files read, .*; the site is in .*\. [\d.]+ s: reading [\d.]+, database .*, publishing [\d.]+\.\n", done.stdout)
    again = build_seen_by(subprocess.PIPE, root, folder, tmp_path / "other")
    assert again.stdout.endswith("Nothing has changed since the last build.\n")
