"""Dramatiq, with a real Redis as its broker."""

from __future__ import annotations

import unittest
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy
from dramatiq.cli import make_argument_parser
from hypothesis import strategies as st

from django_prodserver.backends.dramatiq import DramatiqWorker
from django_prodserver.testing.contracts import OnHup, Typed, WorkerContract
from tests.django_prodserver.brokers import RedisProject
from tests.django_prodserver.round_trip import assert_reads_back

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running

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

FORKS = """
from pathlib import Path

def first():
    Path("first.forked").touch()

def second():
    Path("second.forked").touch()
"""
WORKER = """
import django

django.setup()

import mysite.tasks
"""


class TestDramatiq(RedisProject, WorkerContract, unittest.TestCase):
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
        ({}, ""),
        ({"processes": 2, "threads": "4"}, "--processes=2 --threads=4"),
        ({"queues": "mail"}, "--queues=mail"),
        ({"path": ["/a", Path("/b")]}, "--path /a /b"),
        (
            {"pid-file": Path("/run/x.pid"), "log_file": "x.log"},
            "--pid-file=/run/x.pid --log-file=x.log",
        ),
        ({"use_spawn": True, "skip_logging": False}, "--use-spawn"),
        ({"forks": ["a:b"]}, "--fork-function=a:b"),
        ({"worker_shutdown_timeout": 60000}, "--worker-shutdown-timeout=60000"),
        ({"watch": ".", "watch-use-polling": None}, "--watch=. --watch-use-polling"),
        (
            {"watch_include": ["**.py", "**.html"]},
            "'--watch-include=**.py' '--watch-include=**.html'",
        ),
        (["--threads", 4], "--threads 4"),
    )

    EVERY_KIND: ClassVar = (
        ({"processes": 2, "threads": "1"}, "--processes=2 --threads=1"),
        (
            {"queues": ["mail", "default"], "path": (".", Path("lib"))},
            "--queues mail default --path . lib",
        ),
        (
            {"fork-function": ["forks:first", "forks:second"]},
            "--fork-function=forks:first --fork-function=forks:second",
        ),
        ({"worker_shutdown_timeout": Decimal("1E+4")}, "--worker-shutdown-timeout=10000"),
        ({"pid-file": Path("dramatiq.pid")}, "--pid-file=dramatiq.pid"),
        ({"watch_exclude": [gettext_lazy("Yes"), ""]}, "--watch-exclude=Yes --watch-exclude="),
        (
            {"use_spawn": True, "watch-use-polling": None, "skip_logging": False},
            "--use-spawn --watch-use-polling",
        ),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        assert (project.path / "dramatiq.pid").read_text().strip() == str(running.pid)
        running.until(lambda: running.output().count(self.READY) == 2)
        for name in ("first", "second"):
            running.until((project.path / f"{name}.forked").exists)
        send = "task.send_with_options(args=('a', 0), queue_name='mail')"
        project.shell(f"from mysite.tasks import task; {send}")
        running.until((project.path / "a.done").exists)

    def args(self, port: int) -> dict[str, object]:
        return {"processes": 1, "threads": 1}

    def options(self, port: int) -> list[str]:
        return ["--processes=1", "--threads=1"]

    def native(self, *options: str) -> list[str]:
        return ["dramatiq", "mysite.worker", *options]

    def broker(self, address: str) -> dict[str, object]:
        return {"BROKER_URL": address}

    def prepare(self, project: FreshProject) -> None:
        super().prepare(project)
        project.write("mysite/tasks.py", TASKS)
        project.write("mysite/worker.py", WORKER)
        project.write("lib/forks.py", FORKS)

    def enqueue(self, name: str, seconds: float) -> str:
        return f"from mysite.tasks import task; task.send({name!r}, {seconds})"


def test_dramatiq_reads_back_exactly_the_values_of_args() -> None:
    parser = make_argument_parser()  # type: ignore[no-untyped-call]  # it has no types
    assert_reads_back(
        DramatiqWorker,
        lambda words: vars(parser.parse_args(words)),
        APP="mysite.worker",
        values={"watch": st.just("tests"), "worker_fork_timeout": st.integers(10, 1_800_000)},
        read={
            "watch": lambda path: str(Path(path).resolve()),
            # It adds to its own default.
            "include_patterns": lambda patterns: ["**.py", *patterns],
        },
    )
