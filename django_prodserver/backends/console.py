"""Processes that are commands which an installed package brings."""

from collections.abc import Iterator
from typing import ClassVar

from django_prodserver.backends.process import BaseProcessBackend
from django_prodserver.exceptions import ConfigurationError, PackageMissing
from django_prodserver.launch import Launch
from django_prodserver.option_cache import known
from django_prodserver.options import OptionTable
from django_prodserver.scripts import console_script
from django_prodserver.starting import start

__all__ = ["ConsoleScriptBackend"]


class ConsoleScriptBackend(BaseProcessBackend):
    """A process that is started by a command which its package installs.

    That command takes this process's place, so nothing stands between it and its signals, its exit
    code and its own environment variables.
    """

    script: ClassVar[str] = ""
    """The name of the command."""

    def prep_server_args(self) -> list[str]:
        """Returns the application of a server, and then the options.

        It comes first: behind an option that may have a value it would be taken for that value.

        Raises:
            ConfigurationError: the entry has a mistake.
            UsageError: an override has one.
        """
        named = self.arguments.positionals
        application = [self.application] if self.protocol and not named else named
        return [*application, *self.arguments.options]

    def start_server(self, *args: str) -> None:
        """Replaces this process by the command.

        Raises:
            LaunchError: the operating system refuses.
            ConfigurationError: the command cannot run on this machine.
        """
        start(self.command_line(*args), self.project.environ)

    def launch(self) -> Launch:
        """Returns the command that starts this process; raises as the base class does."""
        return super().launch() if self.in_process else self.command_line(*self.prep_server_args())

    def command_line(self, *args: str) -> Launch:
        """Returns the launch of the command with these words after its name.

        Raises:
            ConfigurationError: the command cannot run on this machine.
        """
        for obstacle in self.obstacles():
            raise obstacle
        return Launch(
            (*console_script(self.script, self.package), *args),
            env=self.env,
            cwd=self.project.cwd,
            notes=self.notes,
            reload_signal=self.reload_signal,
            notifies=self.notifies,
        )

    @property
    def in_process(self) -> bool:
        """Whether a subclass starts the server itself, inside this process."""
        return type(self).start_server is not ConsoleScriptBackend.start_server

    def obstacles(self) -> Iterator[ConfigurationError]:
        """Iterates over the reasons why this process cannot run on this machine."""
        known = list(super().obstacles())
        yield from known
        if not known:
            try:
                console_script(self.script, self.package)
            except PackageMissing as error:
                yield PackageMissing(f"{self.where}: {error.message}", error.hint)

    def _read_options(self) -> OptionTable | None:
        # A class of somebody else may change with no file that a table is read from.
        if not type(self).__module__.startswith("django_prodserver.backends."):
            return self.read_options()
        return known(type(self), self._module, self.read_options)
