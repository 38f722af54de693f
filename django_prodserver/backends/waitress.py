"""Waitress, a server for WSGI applications: https://docs.pylonsproject.org/projects/waitress/.

Everything that django-prodserver knows about Waitress is in this module, and in the program that
runs: :mod:`django_prodserver.programs.waitress`.
"""

import sys
from importlib import import_module

from django_prodserver.backends.base import BaseServerBackend, ConsoleScriptBackend
from django_prodserver.launch import Launch
from django_prodserver.options import Option, OptionTable, Takes, Type

__all__ = ["WaitressServer"]

TYPES: dict[str, Type] = {"int": "integer"}


class WaitressServer(ConsoleScriptBackend, BaseServerBackend):
    """The process is Waitress, serving the project's WSGI application."""

    label = "Waitress"
    package = "waitress"
    script = "waitress-serve"
    protocol = "wsgi"

    def prep_server_args(self) -> list[str]:
        """Returns the options, and then the application: Waitress reads no option behind it.

        Raises:
            ConfigurationError: the entry has a mistake.
            UsageError: an override has one.
        """
        return [*self.arguments.options, *(self.arguments.positionals or [self.application])]

    def command_line(self, *args: str) -> Launch:
        """Returns the launch of our own program, which takes what ``waitress-serve`` takes.

        Raises:
            ConfigurationError: Waitress cannot run on this machine.
        """
        for obstacle in self.obstacles():
            raise obstacle
        argv = (sys.executable, "-m", "django_prodserver.programs.waitress", *args)
        return Launch(argv, env=self.env, cwd=self.project.cwd, notes=self.notes)

    def read_options(self) -> OptionTable:
        """Returns the options of the installed Waitress: those of ``Adjustments``."""
        adjustments = import_module("waitress.adjustments").Adjustments

        options = [
            _option(name, cast.__name__, getattr(adjustments, name, None))
            for name, cast in adjustments._params  # noqa: SLF001 - there is no public way
        ]
        plain = [Option((f"--{name}",), takes=Takes.NOTHING) for name in ("call", "help")]
        return OptionTable([*options, *plain])


def _option(name: str, cast: str, default: object) -> Option:
    flag = name.replace("_", "-")
    switch = cast == "asbool"
    return Option(
        flags=(f"--{flag}",),
        negatives=(f"--no-{flag}",) if switch else (),
        names=(name,),
        takes=Takes.NOTHING if switch else Takes.VALUE,
        repeats=name == "listen",
        separator=" " if cast == "asset" else "",
        default=default if isinstance(default, str | int | list) else None,
        type="boolean" if switch else TYPES.get(cast, "text"),
    )
