"""Dramatiq, with a real Redis as its broker."""

from __future__ import annotations

import unittest
from typing import TYPE_CHECKING, ClassVar

from django_prodserver.testing.contracts import OnHup, Typed, WorkerContract
from tests.django_prodserver.brokers import redis

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject

TASKS = """
import dramatiq
from django.conf import settings
from dramatiq.brokers.redis import RedisBroker
from django_prodserver.testing.work import work

dramatiq.set_broker(RedisBroker(url=settings.BROKER_URL))


@dramatiq.actor(max_retries=0)
def task(name, seconds):
    work(name, seconds)
"""


WORKER = """
import django

django.setup()

import mysite.tasks
"""


class TestDramatiq(WorkerContract, unittest.TestCase):
    BACKEND = "dramatiq"
    PACKAGE = "dramatiq"
    ENTRY: ClassVar = {"APP": "mysite.worker"}
    MISTAKE = ("proceses", "processes")
    READY = "Worker process is ready for action."
    ON_HUP = OnHup.RELOADS
    TYPED: ClassVar[Typed] = (
        ({"queues": ["mail", "images"]}, "--queues mail images"),
        ({"queues": ["mail"], "skip_logging": True}, "--queues=mail --skip-logging"),
        (
            {"fork-function": ["a:b", "c:d"], "verbose": 2},
            "--fork-function=a:b --fork-function=c:d --verbose --verbose",
        ),
        ("-p 2 --queues mail images", "-p 2 --queues mail images"),
    )

    def args(self, port: int) -> dict[str, object]:
        return {"processes": 1, "threads": 1}

    def options(self, port: int) -> list[str]:
        return ["--processes=1", "--threads=1"]

    def native(self, *options: str) -> list[str]:
        return ["dramatiq", "mysite.worker", *options]

    def prepare(self, project: FreshProject) -> None:
        project.configure(BROKER_URL=self.enterContext(redis()))
        project.write("mysite/tasks.py", TASKS)
        project.write("mysite/worker.py", WORKER)

    def enqueue(self, name: str, seconds: float) -> str:
        return f"from mysite.tasks import task; task.send({name!r}, {seconds})"
