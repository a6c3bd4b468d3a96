"""From one report file to one `Report`: the order of the rooms, and what happens when a room cannot do its work.

`extract_file` opens one file and writes nothing. Whatever is wrong with the file, it returns a Report: with problems in it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from extract.forms import form_of_year
from extract.garbage import collector_held
from extract.identity import identify
from extract.model import CatalogueEntry, Document, Figure, Identity, Problem, Report, Source, TableReading, UnreadableFile
from extract.prose import read_prose
from extract.read import data_of, read_data
from extract.repair import repair
from extract.tables import missing_figures, read_tables

__all__ = ["extract_file"]

NARRATIVE = "narrative"
# Rows recognized with less confidence than this are listed one by one.
_SURE = 0.9
_CHUNK = 1 << 16


def _source(path: Path, data: bytes | None, entry: CatalogueEntry, document: Document | None, script: str | None) -> Source:
    """What the file is; `data` is None where it was not read as a whole."""
    digest, size = hashlib.sha256(data or b""), len(data or b"")
    if data is None:
        with open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    return Source(
        path=entry.file,
        bytes=size,
        sha256=digest.hexdigest(),
        media_type=document.media_type if document else None,
        encoding=document.encoding if document else None,
        script=script,
    )


def _format(reading: TableReading, identity: Identity) -> str:
    """A report's format is that of its requests table; of its other tables where that is lost; of its year where all are."""
    forms = dict(reading.forms)
    for block in ("requests", "statistics", "proactive", "remedies"):
        if block in forms:
            return forms[block]
    form = form_of_year(identity.year) if identity.year and identity.document_type == "annual_report" else None
    return form.form if form else NARRATIVE


def _completeness(figures: tuple[Figure, ...]) -> str:
    present = sum(1 for figure in figures if figure.state != "missing")
    if not present:
        return "narrative_only"
    return "complete" if present == len(figures) else "partial"


def _from_pictures(document: Document, reading: TableReading, identity: Identity) -> tuple[tuple[Figure, ...], tuple[Problem, ...]]:
    """The figures, marked where a scanner's text layer gave them, and what there is to say of pictures in the place of tables."""
    media = dict(document.properties)
    if document.recognized:
        return _recognized(document, reading)
    if "hidden_text" in media:
        zh = "本文件是扫描件，文字由扫描软件识别，数字可能有误，均标为“识别”。"
        en = "This file is a scan whose text a scanner recognized; its figures may be misread and are marked as such."
        return tuple(figure._replace(reading="ocr") for figure in reading.figures), (Problem("scanned", zh, en),)
    if "pictures" in media and not reading.figures and identity.document_type == "annual_report":
        zh = "报告中没有读到表格，而有图片：表格可能是图片，本站未作文字识别。"
        en = "No table could be read, but there are pictures: the tables are probably pictures, and we do not recognize text in them."
        return (), (Problem("tables_are_pictures", zh, en),)
    return reading.figures, ()


def _recognized(document: Document, reading: TableReading) -> tuple[tuple[Figure, ...], tuple[Problem, ...]]:
    """The figures with the confidence of the lines they stand on, a word on the recognition, and one on each row it was unsure of."""
    lines = dict(document.recognized)
    figures = tuple(
        figure._replace(reading="ocr", confidence=lines[figure.line]) if figure.line in lines else figure for figure in reading.figures
    )
    zh = "本文件全部或部分是图片（扫描件），文字由本站自动识别，数字可能有误，均标为“识别”。"
    en = "All or part of this file is pictures (a scan) whose text we recognized; its figures may be misread and are marked as such."
    problems = [Problem("scanned", zh, en)]
    doubtful: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.confidence is not None and figure.confidence < _SURE:
            doubtful.setdefault(figure.indicator, []).append(figure)
    for indicator, unsure in doubtful.items():
        raw = " ".join(figure.raw or "" for figure in unsure)
        confidence = min(figure.confidence for figure in unsure)
        zh = f"图片中的“{raw}”识别把握不大（{confidence:.2f}），请与原件核对。"
        en = f"“{raw}” was read from a picture with little confidence ({confidence:.2f}); compare it with the original."
        problems.append(Problem("doubtful_recognition", zh, en, unsure[0].line, indicator))
    return figures, tuple(problems)


def _unreadable(path: Path, data: bytes | None, entry: CatalogueEntry, error: UnreadableFile) -> Report:
    zh, _, en = str(error).partition(" / ")
    problem = Problem("unreadable_file", zh, en or zh)
    return Report(_source(path, data, entry, None, None), entry, None, NARRATIVE, "narrative_only", problems=(problem,))


@collector_held()
def extract_file(path: Path, entry: CatalogueEntry) -> Report:
    """Read one report. A file that cannot be read gives a Report without identity and one problem that says why.

    The text of a news article belongs to its publisher: of such a file only the counted figures, each with its sentence, leave here.
    """
    data = None
    try:
        data = data_of(path)
        document = read_data(data, path.name)
    except UnreadableFile as error:
        return _unreadable(path, data, entry, error)
    repaired = repair(document)
    reading = read_tables(repaired)
    identity = identify(repaired, entry)
    sections, narrative = read_prose(repaired, reading.spans, reading.whole_lines)
    format_ = _format(reading, identity)
    ours_to_publish = identity.document_type != "news"
    figures, media_problems = _from_pictures(document, reading, identity)
    if identity.document_type == "annual_report":
        figures += missing_figures(reading, format_)
    return Report(
        source=_source(path, data, entry, document, repaired.script),
        entry=entry,
        identity=identity,
        format=format_,
        completeness=_completeness(figures),
        figures=figures,
        sections=sections if ours_to_publish else (),
        narrative=narrative,
        noise=repaired.noise,
        problems=(*identity.problems, *reading.problems, *media_problems),
        public_lines=repaired.public_lines if ours_to_publish else (),
    )
