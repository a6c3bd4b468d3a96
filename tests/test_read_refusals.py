"""What cannot be read is refused with one sentence in Chinese and one in English, and never with a traceback."""

import gzip
import io
import random
import re
import zipfile
import zlib

import pytest

import extract.read
from extract.model import UnreadableFile
from extract.read import MAX_FILE_BYTES, read_file

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def refused(tmp_path, content: bytes, name: str = "report.bin") -> str:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        read_file(path)
    sentence = str(caught.value)
    chinese, english = sentence.split(" / ", 1)
    assert CHINESE.search(chinese) and chinese.endswith("。") and chinese.count("。") == 1
    assert not CHINESE.search(english) and english.endswith(".") and "\n" not in sentence
    assert "{" not in sentence and "Traceback" not in sentence and name not in sentence
    return english


def zip_of(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n", b"\0" * 4096, b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty(tmp_path, content):
    assert "empty" in refused(tmp_path, content)


def test_over_the_limit_is_refused_unread(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES)
    with pytest.raises(UnreadableFile, match=r"50\.0 MB"):
        read_file(path)


def test_far_too_much_text(tmp_path, monkeypatch):
    monkeypatch.setattr(extract.read, "MAX_CHARACTERS", 1000)
    assert "far more" in refused(tmp_path, ("公开" * 501).encode(), "long.txt")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("length", [40, 5000])
def test_random_bytes_are_binary(tmp_path, seed, length):
    assert "binary data" in refused(tmp_path, b"\x07" + random.Random(seed).randbytes(length))


def test_control_characters_are_binary(tmp_path):
    assert "binary data" in refused(tmp_path, bytes(range(1, 32)) * 40 + "报告".encode())


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 60, "JPEG"),
        (b"GIF89a" + b"\0" * 60, "GIF"),
        (b"BM\x8a\0\0\0" + b"\0" * 60, "BMP"),
        (b"MZ\x90\0\x03" + b"\0" * 60, "Windows program"),
        (b"\x7fELF\x02\x01" + b"\0" * 60, "executable"),
        (b"Rar!\x1a\x07\x01\0" + b"\0" * 60, "RAR"),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 60, "7z"),
        (b"SQLite format 3\0" + b"\0" * 60, "SQLite"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 60, "video"),
    ],
)
@pytest.mark.parametrize("name", ["report.txt", "report.pdf", "report.html"])
def test_foreign_files_are_named_whatever_their_extension(tmp_path, content, kind, name):
    assert kind in refused(tmp_path, content, name)


def test_two_letters_are_not_yet_a_program(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text("MZ区2020年政府信息公开工作年度报告", "utf-8")
    assert read_file(path).lines[0].startswith("MZ区")


def test_a_zip_that_is_no_office_file(tmp_path):
    assert "ZIP archive" in refused(tmp_path, zip_of({"年报.txt": "报告".encode()}))
    assert "ZIP archive" in refused(tmp_path, zip_of({}))


def test_truncated_zip(tmp_path):
    whole = zip_of({"word/document.xml": random.Random(1).randbytes(3000), "[Content_Types].xml": b"<Types/>"})
    for part in (10, 100, len(whole) // 2, len(whole) - 30):
        assert "truncated" in refused(tmp_path, whole[:part], "report.docx")


def test_no_chinese_character(tmp_path):
    assert "Chinese character" in refused(tmp_path, b"Annual report 2020: 12 requests.\n", "report.txt")
    assert "Chinese character" in refused(tmp_path, b"| a | 1 |\n|---|---|\n", "report.md")


def test_gzip_is_opened_and_a_truncated_one_refused(tmp_path):
    packed = gzip.compress(("青石县2020年政府信息公开工作年度报告\n" * 200).encode())
    path = tmp_path / "report.txt.gz"
    path.write_bytes(packed)
    assert len(read_file(path).lines) == 200
    for part in (12, len(packed) // 2, len(packed) - 1):
        assert "truncated" in refused(tmp_path, packed[:part])
    assert "empty" in refused(tmp_path, gzip.compress(b""))


def test_gzip_bombs_are_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(extract.read, "MAX_FILE_BYTES", 100_000)
    packer = zlib.compressobj(9, wbits=31)
    bomb = packer.compress(b"0" * 5_000_000) + packer.flush()
    assert len(bomb) < 100_000
    assert "far more" in refused(tmp_path, bomb)


def test_a_folder_and_a_missing_file(tmp_path):
    for path in (tmp_path, tmp_path / "missing.txt"):
        with pytest.raises(UnreadableFile):
            read_file(path)
