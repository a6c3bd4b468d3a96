"""One origin for people and programs: the static tree at `/`, Datasette at `/gongkai` and `/-/`. Nothing can be written."""

from __future__ import annotations

import base64
import errno
import hashlib
import re
import signal
import socket
from functools import partial
from pathlib import Path
from urllib.parse import quote

import uvicorn
from datasette.app import Datasette
from datasette.plugins import pm
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.supervisors import Multiprocess

from publish.metadata import PLUGINS, TEMPLATES
from publish.pages.links import rooted

# Types are ours: what the machine's own table says of .md or .parquet differs from one to the next.
MEDIA_TYPES = {
    ".html": "text/html",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".db": "application/vnd.sqlite3",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
    ".py": "text/plain",
}
_CHARSET = "; charset=utf-8"
_TEXTUAL = {media_type for media_type in MEDIA_TYPES.values() if media_type.startswith("text/")} | {"application/xml"}

_POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
}
# Pages of Datasette that tell of the data; its debugging and sign-in pages have no use here and tell of the machine.
_DATASETTE = re.compile(r"/(gongkai(?=[./]|$)|-/(static|static-plugins)/|-/(metadata|versions|settings|plugins)(\.json)?$)")

_WAITING = 1024  # connections that no process has taken yet
_STARTING = 60  # seconds after which a process that does not answer is taken for hung: on a busy machine, starting takes ten


class ServeError(Exception):
    """The site cannot be served. The message is one sentence with the remedy."""


class SiteFiles(StaticFiles):
    """The tree as a static host shows it: index.html for a folder, 404.html for what is not there."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the answer to a path inside the tree."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException:
            return self.not_found()
        if response.status_code == 404:
            return self.not_found()
        if isinstance(response, RedirectResponse):
            # Relative to the origin, so that neither a forged Host header nor `//name` leads away.
            return RedirectResponse("/" if path == "." else f"/{quote(path)}/", 308)
        if isinstance(response, FileResponse):
            if scope["path"].endswith("/") and path.endswith(Path(response.path).name):
                return self.not_found()  # a file is no folder: its relative links would lead astray
            media_type = MEDIA_TYPES.get(Path(response.path).suffix, "application/octet-stream")
            response.headers["content-type"] = media_type + (_CHARSET if media_type in _TEXTUAL else "")
        response.headers["access-control-allow-origin"] = "*"
        response.headers["cache-control"] = "no-cache"
        return response

    def not_found(self) -> Response:
        """Return the site's own page for what is not there."""
        page = Path(self.directory or "") / "404.html"
        return (
            HTMLResponse(rooted(page.read_text(encoding="utf-8"), "/"), 404) if page.is_file() else PlainTextResponse("404 Not Found", 404)
        )


