"""The dummy says what it was given, and stops when it is told to."""

from __future__ import annotations

import signal
import sys
import unittest
from typing import TYPE_CHECKING

import pytest

from django_prodserver.testing.contracts import ProcessContract

if TYPE_CHECKING:
    from tests.django_prodserver.site import Site


class TestDummy(ProcessContract, unittest.TestCase):
    BACKEND = "dummy"
    READY = ": started"
    IN_PROCESS = True

    def native(self, *options: str) -> list[str]:
        return ["python", "-m", "django_prodserver", self.NAME]


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
