"""A Redis and a PostgreSQL of one's own, for workers that find their tasks there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.starts import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BROKERS", "BrokerMissingError"]

READY = "eady to accept connections"


class BrokerMissingError(Exception):
    """A broker is not installed; the message is its name."""


@contextmanager
def redis(directory: Path) -> Iterator[str]:
    """Run a Redis that keeps nothing, and yield its address.

    Raises:
        BrokerMissingError: it is not installed.
    """
    if not shutil.which("redis-server"):
        raise BrokerMissingError("redis-server")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(directory)]
    server = subprocess.Popen(["redis-server", *options], stdout=subprocess.PIPE, text=True)
    try:
        _wait_for(server)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.communicate()


@contextmanager
def postgresql(_: Path) -> Iterator[str]:
    """Run a PostgreSQL with an empty database, and yield its port of 127.0.0.1.

    Raises:
        BrokerMissingError: it is not installed.
    """
    places = map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin")))
    initdb = shutil.which("initdb", path=os.pathsep.join([os.environ["PATH"], *places]))
    if not initdb:
        raise BrokerMissingError("postgresql")
    # Root may not run it, and nobody may not enter a folder of root.
    with TemporaryDirectory() as folder:
        user = []
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody", "nogroup")
            user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        options = ["--username=postgres", "--auth=trust", "--no-sync"]
        create = [*user, initdb, f"--pgdata={folder}/data", *options]
        subprocess.run(create, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        port = str(free_port())
        words = ["-D", f"{folder}/data", "-p", port, "-h", "127.0.0.1", "-k", folder, "-F"]
        server = subprocess.Popen(
            [*user, str(Path(initdb).with_name("postgres")), *words],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            _wait_for(server)
            yield port
        finally:
            server.send_signal(signal.SIGQUIT)
            server.communicate()


BROKERS = {"BENCH_REDIS": redis, "BENCH_POSTGRES": postgresql}
"""What runs the broker whose address stands in an environment variable."""


def _wait_for(server: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 30
    for line in server.stdout or ():
        if READY in line:
            return
        if time.monotonic() > end:
            break
    raise TimeoutError(f"{server.args!r} does not start.")
