"""Django Q2, with its tasks in a SQLite file."""

from __future__ import annotations

import unittest
from typing import TYPE_CHECKING, ClassVar

from django_prodserver.testing.contracts import Typed, WorkerContract

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject

CLUSTER = {"workers": 1, "orm": "default", "poll": 0.1, "timeout": 60, "retry": 90}


class TestDjangoQ2(WorkerContract, unittest.TestCase):
    BACKEND = "django-q2"
    PACKAGE = "django-q2"
    IN_PROCESS = True
    MISTAKE = ("run_onec", "run-once")
    READY = " running."
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"name": "mail"}, "--name=mail"),
        ({"cluster_name": "mail", "run_once": True}, "--name=mail --run-once"),
        ("-n mail", "-n mail"),
    )

    def native(self, *options: str) -> list[str]:
        return ["python", "manage.py", "qcluster", *options]

    def shown(self, *options: str) -> list[str]:
        return ["python", "-m", "django", "qcluster", *options]

    def prepare(self, project: FreshProject) -> None:
        project.install("django_q")
        project.configure(Q_CLUSTER=CLUSTER)
        project.shell(
            "from django.core.management import call_command; call_command('migrate', verbosity=0)"
        )

    def enqueue(self, name: str, seconds: float) -> str:
        task = "django_prodserver.testing.work.work"
        return f"from django_q.tasks import async_task; async_task({task!r}, {name!r}, {seconds})"
