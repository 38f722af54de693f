"""Procrastinate, with a real PostgreSQL."""

from __future__ import annotations

import unittest
from itertools import count
from typing import Any, ClassVar

import psycopg

from django_prodserver.testing.contracts import Typed, WorkerContract
from django_prodserver.testing.projects import FreshProject
from tests.django_prodserver.brokers import postgresql

TASKS = """
from procrastinate.contrib.django import app
from django_prodserver.testing.work import work as do

@app.task
def work(name, seconds):
    do(name, seconds)
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
    )
    port: ClassVar[int]
    names: ClassVar = count()

    @classmethod
    def setUpClass(cls) -> None:
        """Prepares a database that those of the projects are copies of."""
        super().setUpClass()
        cls.port = cls.enterClassContext(postgresql())
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

    def native(self, *options: str) -> list[str]:
        return ["python", "manage.py", "procrastinate", "worker", *options]

    def shown(self, *options: str) -> list[str]:
        return ["python", "-m", "django", "procrastinate", "worker", *options]

    def prepare(self, project: FreshProject) -> None:
        self.configure(project, self.create("d0"))

    def enqueue(self, name: str, seconds: float) -> str:
        return f"from mysite.tasks import work; work.defer(name={name!r}, seconds={seconds})"
