"""Processes that are management commands of an installed Django app."""

import os
import sys
from collections.abc import Iterator
from typing import Any, ClassVar

from django_prodserver.backends.base import BaseProcessBackend
from django_prodserver.exceptions import AppNotInstalled, ConfigurationError, UnknownKey
from django_prodserver.launch import Launch
from django_prodserver.options import OptionTable
from django_prodserver.parsers import argparse_options
from django_prodserver.starting import start

__all__ = ["ManagementCommandBackend"]


class ManagementCommandBackend(BaseProcessBackend):
    """A process that is a management command: ``manage.py qcluster``, say.

    It runs inside the command that starts it: that has set Django up already, and nothing stands
    between the process and its signals.
    """

    app: ClassVar[str] = ""
    """The Django app that brings the command."""
    command: ClassVar[str] = ""
    """The name of the command."""
    subcommand: ClassVar[str] = ""
    """The word behind the name, for a command that has several in it."""

    def start_server(self, *args: str) -> None:
        """Runs the command as ``manage.py`` would.

        In development it takes this process's place: what starts itself anew with changed code must
        do so from the beginning, even while the code is broken.

        Raises:
            SystemExit: the command has ended with an exit code of its own.
            LaunchError: the operating system refuses.
        """
        if self.in_development:
            start(self.launch(), self.project.environ)
        for name, value in self.env.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        # With its own mistakes the command deals as manage.py lets it deal: exit codes stay.
        self._command().run_from_argv([sys.argv[0], self.command, *args])

    def prep_server_args(self) -> list[str]:
        """Returns the words behind the command's name; raises as the base class does."""
        return [*filter(None, [self.subcommand]), *self.args]

    def launch(self) -> Launch:
        """Returns the same command in an interpreter of its own; raises as the base class does."""
        for obstacle in self.obstacles():
            raise obstacle
        words = (*self.project.management(self.command), *self.prep_server_args())
        return Launch(
            (sys.executable, *words),
            env=self.env,
            cwd=self.project.cwd,
            notes=self.notes,
            reload_signal=self.reload_signal,
        )

    def read_options(self) -> OptionTable:
        """Returns the options of the installed command, from its own parser."""
        parser = self._command().create_parser("manage.py", self.command)
        if self.subcommand:
            # The only group of actions whose choices are parsers themselves.
            choices = next(each.choices for each in parser._actions if each.nargs == "A...")  # noqa: SLF001 - argparse has no public way
            parser = dict(choices or {})[self.subcommand]
        return OptionTable(argparse_options(parser))

    def obstacles(self) -> Iterator[ConfigurationError]:
        """Iterates over the reasons why this process cannot run here."""
        # Who looks at the entry of another process does without.
        from django.apps import apps  # noqa: PLC0415

        known = list(super().obstacles())
        yield from known
        if not known and apps.ready and not self._is_installed():
            yield AppNotInstalled(
                f"{self.where}: {self.app!r} is not in INSTALLED_APPS.",
                f"Add {self.app!r} to INSTALLED_APPS.",
            )

    def _command(self) -> Any:
        from django.core.management import load_command_class  # noqa: PLC0415 - as above

        return load_command_class(self.app, self.command)

    def _is_installed(self) -> bool:
        from django.apps import apps  # noqa: PLC0415 - as above

        # Django itself is no app, and has commands.
        return self.app == "django.core" or apps.is_installed(self.app)

    def _mistakes(self) -> Iterator[ConfigurationError]:
        if self._app is not None:
            yield UnknownKey(f"{self.where}: {self.name} reads no APP.", "Remove the key.")
        yield from super()._mistakes()
