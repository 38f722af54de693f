"""What a server answers beyond the text of a page: its headers, and what comes over a socket."""

from __future__ import annotations

import socket
from http.client import HTTPConnection
from typing import TYPE_CHECKING

from django_prodserver.testing.running import PATIENCE

if TYPE_CHECKING:
    from http.client import HTTPMessage
    from pathlib import Path

    from django_prodserver.testing.running import Running


def headers_of(running: Running, path: str = "/", **sent: str) -> HTTPMessage:
    """Returns the headers of an answer; ``X_Name="..."`` sends a header."""
    connection = HTTPConnection("127.0.0.1", running.port, timeout=PATIENCE)
    connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in sent.items()})
    headers = connection.getresponse().headers
    connection.close()
    return headers


def answer_over(path: Path) -> str:
    """Returns the text of the page ``/`` of the server that listens on a socket of this path."""
    connection = HTTPConnection("localhost", timeout=PATIENCE)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(str(path))
    connection.request("GET", "/")
    text = connection.getresponse().read().decode()
    connection.close()
    return text
