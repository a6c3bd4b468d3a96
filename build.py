"""Build and serve Gongkai: reports/ → dist/. This file orders the stages and holds the command line; the work is elsewhere."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import click

from bench import is_generated
from extract.batch import extract_all
from extract.catalogue import CatalogueError, read_catalogue
from extract.kept import KeptReports, keep_all, read_all
from extract.model import CatalogueEntry
from publish.accuracy import AccuracyError
from publish.benchmark import BenchmarkError
from publish.changes import ChangesError
from publish.compare import write_comparison
from publish.corrections import CorrectionError
from publish.database import Built, DatabaseError, build_database
from publish.filing import PublicLines
from publish.fingerprint import folder_digests, memory_of
from publish.floors import FloorError, check_floors
from publish.metadata import write_datasette_files
from publish.package import write_package
from publish.pages import Site, build_site
from publish.pages.crew import Crew, beside
from publish.progress import Progress, Step
from publish.record import Record, inputs_of, read_record
from publish.renewal import remove
from publish.schema import load_schema
from publish.search import gather_texts, make_index, place_index
from publish.searched import CoverageError
from publish.standing import Standing
from publish.statements import StatementError
from publish.stretches import Stretch
from publish.validate import ValidationError, check_constraints, files_at_fault

HERE = Path(__file__).resolve().parent
CACHE = HERE / ".cache"
CLUSTER_TIMEOUT = 10  # seconds


@contextmanager
def _executor(jobs: int, cluster: str | None) -> Iterator[Executor | None]:
    """What reads the reports: a Dask cluster, processes of this machine, or None for this process alone."""
    if cluster:
        try:
            from distributed import Client
        except ImportError as error:
            raise click.ClickException("--cluster needs the extra `cluster`; install it: make extras.") from error
        try:
            client = Client(cluster, timeout=CLUSTER_TIMEOUT)
        except OSError as error:
            raise click.ClickException(f"no Dask scheduler answers at {cluster}; start one, or name another with --cluster.") from error
        with client, client.get_executor() as executor:
            yield executor
    elif jobs > 1:
        with ProcessPoolExecutor(jobs) as executor:
            yield executor
    else:
        yield None


def _read(
    reports: Path, entries: Sequence[CatalogueEntry], digests: Mapping[str, str], jobs: int, cluster: str | None, progress: Progress
) -> KeptReports:
    store = CACHE / "reports"
    with _executor(jobs, cluster) as executor, progress.stage("reading", "reports") as step:

        def count(done: int) -> None:
            step(done, len(entries))

        if cluster:
            return keep_all(reports, entries, extract_all(reports, entries, executor, store, count), store)
        return read_all(reports, entries, executor, store, count, digests)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a build tells of itself: how many files there were, and how many of them had problems."""

    files: int
    troubled: int


def _begin_index(index: Path, crew: Crew, draft: sqlite3.Connection) -> None:
    gather_texts(draft, index)
    crew.do(make_index, index)


def _build_sound_database(
    reports: KeptReports, record: Record, database: Path, index: Path, executor: Executor | None, crew: Crew, step: Step
) -> tuple[KeptReports, Sequence[Stretch]]:
    """Build the database and return the reports that are in it, and its stretches: what a file gave that breaks the schema costs no
    other file.

    Where half of the files or more break it, the program is to blame, and nothing is published: ValidationError. The crew, when it has
    finished, has held the database against its keys and made the search index in a file of its own.
    """
    filled = partial(_begin_index, index, crew)
    options = {"executor": executor, "cache": CACHE / "rows", "crew": crew, "filled": filled, "progress": step}

    def build(reports: KeptReports) -> Built:
        recorded = {"changes": record.changes, "statements": record.statements, "searched": record.searched}
        return build_database(reports, database, record.corrections, **recorded, **options)

    built = build(reports)
    faults = files_at_fault(database, built.unverified)
    if not faults:
        return reports, built.stretches
    if 2 * len(faults) >= len(reports):
        check_constraints(database)
    for path, reason in faults.items():
        told = f"what was read from it breaks the schema ({reason}) and is left out; please report it with the file."
        print(f"{path}: {told}", file=sys.stderr)
    crew.finish()
    database.unlink()
    kept = reports.refusing(faults)
    built = build(kept)
    check_constraints(database)
    return kept, built.stretches


def _write(
    reports: KeptReports, record: Record, fresh: Path, datasette: str | None, jobs: int, standing: Standing, progress: Progress
) -> Site:
    """Write into `fresh` what differs from the tree that stands, if it is as the last build left it, else everything.

    Package and search index are made while pages are; the index comes into the database when no page is being made of it any more.
    """
    data = fresh / "data"
    data.mkdir(parents=True)
    database, index = data / "gongkai.db", data / ".index"
    with _executor(jobs, None) as executor:
        crew = Crew(executor)
        standing.look(executor)
        with progress.stage("database", "reports") as step:
            reports, stretches = _build_sound_database(reports, record, database, index, executor, crew, step)
            check_floors(database, record.floors)
        with progress.stage("publishing", "bodies") as step, beside(executor) as do:
            package = do(partial(write_package, database, fresh, executor, stretches=stretches, cache=CACHE / "package"))

            def finish_data() -> None:
                crew.finish()
                package.result()
                place_index(database, index)
                write_datasette_files(data, load_schema())

            options = {"datasette": datasette, "executor": executor, "before": standing.before(), "stretches": stretches, "progress": step}
            return build_site(database, PublicLines(reports), fresh, **options, finish_data=finish_data)


