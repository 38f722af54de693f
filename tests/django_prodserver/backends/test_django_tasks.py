"""The worker of Django Tasks, with its tasks in a SQLite file."""

from __future__ import annotations

import unittest
from typing import TYPE_CHECKING, ClassVar

import django

from django_prodserver.testing.contracts import Typed, WorkerContract

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject

FRAMEWORK = "django.tasks" if django.VERSION >= (6, 0) else "django_tasks"
TASKS = f"""
from {FRAMEWORK} import task
from django_prodserver.testing.work import work as do

@task()
def work(name, seconds):
    do(name, seconds)
"""


class TestDjangoTasks(WorkerContract, unittest.TestCase):
    BACKEND = "django-tasks"
    PACKAGE = "django-tasks-db"
    INSTALL = PACKAGE if django.VERSION >= (6, 0) else f"'{PACKAGE}[compat]'"
    IN_PROCESS = True
    MISTAKE = ("queue_nmae", "queue-name")
    READY = "Starting worker"
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"queue_name": ["mail", "images"]}, "--queue-name=mail,images"),
        ({"queue-name": "*", "exclude_queues": ["slow"]}, "--queue-name=* --exclude-queues=slow"),
        ({"interval": 0.5, "max_tasks": 9, "batch": True}, "--interval=0.5 --max-tasks=9 --batch"),
        ({"startup_delay": False}, "--no-startup-delay"),
        ({"startup_delay": True}, ""),
    )

    def args(self, port: int) -> dict[str, object]:
        return {"interval": 0.1, "no_startup_delay": True}

    def options(self, port: int) -> list[str]:
        return ["--interval=0.1", "--no-startup-delay"]

    def native(self, *options: str) -> list[str]:
        return ["python", "manage.py", "db_worker", "--no-reload", *options]

    def shown(self, *options: str) -> list[str]:
        return ["python", "-m", "django", "db_worker", "--no-reload", *options]

    def prepare(self, project: FreshProject) -> None:
        project.install("django_tasks_db", *([] if django.VERSION >= (6, 0) else ["django_tasks"]))
        project.configure(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}})
        project.write("mysite/tasks.py", TASKS)
        project.shell(
            "from django.core.management import call_command; call_command('migrate', verbosity=0)"
        )

    def enqueue(self, name: str, seconds: float) -> str:
        return f"from mysite.tasks import work; work.enqueue({name!r}, {seconds})"

    def test_a_reload_that_is_wanted_replaces_the_default(self) -> None:
        project = self.project()
        project.configure(
            PRODUCTION_PROCESSES={"worker": {"BACKEND": self.BACKEND, "ARGS": {"reload": True}}}
        )
        assert project.dry_run("worker").endswith("db_worker --reload")
