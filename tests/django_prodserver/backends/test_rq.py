"""RQ, with a real Redis."""

from __future__ import annotations

import unittest
from typing import TYPE_CHECKING, ClassVar

from django_prodserver.testing.contracts import Typed, WorkerContract
from tests.django_prodserver.brokers import redis

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject


class TestRQ(WorkerContract, unittest.TestCase):
    BACKEND = "rq"
    PACKAGE = "django-rq"
    IN_PROCESS = True
    MISTAKE = ("max_jbos", "max-jobs")
    READY = "Listening on default"
    BROKER_DOWN: ClassVar = {"RQ_QUEUES": {"default": {"URL": "redis://127.0.0.1:1/0"}}}
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"queues": ["high", "low"]}, "high low"),
        ({"queues": "high", "max_jobs": 5}, "--max-jobs=5 high"),
        (
            {"with_scheduler": True, "burst": False, "worker-ttl": 60},
            "--with-scheduler --worker-ttl=60",
        ),
        ("--burst high low", "--burst high low"),
    )

    def native(self, *options: str) -> list[str]:
        return ["python", "manage.py", "rqworker", *options]

    def shown(self, *options: str) -> list[str]:
        return ["python", "-m", "django", "rqworker", *options]

    def prepare(self, project: FreshProject) -> None:
        project.install("django_rq")
        project.configure(RQ_QUEUES={"default": {"URL": self.enterContext(redis())}})

    def enqueue(self, name: str, seconds: float) -> str:
        return (
            "from django_rq import enqueue; from django_prodserver.testing.work import work; "
            f"enqueue(work, {name!r}, {seconds})"
        )
