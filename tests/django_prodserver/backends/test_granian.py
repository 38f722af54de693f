"""Granian: the contract of a server, for ASGI and WSGI, and what is known of its options."""

from __future__ import annotations

import unittest
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click
import pytest
from django.utils.translation import gettext_lazy
from granian.cli import OctalIntType, cli
from hypothesis import strategies as st

from django_prodserver.backends.granian import GranianASGIServer, GranianWSGIServer
from django_prodserver.testing.contracts import ServerContract, Typed
from tests.django_prodserver.answers import headers_of
from tests.django_prodserver.imagined import imagined
from tests.django_prodserver.round_trip import assert_reads_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django_prodserver.backends.base import BaseProcessBackend
    from django_prodserver.testing.projects import FreshProject
    from django_prodserver.testing.running import Running


class GranianContract(ServerContract):
    """What holds for both protocols."""

    PACKAGE = "granian"
    ENVIRONMENT: ClassVar = {"GRANIAN_PORT": "{port}"}
    EVERY_KIND: ClassVar = (
        ({"port": "{port}", "workers": 2}, "--port={port} --workers=2"),
        (
            {"static-path-route": ("/one", "/two")},
            "--static-path-route=/one --static-path-route=/two",
        ),
        (
            {"static_path_mount": [Path("first"), "second"]},
            "--static-path-mount=first --static-path-mount=second",
        ),
        ({"static_path_expires": Decimal("6E+1")}, "--static-path-expires=60"),
        ({"respawn_interval": 1.5}, "--respawn-interval=1.5"),
        ({"access_log_fmt": gettext_lazy("Yes")}, "--access-log-fmt=Yes"),
        (
            {"access-log": True, "respawn-failed-workers": None},
            "--access-log --respawn-failed-workers",
        ),
        ({"websockets": False}, "--no-ws"),
        ({"ssl_keyfile_password": ""}, "--ssl-keyfile-password="),
    )

    def prepare(self, project: FreshProject) -> None:
        project.write("first/file.txt", "1")
        project.write("second/file.txt", "2")

    def assert_has_taken(self, project: FreshProject, running: Running) -> None:
        assert [running.get(f"/{name}/file.txt") for name in ("one", "two")] == ["1", "2"]
        assert headers_of(running, "/one/file.txt")["Cache-Control"] == "max-age=60"
        running.until(lambda: len(running.children()) == 2)
        running.until(lambda: "Yes\n" in running.output())

    def args(self, port: int) -> dict[str, Any]:
        return {"port": port}

    def options(self, port: int) -> list[str]:
        return [f"--port={port}"]


class TestGranianASGI(GranianContract, unittest.TestCase):
    BACKEND = "granian"
    MISTAKE = ("ssl-certificat", "ssl-certificate")
    TYPED: ClassVar[Typed] = (
        ({}, ""),
        ({"workers": 4, "ws": False}, "--workers=4 --no-ws"),
        ({"websockets": False, "log": True}, "--no-ws --log"),
        # The names that version 3 took.
        (
            {"address": "::1", "threads": 2, "log_access": True, "ssl-cert": "c", "ssl_key": "k"},
            "--host=::1 --blocking-threads=2 --access-log --ssl-certificate=c --ssl-keyfile=k",
        ),
        ({"access-log": True}, "--access-log"),
        ({"log_access_enabled": True}, "--access-log"),
        (
            {"static-path-mount": [Path("/a"), "/b"]},
            "--static-path-mount=/a --static-path-mount=/b",
        ),
        ({"workers-lifetime": "1h30m"}, "--workers-lifetime=1h30m"),
        ("--port 80", "--port 80"),
        ({"host": "0.0.0.0", "port": 80}, "--host=0.0.0.0 --port=80"),
        ({"env_files": ["a.env", "b.env"]}, "--env-files=a.env --env-files=b.env"),
        ({"blocking_threads": 2, "runtime_mode": "mt"}, "--blocking-threads=2 --runtime-mode=mt"),
        ({"log": False, "log_level": "debug"}, "--no-log --log-level=debug"),
        (
            {"respawn_failed_workers": True, "respawn-interval": 1.5},
            "--respawn-failed-workers --respawn-interval=1.5",
        ),
        ({"url_path_prefix": "/app"}, "--url-path-prefix=/app"),
        ({"http1-keep-alive": False, "backlog": 2048}, "--no-http1-keep-alive --backlog=2048"),
        ("--workers 2 --no-ws", "--workers 2 --no-ws"),
    )

    def native(self, *options: str) -> list[str]:
        return ["granian", "mysite.asgi:application", "--interface=asginl", *options]


class TestGranianWSGI(GranianContract, unittest.TestCase):
    BACKEND = "granian-wsgi"
    MISTAKE = ("wrokers", "workers")
    TYPED: ClassVar[Typed] = TestGranianASGI.TYPED

    def native(self, *options: str) -> list[str]:
        return ["granian", "mysite.wsgi:application", "--interface=wsgi", *options]


@pytest.mark.parametrize("kind", [GranianASGIServer, GranianWSGIServer])
def test_granian_reads_back_exactly_the_values_of_args(kind: type[BaseProcessBackend]) -> None:
    assert_reads_back(
        kind,
        lambda words: _plain(cli.make_context("granian", list(words)).params),
        values=dict(_values()),
    )


def _values() -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
    """What to try for the options that take neither any text nor any number."""
    for each in cli.params:
        name, kind = str(each.name), each.type
        if isinstance(kind, click.Path):
            several = isinstance(each, click.Option) and each.multiple
            yield name, st.lists(_paths(kind), min_size=1) if several else _paths(kind)
        elif isinstance(kind, click.IntRange):
            yield name, st.integers(kind.min, kind.max)
        elif isinstance(kind, OctalIntType):
            yield name, st.integers(0, 0o777)


def _paths(kind: click.Path) -> st.SearchStrategy[str]:
    if not kind.exists:
        return st.sampled_from(["new", "of this name/there is nothing"])
    return st.just("pyproject.toml" if kind.file_okay else "tests")


def _plain(value: Any) -> Any:
    """Returns what the parser has read, with texts in place of enumerations and paths."""
    match value:
        case dict():
            return {name: _plain(item) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case Enum():
            return value.value
        case Path():
            return str(value)
    return value


def test_every_option_of_the_installed_granian_is_known() -> None:
    table = GranianASGIServer().read_options()

    assert {flag for o in table for flag in (*o.flags, *o.negatives)} == {
        flag
        for each in cli.get_params(click.Context(cli))
        if isinstance(each, click.Option)
        for flag in (*each.opts, *each.secondary_opts)
    }


@pytest.mark.parametrize(
    ("args", "environ", "words"),
    [
        ({}, {}, ["--interface=wsgi"]),
        ({"interface": "rsgi"}, {}, ["--interface=rsgi"]),
        ("--interface rsgi", {}, ["--interface", "rsgi"]),
        ({}, {"GRANIAN_INTERFACE": "rsgi"}, []),
    ],
)
def test_another_interface_can_be_chosen(
    args: object, environ: dict[str, str], words: list[str]
) -> None:
    entries = {"web": {"BACKEND": "granian-wsgi"}}
    project = imagined(entries, environ=environ)
    backend = GranianWSGIServer(ARGS=args).bind(project, "web")

    assert backend.prep_server_args() == ["mysite.wsgi:application", *words]
