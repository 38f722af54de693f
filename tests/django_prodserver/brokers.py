"""Message brokers for tests: real ones, on free ports, in directories of their own."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from django_prodserver.testing.running import free_port, started

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """Starts Redis, and gives its address: ``redis://127.0.0.1:PORT/0``."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("needs redis-server, which this machine does not have")
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", name]
        log = directory / "log"
        with started([program, *options], cwd=directory, env=dict(os.environ), log=log) as running:
            running.until(lambda: _answers(port))
            yield f"redis://127.0.0.1:{port}/0"


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
