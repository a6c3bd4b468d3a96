"""The publication records what it changes against what is published: .ci/record-changes, as the workflow runs it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from factories import make_report

from publish.changes import read_changes
from publish.database import build_database


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "site" / "data").mkdir(parents=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "site")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def database(path: Path, granted: int, changes: Path | None = None) -> Path:
    cells = {("granted", "total"): granted, ("granted", "natural_person"): granted - 3}
    path.unlink(missing_ok=True)
    build_database([make_report(cells)], path, changes=read_changes(changes) if changes else ())
    return path


def record(root: Path, site: str, new: Path, date: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / ".ci" / "record-changes"), site, str(new), date, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"no_proxy": "127.0.0.1"})


def test_a_publication_records_its_changes_once_and_a_day_has_one_record(root: Path, tmp_path: Path, site: str) -> None:
    published, changes, new = tmp_path / "site/data/gongkai.db", tmp_path / "changes", tmp_path / "new.db"
    assert "Nothing is published" in record(root, site, database(new, 9), "2026-11-21", changes).stdout
    assert not changes.exists()

    database(published, 9)
    assert "has changed" in record(root, site, new, "2026-11-21", changes).stdout and not changes.exists()

    database(new, 8)
    assert record(root, site, new, "2026-11-21", changes).returncode == 0
    written = json.loads((changes / "2026-11-21.json").read_text("utf-8"))
    assert {(each["kind"], each.get("measure"), each.get("old_value"), each.get("new_value")) for each in written["changes"]} >= {
        ("figure_changed", "total", 9, 8),
        ("figure_changed", "natural_person", 6, 5),
    }
    # What is recorded and not published yet is left as it is.
    before = (changes / "2026-11-21.json").read_bytes()
    assert "recorded already: 2026-11-21" in record(root, site, new, "2026-11-22", changes).stdout
    assert [path.name for path in changes.iterdir()] == ["2026-11-21.json"] and (changes / "2026-11-21.json").read_bytes() == before

    database(published, 8, changes)
    database(new, 7)
    again = record(root, site, new, "2026-11-21", changes)
    assert again.returncode != 0 and "publish on another day" in again.stderr and "Traceback" not in again.stderr
    assert record(root, site, new, "2026-11-22", changes).returncode == 0
    assert sorted(path.name for path in changes.iterdir()) == ["2026-11-21.json", "2026-11-22.json"]


def test_a_site_that_cannot_be_reached_is_not_taken_for_an_empty_one(root: Path, tmp_path: Path) -> None:
    refused = record(root, "http://127.0.0.1:9/", database(tmp_path / "new.db", 9), "2026-11-21", tmp_path / "changes")
    assert refused.returncode != 0 and "could not be recorded" in refused.stderr and "Traceback" not in refused.stderr
