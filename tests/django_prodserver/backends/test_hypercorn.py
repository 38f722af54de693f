"""Hypercorn: the contract of a server, and its own parser reading what ARGS become."""

from __future__ import annotations

import ssl
import unittest
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy
from hypothesis import strategies as st

from django_prodserver.backends.hypercorn import HypercornServer, _parser
from django_prodserver.testing.contracts import ServerContract, Typed
from tests.django_prodserver.answers import answer_over
from tests.django_prodserver.round_trip import assert_reads_back

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running


class TestHypercorn(ServerContract, unittest.TestCase):
    BACKEND = "hypercorn"
    PACKAGE = "hypercorn"
    MISTAKE = ("wrokers", "workers")
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"bind": ["127.0.0.1:1", "unix:/x"]}, "--bind=127.0.0.1:1 --bind=unix:/x"),
        ({"workers": 2, "graceful_timeout": 5}, "--workers=2 --graceful-timeout=5"),
        ({"reload": True, "debug": False}, "--reload"),
        ("-w 2 -b :8000", "-w 2 -b :8000"),
        ({"bind": "0.0.0.0:80"}, "--bind=0.0.0.0:80"),
        ({"binds": [":80"], "insecure-bind": ":81"}, "--bind=:80 --insecure-bind=:81"),
        (
            {"certfile": Path("/a.pem"), "keyfile": Path("/b.pem")},
            "--certfile=/a.pem --keyfile=/b.pem",
        ),
        ({"access-logfile": "-", "error-logfile": "-"}, "--access-logfile=- --error-logfile=-"),
        ({"log_file": "-", "log-level": "debug"}, "--log-file=- --log-level=debug"),
        ({"keep_alive": 5, "max_requests": 1000}, "--keep-alive=5 --max-requests=1000"),
        (
            {"server_name": ["a.example", "b.example"]},
            "--server-name=a.example --server-name=b.example",
        ),
        ({"config": "file:hypercorn.py"}, "--config=file:hypercorn.py"),
        ({"root-path": "", "umask": 0o022}, "--root-path= --umask=18"),
        (["--workers", 2], "--workers 2"),
    )

    EVERY_KIND: ClassVar = (
        (
            {"bind": ["127.0.0.1:{port}", "unix:second.sock"]},
            "--bind=127.0.0.1:{port} --bind=unix:second.sock",
        ),
        ({"workers": 2, "umask": 0o022}, "--workers=2 --umask=18"),
        (
            {"server_name": ("127.0.0.1:{port}", "localhost")},
            "--server-name=127.0.0.1:{port} --server-name=localhost",
        ),
        ({"access-logfile": Path("access.log")}, "--access-logfile=access.log"),
        ({"access-logformat": gettext_lazy("Yes")}, "--access-logformat=Yes"),
        ({"keep_alive": Decimal("1E+1")}, "--keep-alive=10"),
        ({"statsd_prefix": 1.5}, "--statsd-prefix=1.5"),
        ({"debug": True, "reload": False}, "--debug"),
        ({"root-path": ""}, "--root-path="),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        assert answer_over(project.path / "second.sock") == "hello"
        running.until(lambda: " Yes\n" in (project.path / "access.log").read_text())
        # The workers, and what keeps account of their resources.
        running.until(lambda: len(running.children()) == 3)

    def args(self, port: int) -> dict[str, Any]:
        return {"bind": f"127.0.0.1:{port}"}

    def options(self, port: int) -> list[str]:
        return [f"--bind=127.0.0.1:{port}"]

    def native(self, *options: str) -> list[str]:
        return ["hypercorn", "mysite.asgi:application", *options]


def test_hypercorn_reads_back_exactly_the_values_of_args() -> None:
    parser = _parser()
    assert_reads_back(
        HypercornServer,
        lambda words: vars(parser.parse_args(words)),
        values={"verify_mode": st.sampled_from([mode.name for mode in ssl.VerifyMode])},
        read={"verify_mode": lambda name: ssl.VerifyMode[name]},
    )
