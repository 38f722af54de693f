"""Huey, with a real Redis."""

from __future__ import annotations

import unittest
from typing import TYPE_CHECKING, ClassVar

from django_prodserver.testing.contracts import OnHup, Typed, WorkerContract
from tests.django_prodserver.brokers import redis

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject

TASKS = """
from huey.contrib.djhuey import task
from django_prodserver.testing.work import work as do

@task()
def work(name, seconds):
    do(name, seconds)
"""


class TestHuey(WorkerContract, unittest.TestCase):
    BACKEND = "huey"
    PACKAGE = "huey"
    IN_PROCESS = True
    MISTAKE = ("wrokers", "workers")
    READY = "+ mysite.tasks.work"
    ON_HUP = OnHup.RELOADS
    # Ours finishes tasks on TERM, by our default for --graceful-signal.
    FINISHES_ON_TERM_NATIVELY = False
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"workers": 4, "worker_type": "process"}, "--workers=4 --worker-type=process"),
        ({"extra_locks": ["a", "b"], "no_periodic": True}, "--extra-locks=a,b --no-periodic"),
        ({"huey_verbose": True}, "--huey-verbose"),
    )

    def native(self, *options: str) -> list[str]:
        return ["python", "manage.py", "run_huey", *options]

    def shown(self, *options: str) -> list[str]:
        return ["python", "-m", "django", "run_huey", "--graceful-signal=TERM", *options]

    def prepare(self, project: FreshProject) -> None:
        project.install("huey.contrib.djhuey", "mysite")
        huey = {"connection": {"url": self.enterContext(redis())}, "immediate": False}
        project.configure(HUEY=huey)
        project.write("mysite/tasks.py", TASKS)

    def enqueue(self, name: str, seconds: float) -> str:
        return f"from mysite.tasks import work; work({name!r}, {seconds})"

    def test_the_graceful_signal_of_the_setting_huey_stays(self) -> None:
        project = self.project()
        project.configure(
            HUEY={"consumer": {"graceful_signal": "INT"}},
            PRODUCTION_PROCESSES={"worker": {"BACKEND": self.BACKEND}},
        )
        assert project.dry_run("worker").endswith("run_huey")
