"""The server with several processes, as `build.py serve` starts it: who asks early waits, a process that dies is replaced."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from serve_origin import Origin
from serve_small_database import small_tree

from publish.serve import bind

ROOT = Path(__file__).parent.parent
PAGE = "/gongkai/agencies/440115"


def _free_port() -> int:
    with bind("127.0.0.1", 0) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def server(tmp_path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-u", "build.py", "serve", "--out", str(small_tree(tmp_path)), "--port", str(_free_port()), "--jobs", "2"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as started:
        yield started
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)


def _address(server: subprocess.Popen[str]) -> Origin:
    line = server.stdout.readline() if server.stdout else ""
    found = re.match(r"http://127\.0\.0\.1:(\d+)/  \(Ctrl\+C ends it\)$", line)
    assert found, line
    return Origin(int(found[1]))


def _answering(server: subprocess.Popen[str]) -> set[int]:
    """Return the processes that answer: the children of the server, but for the one that only minds their semaphores."""
    answering = set()
    for child in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text("ascii").split():
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended just now
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                answering.add(int(child))
    return answering


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="tells processes by /proc")
def test_readers_are_shared_out_among_processes_and_one_that_dies_is_replaced(server):
    origin = _address(server)
    with ThreadPoolExecutor(8) as readers:
        first = list(readers.map(origin.ask, [PAGE] * 40))
    assert {answer.status for answer in first} == {200} and "广州市南沙区人民政府" in first[0].text
    before = _answering(server)
    assert len(before) == 2
    lost = min(before)
    os.kill(lost, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while (now := _answering(server)) == before or len(now) < 2:
        assert time.monotonic() < deadline, "the process was not replaced"
        time.sleep(0.1)
    assert lost not in now and origin.ask(PAGE).status == 200


@pytest.mark.parametrize("when", ["at once", "while they serve"])
def test_ctrl_c_ends_every_process_without_a_traceback(server, when):
    origin = _address(server)
    assert when == "at once" or origin.ask(PAGE).status == 200
    os.killpg(server.pid, signal.SIGINT)
    _, said = server.communicate(timeout=60)
    assert server.returncode == 0 and said == ""
    with pytest.raises(ConnectionRefusedError):
        origin.ask(PAGE)
