"""The dummy says what it was given, and stops when it is told to."""

from __future__ import annotations

import shlex
import signal
import sys
import unittest
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from django.utils.translation import gettext_lazy

from django_prodserver.testing.contracts import ProcessContract

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running
    from tests.django_prodserver.site import Site


class TestDummy(ProcessContract, unittest.TestCase):
    BACKEND = "dummy"
    READY = ": started"
    IN_PROCESS = True
    EVERY_KIND: ClassVar = (
        ({"text": "a b", "empty": ""}, "'--text=a b' --empty="),
        (
            {"number": 1, "half": 0.5, "price": Decimal("1E+3")},
            "--number=1 --half=0.5 --price=1000",
        ),
        ({"file": Path("a b"), "lazy": gettext_lazy("Yes")}, "'--file=a b' --lazy=Yes"),
        ({"on": True, "none": None, "off": False}, "--on --none"),
        ({"many": ["a", "b"], "more": (1, 2)}, "--many=a --many=b --more=1 --more=2"),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        typed = [word for _, options in self.EVERY_KIND for word in shlex.split(options)]
        running.until(lambda: len(running.output().splitlines()) > len(typed))
        assert running.output().splitlines() == ["web: started", *(f"  {word}" for word in typed)]

    def native(self, *options: str) -> list[str]:
        return ["python", "manage.py", "prodserver", self.NAME]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_what_it_was_given_and_which_signal_stopped_it(
    site: Site, number: signal.Signals
) -> None:
    entry = {"BACKEND": "dummy-worker", "ARGS": {"colour": "blue", "lots": ["a", "b"]}}
    site.configure(PRODUCTION_PROCESSES={"tasks": entry})
    with site.start(sys.executable, "manage.py", "prodserver", "tasks", "--", "end") as running:
        running.until(lambda: "end" in running.output())
        running.signal(number)

        assert running.exit_code() == 0
        assert running.output() == (
            "tasks: started\n  --colour=blue\n  --lots=a\n  --lots=b\n  end\n"
            f"stopped by {number.name}\n"
        )


def test_it_is_listed_as_a_server_and_as_a_worker(site: Site) -> None:
    site.configure(
        PRODUCTION_PROCESSES={"web": {"BACKEND": "dummy"}, "tasks": {"BACKEND": "dummy-worker"}}
    )

    assert site.manage("prodserver", "--list").stdout == (
        "Servers:\n  web    dummy\nWorkers:\n  tasks  dummy-worker\n"
    )
