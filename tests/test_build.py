"""The build as its user meets it: the command line, what a bad file costs, what stays when nothing can be published."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

SEED = "003_5485236d7c6fb8e1.txt"


def run(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "build.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, cwd=root, check=False)


def digests(tree: Path) -> dict[str, str]:
    files = sorted(path for path in tree.rglob("*") if path.is_file())
    return {path.relative_to(tree).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_two_cold_builds_are_the_same_bytes(root: Path, tmp_path: Path) -> None:
    """Whatever the hash seed, the time zone, the locale and the number of processes, and with the cache or without."""
    first, second = tmp_path / "a" / "dist", tmp_path / "b" / "dist"
    assert run(root, "build", "--out", str(first), "--jobs", "1", PYTHONHASHSEED="1", TZ="Asia/Shanghai").returncode == 0
    shutil.rmtree(root / ".cache", ignore_errors=True)
    assert run(root, "build", "--out", str(second), "--jobs", "2", PYTHONHASHSEED="2", TZ="America/Lima", LC_ALL="C").returncode == 0
    assert digests(first) == digests(second)


def test_bad_files_cost_no_other_and_are_told_on_the_site(root: Path, tmp_path: Path, folder: Path) -> None:
    good = (folder / SEED).read_bytes()
    bad = {
        "empty.txt": b"",
        "binary.txt": bytes(range(256)) * 40,
        "picture.html": b"\x89PNG\r\n\x1a\n" + bytes(500),
        "foreign.txt": b"Annual report of a city government, all in English.\n" * 30,
        "truncated.txt.gz": gzip.compress(good)[:200],
        "truncated.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog",
        "huge.txt": "公开".encode() * 9_000_000,
    }
    for name, data in bad.items():
        (folder / name).write_bytes(data)
    alone = tmp_path / "alone"
    shutil.copytree(folder, alone, ignore=lambda _, names: [name for name in names if name != SEED])
    out, other = tmp_path / "dist", tmp_path / "other"
    result = run(root, "build", "--reports", str(folder), "--out", str(out))
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    assert run(root, "build", "--reports", str(alone), "--out", str(other)).returncode == 0
    page = (out / "checks" / "index.html").read_text("utf-8")
    with sqlite3.connect(out / "data" / "gongkai.db") as database:
        told = dict(database.execute("select path, detail from problems where report_id is null"))
        figures = database.execute("select count(*) from figures").fetchone()[0]
    assert set(told) == set(bad)
    assert figures == 198
    for name, sentence in told.items():
        assert name in page
        assert "\n" not in sentence and len(sentence) > 10
    report = "agencies/440300-zhu-fang-he-jian-she-ju/2020/figures.csv"
    assert (out / report).read_bytes() == (other / report).read_bytes()


def test_nothing_fit_to_publish_leaves_the_tree_before_untouched(root: Path, tmp_path: Path, folder: Path) -> None:
    out = tmp_path / "dist"
    assert run(root, "build", "--reports", str(folder), "--out", str(out)).returncode == 0
    before = digests(out)
    (folder / SEED).write_bytes(b"")
    result = run(root, "build", "--reports", str(folder), "--out", str(out))
    assert result.returncode != 0
    assert "could be read" in result.stderr and "Traceback" not in result.stderr
    assert digests(out) == before


@pytest.mark.parametrize(
    ("catalogue", "sentence"),
    [
        ("file,url\n", "catalogue.csv line 1: the column original_url is missing"),
        ("file,url,original_url,copy_kind,retrieved_on,added_on,note\na.txt,,,copied,,,\n", "catalogue.csv line 2: copy_kind is 'copied'"),
        (
            "file,url,original_url,copy_kind,retrieved_on,added_on,note\n../a.txt,,,,,,\n",
            "catalogue.csv line 2: `file` must name a file inside",
        ),
        ("file,url,original_url,copy_kind,retrieved_on,added_on,note\na,,,,,,\na,,,,,,\n", "catalogue.csv line 3: a is listed twice"),
    ],
)
def test_a_wrong_catalogue_is_one_sentence(root: Path, tmp_path: Path, folder: Path, catalogue: str, sentence: str) -> None:
    (folder / "catalogue.csv").write_text(catalogue, "utf-8")
    result = run(root, "build", "--reports", str(folder), "--out", str(tmp_path / "dist"))
    assert result.returncode != 0
    assert sentence in result.stderr and "Traceback" not in result.stderr


def test_a_listed_file_that_is_absent_is_told_and_costs_nothing(root: Path, tmp_path: Path, folder: Path) -> None:
    header = "file,url,original_url,copy_kind,retrieved_on,added_on,note\n"
    (folder / "catalogue.csv").write_text(f"{header}gone.txt,,,,,,\n{SEED},,,encyclopedia,,,\n", "utf-8")
    out = tmp_path / "dist"
    assert run(root, "build", "--reports", str(folder), "--out", str(out)).returncode == 0
    with sqlite3.connect(out / "data" / "gongkai.db") as database:
        assert database.execute("select kind from problems where path = 'gone.txt'").fetchall() == [("file_absent",)]


def test_a_folder_that_is_not_there_is_one_sentence(root: Path, tmp_path: Path) -> None:
    result = run(root, "build", "--reports", str(tmp_path / "nowhere"), "--out", str(tmp_path / "dist"))
    assert result.returncode != 0
    assert "is not a folder" in result.stderr and "Traceback" not in result.stderr


def test_the_cache_gives_what_reading_again_would(root: Path, tmp_path: Path, folder: Path) -> None:
    out = tmp_path / "dist"
    arguments = ("build", "--reports", str(folder), "--out", str(out))
    assert run(root, *arguments).returncode == 0
    first = digests(out)
    path = folder / SEED
    changed = path.read_text("utf-8").replace("\n154\n", "\n155\n", 1)
    original = path.read_bytes()
    path.write_text(changed, "utf-8")
    assert run(root, *arguments).returncode == 0
    assert digests(out) != first
    path.write_bytes(original)
    assert run(root, *arguments).returncode == 0
    assert digests(out) == first


def test_a_news_article_is_not_republished(built: Path, root: Path) -> None:
    """Figures and the sentences they stand in, no full text: a paragraph without a figure stands nowhere in dist/."""
    article = (root / "reports" / "001_4e8b61ef566fcfa4.txt").read_text("utf-8")
    paragraph = next(line for line in article.splitlines() if len(line) > 100 and not any(character.isdigit() for character in line))
    needle = paragraph[10:50].encode()
    assert needle in article.encode()
    for path in built.rglob("*"):
        if path.is_file():
            assert needle not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("floors.yml", "{share: 0.02, total: {reports: 9}}", "reports in all fell from 9 to 1, more than 2%"),
        (
            "corrections.yml",
            "- {report: 440300-zhu-fang-he-jian-she-ju-2020, indicator: granted, measure: total, printed: 109, corrected: 111,"
            " reason_zh: 更正, reason_en: corrected, source: https://zjj.sz.gov.cn/, date: 2026-11-21}",
            "The correction of 440300-zhu-fang-he-jian-she-ju-2020 granted total is for 109, but 110 is printed; check it again.",
        ),
    ],
)
def test_what_stops_a_publication_is_one_sentence_and_what_was_published_stands(
    root: Path, tmp_path: Path, folder: Path, name: str, text: str, reason: str
) -> None:
    """The seed prints 110 requests granted in full."""
    (folder.parent / name).write_text(text, "utf-8")
    out = tmp_path / "dist"
    out.mkdir()
    (out / "index.html").write_text("published", "utf-8")
    result = run(root, "build", "--reports", str(folder), "--out", str(out))
    assert result.returncode != 0 and reason in result.stderr and "Traceback" not in result.stderr
    assert [path.name for path in out.iterdir()] == ["index.html"] and (out / "index.html").read_text("utf-8") == "published"
