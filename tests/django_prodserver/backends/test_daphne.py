"""Daphne: the contract of a server, and its own parser reading what ARGS become."""

from __future__ import annotations

import unittest
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from daphne.cli import (  # type: ignore[import-untyped]
    CommandLineInterface,
)
from django.utils.translation import gettext_lazy

from django_prodserver.backends.daphne import DaphneServer
from django_prodserver.testing.contracts import OnHup, ServerContract, Typed
from tests.django_prodserver.answers import answer_over, headers_of
from tests.django_prodserver.round_trip import assert_reads_back

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running


class TestDaphne(ServerContract, unittest.TestCase):
    BACKEND = "daphne"
    PACKAGE = "daphne"
    MISTAKE = ("prot", "port")
    ON_HUP = OnHup.ENDS
    # Daphne stops its event loop at once, natively too.
    FINISHES_ON_TERM = False
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"bind": "0.0.0.0", "port": 80}, "--bind=0.0.0.0 --port=80"),
        ({"websocket-timeout": 60}, "--websocket_timeout=60"),
        ({"endpoint": ["tcp:1", "tcp:2"]}, "--endpoint=tcp:1 --endpoint=tcp:2"),
        ({"proxy_headers": True, "no_server_name": False}, "--proxy-headers"),
        ("-b :: -p 8000", "-b :: -p 8000"),
        ({"host": "::"}, "--bind=::"),
        ({"unix_socket": Path("/run/web.sock")}, "--unix-socket=/run/web.sock"),
        ({"fd": 0}, "--fd=0"),
        ({"verbosity": 2, "access_log": "-"}, "--verbosity=2 --access-log=-"),
        ({"http-timeout": 60, "ping_interval": "10"}, "--http-timeout=60 --ping-interval=10"),
        (
            {"endpoint": "ssl:443:privateKey=a.pem:certKey=b.pem"},
            "--endpoint=ssl:443:privateKey=a.pem:certKey=b.pem",
        ),
        (
            {"proxy_headers": None, "proxy-headers-host": "X-Host"},
            "--proxy-headers --proxy-headers-host=X-Host",
        ),
        ({"no_server_name": True, "root_path": "/app"}, "--no-server-name --root-path=/app"),
        (["-p", 8000], "-p 8000"),
    )

    EVERY_KIND: ClassVar = (
        (
            {"endpoint": ["tcp:{port}:interface=127.0.0.1", "unix:second.sock"]},
            "--endpoint=tcp:{port}:interface=127.0.0.1 --endpoint=unix:second.sock",
        ),
        ({"http-timeout": 60, "ping_interval": "10"}, "--http-timeout=60 --ping-interval=10"),
        ({"access-log": Path("access.log")}, "--access-log=access.log"),
        ({"server_name": gettext_lazy("Yes")}, "--server-name=Yes"),
        ({"proxy_headers": True, "no_server_name": False}, "--proxy-headers"),
        ({"proxy-headers-host": 1.5}, "--proxy-headers-host=1.5"),
        ({"ping_timeout": Decimal("1E+1")}, "--ping-timeout=10"),
        ({"root_path": ""}, "--root-path="),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        assert headers_of(running)["Server"] == "Yes"
        assert answer_over(project.path / "second.sock") == "hello"
        running.until(lambda: '"GET /"' in (project.path / "access.log").read_text())

    def args(self, port: int) -> dict[str, Any]:
        return {"port": port}

    def options(self, port: int) -> list[str]:
        return [f"--port={port}"]

    def native(self, *options: str) -> list[str]:
        return ["daphne", "mysite.asgi:application", *options]


def test_daphne_reads_back_exactly_the_values_of_args() -> None:
    parser = CommandLineInterface().parser
    assert_reads_back(DaphneServer, lambda words: vars(parser.parse_args(words)))
