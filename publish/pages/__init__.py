"""The static site: every page from the finished database, through the Markdown templates of site/.

    rows (query) → page as a value (report_page, agency_page, …) → Markdown → HTML (page) → files (here)

A page is made by a pure function of rows; only this module, `query`, `bodies`, `search_files` and `tree` touch the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from publish.fingerprint import code_version
from publish.pages import parts
from publish.pages.bodies import version_of, write_bodies
from publish.pages.crew import beside, soon
from publish.pages.feeds import feed, robots, sitemap
from publish.pages.gathered import Gathered, read_rows
from publish.pages.languages import LANGUAGES
from publish.pages.made import Before, Made, body_folder
from publish.pages.origins import Origins
from publish.pages.page import Chrome
from publish.pages.peers import peers_of_bodies
from publish.pages.query import Database, asked
from publish.pages.reference_pages import downloads_page
from publish.pages.search_files import write_index
from publish.pages.search_index import FOLDER
from publish.pages.tree import Tree
from publish.pages.words import SITE, load_words
from publish.progress import Step, quiet
from publish.renewal import Renewal
from publish.schema import load_schema
from publish.site_zip import NAME, fits, write_zip
from publish.stretches import Stretch

__all__ = ["Site", "build_site"]


@dataclass(frozen=True, slots=True)
class Site:
    """What the files of a site were made of and, where it stands beside the tree before, what that one needs to become it."""

    made: Made
    renewal: Renewal | None


def build_site(
    database: Path,
    reports_text: Mapping[str, Sequence[str]],
    out: Path,
    *,
    datasette: str | None,
    site_url: str | None = None,
    executor: Executor | None = None,
    before: Before | None = None,
    stretches: Sequence[Stretch] = (),
    finish_data: Callable[[], object] = lambda: None,
    progress: Step = quiet,
) -> Site:
    """Write the pages of the site into `out`.

    `reports_text` holds the public lines of each document by report_id. `datasette` is where Datasette answers, before the
    name of the database: an address, or "" beside the site; None leaves its links out. `site_url` is the public address of
    the site, which sitemap and feed repeat. The pages of bodies are made by `executor`, where there is one. With the tree `before`,
    only files that it lacks or that may be others than it has are written; `stretches`, which the making of the database told, then
    save reading what they are made of. `finish_data` is called when no page is being made of the database any more, and then all files
    of `out/data/` must stand. `progress` hears of how many bodies.
    """
    if before and (before.folder / NAME).exists():
        # A zip is of a whole tree, which is then a small one.
        before = None
    chrome = Chrome(load_words(), None if datasette is None else f"{_folder(datasette)}gongkai/", _folder(site_url) if site_url else None)
    with closing(Database(database)) as source, beside(executor) as do:
        check_counts = do(asked, database, Database.check_counts)
        standings = soon(executor, asked, database, Database.standings)
        data = replace(source.shared(), check_counts=check_counts.result())
        chrome = replace(chrome, repeats=len(data.reports) <= parts.MOST_REPEATED)
        data = replace(data, peers=peers_of_bodies(data))
        tree = Tree(out, chrome, version_of(code_version(), data, chrome), executor, before)
        trees = [tree.in_language(language) for language in LANGUAGES]
        index_before = tree.before and tree.before.within(FOLDER)
        index = soon(executor, write_index, database, out, chrome, tree.made.version, index_before, data.names_only())
        bodies = do(write_bodies, database, tree, data, reports_text, Origins(source, stretches), progress)
        rows = read_rows(source, data)
        Gathered(trees, rows, data).write(source, standings.result)
        tree.made.files.update(index.result())
        written = [body_folder(agency_id) for agency_id in bodies.result()]
        finish_data()
        zipped = fits(out / "data", *_folders_of_bodies(tree, set(written)))
        for each in trees:
            each.add(downloads_page(load_schema().tables, dict(rows.counts), each.chrome, zipped, list(data.usage_warnings.values())))
        tree.finish()
    for asset in sorted((SITE / "assets").iterdir()):
        tree.write(f"assets/{asset.name}", asset.read_bytes())
    # Browsers ask for it at the root, whatever a page says.
    tree.write("favicon.ico", (SITE / "favicon.ico").read_bytes())
    for name, content in sitemap(tree.pages, chrome).items():
        tree.write(name, content)
    tree.write("feed.xml", feed(data, chrome))
    tree.write("robots.txt", robots(chrome))
    if zipped and tree.before:
        # The tree before had outgrown its zip, and this one has not.
        options = {"datasette": datasette, "site_url": site_url, "executor": executor, "stretches": stretches, "progress": progress}
        return build_site(database, reports_text, out, **options)
    if zipped:
        write_zip(out)
    if tree.before is None:
        return Site(tree.made, None)
    left = [body_folder(agency_id) for agency_id in tree.before.left(tree.made)]
    return Site(tree.made, Renewal(["data", *written, *left], tree.before.gone(tree.made)))


def _folders_of_bodies(tree: Tree, written: Container[str]) -> Iterator[Path]:
    """Yield where the files of each body stand: in this tree or that before it."""
    for agency_id in tree.made.bodies:
        folder = body_folder(agency_id)
        yield (tree.out if folder in written or tree.before is None else tree.before.folder) / folder


def _folder(address: str) -> str:
    return f"{address.rstrip('/')}/" if address else ""
