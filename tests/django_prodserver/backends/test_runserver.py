"""Django's own development server: the contract of a process, and its own parser."""

from __future__ import annotations

import contextlib
import unittest
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import psutil
from django.core.management import load_command_class
from django.test import override_settings
from django.utils.translation import gettext_lazy
from hypothesis import strategies as st

from django_prodserver.backends.runserver import DjangoRunserver
from django_prodserver.testing.contracts import ProcessContract, Typed
from tests.django_prodserver.round_trip import assert_reads_back

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running


class TestRunserver(ProcessContract, unittest.TestCase):
    BACKEND = "runserver"
    IN_PROCESS = True
    MISTAKE = ("adrport", "addrport")
    # Without its reloader, it leaves SIGTERM to the operating system, which spares that process.
    STOPS_AS_PID_1 = False
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"addrport": "0.0.0.0:8080"}, "0.0.0.0:8080"),
        ({"addrport": 8080}, "8080"),
        ({"use_reloader": False}, "--noreload"),
        ({"noreload": True}, "--noreload"),
        ({"noreload": None, "nothreading": True}, "--noreload --nothreading"),
        ({"use_threading": False, "addrport": 8080}, "--nothreading 8080"),
        ({"nostatic": False, "nothreading": False}, ""),
        ({"use_static_handler": False}, "--nostatic"),
        ({"insecure": True}, "--insecure"),
        ({"ipv6": True, "addrport": "[::1]:8080"}, "--ipv6 [::1]:8080"),
        ({"use_ipv6": False}, ""),
        ({"verbosity": 2, "no-color": True}, "--verbosity=2 --no-color"),
        ({"pythonpath": Path("/srv/lib")}, "--pythonpath=/srv/lib"),
        ("--noreload 8080", "--noreload 8080"),
        (["--insecure", 8080], "--insecure 8080"),
    )

    EVERY_KIND: ClassVar = (
        ({"noreload": True, "skip_checks": None}, "--noreload --skip-checks"),
        ({"use_threading": False, "ipv6": False}, "--nothreading"),
        (
            {"pythonpath": Path("lib"), "settings": gettext_lazy("mysite.settings")},
            "--pythonpath=lib --settings=mysite.settings",
        ),
        ({"verbosity": Decimal(2)}, "--verbosity=2"),
        ({"addrport": "127.0.0.1:{port}"}, "127.0.0.1:{port}"),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        assert "lib" in running.facts()["path"]
        assert "development server at" in running.output()
        assert "Performing system checks" not in running.output()
        running.request("/slow/?seconds=1")
        running.until((project.path / "slow.started").exists)
        assert psutil.Process(running.pid).num_threads() == 1
        assert "System check" not in running.output()

    def prepare(self, project: FreshProject) -> None:
        # Into a file, it would be late.
        project.environ["PYTHONUNBUFFERED"] = "1"

    def args(self, port: int) -> dict[str, Any]:
        return {"noreload": True, "addrport": port}

    def options(self, port: int) -> list[str]:
        return ["--noreload", str(port)]

    def native(self, *options: str) -> list[str]:
        return ["python", "manage.py", "runserver", *options]

    def is_ready(self, running: Running) -> bool:
        with contextlib.suppress(OSError):
            return bool(running.get())
        return False

    def assert_works(self, project: FreshProject, running: Running) -> None:
        assert running.get() == "hello"


@override_settings(INSTALLED_APPS=["django.contrib.staticfiles"])
def test_runserver_reads_back_exactly_the_values_of_args() -> None:
    command = load_command_class("django.contrib.staticfiles", "runserver")
    parser = command.create_parser("manage.py", "runserver")
    assert_reads_back(
        DjangoRunserver,
        lambda words: vars(parser.parse_args(words)),
        values={"verbosity": st.integers(0, 3)},
    )
