"""Fixtures that build the product once and let tests ask it as a user would."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dist/, built once a session from the product's own reports."""
    from build import build_all

    out = tmp_path_factory.mktemp("built") / "dist"
    build_all(ROOT / "reports", out)
    return out


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    """A reports folder with one good report and no catalogue."""
    reports = tmp_path / "reports"
    reports.mkdir()
    shutil.copy(root / "reports" / "003_5485236d7c6fb8e1.txt", reports)
    return reports
