"""How long a reader waits for Datasette: ten pages and queries and their JSON, asked by four readers at a time of the real server."""

from __future__ import annotations

import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import urlopen

from bench.watch import ROOT
from publish.opened import read_only

CLIENTS = 4
REQUESTS = 200  # of each address: of fewer, the slowest two would tell
_TIMEOUT = 60  # seconds
_SQL = "select agency_id, year, requests_new from requests where applicant = 'total' order by requests_new desc limit 20"


def addresses(database: Path) -> dict[str, str]:
    """What is asked, by name: a body and report from the middle of the database. Names that end in _json are data, the others pages."""
    with closing(read_only(database)) as connection:
        (count,) = connection.execute("select count(*) from reports where is_current").fetchone()
        report, agency, region, name = connection.execute(
            "select report_id, reports.agency_id, region_id, name from reports join agencies using (agency_id) "
            "where is_current order by report_id limit 1 offset ?",
            (count // 2,),
        ).fetchone()
    pages = {
        "home": "",
        "figures": "/figures",
        "reports_of_year": "/reports?year=2022",
        "figures_of_report": f"/figures?report_id={report}",
        "report": f"/reports/{quote(report)}",
        "body": f"/agencies/{quote(agency)}",
        "search": f"/sections?_search={quote('行政复议')}",
        "query_outcomes": f"/outcomes_over_the_years?{urlencode({'agency': name})}",
        "query_sums": "/sums_that_do_not_add_up",
        "own_sql": f"?{urlencode({'sql': _SQL})}",
    }
    data = {
        "figures_of_report_json": f"/figures.json?report_id={report}&_shape=array",
        "report_json": f"/reports/{quote(report)}.json?_shape=array",
        "requests_of_region_json": f"/requests.json?region_id={region}&_shape=array",
        "search_json": f"/sections.json?_search={quote('行政复议')}&_shape=array&_size=20",
        "own_sql_json": f".json?{urlencode({'sql': _SQL, '_shape': 'array'})}",
    }
    return {name: f"/gongkai{path}" for name, path in {**pages, **data}.items()}


@contextmanager
def served(out: Path) -> Iterator[str]:
    """Serve a tree as `make serve` does, on a free port; yield its origin."""
    command = [sys.executable, "-u", "build.py", "serve", "--out", str(out), "--port", str(_free_port())]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            line = server.stdout.readline() if server.stdout else ""
            origin = re.match(r"(http://[^/ ]+)/", line)
            if not origin:
                raise RuntimeError(f"the server did not start: {line}")
            _wait(origin[1])
            yield origin[1]
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait(origin: str) -> None:
    for _ in range(100):
        try:
            urlopen(f"{origin}/gongkai/reports.json?_size=1", timeout=_TIMEOUT).read()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server does not answer")


def _ask(address: str) -> float:
    start = time.perf_counter()
    with urlopen(address, timeout=_TIMEOUT) as answer:
        answer.read()
    return (time.perf_counter() - start) * 1000


def measure_latency(out: Path, requests: int = REQUESTS) -> Mapping[str, dict[str, Any]]:
    """Milliseconds by address: the median, and what one of twenty waits at least. Each address once before it is timed."""
    if not (out / "index.html").exists():
        (out / "index.html").write_text("<title>no pages were built</title>", "utf-8")
    found = {}
    os.sync()  # what was written before must not wait in line with what is read
    with served(out) as origin, ThreadPoolExecutor(CLIENTS) as clients:
        for name, path in addresses(out / "data" / "gongkai.db").items():
            _ask(origin + path)
            times = list(clients.map(_ask, [origin + path] * requests))
            p95 = statistics.quantiles(times, n=20)[-1]
            found[name] = {
                "kind": "data" if name.endswith("_json") else "page",
                "p50": round(statistics.median(times), 1),
                "p95": round(p95, 1),
            }
    return found
