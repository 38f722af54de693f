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

from django_prodserver.testing.contracts import ProcessContract, WorkerContract
from django_prodserver.testing.projects import FreshProject
from django_prodserver.testing.running import PATIENCE, free_port, started

if TYPE_CHECKING:
    from collections.abc import Iterator

# A database that nobody can connect to.
NOWHERE = {"ENGINE": "django.db.backends.postgresql", "HOST": "127.0.0.1", "PORT": 1, "NAME": "x"}


@contextlib.contextmanager
def redis(port: int | None = None) -> Iterator[str]:
    """Starts Redis, and gives its address: ``redis://127.0.0.1:PORT/0``; None: a free port."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("needs redis-server, which this machine does not have")
    port = port or free_port()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", name]
        log = directory / "log"
        with started([program, *options], cwd=directory, env=dict(os.environ), log=log) as running:
            running.until(lambda: _answers(port))
            yield f"redis://127.0.0.1:{port}/0"


@contextlib.contextmanager
def postgresql() -> Iterator[tuple[int, Path]]:
    """Starts PostgreSQL, and gives its port of 127.0.0.1, and its socket.

    The user ``postgres`` may do all.
    """
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
                yield port, directory / f".s.PGSQL.{port}"
            finally:
                # It gives its shared memory back, as it could not when killed.
                running.signal(signal.SIGQUIT)
                running.process.wait(PATIENCE)


class RedisProject(ProcessContract):
    """The contract of a process that waits for its broker, which is Redis."""

    def broker(self, address: str) -> dict[str, object]:
        """Returns the settings that name the broker."""
        raise NotImplementedError

    def prepare(self, project: FreshProject) -> None:
        """Gives each project a broker of its own."""
        project.configure(**self.broker(self.enterContext(redis())))

    def test_a_broker_that_comes_late_is_waited_for_as_natively(self) -> None:
        """The process does not end without it, and works as soon as it is there."""
        projects, port = (self.project(), self.project()), free_port()
        for number, project in enumerate(projects):
            project.configure(**self.broker(f"redis://127.0.0.1:{port}/{number}"))
        ours, natively = projects
        both = self.start(ours, free_port()), self.start_native(natively, free_port())
        for running in both:
            running.until(lambda running=running: "Connection refused" in running.output())  # type: ignore[misc]

        with redis(port):
            for project, running in zip(projects, both, strict=True):
                self.assert_works(project, running)


class DatabaseWorker(WorkerContract):
    """The contract of a worker whose tasks are in the project's own SQLite file."""

    BROKER_DOWN: ClassVar = {"DATABASES": {"default": NOWHERE}}

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
