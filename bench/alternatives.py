"""What a user would pick instead of parts of ours, where it is installed: requirements/bench.txt, into an environment of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import click

FOLDER = Path(__file__).parent.parent / ".venv" / "bench" / "bin"


def installed(program: str) -> Path | None:
    """A program of that environment; None, and a word, where it is not there."""
    path = FOLDER / program
    if path.exists():
        return path
    click.echo(f"{program} is not installed (make bench installs it); what it would be compared with is measured alone.", err=True)
    return None


def run_script(script: str, *arguments: object) -> str | None:
    """What a Python script prints in that environment; None, and a word, where it can't run there."""
    python = installed("python")
    if python is None:
        return None
    done = subprocess.run([python, "-c", script, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        click.echo(f"skipped: {(done.stderr.strip().splitlines() or ['the script failed'])[-1]}", err=True)
        return None
    return done.stdout.splitlines()[-1]
