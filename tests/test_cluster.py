"""Extraction past one machine: a real Dask scheduler, two workers in their own processes, one of them killed in mid-run."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, Popen, run

import pytest

from extract.batch import extract_all
from extract.catalogue import read_catalogue

COPIES = 60


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    reports = tmp_path / "reports"
    reports.mkdir()
    seeds = sorted((root / "reports").glob("00[0234]*.txt"))
    for number in range(COPIES):
        shutil.copy(seeds[number % len(seeds)], reports / f"{number:03}.txt")
    return reports


@pytest.fixture
def cluster(tmp_path: Path, root: Path) -> Iterator[tuple[str, list[Popen]]]:
    """The address of a scheduler and its two workers."""
    distributed = pytest.importorskip("distributed")
    environment = {**os.environ, "PYTHONPATH": str(root)}
    quiet = {"env": environment, "stdout": DEVNULL, "stderr": DEVNULL, "cwd": tmp_path}
    described = tmp_path / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    processes = [Popen([*command, "--scheduler-file", str(described)], **quiet)]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(described), "--nthreads", "1", "--no-nanny"]
    processes += [Popen([*worker, "--no-dashboard"], **quiet) for _ in range(2)]
    try:
        with distributed.Client(scheduler_file=str(described), timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
            address = client.scheduler.address
        yield address, processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_killed_worker_loses_nothing(folder: Path, cluster: tuple[str, list[Popen]]) -> None:
    from distributed import Client

    address, workers = cluster
    entries = read_catalogue(folder)
    alone = list(extract_all(folder, entries))
    killed = []

    def progress(count: int) -> None:
        if count == 5:
            workers[0].kill()
            killed.append(workers[0].wait())

    with Client(address) as client, client.get_executor() as executor:
        together = list(extract_all(folder, entries, executor, progress=progress))
    assert killed
    assert together == alone
    assert len(together) == COPIES


def test_the_command_line_gives_the_same_bytes(folder: Path, cluster: tuple[str, list[Popen]], root: Path, tmp_path: Path) -> None:
    digests = []
    for name, arguments in (("alone", ()), ("together", ("--cluster", cluster[0]))):
        shutil.rmtree(root / ".cache" / "reports", ignore_errors=True)
        out = tmp_path / name
        command = [sys.executable, str(root / "build.py"), "build", "--reports", str(folder), "--out", str(out), "--jobs", "1", *arguments]
        result = run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        digests.append(hashlib.sha256((out / "data" / "gongkai.db").read_bytes()).hexdigest())
    assert digests[0] == digests[1]


def test_no_scheduler_is_one_sentence(root: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(root / "build.py"), "build", "--cluster", "tcp://127.0.0.1:9", "--out", str(tmp_path / "dist")]
    result = run(command, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "no Dask scheduler answers" in result.stderr and "Traceback" not in result.stderr
