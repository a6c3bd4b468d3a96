"""The site as a thing to move and to link to: the zip, the downloads page as it tells readers to use it, pictures, words for machines."""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import zipfile
from pathlib import Path

import duckdb
import pytest

from publish import site_zip
from publish.pages.page import Chrome
from publish.pages.reference_pages import downloads_page
from publish.pages.words import load_words
from publish.site_zip import fits, write_zip


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def json_ld(path: Path) -> dict:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', path.read_text("utf-8"))[1])


def test_the_zip_holds_the_whole_site_but_itself(built: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(built / "data/site.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    wanted = files(built)
    del wanted["data/site.zip"]
    assert files(tmp_path / "gongkai") == wanted
    assert os.listdir(tmp_path) == ["gongkai"]


def test_the_same_tree_gives_the_same_zip_whatever_its_times_and_modes(tmp_path: Path) -> None:
    for number, name in enumerate(("a", "b")):
        folder = tmp_path / name
        # Made in another order, with other times and rights.
        for path in sorted(["data/x.csv", "z.html", "agencies/1/index.html"], reverse=bool(number)):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(path * 50, "utf-8")
            os.utime(folder / path, (number * 10**9, number * 10**9))
            (folder / path).chmod(0o600 if number else 0o755)
    first, second = write_zip(tmp_path / "a"), write_zip(tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert archive.namelist() == ["gongkai/agencies/1/index.html", "gongkai/data/x.csv", "gongkai/z.html"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    before = first.stat().st_mtime_ns
    write_zip(tmp_path / "a")
    assert first.stat().st_mtime_ns == before, "a second time nothing is written"
    assert sorted(os.listdir(tmp_path)) == ["a", "b"], "nothing is left beside the tree"


def test_a_tree_beyond_the_limit_has_no_zip_and_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/x.csv").write_bytes(b"x" * 100)
    (tmp_path / "data/site.zip").write_bytes(b"x" * 100)
    monkeypatch.setattr(site_zip, "MOST_BYTES", 100)
    assert fits(tmp_path), "the zip itself does not count"
    monkeypatch.setattr(site_zip, "MOST_BYTES", 99)
    assert not fits(tmp_path)
    text = downloads_page([], {}, Chrome(load_words(), None, None), False).markdown or ""
    assert "site.zip" not in text and "数据和页面超过100 MB，不另做压缩包" in text


def test_every_line_of_code_for_duckdb_runs_as_the_page_gives_it(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (built / "downloads/index.md").read_text("utf-8")
    (query,) = [code for code in re.findall(r"```sql\n(.*?)```", text, re.DOTALL) if "read_parquet" in code]
    monkeypatch.chdir(built)
    # Of the five seeds, two of 2020 have the table.
    assert duckdb.sql(query).fetchall() == [(2020, 2)]
    # The same folders are what Spark finds its years in.
    assert 'spark.read.parquet("data/figures")' in text and (built / "data/figures/year=2020").is_dir()


def test_the_page_tells_how_to_move_the_site(built: Path) -> None:
    text = (built / "downloads/index.md").read_text("utf-8")
    assert "[site.zip](../data/site.zip)" in text
    assert "unzip site.zip\ncd gongkai\npython3 -m http.server" in text.split("{#mirror}")[1]


def test_a_link_to_any_page_has_a_picture(built: Path) -> None:
    data = (built / "assets/og.png").read_bytes()
    assert struct.unpack(">II", data[16:24]) == (1200, 630)
    for page in ("index.html", "agencies/440115/2020/index.html", "en/accuracy/index.html"):
        text = (built / page).read_text("utf-8")
        picture = re.search(r'property="og:image" content="([^"]+)"', text)[1]
        assert (built / page).parent.joinpath(picture).resolve() == (built / "assets/og.png").resolve(), page
        assert all(f'property="og:{name}" content="' in text for name in ("title", "description", "image:alt"))


def test_the_root_has_the_icon_that_browsers_ask_for(built: Path) -> None:
    data = (built / "favicon.ico").read_bytes()
    kind, count = struct.unpack("<2xHH", data[:6])
    assert (kind, count) == (1, 2)
    for place in range(count):
        size, offset = struct.unpack("<II", data[6 + 16 * place + 8 :][:8])
        assert data[offset : offset + 8] == b"\x89PNG\r\n\x1a\n" and offset + size <= len(data)


def test_machines_are_told_what_each_page_is_about(built: Path) -> None:
    for page in ("index.html", "downloads/index.html"):
        told = json_ld(built / page)
        assert told["@type"] == "Dataset" and told["license"].startswith("https://creativecommons.org/")
        for file in told["distribution"]:
            assert (built / file["contentUrl"]).is_file()
    assert any(file["encodingFormat"] == "application/zip" for file in json_ld(built / "downloads/index.html")["distribution"])
    assert json_ld(built / "agencies/440115/index.html")["@type"] == "GovernmentOrganization"
    assert json_ld(built / "agencies/440115/2020/index.html")["@type"] == "Report"


def test_a_mirror_under_any_folder_needs_nothing_from_the_first(built: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(built / "data/site.zip", tmp_path)
    home = (tmp_path / "gongkai/index.html").read_text("utf-8")
    assert not re.search(r'(?:href|src)="/', home)
