"""Uvicorn: the contract of a server, for ASGI and WSGI, and what is known of its options."""

from __future__ import annotations

import importlib.util
import json
import signal
import unittest
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import django
import pytest
from django.utils.translation import gettext_lazy
from hypothesis import strategies as st

from django_prodserver.backends.uvicorn import UvicornServer, UvicornWSGIServer
from django_prodserver.testing.contracts import ServerContract, Typed
from django_prodserver.testing.running import free_port
from tests.django_prodserver.answers import headers_of
from tests.django_prodserver.imagined import imagined
from tests.django_prodserver.round_trip import TEXT, assert_reads_back
from tests.django_prodserver.site import BIN, Site

if TYPE_CHECKING:
    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running

# The package has a function of the same name as this module.
COMMAND = importlib.import_module("uvicorn.main").main

LOGGING = {
    "version": 1,
    "handlers": {"file": {"class": "logging.FileHandler", "filename": "server.log"}},
    "loggers": {"uvicorn": {"handlers": ["file"], "level": "INFO"}},
}


class UvicornContract(ServerContract):
    """What holds for both protocols."""

    PACKAGE = "uvicorn"
    ENVIRONMENT: ClassVar = {"UVICORN_PORT": "{port}"}
    HUP_ARGS: ClassVar = {"workers": 2}
    EVERY_KIND: ClassVar = (
        ({"port": "{port}", "workers": 2}, "--port={port} --workers=2"),
        ({"header": ["X-One: a", "X-Two: b c"]}, "'--header=X-One: a' '--header=X-Two: b c'"),
        ({"forwarded_allow_ips": ("10.0.0.1", "::1")}, "--forwarded-allow-ips=10.0.0.1,::1"),
        (
            {"ws-ping-interval": 20.5, "ws_ping_timeout": Decimal("1E+1")},
            "--ws-ping-interval=20.5 --ws-ping-timeout=10",
        ),
        ({"log-config": Path("logging.json")}, "--log-config=logging.json"),
        ({"lifespan": gettext_lazy("off")}, "--lifespan=off"),
        ({"proxy_headers": True, "server-header": None}, "--proxy-headers --server-header"),
        (
            {"access-log": False, "ws-per-message-deflate": False, "reload": False},
            "--no-access-log --ws-per-message-deflate=false",
        ),
        ({"root-path": ""}, "--root-path="),
    )

    def prepare(self, project: FreshProject) -> None:
        project.write("logging.json", json.dumps(LOGGING))

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        headers = headers_of(running)
        log = (project.path / "server.log").read_text()

        assert [headers[f"X-{name}"] for name in ("One", "Two")] == ["a", "b c"]
        assert headers["Server"] == "uvicorn"
        # The workers, and what keeps account of their resources.
        running.until(lambda: len(running.children()) == 3)
        assert "Started server process" in log
        assert "startup" not in log
        assert "GET /" not in log

    def args(self, port: int) -> dict[str, Any]:
        return {"port": port}

    def options(self, port: int) -> list[str]:
        return [f"--port={port}"]

    def test_hup_ends_a_single_worker_as_it_does_natively(self) -> None:
        project = self.project()
        both = self.start(project, free_port()), self.start_native(project, free_port())
        self.until_ready(*both)
        for running in both:
            running.signal(signal.SIGHUP)

        self.assert_same_exit_code("hup", *both)
        assert both[0].exit_code() == -signal.SIGHUP


class TestUvicorn(UvicornContract, unittest.TestCase):
    BACKEND = "uvicorn"
    MISTAKE = ("wrokers", "workers")
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"host": "0.0.0.0", "port": 80}, "--host=0.0.0.0 --port=80"),
        ({"workers": 4, "access_log": False}, "--workers=4 --no-access-log"),
        ({"no-access-log": True, "proxy-headers": True}, "--no-access-log --proxy-headers"),
        ({"reload": True, "reload-dir": ["a", "b"]}, "--reload --reload-dir=a --reload-dir=b"),
        ({"reload_dirs": ["a"], "reload": False}, "--reload-dir=a"),
        ({"header": ["A:b", "C:d e"]}, "--header=A:b '--header=C:d e'"),
        ({"forwarded_allow_ips": ["10.0.0.1", "::1"]}, "--forwarded-allow-ips=10.0.0.1,::1"),
        ({"ws-per-message-deflate": False}, "--ws-per-message-deflate=false"),
        ({"root-path": ""}, "--root-path="),
        ("--header a:b --header c:d", "--header a:b --header c:d"),
        (["--port", "80"], "--port 80"),
        (
            {"uds": Path("/run/web.sock"), "timeout-keep-alive": 5},
            "--uds=/run/web.sock --timeout-keep-alive=5",
        ),
        ({"log-level": "debug", "use-colors": False}, "--log-level=debug --no-use-colors"),
        (
            {"limit_concurrency": 100, "server_header": None},
            "--limit-concurrency=100 --server-header",
        ),
    )

    def native(self, *options: str) -> list[str]:
        return ["uvicorn", "mysite.asgi:application", *options]


