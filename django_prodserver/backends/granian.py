"""Granian, a server written in Rust: https://github.com/emmett-framework/granian.

Everything that django-prodserver knows about Granian is in this module.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from django_prodserver.backends.base import BaseServerBackend, ConsoleScriptBackend
from django_prodserver.options import Option, OptionTable, Takes
from django_prodserver.parsers import click_options

__all__ = ["GranianASGIServer", "GranianWSGIServer"]

# What version 3 of django-prodserver called options: as Granian's class does, and "threads".
FORMER: Mapping[str, tuple[str, ...]] = {
    "blocking_threads": ("threads",),
    "host": ("address",),
    "log_access_enabled": ("log_access",),
    "ssl_certificate": ("ssl_cert",),
    "ssl_keyfile": ("ssl_key",),
}

# What Click adds to every command.
HELP = Option(("--help",), takes=Takes.NOTHING)


class _GranianServer(ConsoleScriptBackend, BaseServerBackend):
    label = "Granian"
    package = "granian"
    script = "granian"
    reload_signal = "HUP"

    def read_options(self) -> OptionTable:
        """Returns the options of the installed Granian: those of ``granian.cli.cli``."""
        from granian.cli import cli  # noqa: PLC0415 - it may not be installed

        options = [*click_options(cli.params, prefix="GRANIAN"), HELP]
        return OptionTable(replace(each, names=(*each.names, *_former(each))) for each in options)


def _former(option: Option) -> tuple[str, ...]:
    return tuple(former for name in option.names for former in FORMER.get(name, ()))


class GranianASGIServer(_GranianServer):
    """The process is ``granian``, serving the project's ASGI application."""

    protocol = "asgi"
    # Its own default is RSGI, which Django does not speak; "asgi" would ask for a lifespan, which
    # Django refuses.
    defaults: ClassVar[Mapping[str, object]] = {"interface": "asginl"}


class GranianWSGIServer(_GranianServer):
    """The process is ``granian``, serving the project's WSGI application."""

    protocol = "wsgi"
    defaults: ClassVar[Mapping[str, object]] = {"interface": "wsgi"}
