"""The worker of Django Tasks, with its tasks in a SQLite file."""

from __future__ import annotations

import unittest
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import django
import pytest
from django.core.management import load_command_class
from django.test import override_settings
from django.utils.translation import gettext_lazy
from hypothesis import strategies as st

from django_prodserver.backends.django_tasks import DjangoTasksWorker
from django_prodserver.testing.environments import python_without
from tests.django_prodserver.brokers import DatabaseWorker
from tests.django_prodserver.round_trip import TEXT, assert_reads_back

if TYPE_CHECKING:
    from django_prodserver.testing.contracts import Typed
    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running
    from tests.django_prodserver.site import Site

FRAMEWORK = "django.tasks" if django.VERSION >= (6, 0) else "django_tasks"
APPS = ["django_tasks_db", *([] if django.VERSION >= (6, 0) else ["django_tasks"])]
QUEUES = ["default", "mail"]
DATABASE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": QUEUES}}
TASKS = f"""
from {FRAMEWORK} import task
from django_prodserver.testing.work import work as do

@task()
def work(name, seconds):
    do(name, seconds)

@task(queue_name="mail")
def errand(name):
    # Nobody but the worker can import it.
    from errands import run
    run(name)
"""


class TestDjangoTasks(DatabaseWorker, unittest.TestCase):
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
        ({"queue_name": "mail"}, "--queue-name=mail"),
        ({"queue_name": "*"}, "'--queue-name=*'"),
        ({"interval": 2}, "--interval=2"),
        ({"interval": "0.25", "batch": False}, "--interval=0.25"),
        ({"backend": "default"}, "--backend=default"),
        (
            {"backend_name": "default", "worker-id": "worker-1"},
            "--backend=default --worker-id=worker-1",
        ),
        ({"verbosity": 2, "max-tasks": None}, "--verbosity=2 --max-tasks"),
        ("--queue-name mail,images --batch", "--queue-name mail,images --batch"),
        (["--interval", 0.5], "--interval 0.5"),
    )

    EVERY_KIND: ClassVar = (
        (
            {"queue_name": ["mail", "default"], "exclude-queues": ""},
            "--queue-name=mail,default --exclude-queues=",
        ),
        ({"interval": 0.1, "startup_delay": False}, "--interval=0.1 --no-startup-delay"),
        ({"verbosity": Decimal(2), "max_tasks": 2}, "--verbosity=2 --max-tasks=2"),
        (
            {"worker-id": gettext_lazy("Yes"), "pythonpath": Path("lib")},
            "--worker-id=Yes --pythonpath=lib",
        ),
        ({"no_color": True, "skip-checks": None, "batch": False}, "--no-color --skip-checks"),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        assert "worker_id=Yes queues=mail,default\n" in running.output()
        project.write("lib/errands.py", "from django_prodserver.testing.work import work as run")
        project.shell("from mysite.tasks import errand; errand.enqueue('a'); errand.enqueue('b')")
        assert running.exit_code() == 0
        assert all((project.path / f"{name}.done").exists() for name in "ab")

    def args(self, port: int) -> dict[str, object]:
        return {"interval": 0.1, "no_startup_delay": True}

    def options(self, port: int) -> list[str]:
        return ["--interval=0.1", "--no-startup-delay"]

    def native(self, *options: str) -> list[str]:
        return ["python", "manage.py", "db_worker", "--no-reload", *options]

    @classmethod
    def install(cls, project: FreshProject) -> None:
        project.install(*APPS)
        project.configure(TASKS=DATABASE)
        project.write("mysite/tasks.py", TASKS)

    def enqueue(self, name: str, seconds: float) -> str:
        return f"from mysite.tasks import work; work.enqueue({name!r}, {seconds})"

    def test_a_reload_that_is_wanted_replaces_the_default(self) -> None:
        project = self.project()
        project.configure(
            PRODUCTION_PROCESSES={"worker": {"BACKEND": self.BACKEND, "ARGS": {"reload": True}}}
        )
        assert project.dry_run("worker").endswith("db_worker --reload")


@override_settings(INSTALLED_APPS=APPS, TASKS=DATABASE)
def test_django_tasks_reads_back_exactly_the_values_of_args() -> None:
    command = load_command_class("django_tasks_db", "db_worker")
    parser = command.create_parser("manage.py", "db_worker")
    assert_reads_back(
        DjangoTasksWorker,
        lambda words: vars(parser.parse_args(words)),
        values={
            "verbosity": st.integers(0, 3),
            "interval": st.floats(0, 1e6, width=32),
            "max_tasks": st.integers(1, 99999),
            "backend_name": st.just("default"),
            "worker_id": TEXT.filter(bool),
        },
    )


@pytest.mark.skipif(django.VERSION >= (6, 0), reason="the framework is part of Django 6")
@pytest.mark.parametrize("door", ["-m django_prodserver", "manage.py prodserver"])
def test_the_framework_that_django_5_lacks_is_named_with_the_command_that_installs_it(
    site: Site, tmp_path: Path, door: str
) -> None:
    site.python = python_without("django-tasks", tmp_path / "environment")
    # Without the app, manage.py can set Django up; the console script looks before it does.
    installed = [] if "manage.py" in door else ["django_tasks_db"]
    site.install(*installed)
    site.configure(PRODUCTION_PROCESSES={"tasks": {"BACKEND": "django-tasks"}})
    done = site.run(site.python, *door.split(), "tasks")

    assert done.returncode == 1
    assert done.stderr == (
        "CommandError: PRODUCTION_PROCESSES['tasks']: Django Tasks is not installed. "
        "Install it: python -m pip install 'django-tasks-db[compat]'\n"
    )
