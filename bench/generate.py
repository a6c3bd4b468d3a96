"""Generate a corpus with its truth: `python -m bench.generate FOLDER --reports N --seed S`. The same seed gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import click

from bench import MARKER, NOTE
from bench.draft import Order, draw, truth_of
from bench.media import write
from bench.plan import gate_orders, national_orders
from extract.catalogue import COLUMNS, NAME

TRUTH = ".truth.jsonl"
_MARKER_TEXT = "These reports are invented by bench/generate.py. They measure programs and must never be published.\n"
_FILES_A_FOLDER = 1000
PLANS = {"gate": gate_orders, "national": national_orders}


def make(order: Order, seed: int) -> tuple[str, bytes, dict]:
    """One report: its file's name, its bytes, its truth."""
    rng = Random(f"report {seed} {order.number}")
    draft = draw(order, rng)
    suffix, data = write(order.medium, draft, rng)
    file = f"{order.number // _FILES_A_FOLDER:04d}/{order.number:06d}{suffix}"
    return file, data, truth_of(draft, order, file)


def write_all(folder: Path, orders: Iterable[Order], seed: int) -> Iterator[dict]:
    """Write the files of the orders and yield their truths."""
    for order in orders:
        file, data, truth = make(order, seed)
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        yield truth


def generate(folder: Path, reports: int, seed: int = 0, plan: str = "national") -> Path:
    """Write `reports` files into `folder`, with catalogue.csv, the marker of invented reports, and truth.jsonl beside the folder's files.

    The truth lies in a file that begins with a dot, so that a catalogue never takes it for a report.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(_MARKER_TEXT, "utf-8")
    truth_path = folder / TRUTH
    with (folder / NAME).open("w", encoding="utf-8", newline="") as catalogue, truth_path.open("w", encoding="utf-8") as truths:
        rows = csv.DictWriter(catalogue, COLUMNS, lineterminator="\n")
        rows.writeheader()
        for truth in write_all(folder, PLANS[plan](reports, seed), seed):
            kind = "news" if truth["document_type"] == "news" else "official_site"
            rows.writerow({"file": truth["file"], "copy_kind": kind, "added_on": "2026-01-01", "note": NOTE})
            truths.write(json.dumps(truth, ensure_ascii=False, sort_keys=True) + "\n")
    return truth_path


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
def main(folder: Path, reports: int, seed: int, plan: str) -> None:
    """Write a corpus of invented reports into FOLDER."""
    generate(folder, reports, seed, plan)
    click.echo(f"{reports} invented reports are in {folder}; their truth is in {folder / TRUTH}.")


if __name__ == "__main__":
    main()
