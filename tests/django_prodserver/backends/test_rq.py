"""RQ, with a real Redis."""

from __future__ import annotations

import unittest
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.management import load_command_class
from django.test import override_settings
from django.utils.translation import gettext_lazy
from hypothesis import strategies as st

from django_prodserver.backends.rq import RQWorker
from django_prodserver.testing.contracts import Typed, WorkerContract
from tests.django_prodserver.brokers import redis
from tests.django_prodserver.round_trip import assert_reads_back

if TYPE_CHECKING:
    import pytest

    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running


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
        ({"queues": ("high",)}, "high"),
        ({"queues": []}, ""),
        ({"name": "worker-1", "pid": Path("/run/rq.pid")}, "--name=worker-1 --pid=/run/rq.pid"),
        ({"burst": True}, "--burst"),
        ({"burst": None, "max_idle_time": 60}, "--burst --max-idle-time=60"),
        ({"worker-class": "rq.SimpleWorker"}, "--worker-class=rq.SimpleWorker"),
        (
            {"queue_class": "mysite.Queue", "job_class": "mysite.Job"},
            "--queue-class=mysite.Queue --job-class=mysite.Job",
        ),
        (
            {"serializer": "rq.serializers.JSONSerializer"},
            "--serializer=rq.serializers.JSONSerializer",
        ),
        ({"verbosity": 2, "with-scheduler": False}, "--verbosity=2"),
        (["--max-jobs", 5, "high"], "--max-jobs 5 high"),
    )

    EVERY_KIND: ClassVar = (
        (
            {"worker-ttl": 60, "max_jobs": Decimal(2), "max-idle-time": "600"},
            "--worker-ttl=60 --max-jobs=2 --max-idle-time=600",
        ),
        (
            {"name": gettext_lazy("Yes"), "pid": Path("rq.pid"), "settings": ""},
            "--name=Yes --pid=rq.pid --settings=",
        ),
        (
            {"with_scheduler": True, "skip-checks": None, "burst": False},
            "--with-scheduler --skip-checks",
        ),
        ({"queues": ("default", "mail")}, "default mail"),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        assert (project.path / "rq.pid").read_text() == str(running.pid)
        assert "Worker Yes" in running.output()
        running.until(running.children)
        enqueue = "enqueue('django_prodserver.testing.work.work', {!r})"
        tasks = "; ".join(map(enqueue.format, "ab"))
        project.shell(
            f"from django_rq import get_queue; enqueue = get_queue('mail').enqueue; {tasks}"
        )
        assert running.exit_code() == 0
        assert all((project.path / f"{name}.done").exists() for name in "ab")

    def native(self, *options: str) -> list[str]:
        return ["python", "manage.py", "rqworker", *options]

    def prepare(self, project: FreshProject) -> None:
        project.install("django_rq")
        url = self.enterContext(redis())
        project.configure(RQ_QUEUES={name: {"URL": url} for name in ("default", "mail")})

    def enqueue(self, name: str, seconds: float) -> str:
        return (
            "from django_rq import enqueue; from django_prodserver.testing.work import work; "
            f"enqueue(work, {name!r}, {seconds})"
        )


def test_windows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    (problem,) = RQWorker().problems()

    assert str(problem).startswith("RQ: RQ does not run on Windows.")


@override_settings(RQ_QUEUES={})
def test_rq_reads_back_exactly_the_values_of_args() -> None:
    parser = load_command_class(RQWorker.app, "rqworker").create_parser("manage.py", "rqworker")

    def parse(words: list[str]) -> dict[str, Any]:
        found = vars(parser.parse_args(words))
        return {"queues": found.pop("args"), **found}

    queues = st.lists(st.text("abc", min_size=1), min_size=1, max_size=3)
    values = {"verbosity": st.integers(0, 3), "queues": queues}
    assert_reads_back(RQWorker, parse, values=values)
