"""Procrastinate, with a real PostgreSQL."""

from __future__ import annotations

import unittest
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar

import psycopg
from django.core.management import load_command_class
from django.test import override_settings
from django.utils.translation import gettext_lazy
from hypothesis import strategies as st
from procrastinate.jobs import DeleteJobCondition

from django_prodserver.backends.procrastinate import ProcrastinateWorker
from django_prodserver.testing.contracts import Typed, WorkerContract
from django_prodserver.testing.projects import FreshProject
from django_prodserver.testing.running import Running, wait_for
from tests.django_prodserver.brokers import NOWHERE, postgresql
from tests.django_prodserver.round_trip import assert_reads_back

if TYPE_CHECKING:
    from pathlib import Path

TASKS = """
from procrastinate.contrib.django import app
from django_prodserver.testing.work import work as do

@app.task
def work(name, seconds):
    do(name, seconds)
"""
# Its pool of connections gives up after half a minute, which no setting changes.
IMPATIENT = """
from psycopg_pool import AsyncConnectionPool
AsyncConnectionPool.open.__defaults__ = (False, 1.0)
"""
ACTIVITY = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    print(cursor.fetchall())
"""
LOGGING: dict[str, Any] = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"procrastinate.worker": {"handlers": ["console"], "level": "INFO"}},
}


class TestProcrastinate(WorkerContract, unittest.TestCase):
    BACKEND = "procrastinate"
    PACKAGE = "procrastinate"
    INSTALL = "'procrastinate[django]'"
    IN_PROCESS = True
    MISTAKE = ("concurency", "concurrency")
    READY = "Starting worker on"
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"queues": ["mail", "images"], "name": "one"}, "--queues=mail,images --name=one"),
        ({"wait": False}, "--one-shot"),
        ({"one_shot": True, "listen_notify": False}, "--one-shot --no-listen-notify"),
        ({"delete_jobs": "successful"}, "--delete-jobs=successful"),
        ({"queues": "mail"}, "--queues=mail"),
        ({"queues": ""}, "--queues="),
        ({"concurrency": 4}, "--concurrency=4"),
        ({"fetch_job_polling_interval": 2.5}, "--fetch-job-polling-interval=2.5"),
        ({"abort-job-polling-interval": 10}, "--abort-job-polling-interval=10"),
        ({"shutdown_graceful_timeout": "30"}, "--shutdown-graceful-timeout=30"),
        ({"wait": True, "listen-notify": True}, "--wait --listen-notify"),
        ({"one_shot": False, "no_listen_notify": False}, "--wait --listen-notify"),
        ("-q mail,images -c 4", "-q mail,images -c 4"),
        (["--concurrency", 4], "--concurrency 4"),
    )
    EVERY_KIND: ClassVar = (
        (
            {"queues": ["mail", "default"], "name": gettext_lazy("Yes")},
            "--queues=mail,default --name=Yes",
        ),
        (
            {"concurrency": 2, "shutdown_graceful_timeout": "30"},
            "--concurrency=2 --shutdown-graceful-timeout=30",
        ),
        (
            {"fetch_job_polling_interval": 0.2, "abort-job-polling-interval": Decimal("1E+1")},
            "--fetch-job-polling-interval=0.2 --abort-job-polling-interval=10",
        ),
        (
            {"wait": True, "listen_notify": False, "delete-jobs": "always"},
            "--wait --no-listen-notify --delete-jobs=always",
        ),
    )
    port: ClassVar[int]
    socket: ClassVar[Path]
    names: ClassVar = count()

    @classmethod
    def setUpClass(cls) -> None:
        """Prepares a database that those of the projects are copies of."""
        super().setUpClass()
        cls.port, cls.socket = cls.enterClassContext(postgresql())
        with FreshProject.temporary() as project:
            cls.configure(project, cls.create("template0"))
            migrate = "call_command('migrate', 'procrastinate', verbosity=0)"
            project.shell(f"from django.core.management import call_command; {migrate}")

    @classmethod
    def create(cls, template: str) -> str:
        """Returns the name of a new database."""
        name = f"d{next(cls.names)}"
        address = f"host=127.0.0.1 port={cls.port} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return name

    @classmethod
    def configure(cls, project: FreshProject, database: str) -> None:
        """Makes a project use a database of this server."""
        project.install("procrastinate.contrib.django", "mysite")
        address = {"HOST": "127.0.0.1", "PORT": cls.port, "USER": "postgres", "NAME": database}
        engine = {"ENGINE": "django.db.backends.postgresql"}
        project.configure(DATABASES={"default": {**engine, **address}}, LOGGING=LOGGING)
        project.write("mysite/tasks.py", TASKS)

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        in_mail = "from mysite.tasks import work; defer = work.configure(queue='mail').defer"
        tasks = [f"defer(name={name!r}, seconds=2)" for name in "ab"]
        count = "print(ProcrastinateJob.objects.count())"
        left = f"from procrastinate.contrib.django.models import ProcrastinateJob; {count}"
        with project.interpreter() as run:
            run("\n".join([in_mail, *tasks]))
            running.until(lambda: all((project.path / f"{name}.started").exists() for name in "ab"))
            assert not (project.path / "a.done").exists()
            wait_for(lambda: run(left) == "0\n")
            assert "LISTEN" not in run(ACTIVITY)

    def native(self, *options: str) -> list[str]:
        return ["python", "manage.py", "procrastinate", "worker", *options]

    def prepare(self, project: FreshProject) -> None:
        self.configure(project, self.create("d0"))

    def enqueue(self, name: str, seconds: float) -> str:
        return f"from mysite.tasks import work; work.defer(name={name!r}, seconds={seconds})"

    def test_a_database_that_comes_late_is_waited_for_as_natively(self) -> None:
        projects = self.project(), self.project()
        sockets = [project.home / self.socket.name for project in projects]
        for project, socket in zip(projects, sockets, strict=True):
            change = f"DATABASES['default']['HOST'] = {str(socket.parent)!r}"
            project.append("mysite/settings.py", change)
        ours, natively = projects
        both = self.start(ours), self.start_native(natively)
        for running in both:
            running.until(lambda running=running: "error connecting" in running.output())  # type: ignore[misc]

        for socket in sockets:
            socket.symlink_to(self.socket)
        for project, running in zip(projects, both, strict=True):
            self.assert_works(project, running)

    def test_a_database_that_does_not_come_ends_with_the_native_exit_code(self) -> None:
        project = self.project()
        project.configure(DATABASES={"default": NOWHERE})
        project.append("mysite/settings.py", IMPATIENT)
        both = self.start(project), self.start_native(project)

        self.assert_same_exit_code("broker down", *both)
        assert "pool initialization incomplete after 1.0 sec" in both[0].output()


@override_settings(INSTALLED_APPS=[ProcrastinateWorker.app])
def test_procrastinate_reads_back_exactly_the_values_of_args() -> None:
    command = load_command_class(ProcrastinateWorker.app, "procrastinate")
    parser = command.create_parser("manage.py", "procrastinate")
    # What nothing sets is not there at all.
    names = {each.names[0] for each in ProcrastinateWorker().read_options()} - {"help"}
    assert_reads_back(
        ProcrastinateWorker,
        lambda words: dict.fromkeys(names) | vars(parser.parse_args(words)),
        values={"queues": st.lists(st.text("abc*_", min_size=1), min_size=1)},
        read={"delete_jobs": DeleteJobCondition, "queues": list},
    )
