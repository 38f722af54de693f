"""Hypercorn, a server for ASGI applications: https://hypercorn.readthedocs.io.

Everything that django-prodserver knows about Hypercorn is in this module.
"""

import argparse
from typing import Any, NoReturn
from unittest.mock import patch

from django_prodserver.backends.base import BaseServerBackend, ConsoleScriptBackend
from django_prodserver.options import OptionTable
from django_prodserver.parsers import argparse_options

__all__ = ["HypercornServer"]


class HypercornServer(ConsoleScriptBackend, BaseServerBackend):
    """The process is ``hypercorn``, serving the project's ASGI application."""

    label = "Hypercorn"
    package = "hypercorn"
    script = "hypercorn"
    protocol = "asgi"
    reload_signal = "HUP"
    # Its --reload watches only what the application imports at once, and Django imports views late.
    notices_changes = False

    def read_options(self) -> OptionTable:
        """Returns the options of the installed Hypercorn: those of its ``main()``."""
        return OptionTable(argparse_options(_parser(), without=["application"]))


class _Complete(Exception):
    """Leaves ``main()`` once the parser is complete."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self.parser = parser


def _parser() -> argparse.ArgumentParser:
    """Returns the parser that Hypercorn builds inside the function which also runs the server."""
    from hypercorn.__main__ import main  # noqa: PLC0415 - it may not be installed

    def leave(parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        raise _Complete(parser)

    try:
        with patch.object(argparse.ArgumentParser, "parse_args", leave):
            main([])
    except _Complete as complete:
        return complete.parser
    raise LookupError("main() reads its command line in another way")