def build_all(
    reports_folder: Path,
    out: Path,
    jobs: int = 1,
    datasette: str | None = "",
    cluster: str | None = None,
    generated: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Build everything into `out`, unless the last build there had the same inputs. Only a finished tree replaces the one before.

    `datasette` is where Datasette answers: "" beside the site, an address elsewhere, None nowhere. `cluster` is the address of
    a Dask scheduler. `generated` allows a folder of made-up reports, which otherwise can't become a site. `progress` is told of
    the stages.
    """
    progress = progress or Progress()
    if not reports_folder.is_dir():
        raise click.ClickException(f"{reports_folder} is not a folder; name the folder of the reports with --reports.")
    if is_generated(reports_folder) and not generated:
        raise click.ClickException(f"the reports in {reports_folder} are made up; if you mean to build them, say --generated.")
    memory = memory_of(CACHE / "builds", out, inputs_of(reports_folder), datasette)
    remembered = memory.recall()
    if remembered and remembered.same and remembered.is_left_by(folder_digests(out)):
        return Summary(remembered.told["files"], remembered.told["troubled"])
    try:
        entries = read_catalogue(reports_folder)
        record = read_record(reports_folder.parent)
    except (CatalogueError, ChangesError, CorrectionError, CoverageError, StatementError) as error:
        raise click.ClickException(str(error)) from error
    reports = _read(reports_folder, entries, memory.digests, jobs, cluster, progress)
    if not any(report.identity and report.identity.agency for report in reports.headers):
        raise click.ClickException(f"no report in {reports_folder} could be read; {out} is left as it was.")
    fresh, standing = out.with_name(f".{out.name}.new"), Standing(out, remembered)
    remove(fresh)
    try:
        site = _write(reports, record, fresh, datasette, jobs, standing, progress)
    except (
        AccuracyError,
        BenchmarkError,
        CorrectionError,
        CoverageError,
        DatabaseError,
        FloorError,
        StatementError,
        ValidationError,
    ) as error:
        remove(fresh)
        raise click.ClickException(str(error)) from error
    memory.forget()
    digests = standing.become(site, fresh)
    summary = Summary(len(reports), sum(1 for report in reports.headers if report.problems))
    memory.keep(digests, **asdict(summary), made=site.made.told())
    return summary


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Build the database, the data package and the site from the reports (the default), or serve them."""
    if context.invoked_subcommand is None:
        context.invoke(build)


_reports = click.option(
    "--reports", type=click.Path(path_type=Path), default=HERE / "reports", show_default="reports/", help="The reports' folder."
)
_out = click.option("--out", type=click.Path(path_type=Path), default=HERE / "dist", show_default="dist/", help="Where the result goes.")


@main.command()
@_reports
@_out
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="one a core", help="Processes that read reports.")
@click.option(
    "--datasette",
    default="",
    metavar="URL",
    show_default="beside the site",
    help="Where Datasette answers: an address that ends before /gongkai, or `none`.",
)
@click.option("--cluster", metavar="ADDRESS", help="Read the reports on a Dask cluster: the address of its scheduler.")
@click.option("--generated", is_flag=True, help="Allow a folder of made-up reports (bench/).")
def build(reports: Path, out: Path, jobs: int, datasette: str, cluster: str | None, generated: bool) -> None:
    """Read every report and write dist/: database, data package, downloads and pages."""
    progress = Progress()
    built = build_all(reports.resolve(), out.resolve(), jobs, None if datasette == "none" else datasette, cluster, generated, progress)
    took = f" {progress.summary()}." if progress.seconds else " Nothing has changed since the last build."
    click.echo(f"{built.files} files read, {built.troubled} with problems (listed on the page checks/); the site is in {out}.{took}")


@main.command()
@_out
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="The port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=min(os.cpu_count() or 1, 4),
    show_default="one a core, at most 4",
    help="Processes that answer.",
)
def serve(out: Path, port: int, host: str, jobs: int) -> None:
    """Serve dist/: the site at /, Datasette (read-only) at /gongkai."""
    from publish.serve import ServeError
    from publish.serve import serve as run

    try:
        run(out.resolve(), host, port, jobs)
    except ServeError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@_out
@click.option(
    "--rows", type=click.IntRange(1), default=200_000, show_default=True, help="Of longer tables, frictionless reads so many rows."
)
def validate(out: Path, rows: int) -> None:
    """Hold the built database and data package against their descriptor: all rows in SQL, then with frictionless."""
    from publish.validate_package import validate_package

    data = out.resolve() / "data"
    if not (data / "datapackage.json").is_file():
        raise click.ClickException(f"there is no data package in {data}; run `build.py build`, or name another folder with --out.")
    try:
        check_constraints(data / "gongkai.db")
        found = validate_package(data, rows)
    except ValidationError as error:
        raise click.ClickException(str(error)) from error
    whole = f"; of {', '.join(found.sampled)} a sample" if found.sampled else ""
    click.echo(f"The database meets its constraints; frictionless finds {found.tables} tables valid{whole}.")


@main.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--date", metavar="YYYY-MM-DD", help="The day of the publication; it names the file.")
@click.option("--out", type=click.Path(path_type=Path), default=HERE / "changes", show_default="changes/", help="The folder of the record.")
@click.option("--force", is_flag=True, help="Write the file of that day anew.")
def compare(old: Path, new: Path, date: str | None, out: Path, force: bool) -> None:
    """Write what differs between the databases OLD and NEW to changes/DATE.json, an input of the next build."""
    try:
        path, changes = write_comparison(old, new, date, out, force=force)
    except ChangesError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{len(changes)} changes, written to {path}; commit it and build again.")


if __name__ == "__main__":
    main()
