"""A real server over a built tree, in a thread of the test run, asked over HTTP exactly as written (no path is tidied)."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn

from publish.serve import bind, make_app


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Origin:
    port: int

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, quote(path, safe="/?&=%+~,-."), headers={name.replace("_", "-"): v for name, v in headers.items()})
            response = connection.getresponse()
            return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
        finally:
            connection.close()

    def pages(self, path: str) -> Iterator[list[dict[str, Any]]]:
        """Yield the rows of each page, following its link to the next."""
        following: str | None = f"{path}&_shape=objects"
        while following:
            page = self.ask(following.removeprefix(f"http://127.0.0.1:{self.port}")).json
            yield page["rows"]
            following = page["next_url"]


@contextmanager
def running(dist: Path) -> Iterator[Origin]:
    listener = bind("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(make_app(dist), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield Origin(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(30)
