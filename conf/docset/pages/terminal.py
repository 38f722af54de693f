"""A terminal of the reader: one shell that lives as long as the page, with its output on a pipe."""

from __future__ import annotations

import codecs
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from docset.pages import processes
from docset.pages.processes import Process

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["ShellEndedError", "Terminal"]

# Commands come on one pipe and exit statuses leave on another, so neither mixes with what a command
# reads or prints. Commands do not inherit the two. Signals to the whole terminal spare the shell.
# `$?` of a command is the status of the one before it, as if it had been typed.
_LOOP = """
trap : INT TERM
__docset_status() {{ return "$1"; }}
__docset_last=0
while IFS= read -r -d '' -u {commands} __docset_line; do
  eval "__docset_status $__docset_last
$__docset_line" {commands}<&- {statuses}>&-
  __docset_last=$?
  printf '%s\\n' "$__docset_last" >&{statuses}
done
"""

_KEEPER = str(Path(__file__).with_name("keeper.py"))


class ShellEndedError(Exception):
    """The command ended the shell itself."""


class Terminal:
    """Runs commands one after the other in a shell that keeps its directory and variables."""

    def __init__(self, directory: Path, environment: Mapping[str, str]) -> None:
        self._output, output = os.pipe()
        self._statuses, statuses = os.pipe()
        commands, self._commands = os.pipe()
        script = _LOOP.format(commands=commands, statuses=statuses)
        shell = ["bash", "--noprofile", "--norc", "-c", script, "bash"]
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", _KEEPER, f"{statuses},{commands}", *shell],
            cwd=directory,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            pass_fds=(commands, statuses),
            start_new_session=True,
        )
        for inherited in (output, statuses, commands):
            os.close(inherited)
        self._shell = Process(int(os.read(self._statuses, 1024)))
        self._selector = selectors.DefaultSelector()
        for pipe in (self._output, self._statuses):
            os.set_blocking(pipe, False)
            self._selector.register(pipe, selectors.EVENT_READ)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._said = b""
        self.output = ""
        self.command = ""
        self.status: int | None = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def busy(self) -> bool:
        """True while a command runs."""
        return self.status is None

    @property
    def processes(self) -> list[Process]:
        """What runs in this terminal."""
        return processes.in_session(self._shell.pid)

    @property
    def own(self) -> set[int]:
        """The ids of the processes that make the terminal."""
        return {self._keeper.pid, self._shell.pid}

    @property
    def left(self) -> list[Process]:
        """What was started in this terminal and runs, also where it has moved out of it."""
        return [p for p in processes.below(self._keeper.pid) if p.pid not in self.own]

    def start(self, command: str) -> None:
        """Type a command and return at once; ``output`` and ``status`` tell what becomes of it."""
        self.output, self.command, self.status = "", command, None
        # Where the shell is gone, the next look at its output tells.
        with suppress(BrokenPipeError):
            os.write(self._commands, command.encode() + b"\0")

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Read output until the condition holds; return False when the time is over before that.

        Raise ShellEndedError when the command ended the shell.
        """
        end = time.monotonic() + seconds
        self._read(0)
        while not until():
            if time.monotonic() >= end:
                return False
            self._read(min(0.05, max(0.0, end - time.monotonic())))
        return True

    def interrupt(self) -> None:
        """Press Ctrl+C."""
        os.killpg(self._shell.pid, signal.SIGINT)

    def stop(self, grace: float) -> list[str]:
        """End what runs; return what had to be killed because it outlived ``grace`` seconds."""
        return processes.end(self.processes, grace)

    def close(self) -> None:
        """End the shell and everything that was started in it."""
        processes.end(self.left, 2)
        processes.kill(self._shell)
        # What started meanwhile is the keeper's to end.
        self._keeper.communicate()
        self._selector.close()
        for pipe in (self._output, self._statuses, self._commands):
            os.close(pipe)

    def _read(self, seconds: float) -> None:
        ready = {key.fd for key, _ in self._selector.select(seconds)}
        ended = self._statuses in ready and self._read_status()
        # A command has written its output before its status, so this order loses nothing.
        if self._output in ready or self._statuses in ready:
            self._read_output()
        if ended:
            raise ShellEndedError(self.output)

    def _read_status(self) -> bool:
        """Read an exit status; return True where the shell is gone."""
        said = os.read(self._statuses, 1024)
        self._said += said
        if self._said.endswith(b"\n"):
            self.status = int(self._said)
            self._said = b""
        return not said

    def _read_output(self) -> None:
        while True:
            try:
                chunk = os.read(self._output, 65536)
            except BlockingIOError:
                return
            if not chunk:
                return
            self.output += self._decoder.decode(chunk)
