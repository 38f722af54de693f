"""Daphne, the ASGI server of the Channels project: https://github.com/django/daphne.

Everything that django-prodserver knows about Daphne is in this module.
"""

from django_prodserver.backends.base import BaseServerBackend, ConsoleScriptBackend
from django_prodserver.options import OptionTable
from django_prodserver.parsers import argparse_options

__all__ = ["DaphneServer"]


class DaphneServer(ConsoleScriptBackend, BaseServerBackend):
    """The process is ``daphne``, serving the project's ASGI application."""

    label = "Daphne"
    package = "daphne"
    script = "daphne"
    protocol = "asgi"

    def read_options(self) -> OptionTable:
        """Returns the options of the installed Daphne: those of its ``CommandLineInterface``."""
        # It may not be installed, and it has no types.
        from daphne.cli import CommandLineInterface  # type: ignore[import-untyped]  # noqa: PLC0415

        parser = CommandLineInterface().parser
        return OptionTable(argparse_options(parser, without=["application"]))
