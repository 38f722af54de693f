"""The server of a preview: pages that reload when they change and show what is wrong with them."""

from __future__ import annotations

import html
import json
import threading
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote

from docset.project import ProjectError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docset.build import Outcome

HOST = "127.0.0.1"
_EVENTS = "/-/docset/events"
_ALERTS = "/-/docset/alerts"
_SCRIPT = "/-/docset/preview.js"
_HEARTBEAT = 15.0
"""Seconds after which a browser that is gone is noticed."""

_TAG = f'<script src="{_SCRIPT}" defer></script>'.encode()

_JAVASCRIPT = Path(__file__).with_suffix(".js").read_bytes()


class Preview:
    """Serves a folder on 127.0.0.1 and tells open pages of each new outcome."""

    def __init__(self, folder: Path, port: int, alerts: Callable[[str], Sequence[str]]) -> None:
        """``alerts`` returns what the checks find on the page at an address, as ``/a/b.html``."""
        self.news = News()
        handler = partial(_Handler, news=self.news, alerts=alerts, directory=str(folder))
        try:
            self._server = _Server((HOST, port), handler)
        except OSError as error:
            raise ProjectError(f"cannot serve on port {port}: {error.strerror}") from None
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def start(self) -> None:
        """Begin to answer requests."""
        self._thread.start()

    def show(self, outcome: Outcome) -> None:
        """Have open pages load again, and show what is wrong."""
        self.news.tell([*outcome.failures, *outcome.lines])

    def stop(self) -> None:
        """End the server and every open connection."""
        self.news.end()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()


class News:
    """The outcome of the newest build, for every open page to wait for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._build = 0
        self._problems: list[str] = []
        self._ended = False

    def tell(self, problems: list[str]) -> None:
        """Announce a build."""
        with self._changed:
            self._build += 1
            self._problems = problems
            self._changed.notify_all()

    def end(self) -> None:
        """Let everybody who waits go."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def after(self, build: int) -> tuple[int, bytes] | None:
        """Wait for a build after this one; return its number and an event, None at the end.

        The event is a comment, and the number the same, when nothing has happened for a while.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self._build > build, _HEARTBEAT)
            if self._ended:
                return None
            if self._build == build:
                return build, b": nothing new\n\n"
            data = json.dumps({"build": self._build, "problems": self._problems})
            return self._build, f"data: {data}\n\n".encode()

    @property
    def problems(self) -> list[str]:
        """What is wrong at the moment."""
        with self._changed:
            return list(self._problems)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False


class _Handler(SimpleHTTPRequestHandler):
    """Serves files; pages get the script that keeps them up to date."""

    protocol_version = "HTTP/1.1"

    def __init__(
        self,
        *args: object,
        news: News,
        alerts: Callable[[str], Sequence[str]],
        directory: str,
    ) -> None:
        self._news = news
        self._alerts = alerts
        super().__init__(*args, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with a file, the script, the alerts of a page, or the stream of events."""
        path, _, query = self.path.partition("?")
        if path == _EVENTS:
            self._stream()
        elif path == _SCRIPT:
            self._answer(HTTPStatus.OK, "text/javascript", _JAVASCRIPT)
        elif path == _ALERTS:
            found = json.dumps(list(self._alerts(unquote(query))))
            self._answer(HTTPStatus.OK, "application/json", found.encode())
        else:
            super().do_GET()

    def _stream(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        build = 0
        try:
            while (event := self._news.after(build)) is not None:
                build, data = event
                self.wfile.write(data)
                self.wfile.flush()
        except OSError:
            return

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Return the body of a page with the script, or leave other files to the base class."""
        path = self.translate_path(self.path)
        if path.endswith("/"):
            path += "index.html"
        if not path.endswith(".html"):
            return super().send_head()
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - translate_path returns a string
                body = file.read()
        except OSError:
            self._answer(HTTPStatus.NOT_FOUND, "text/html", self._absent())
            return None
        head, end, tail = body.rpartition(b"</body>")
        body = head + _TAG + end + tail if end else body + _TAG
        self._head(HTTPStatus.OK, "text/html", len(body))
        return BytesIO(body)

    def _absent(self) -> bytes:
        """Return a page that says that there is none, with what is wrong."""
        problems = html.escape("\n".join(self._news.problems))
        return (
            "<!doctype html><html lang=en><meta charset=utf-8><title>No such page</title>"
            "<style>:root{color-scheme:light dark;font-family:system-ui,sans-serif}</style>"
            f"<body><h1>No such page</h1><p>{html.escape(self.path)} is not in the preview.</p>"
            f"<pre>{problems}</pre>"
        ).encode() + _TAG

    def end_headers(self) -> None:
        """Keep browsers from showing what they saw before."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def _answer(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self._head(status, kind, len(body))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _head(self, status: HTTPStatus, kind: str, size: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet: what matters is said by the builds."""
