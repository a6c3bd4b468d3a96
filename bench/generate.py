"""Generate a corpus with its truth: `python -m bench.generate FOLDER --reports N --seed S`. The same seed gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain, islice
from pathlib import Path
from random import Random

import click

from bench import MARKER, NOTE
from bench.draft import Order, draw, truth_of
from bench.media import write
from bench.nation import national_orders
from bench.plan import gate_orders
from extract.catalogue import COLUMNS, NAME

TRUTH = ".truth.jsonl"
_MARKER_TEXT = "These reports are invented by bench/generate.py. They measure programs and must never be published.\n"
_FILES_A_FOLDER = 1000
_BATCH = 64  # reports that a process writes at a time
PLANS = {"gate": gate_orders, "national": national_orders}


def make(order: Order, seed: int) -> tuple[str, bytes, dict]:
    """One report: its file's name, its bytes, its truth."""
    rng = Random(f"report {seed} {order.number}")
    draft = draw(order, rng)
    suffix, data = write(order.medium, draft, rng)
    file = f"{order.number // _FILES_A_FOLDER:04d}/{order.number:06d}{suffix}"
    return file, data, truth_of(draft, order, file)


def _write_some(folder: Path, orders: Sequence[Order], seed: int) -> list[tuple[dict[str, str], str]]:
    """Write the files of some orders: each one's row of the catalogue, and its truth as a line of JSON."""
    told = []
    for order in orders:
        file, data, truth = make(order, seed)
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        kind = "news" if truth["document_type"] == "news" else "official_site"
        row = {"file": file, "copy_kind": kind, "added_on": "2026-01-01", "note": NOTE}
        told.append((row, json.dumps(truth, ensure_ascii=False, sort_keys=True)))
    return told


def _batches(orders: Iterable[Order]) -> Iterator[list[Order]]:
    remaining = iter(orders)
    return iter(lambda: list(islice(remaining, _BATCH)), [])


def _written(folder: Path, orders: Iterable[Order], seed: int, jobs: int) -> Iterator[tuple[dict[str, str], str]]:
    write = partial(_write_some, folder, seed=seed)
    if jobs == 1:
        yield from chain.from_iterable(map(write, _batches(orders)))
        return
    with ProcessPoolExecutor(jobs) as executor:
        yield from chain.from_iterable(executor.map(write, _batches(orders)))


def generate(folder: Path, reports: int, seed: int = 0, plan: str = "national", jobs: int = 1) -> int:
    """Write `reports` files into `folder`, with catalogue.csv, the marker of invented reports, and their truth; return how many.

    The truth lies in a file that begins with a dot, so that a catalogue never takes it for a report. The bytes do not depend on
    how many processes (`jobs`) write them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(_MARKER_TEXT, "utf-8")
    made = 0
    with (folder / NAME).open("w", encoding="utf-8", newline="") as catalogue, (folder / TRUTH).open("w", encoding="utf-8") as truths:
        rows = csv.DictWriter(catalogue, COLUMNS, lineterminator="\n")
        rows.writeheader()
        for row, truth in _written(folder, PLANS[plan](reports, seed), seed, jobs):
            rows.writerow(row)
            truths.write(truth + "\n")
            made += 1
    return made


def read_truths(folder: Path) -> list[dict]:
    """The truths of a generated folder, in the catalogue's order."""
    return [json.loads(line) for line in (folder / TRUTH).read_text("utf-8").splitlines()]


def digest(folder: Path) -> str:
    """A SHA-256 over all generated files and their truth."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--reports", type=click.IntRange(1), default=1000, show_default=True, help="How many reports.")
@click.option("--seed", default=0, show_default=True, help="Another seed gives another corpus.")
@click.option(
    "--plan", type=click.Choice(sorted(PLANS)), default="national", show_default=True, help="In the nation's proportions, or every damage."
)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default="one a core", help="Processes that write.")
def main(folder: Path, reports: int, seed: int, plan: str, jobs: int) -> None:
    """Write a corpus of invented reports into FOLDER."""
    made = generate(folder, reports, seed, plan, jobs)
    click.echo(f"{made} invented reports are in {folder}; their truth is in {folder / TRUTH}.")


if __name__ == "__main__":
    main()
