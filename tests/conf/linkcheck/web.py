"""A web of this machine alone, whose addresses answer in every way that the real one does."""

from __future__ import annotations

import ssl
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

import trustme

if TYPE_CHECKING:
    from pathlib import Path

PAGE = b'<h1 id="top">Title</h1> <a name="old-anchor"></a> <!-- <p id="not-this"> -->'


class Web:
    """A server that keeps a record of what was asked; use it as a context manager."""

    def __init__(self, certificate: trustme.LeafCert | None = None) -> None:
        self.asked: list[tuple[str, str]] = []
        """The method and the path of each request."""
        self.moments: list[float] = []
        """When each request came, on the clock ``time.monotonic()``."""
        self.agents: set[str] = set()
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.web = self
        scheme = "http"
        if certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            certificate.configure_cert(context)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            scheme = "https"
        self.address = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def times(self, path: str) -> int:
        """Return how often a path was asked for."""
        return Counter(asked for _, asked in self.asked)[path]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    web: Web

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_HEAD(self) -> None:
        web = self.server.web
        with web.lock:
            web.asked.append((self.command, self.path))
            web.moments.append(time.monotonic())
            web.agents.add(self.headers["User-Agent"])
            web.at_once += 1
            web.most_at_once = max(web.most_at_once, web.at_once)
        try:
            self._answer(web)
        finally:
            with web.lock:
                web.at_once -= 1

    do_GET = do_HEAD  # noqa: N815 - as http.server looks for it

    def _answer(self, web: Web) -> None:  # noqa: C901 - a table of answers
        kind, _, rest = self.path.strip("/").partition("/")
        first = web.times(self.path) == 1
        match kind:
            case "status":
                self._send(int(rest))
            case "moved" | "moved-for-now":
                self._send(301 if kind == "moved" else 302, Location=f"/{rest}")
            case "circle":
                self._send(302, Location="/circle")
            case "slow":
                time.sleep(3)
                self._send(200)
            case "busy-then-well":
                self._send(429 if first else 200, **({"Retry-After": rest} if first else {}))
            case "busy-until-then-well":
                then = datetime.now(UTC) + timedelta(seconds=2)
                later = {"Retry-After": format_datetime(then, usegmt=True)}
                self._send(429 if first else 200, **(later if first else {}))
            case "ill-then-well":
                # The first attempt asks with HEAD, and then with GET.
                self._send(int(rest) if web.times(self.path) <= 2 else 200)
            case "get-only":
                self._send(405 if self.command == "HEAD" else 200)
            case "hang-up":
                self.close_connection = True
            case "pause":
                time.sleep(0.1)
                self._send(200)
            case _:
                self._send(200)

    def _send(self, status: int, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if "text" in self.path else "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


def certificate(folder: Path, *, expired: bool = False) -> tuple[Path, trustme.LeafCert]:
    """Return the file of an authority, and a certificate for 127.0.0.1 that it has signed."""
    authority = trustme.CA()
    file = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    days = timedelta(days=-1 if expired else 1)
    return file, authority.issue_cert(
        "127.0.0.1",
        not_before=datetime.now(UTC) - timedelta(days=9),
        not_after=datetime.now(UTC) + days,
    )
