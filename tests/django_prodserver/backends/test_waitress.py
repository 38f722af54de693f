"""Waitress: the contract of a server, and its own parser reading what ARGS become."""

from __future__ import annotations

import unittest
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy
from waitress.adjustments import Adjustments  # type: ignore[import-untyped]

from django_prodserver.backends.waitress import WaitressServer
from django_prodserver.testing.contracts import OnHup, ServerContract, Typed
from tests.django_prodserver.answers import headers_of
from tests.django_prodserver.round_trip import assert_reads_back

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running

WSGI = "mysite.wsgi:application"


class TestWaitress(ServerContract, unittest.TestCase):
    BACKEND = "waitress"
    PACKAGE = "waitress"
    MISTAKE = ("thraeds", "threads")
    ON_HUP = OnHup.ENDS
    # Natively SIGTERM ends the process at once, in the middle of a request.
    FINISHES_ON_TERM_NATIVELY = False
    EXIT_CODES: ClassVar = {"term": (0, -15)}
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"listen": ["127.0.0.1:1", "[::1]:2"]}, "--listen=127.0.0.1:1 --listen=[::1]:2"),
        (
            {"threads": 8, "ipv6": False, "expose_tracebacks": True},
            "--threads=8 --no-ipv6 --expose-tracebacks",
        ),
        ("--threads=8 --no-ipv6", "--threads=8 --no-ipv6"),
        ({"host": "0.0.0.0", "port": 80}, "--host=0.0.0.0 --port=80"),
        (
            {"unix_socket": Path("/run/web.sock"), "unix-socket-perms": "660"},
            "--unix-socket=/run/web.sock --unix-socket-perms=660",
        ),
        ({"url-scheme": "https", "url_prefix": "/app"}, "--url-scheme=https --url-prefix=/app"),
        (
            {"trusted_proxy": "*", "trusted_proxy_count": 2},
            "'--trusted-proxy=*' --trusted-proxy-count=2",
        ),
        (
            {"trusted_proxy_headers": ["x-forwarded-for", "x-forwarded-proto"]},
            "'--trusted-proxy-headers=x-forwarded-for x-forwarded-proto'",
        ),
        ({"clear-untrusted-proxy-headers": False}, "--no-clear-untrusted-proxy-headers"),
        ({"no_ipv4": True}, "--no-ipv4"),
        (
            {"connection_limit": 500, "channel_timeout": "60"},
            "--connection-limit=500 --channel-timeout=60",
        ),
        ({"ident": ""}, "--ident="),
        ({"log_socket_errors": None}, "--log-socket-errors"),
        (["--port", 8080], "--port 8080"),
    )

    EVERY_KIND: ClassVar = (
        (
            {"listen": ["127.0.0.1:{port}", "localhost:0"]},
            "--listen=127.0.0.1:{port} --listen=localhost:0",
        ),
        ({"threads": 2, "channel-timeout": "60"}, "--threads=2 --channel-timeout=60"),
        ({"ident": gettext_lazy("Yes")}, "--ident=Yes"),
        (
            {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": ("x-forwarded-host",)},
            "--trusted-proxy=127.0.0.1 --trusted-proxy-headers=x-forwarded-host",
        ),
        (
            {"expose_tracebacks": True, "log-socket-errors": None},
            "--expose-tracebacks --log-socket-errors",
        ),
        ({"ipv6": False}, "--no-ipv6"),
        ({"url_prefix": ""}, "--url-prefix="),
        # Nothing takes these as they are: texts may be anything.
        (
            {"server_name": 1.5, "unix-socket-perms": Decimal("6E+2")},
            "--server-name=1.5 --unix-socket-perms=600",
        ),
    )

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        assert headers_of(running)["Server"] == "Yes"
        assert running.output().count("Serving on http://127.0.0.1:") == 2

    def args(self, port: int) -> dict[str, Any]:
        return {"listen": f"127.0.0.1:{port}"}

    def options(self, port: int) -> list[str]:
        return [f"--listen=127.0.0.1:{port}"]

    def native(self, *options: str) -> list[str]:
        return ["waitress-serve", *options, WSGI]

    def shown(self, *options: str) -> list[str]:
        return ["python", "-m", "django_prodserver.programs.waitress", *options, WSGI]


def test_waitress_reads_back_exactly_the_values_of_args() -> None:
    names = [name for name, _ in Adjustments._params]

    def parse(words: list[str]) -> dict[str, object]:
        given, (application,) = Adjustments.parse_args(words)
        assert application == WSGI
        return {name: given.get(name) for name in names}

    read = dict.fromkeys(names, _as_text) | {"trusted_proxy_headers": " ".join}
    assert_reads_back(WaitressServer, parse, read=read)


def _as_text(value: object) -> str:
    """What Waitress's command makes of a value before it knows its type."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "".join(f" {each}" for each in value)
    return str(value)
