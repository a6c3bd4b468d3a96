"""The accuracy gate: a pinned corpus of invented reports is read, scored against its truth and held against floors that only rise.

`python -m bench.accuracy` reads and judges; `--update` raises the floors to what was reached and writes accuracy.json, which the site
shows. The corpus is pinned by a SHA-256 over its files and its truth: a changed generator cannot move the score unseen.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import click
import yaml

from bench.generate import digest, generate, read_truths
from bench.score import Score, score_report
from extract.batch import extract_all
from extract.catalogue import read_catalogue
from extract.model import Report

HERE = Path(__file__).parent
FLOORS = HERE / "floors.yml"
RESULT = HERE / "accuracy.json"
REPORTS, SEED = 560, 2026
_PROCESSES = 2
_FLOORS_HEADER = """\
# What the reader must reach on the pinned corpus of invented reports. Floors only rise: `python -m bench.accuracy --update` writes
# them. Shares of the printed cells read right, of the facts about who and when, and of the counted figures of the prose found.
"""
Floors = dict[str, Any]


def read_corpus(folder: Path, processes: int = 1) -> list[tuple[Report, dict[str, Any]]]:
    """Each report of a generated folder as read, with its truth."""
    entries, truths = read_catalogue(folder), read_truths(folder)
    if processes == 1:
        return list(zip(extract_all(folder, entries), truths, strict=True))
    with ProcessPoolExecutor(processes) as executor:
        return list(zip(extract_all(folder, entries, executor), truths, strict=True))


def _share(part: int, whole: int) -> float | None:
    """A share, rounded down so that it never claims what was not reached."""
    return int(part / whole * 10_000) / 10_000 if whole else None


def summary(counts: Mapping[str, int]) -> dict[str, Any]:
    """The counts of a group of reports as the site shows them."""
    cells = sum(counts.get(kind, 0) for kind in ("right", "wrong", "missing"))
    identity = counts.get("identity_right", 0) + counts.get("identity_wrong", 0)
    narrative = counts.get("narrative_found", 0) + counts.get("narrative_lost", 0)
    return {
        "reports": counts.get("reports", 0),
        "crashes": counts.get("crashes", 0),
        "cells": cells,
        **{kind: counts.get(kind, 0) for kind in ("right", "wrong", "silent", "missing")},
        "right_share": _share(counts.get("right", 0), cells),
        "identity": identity,
        "identity_share": _share(counts.get("identity_right", 0), identity),
        "narrative": narrative,
        "narrative_share": _share(counts.get("narrative_found", 0), narrative),
        "narrative_extra": counts.get("narrative_extra", 0),
    }


def _groups(truth: Mapping[str, Any]) -> list[tuple[str, str]]:
    noise = truth["noise"] or ["none"]
    return [("form", truth["form"]), ("medium", truth["medium"]), *(("noise", kind) for kind in noise)]


def tally(scored: Iterable[tuple[Report, Mapping[str, Any], Score]]) -> dict[str, Any]:
    """All scores summed up: in total, by form, by medium, by kind of damage. A report with several kinds counts in each."""
    total: Counter[str] = Counter()
    by: dict[str, dict[str, Counter[str]]] = {"form": {}, "medium": {}, "noise": {}}
    for report, truth, score in scored:
        counts = score.counts + Counter(reports=1, crashes=any(problem.kind == "program_error" for problem in report.problems))
        total += counts
        for kind, name in _groups(truth):
            by[kind][name] = by[kind].get(name, Counter()) + counts
    grouped = {kind: {name: summary(counts) for name, counts in sorted(groups.items())} for kind, groups in by.items()}
    return {"total": summary(total), "by": grouped}


def floors_of(result: Mapping[str, Any]) -> Floors:
    """The floors that a result would meet exactly."""
    total = result["total"]
    shares = {name: total[name] for name in ("right_share", "identity_share", "narrative_share")}
    groups = {
        kind: {name: group["right_share"] for name, group in groups.items() if group["right_share"] is not None}
        for kind, groups in result["by"].items()
    }
    most = {name: total[name] for name in ("crashes", "wrong", "silent", "narrative_extra")}
    return {"at_least": shares, "at_most": most, "right_share": groups}


def shortfalls(reached: Floors, floors: Floors) -> list[str]:
    """One sentence for each floor that is missed."""
    missed = []
    for name, floor in floors.get("at_least", {}).items():
        if (reached["at_least"].get(name) or 0) < floor:
            missed.append(f"{name} is {reached['at_least'].get(name)}, below its floor {floor}")
    for name, ceiling in floors.get("at_most", {}).items():
        if reached["at_most"].get(name, 0) > ceiling:
            missed.append(f"{name} is {reached['at_most'][name]}, above its ceiling {ceiling}")
    for kind, groups in floors.get("right_share", {}).items():
        for name, floor in groups.items():
            share = reached["right_share"].get(kind, {}).get(name)
            if share is None or share < floor:
                missed.append(f"right_share of {kind} {name} is {share}, below its floor {floor}")
    return missed


def load_floors(path: Path = FLOORS) -> Floors:
    """The pinned hash and the floors."""
    return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) if path.exists() else {}


def faults(scored: Sequence[tuple[Report, Mapping[str, Any], Score]], most: int) -> list[str]:
    """What is not right, worst first, for whoever mends the reader."""
    order = {"silent": 0, "wrong": 1}
    lines = []
    for _, truth, score in scored:
        for kind, what, got, printed in score.faults:
            drawn = " ".join([truth["form"], truth["medium"], *truth["noise"]])
            lines.append((order.get(kind, 2), f"{truth['file']} [{drawn}] {kind} {what}: read {got}, printed {printed}"))
    return [line for _, line in sorted(lines, key=lambda each: each[0])[:most]]


def measure(
    folder: Path, reports: int = REPORTS, seed: int = SEED, processes: int = _PROCESSES
) -> tuple[dict[str, Any], list[tuple[Report, dict[str, Any], Score]]]:
    """Generate the corpus into `folder`, read it and score it: (result, scored reports)."""
    generate(folder, reports, seed, plan="gate")
    sha256 = digest(folder)
    scored = [(report, truth, score_report(report, truth)) for report, truth in read_corpus(folder, processes)]
    return {"corpus": {"reports": reports, "seed": seed, "sha256": sha256}, **tally(scored)}, scored


def _write(result: Mapping[str, Any], reached: Floors) -> None:
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    pinned = {"sha256": result["corpus"]["sha256"], **reached}
    FLOORS.write_text(_FLOORS_HEADER + yaml.dump(pinned, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=True), "utf-8")


def _sentence(total: Mapping[str, Any]) -> str:
    return (
        f"{total['reports']} invented reports, {total['cells']} cells: right {total['right']} ({total['right_share']:.2%}), "
        f"wrong {total['wrong']} (silent {total['silent']}), missing {total['missing']}; "
        f"who and when {total['identity_share']:.2%}; counted figures {total['narrative_share']:.2%} found, "
        f"{total['narrative_extra']} too many; {total['crashes']} crashes."
    )


@click.command()
@click.option("--update", is_flag=True, help="Raise the floors to what was reached and write accuracy.json.")
@click.option("--allow-regression", is_flag=True, help="With --update: lower floors too.")
@click.option("--new-corpus", is_flag=True, help="With --update: the generator was changed on purpose; pin its corpus.")
@click.option("--faults", "most", default=0, metavar="N", help="Print N faults, the worst first.")
@click.option("--keep", type=click.Path(path_type=Path, file_okay=False), help="Leave the corpus in this folder.")
def main(update: bool, allow_regression: bool, new_corpus: bool, most: int, keep: Path | None) -> None:
    """Read the pinned corpus and hold the score against the floors."""
    with tempfile.TemporaryDirectory() as scratch:
        result, scored = measure(keep or Path(scratch))
    click.echo(_sentence(result["total"]))
    for line in faults(scored, most):
        click.echo(line)
    floors, reached = load_floors(), floors_of(result)
    complaints = shortfalls(reached, floors)
    if floors and result["corpus"]["sha256"] != floors["sha256"] and not (update and new_corpus):
        complaints.insert(0, "the generated corpus is not the pinned one; after a wanted change of the generator: --update --new-corpus")
    elif update and (not complaints or allow_regression):
        _write(result, reached)
        click.echo(f"{FLOORS.name} and {RESULT.name} are written.")
        return
    for complaint in complaints:
        click.echo(f"Accuracy gate: {complaint}.", err=True)
    sys.exit(1 if complaints else 0)


if __name__ == "__main__":
    main()
