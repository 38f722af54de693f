"""Waitress, a server for WSGI applications: https://docs.pylonsproject.org/projects/waitress/.

Everything that django-prodserver knows about Waitress is in this module. It is also the program
that runs: ``waitress-serve`` cuts off running requests when it is told to end, and does not end at
all as the first process of a container.
"""

import signal
import sys
import time
from importlib import import_module
from typing import Any

from django_prodserver.backends.base import BaseServerBackend, ConsoleScriptBackend
from django_prodserver.launch import Launch
from django_prodserver.options import Option, OptionTable, Takes, Type

__all__ = ["WaitressServer", "main"]

# Seconds for the requests that are running when SIGTERM arrives; as long as Gunicorn's.
PATIENCE = 30
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
        """Returns the launch of this module, which takes what ``waitress-serve`` takes.

        Raises:
            ConfigurationError: Waitress cannot run on this machine.
        """
        for obstacle in self.obstacles():
            raise obstacle
        argv = (sys.executable, "-m", "django_prodserver.backends.waitress", *args)
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


def main(argv: list[str]) -> int:
    """Runs ``waitress-serve`` with these words, the first being its name; returns its exit code."""
    # Until the server listens there is nothing to finish.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    return int(import_module("waitress.runner").run(argv, _serve=_serve))


def _serve(application: Any, **options: Any) -> None:
    import_module("waitress").serve(application, _server=_Server, **options)


class _Server:
    """The server that ``waitress.serve`` runs; it finishes its requests on SIGTERM."""

    def __init__(self, application: Any, **options: Any) -> None:
        create_server = import_module("waitress.server").create_server
        self._sockets: dict[int, Any] = {}
        self._server = create_server(application, map=self._sockets, **options)
        self._stopping = False
        self.print_listen = self._server.print_listen

    def run(self) -> None:
        """Answers requests until SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, self._stop)
        try:
            while self._sockets and not self._stopping:
                self._turn(self._server.adj.asyncore_loop_timeout)
            self._finish()
        except (SystemExit, KeyboardInterrupt):
            self._server.task_dispatcher.shutdown()

    def _stop(self, *_: object) -> None:
        self._stopping = True
        for listener in self._having("accept_connections"):
            listener.pull_trigger()

    def _finish(self) -> None:
        for listener in self._having("accept_connections"):
            # Its own close() would also close what the threads wake this loop with.
            listener.asyncore.dispatcher.close(listener)
        end = time.monotonic() + PATIENCE
        while (channels := self._having("total_outbufs_len")) and time.monotonic() < end:
            for channel in channels:
                if not (channel.requests or channel.request or channel.total_outbufs_len):
                    channel.will_close = True
            self._turn(0.1)

    def _turn(self, seconds: float) -> None:
        loop = import_module("waitress.wasyncore").loop
        loop(seconds, self._server.adj.asyncore_use_poll, self._sockets, count=1)

    def _having(self, attribute: str) -> list[Any]:
        # Waitress keeps listeners, channels and triggers in one map.
        return [each for each in list(self._sockets.values()) if hasattr(each, attribute)]


if __name__ == "__main__":
    sys.exit(main(["waitress-serve", *sys.argv[1:]]))