def _inline_scripts(datasette: Datasette) -> list[str]:
    """Return the hash sources of the inline scripts in Datasette's own templates."""
    environment = datasette.jinja_env
    sources = (environment.loader.get_source(environment, name)[0] for name in ("_close_open_menus.html", "_codemirror_foot.html"))
    scripts = [script for source in sources for script in re.findall(r"<script>(.*?)</script>", source, re.DOTALL)]
    scripts.append("DATASETTE_ALLOW_FACET = true;")
    return [f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" for script in scripts]


class OneOrigin:
    """Sends each request to the tree or to Datasette, refuses what is not GET or HEAD, and sets the security headers."""

    def __init__(self, site: SiteFiles, datasette: Datasette):
        self._site = site
        self._datasette: ASGIApp = datasette.app()
        self._datasette_policy = f"{_POLICY}; style-src 'self' 'unsafe-inline'; script-src 'self' {' '.join(_inline_scripts(datasette))}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; any other protocol is refused by silence."""
        if scope["type"] == "lifespan":
            await self._datasette(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        app, policy = self._route(scope)
        await app(scope, receive, _finished(send, policy, head_only=scope["method"] == "HEAD"))

    def _route(self, scope: Scope) -> tuple[ASGIApp, str]:
        """Return what answers a request, and the content security policy of its pages."""
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("405 Method Not Allowed: this site is read-only", 405, {"allow": "GET, HEAD"}), _POLICY
        if scope["path"] == "/gongkai.db":
            # The same file from the tree, which answers Range requests.
            return RedirectResponse("/data/gongkai.db", 308), _POLICY
        if scope["path"] == "/favicon.ico":
            # A browser asks for it on pages of Datasette, which name no icon.
            return RedirectResponse("/assets/icon.svg", 308), _POLICY
        if _DATASETTE.match(scope["path"]):
            return self._ask_datasette, self._datasette_policy
        return self._site, _POLICY

    async def _ask_datasette(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask Datasette, which knows no HEAD and here no visitors by name; the site's page stands for its page of what is not there."""
        replaced = False

        async def answer(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] == 404:
                replaced = Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")
                if replaced:
                    await self._site.not_found()(scope, receive, send)
            if not replaced:
                await send(message)

        headers = [(name, value) for name, value in scope["headers"] if name not in (b"cookie", b"authorization")]
        await self._datasette({**scope, "method": "GET", "headers": headers}, receive, answer)


def _finished(send: Send, policy: str, head_only: bool) -> Send:
    """Return a `send` that sets the security headers and leaves the body away from the answer to a HEAD."""
    security = {**_SECURITY, "content-security-policy": policy}

    async def finish(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name.lower(), value) for name, value in message.get("headers", []) if name.lower().decode() not in security]
            added = [(name.encode(), value.encode()) for name, value in security.items()]
            message = {**message, "headers": kept + added}
        elif head_only:
            message = {**message, "body": b""}
        await send(message)

    return finish


def make_datasette(data: Path) -> Datasette:
    """Return Datasette over the folder `data/` of a build: immutable, counted, described, readable from any origin."""
    # With rich installed, Datasette prints a page of local variables for each address that is not there.
    pm.get_plugin("datasette.handle_exception").rich = None
    return Datasette(config_dir=data, plugins_dir=str(PLUGINS), template_dir=str(TEMPLATES), cors=True)


def check_tree(dist: Path) -> None:
    """Raise ServeError where a tree is not built."""
    for needed in ("index.html", "data/gongkai.db", "data/metadata.json", "data/inspect-data.json", "data/settings.json"):
        if not (dist / needed).is_file():
            raise ServeError(f"{dist / needed} is missing: build the site first (build.py build)")


def make_app(dist: Path) -> ASGIApp:
    """Return the ASGI application over a built tree. A tree that is not built raises ServeError."""
    check_tree(dist)
    return OneOrigin(SiteFiles(directory=dist, html=True), make_datasette(dist / "data"))


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the port (0: any free one): who asks early waits. Raises ServeError where it is taken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(_WAITING)
    except OSError as error:
        listener.close()
        taken = error.errno == errno.EADDRINUSE
        reason = "another program uses it; choose another with --port" if taken else error.strerror
        raise ServeError(f"cannot listen on {host} port {port}: {reason}") from error
    return listener


def _announce(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    print(f"http://{f'[{host}]' if ':' in host else host}:{port}/  (Ctrl+C ends it)", flush=True)


class _Processes(Multiprocess):
    """Server processes that a Ctrl+C does not interrupt while they start: the one that started them ends them."""

    def init_processes(self) -> None:
        """Start the processes. What is ignored here they ignore until they serve."""
        heeded = signal.signal(signal.SIGINT, signal.SIG_IGN)
        super().init_processes()
        signal.signal(signal.SIGINT, heeded)
        _announce(self.sockets[0])


def serve(dist: Path, host: str = "127.0.0.1", port: int = 8001, workers: int = 1) -> None:
    """Serve a built tree until interrupted, with so many processes. Raises ServeError where the tree is missing or the port is taken.

    Datasette makes its pages on one processor; readers who come at the same time are shared out among the processes.
    """
    check_tree(dist)
    listener = bind(host, port)
    config = uvicorn.Config(
        partial(make_app, dist),
        factory=True,
        workers=workers,
        log_level="warning",
        server_header=False,
        timeout_worker_healthcheck=_STARTING,
    )
    if workers > 1:
        _Processes(config, sockets=[listener]).run()
    else:
        _announce(listener)
        uvicorn.Server(config).run(sockets=[listener])
