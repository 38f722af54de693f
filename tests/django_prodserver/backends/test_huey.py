"""Huey, with a real Redis."""

from __future__ import annotations

import unittest
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from django.core.management import load_command_class
from django.utils.translation import gettext_lazy
from hypothesis import strategies as st

from django_prodserver.backends.huey import HueyWorker
from django_prodserver.testing.contracts import OnHup, Typed, WorkerContract
from django_prodserver.testing.running import PROCESSES, Running
from tests.django_prodserver.brokers import RedisProject
from tests.django_prodserver.round_trip import assert_reads_back

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject

TASKS = """
from huey.contrib.djhuey import task
from django_prodserver.testing.work import work as do

@task()
def work(name, seconds):
    do(name, seconds)
"""


class TestHuey(RedisProject, WorkerContract, unittest.TestCase):
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
        ({"workers": "2", "delay": 0.5}, "--workers=2 --delay=0.5"),
        ({"max_delay": 30, "backoff": 1.5}, "--max-delay=30 --backoff=1.5"),
        ({"periodic": False}, "--no-periodic"),
        ({"quiet": True}, "--quiet"),
        ({"logfile": Path("/var/log/huey.log")}, "--logfile=/var/log/huey.log"),
        ({"flush_locks": None, "simple": False}, "--flush-locks"),
        ({"scheduler-interval": 5, "max-tasks": 100}, "--scheduler-interval=5 --max-tasks=100"),
        (
            {"health_check_interval": 10, "disable_health_check": False},
            "--health-check-interval=10",
        ),
        (
            {"shutdown_timeout": 60, "disable_autoload": True},
            "--shutdown-timeout=60 --disable-autoload",
        ),
        ("-w 4 -k process", "-w 4 -k process"),
        (["--workers", 4], "--workers 4"),
    )

    EVERY_KIND: ClassVar = (
        (
            {"workers": 2, "worker_type": gettext_lazy("process")},
            "--workers=2 --worker-type=process",
        ),
        (
            {"delay": 0.1, "max_delay": Decimal("0.20"), "backoff": "1.5"},
            "--delay=0.1 --max-delay=0.20 --backoff=1.5",
        ),
        (
            {"extra_locks": ("a", "b"), "logfile": Path("huey.log")},
            "--extra-locks=a,b --logfile=huey.log",
        ),
        ({"huey_verbose": True, "simple": None}, "--huey-verbose --simple"),
        ({"periodic": False, "flush_locks": False, "settings": ""}, "--no-periodic --settings="),
    )

    def is_ready(self, running: Running) -> bool:
        # It may have been asked to log into a file.
        log = PROCESSES / str(running.pid) / "cwd" / "huey.log"
        return super().is_ready(running) or (log.exists() and self.READY in log.read_text())

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        log = (project.path / "huey.log").read_text()
        assert "started with 2 process, " in log
        assert "Periodic tasks are disabled" in log
        assert "INFO" not in log
        self.assert_works(project, running)

    def native(self, *options: str) -> list[str]:
        return ["python", "manage.py", "run_huey", *options]

    def shown(self, *options: str) -> list[str]:
        return ["python", "manage.py", "run_huey", "--graceful-signal=TERM", *options]

    def broker(self, address: str) -> dict[str, object]:
        return {"HUEY": {"connection": {"url": address}, "immediate": False}}

    def prepare(self, project: FreshProject) -> None:
        super().prepare(project)
        project.install("huey.contrib.djhuey", "mysite")
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


def test_huey_reads_back_exactly_the_values_of_args() -> None:
    parser = load_command_class(HueyWorker.app, "run_huey").create_parser("manage.py", "run_huey")
    assert_reads_back(
        HueyWorker,
        lambda words: vars(parser.parse_args(words)),
        values={"verbosity": st.integers(0, 3)},
    )
