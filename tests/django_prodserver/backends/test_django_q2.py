"""Django Q2, with its tasks in a SQLite file."""

from __future__ import annotations

import unittest
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from django.core.management import load_command_class
from django.test import override_settings
from django.utils.translation import gettext_lazy
from hypothesis import strategies as st

from django_prodserver.backends.django_q2 import DjangoQ2Worker
from tests.django_prodserver.brokers import DatabaseWorker
from tests.django_prodserver.round_trip import assert_reads_back

if TYPE_CHECKING:
    from django_prodserver.testing.contracts import Typed
    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running

# Nobody but the worker can import it.
ERRANDS = """
import os
from django_prodserver.testing.work import work

def run():
    work(os.environ["Q_CLUSTER_NAME"])
"""
CLUSTER = {"workers": 1, "orm": "default", "poll": 0.1, "timeout": 60, "retry": 90}


class TestDjangoQ2(DatabaseWorker, unittest.TestCase):
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
        ({"cluster-name": "mail"}, "--name=mail"),
        ({"run_once": True}, "--run-once"),
        ({"run-once": None}, "--run-once"),
        ({"run_once": False}, ""),
        ({"name": "it's mine"}, '"--name=it\'s mine"'),
        ({"name": ""}, "--name="),
        ({"verbosity": 2}, "--verbosity=2"),
        ({"no_color": True, "traceback": True}, "--no-color --traceback"),
        ({"skip-checks": True, "force-color": False}, "--skip-checks"),
        ("--run-once -n mail", "--run-once -n mail"),
        (["--name", "mail"], "--name mail"),
    )

    EVERY_KIND: ClassVar = (
        ({"name": Decimal("1E+3")}, "--name=1000"),
        (
            {"verbosity": 2, "settings": gettext_lazy("mysite.settings")},
            "--verbosity=2 --settings=mysite.settings",
        ),
        ({"pythonpath": Path("lib")}, "--pythonpath=lib"),
        ({"no_color": True, "skip-checks": None, "run_once": False}, "--no-color --skip-checks"),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        project.write("lib/errands.py", ERRANDS)
        project.shell("from django_q.tasks import async_task; async_task('errands.run')")
        running.until((project.path / "1000.done").exists)

    def native(self, *options: str) -> list[str]:
        return ["python", "manage.py", "qcluster", *options]

    @classmethod
    def install(cls, project: FreshProject) -> None:
        project.install("django_q")
        project.configure(Q_CLUSTER=CLUSTER)

    def enqueue(self, name: str, seconds: float) -> str:
        task = "django_prodserver.testing.work.work"
        return f"from django_q.tasks import async_task; async_task({task!r}, {name!r}, {seconds})"


# Its configuration is read as soon as it is installed.
@override_settings(Q_CLUSTER=CLUSTER)
@override_settings(INSTALLED_APPS=["django_q"])
def test_django_q2_reads_back_exactly_the_values_of_args() -> None:
    parser = load_command_class("django_q", "qcluster").create_parser("manage.py", "qcluster")
    assert_reads_back(
        DjangoQ2Worker,
        lambda words: vars(parser.parse_args(words)),
        values={"verbosity": st.integers(0, 3)},
    )