class TestUvicornWSGI(UvicornContract, unittest.TestCase):
    BACKEND = "uvicorn-wsgi"
    MISTAKE = ("prot", "port")
    TYPED: ClassVar[Typed] = TestUvicorn.TYPED

    def native(self, *options: str) -> list[str]:
        return ["uvicorn", "mysite.wsgi:application", "--interface=wsgi", *options]


@pytest.mark.parametrize(
    ("release", "args", "environ", "known", "refused"),
    [
        ((5, 2), {}, {}, False, True),
        ((5, 2), {}, {}, True, False),
        ((5, 2), {"http": "h11"}, {}, False, False),
        ((5, 2), {}, {"UVICORN_HTTP": "h11"}, False, False),
        ((6, 0), {}, {}, False, False),
    ],
)
def test_a_wsgi_application_is_not_served_where_its_cookies_would_fail(
    monkeypatch: pytest.MonkeyPatch,
    release: tuple[int, int],
    args: dict[str, str],
    environ: dict[str, str],
    known: bool,
    refused: bool,
) -> None:
    monkeypatch.setattr("django.VERSION", release)
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec",
        lambda name: (known or None) if name == "httptools" else find(name),
    )
    problems = _backend(args, environ, UvicornWSGIServer).problems()

    assert [problem.hint for problem in problems] == (
        ["Install it: python -m pip install httptools"] if refused else []
    )
    assert not _backend(args, environ, UvicornServer).problems()


def test_uvicorn_fails_on_the_cookies_of_django_5_with_h11(site: Site) -> None:
    port = free_port()
    entry = {"BACKEND": "uvicorn-wsgi", "ARGS": {"port": port, "http": "h11"}}
    site.configure(PRODUCTION_PROCESSES={"web": entry})
    with site.start(BIN / "prodserver", "web", port=port) as running:
        running.until_it_serves()
        if django.VERSION >= (6, 0):
            assert running.get("/cookie/")
            return
        with pytest.raises(OSError, match=r"500|reset|closed|empty"):
            running.get("/cookie/")
        assert "Illegal header value" in running.output()


def _backend(
    args: object, environ: dict[str, str] | None = None, kind: type[UvicornServer] = UvicornServer
) -> UvicornServer:
    entries = {"web": {"BACKEND": "uvicorn", "ARGS": args}}
    project = imagined(entries, environ=environ or {})
    return kind(ARGS=args).bind(project, "web")


@pytest.mark.parametrize("kind", [UvicornServer, UvicornWSGIServer])
def test_uvicorn_reads_back_exactly_the_values_of_args(kind: type[UvicornServer]) -> None:
    assert_reads_back(
        kind,
        lambda words: COMMAND.make_context("uvicorn", list(words)).params,
        # The files must exist.
        values={
            "env_file": st.just("pyproject.toml"),
            "log_config": st.just("pyproject.toml"),
            "reload_dirs": st.just(["tests", "conf"]),
            "forwarded_allow_ips": st.lists(TEXT.filter(lambda ip: "," not in ip), min_size=1),
        },
    )


def test_every_option_of_the_installed_uvicorn_is_known() -> None:
    table = UvicornServer().read_options()
    context = COMMAND.context_class(COMMAND)

    assert {flag for o in table for flag in (*o.flags, *o.negatives)} == {
        flag
        for each in COMMAND.get_params(context)
        if each.param_type_name == "option"
        for flag in (*each.opts, *each.secondary_opts)
    }


@pytest.mark.parametrize(
    ("args", "environ", "reload_signal"),
    [
        ({}, {}, ""),
        ({"workers": 1}, {"UVICORN_WORKERS": "2"}, ""),
        ({"workers": 2}, {}, "HUP"),
        ("--workers 2", {}, "HUP"),
        ({}, {"UVICORN_WORKERS": "2"}, "HUP"),
        ({}, {"WEB_CONCURRENCY": "2"}, "HUP"),
    ],
)
def test_hup_reloads_only_where_there_are_several_workers(
    args: object, environ: dict[str, str], reload_signal: str
) -> None:
    assert _backend(args, environ).launch().reload_signal == reload_signal


@pytest.mark.parametrize(
    ("args", "environ", "words"),
    [
        ({}, {}, ["--interface=wsgi"]),
        ({"interface": "auto"}, {}, ["--interface=auto"]),
        ({}, {"UVICORN_INTERFACE": "auto"}, []),
    ],
)
def test_another_interface_can_be_chosen(
    args: object, environ: dict[str, str], words: list[str]
) -> None:
    backend = _backend(args, environ, UvicornWSGIServer)

    assert backend.prep_server_args() == ["mysite.wsgi:application", *words]
