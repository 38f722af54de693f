"""A Redis of one's own, for workers that find their tasks there."""

from __future__ import annotations

import shutil
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.starts import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["has_redis", "redis"]


def has_redis() -> bool:
    """Return whether Redis is installed."""
    return bool(shutil.which("redis-server"))


@contextmanager
def redis(directory: Path) -> Iterator[str]:
    """Run a Redis that keeps nothing, and yield its address."""
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(directory)]
    server = subprocess.Popen(["redis-server", *options], stdout=subprocess.PIPE, text=True)
    try:
        _wait_for(server)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.communicate()


def _wait_for(server: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 30
    for line in server.stdout or ():
        if "Ready to accept connections" in line:
            return
        if time.monotonic() > end:
            break
    raise TimeoutError("Redis does not start.")
