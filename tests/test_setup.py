"""Set-up: one Makefile, two locks, a clear sentence where Python will not do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

HERE = Path(__file__).parent.parent


def locked(name: str) -> dict[str, str]:
    text = (HERE / "requirements" / f"{name}.txt").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9_.-]+)==(\S+)", text, re.MULTILINE))


@pytest.fixture
def stranger(tmp_path) -> Path:
    """Return a folder as it is before the first command."""
    shutil.copy(HERE / "Makefile", tmp_path)
    shutil.copytree(HERE / "requirements", tmp_path / "requirements")
    return tmp_path


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60)


def fake_python(folder: Path, body: str) -> str:
    path = folder / "fake-python"
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_python_that_is_too_old_is_named_in_one_sentence(stranger):
    python = fake_python(stranger, "exit 1")
    done = make(stranger, f"PYTHON={python}", "setup")
    assert done.returncode != 0 and f"{python} is not Python 3.11 or later." in done.stderr
    assert not (stranger / ".venv").exists() and "Traceback" not in done.stderr


def test_no_python_at_all_is_one_sentence(stranger):
    done = make(stranger, "PYTHON=", "setup")
    assert done.returncode != 0 and "Gongkai needs Python 3.11 or later; none was found." in done.stderr


def test_a_python_without_venv_names_the_package(stranger):
    python = fake_python(stranger, 'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac')
    done = make(stranger, f"PYTHON={python}", "setup")
    assert done.returncode != 0 and "apt install python3-venv" in done.stderr


def test_an_environment_that_failed_half_way_is_taken_away(stranger):
    python = fake_python(stranger, 'case "$*" in *"-m venv"*) mkdir -p .venv/bin; touch .venv/bin/python; exit 1;; esac')
    assert make(stranger, f"PYTHON={python}", "setup").returncode != 0
    assert not (stranger / ".venv").exists()


def test_a_second_set_up_does_nothing(stranger):
    (stranger / ".venv" / "bin").mkdir(parents=True)
    (stranger / ".venv" / "bin" / "python").touch()
    (stranger / ".venv" / "build.stamp").touch()
    done = make(stranger, "setup")
    assert done.returncode == 0 and "pip" not in done.stdout


def test_a_changed_lock_is_installed_again(stranger):
    (stranger / ".venv" / "bin").mkdir(parents=True)
    (stranger / ".venv" / "bin" / "python").touch()
    (stranger / ".venv" / "build.stamp").touch()
    later = (stranger / ".venv" / "build.stamp").stat().st_mtime + 10
    os.utime(stranger / "requirements" / "build.txt", (later, later))
    assert "--require-hashes --requirement requirements/build.txt" in make(stranger, "--dry-run", "setup").stdout


def test_both_locks_hold_the_same_versions():
    build, test = locked("build"), locked("test")
    assert len(build) > 50 and build.items() <= test.items()


@pytest.mark.parametrize("name", ["build", "test"])
def test_every_pin_has_a_hash_and_no_address(name):
    text = (HERE / "requirements" / f"{name}.txt").read_text("utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries) and len(entries) == len(locked(name))


def test_every_declared_dependency_is_locked():
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))
    for name, declared in (("build", project["project"]["dependencies"]), ("test", project["dependency-groups"]["test"])):
        wanted = {re.match(r"[\w-]+", line)[0].lower() for line in declared}
        assert wanted <= set(locked(name)), name


def test_workflows_grant_nothing_by_default_and_pin_every_action():
    for workflow in sorted((HERE / ".github" / "workflows").glob("*.yml")):
        text = workflow.read_text("utf-8")
        described = yaml.load(text, yaml.CSafeLoader)
        assert described["permissions"] == {} and "concurrency" in described
        assert all("permissions" in job for job in described["jobs"].values())
        uses = re.findall(r"uses: (.*)", text)
        assert uses and all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action) for action in uses), uses


def test_only_the_deployment_and_the_record_of_changes_may_write():
    jobs = yaml.load((HERE / ".github/workflows/ci.yml").read_text("utf-8"), yaml.CSafeLoader)["jobs"]
    writing = {name for name, job in jobs.items() if "write" in job["permissions"].values()}
    assert writing == {"deploy", "record"} and all("refs/heads/main" in jobs[name]["if"] for name in writing)
    # Nothing is published whose changes against what is published have not been recorded.
    assert "record" in jobs["site"]["needs"] and jobs["deploy"]["needs"] == "site"
    assert any(".ci/record-changes" in step.get("run", "") for step in jobs["record"]["steps"])
