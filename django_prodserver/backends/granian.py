"""Granian, a server written in Rust: https://github.com/emmett-framework/granian.

Everything that django-prodserver knows about Granian is in this module.
"""

from collections.abc import Mapping
from typing import ClassVar

from django_prodserver.backends.base import BaseServerBackend, ConsoleScriptBackend
from django_prodserver.options import Option, OptionTable, Takes
from django_prodserver.parsers import click_options

__all__ = ["GranianASGIServer", "GranianWSGIServer"]

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

        return OptionTable([*click_options(cli.params, prefix="GRANIAN"), HELP])


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
