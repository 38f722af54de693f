"""Uvicorn, a server for ASGI and WSGI applications: https://uvicorn.dev.

Everything that django-prodserver knows about Uvicorn is in this module.
"""

import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import ClassVar

import django

from django_prodserver.backends.base import BaseServerBackend, ConsoleScriptBackend
from django_prodserver.exceptions import ConfigurationError, PackageMissing
from django_prodserver.launch import Launch
from django_prodserver.options import Option, OptionTable, Takes
from django_prodserver.parsers import click_options

__all__ = ["UvicornServer", "UvicornWSGIServer"]

# Options whose one value is a list, separated by commas; Uvicorn's command does not say so.
COMMA_LISTS = frozenset({"forwarded_allow_ips"})

# What Click adds to every command.
HELP = Option(("--help",), takes=Takes.NOTHING)


class UvicornServer(ConsoleScriptBackend, BaseServerBackend):
    """The process is ``uvicorn``, serving the project's ASGI application."""

    label = "Uvicorn"
    package = "uvicorn"
    script = "uvicorn"
    protocol = "asgi"
    # Only with several workers: a single one is ended by it.
    reload_signal = "HUP"
    development: ClassVar[Mapping[str, object]] = {"reload": True}
    notices_changes = True

    def read_options(self) -> OptionTable:
        """Returns the options of the installed Uvicorn: those of ``uvicorn.main.main``."""
        # The package has a function of the same name as this module.
        command = importlib.import_module("uvicorn.main").main
        options = click_options(
            command.params,
            prefix="UVICORN",
            separator=lambda each: "," if each.name in COMMA_LISTS else "",
        )
        return OptionTable([*options, HELP])

    def command_line(self, *args: str) -> Launch:
        """Returns the launch; it names a signal for reloads only where it does not end Uvicorn.

        Raises:
            ConfigurationError: the command cannot run on this machine, or ARGS has a mistake.
        """
        launch = super().command_line(*args)
        return launch if self._has_several_workers() else replace(launch, reload_signal="")

    def _has_several_workers(self) -> bool:
        environ = self.inherited
        number = environ.get("UVICORN_WORKERS") or environ.get("WEB_CONCURRENCY") or "1"
        workers = [number, *self.arguments.values("workers")][-1]
        return workers.isdecimal() and int(workers) > 1


class UvicornWSGIServer(UvicornServer):
    """The process is ``uvicorn``, serving the project's WSGI application."""

    protocol = "wsgi"
    defaults: ClassVar[Mapping[str, object]] = {"interface": "wsgi"}

    def obstacles(self) -> Iterator[ConfigurationError]:
        """Iterates over the reasons why this process cannot run on this machine.

        Without httptools Uvicorn writes its answers with h11, which refuses the space that Django
        5.2 puts before the value of each cookie: every page with a cookie would fail.
        """
        known = list(super().obstacles())
        yield from known
        if not known and not self._writes_cookies():
            yield PackageMissing(
                f"{self.where}: {self.name} fails on the cookies of Django without httptools.",
                "Install it: python -m pip install httptools",
            )

    def _writes_cookies(self) -> bool:
        if django.VERSION >= (6, 0):
            return True
        # Whoever chooses an implementation by name knows what they do.
        chosen = self.arguments.values("http") or "UVICORN_HTTP" in self.inherited
        return bool(chosen) or importlib.util.find_spec("httptools") is not None
