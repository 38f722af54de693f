"""Message brokers for tests: real ones, on free ports, in directories of their own.

What the migrations of Django make of a SQLite file is one of them.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from django_prodserver.testing.contracts import WorkerContract
from django_prodserver.testing.projects import FreshProject
from django_prodserver.testing.running import PATIENCE, free_port, started

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


@contextlib.contextmanager
def postgresql() -> Iterator[int]:
    """Starts PostgreSQL, and gives its port of 127.0.0.1; the user ``postgres`` may do all."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    initdb = shutil.which("initdb", path=os.pathsep.join([os.defpath, *map(str, programs)]))
    if initdb is None:
        pytest.skip("needs PostgreSQL, which this machine does not have")
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        directory, user = Path(name), _unprivileged(name)
        data = directory / "data"
        words = (f"--pgdata={data}", "--username=postgres", "--auth=trust", "--no-sync")
        create = [*user, initdb, *words]
        subprocess.run(create, cwd=name, check=True, capture_output=True, timeout=PATIENCE)
        options = ["-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", name, "-F"]
        server = [*user, str(Path(initdb).with_name("postgres")), *options]
        with started(server, cwd=directory, env=dict(os.environ), log=directory / "log") as running:
            try:
                running.until(lambda: "ready to accept connections" in running.output())
                yield port
            finally:
                # It gives its shared memory back, as it could not when killed.
                running.signal(signal.SIGQUIT)
                running.process.wait(PATIENCE)


class DatabaseWorker(WorkerContract):
    """The contract of a worker whose tasks are in the project's own SQLite file."""

    database: ClassVar[bytes]

    @classmethod
    def setUpClass(cls) -> None:
        """Makes the file that each project gets a copy of: migrations take seconds."""
        super().setUpClass()
        with FreshProject.temporary() as project:
            cls.install(project)
            done = project.manage("migrate", "--verbosity=0")
            assert done.returncode == 0, done.stderr
            cls.database = (project.path / "db.sqlite3").read_bytes()

    @classmethod
    def install(cls, project: FreshProject) -> None:
        """Adds to a project what the worker needs."""
        raise NotImplementedError

    def prepare(self, project: FreshProject) -> None:
        """Installs the worker, with tables for its tasks."""
        self.install(project)
        (project.path / "db.sqlite3").write_bytes(self.database)


def _unprivileged(directory: str) -> list[str]:
    """What comes before a command that root may not run; the directory becomes its user's."""
    if os.geteuid() != 0:
        return []
    shutil.chown(directory, "nobody", "nogroup")
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False
