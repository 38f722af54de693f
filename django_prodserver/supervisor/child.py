"""One process of the project, with everything in its process group."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from django_prodserver.launch import Launch
from django_prodserver.supervisor import orphans
from django_prodserver.supervisor.endings import Backoff
from django_prodserver.supervisor.lines import Lines

__all__ = ["Child"]

CHUNK = 1 << 16
# A pipe holds at most 1 MiB, unless someone with the right to do so made it larger.
PIPEFUL = 16


class Child:
    """A launch, and the process that runs it at the moment."""

    def __init__(self, name: str, launch: Launch, environ: Mapping[str, str]) -> None:
        self.name = name
        self.backoff = Backoff()
        self.pid: int | None = None
        """The process id until it has ended."""
        self.group: int | None = None
        """The process group until it is known to be empty."""
        self.started = 0.0
        """When it was started last."""
        self.deadline = 0.0
        """When what is left of the group is killed, once the process has ended."""
        self.due: float | None = None
        """When to start it next."""
        self._launch = launch
        self._environ = environ
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: IO[bytes] | None = None
        self._lines = Lines()

    @property
    def gone(self) -> bool:
        """Whether nothing of it runs, and nothing will."""
        return self.pid is None and self.group is None and self.due is None

    @property
    def leaves(self) -> bool:
        """Whether it has ended, and something of its group may be left."""
        return self.pid is None and self.group is not None

    @property
    def fd(self) -> int | None:
        """Where its output comes from; None when it has closed it."""
        return self._pipe.fileno() if self._pipe else None

    def start(self, now: float) -> None:
        """Starts it in a session, and so in a process group, of its own.

        Raises:
            OSError: the operating system refuses.
        """
        self.due, self.started = None, now
        # Output that waits in a buffer of the child comes too late, or never.
        inherited = {"PYTHONUNBUFFERED": "1", **self._environ}
        self._process = subprocess.Popen(
            _tethered(self._launch.argv),
            cwd=self._launch.cwd,
            env=self._launch.environment(inherited),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            start_new_session=True,
        )
        self.pid = self.group = self._process.pid
        self._pipe = self._process.stdout
        if self._pipe:
            os.set_blocking(self._pipe.fileno(), False)

    def end(self, returncode: int, deadline: float) -> None:
        """Takes note that the process has ended, and tells what is left of its group to stop."""
        self.pid, self.deadline = None, deadline
        if self._process:
            self._process.returncode = returncode
        self.send_group(signal.SIGTERM)

    def send(self, number: int) -> None:
        """Sends a signal to the process alone: it knows what its own children must hear."""
        if self.pid is not None:
            # It is no other process by now: nobody but us reaps it.
            orphans.send(self.pid, number)

    def survives(self, number: int) -> bool:
        """Returns whether the process does something about a signal, so that it does not end of it.

        Only Linux tells; elsewhere this is always true.
        """
        try:
            status = Path(f"/proc/{self.pid}/status").read_bytes()
        except OSError:
            return True
        masks = re.findall(rb"^Sig(?:Blk|Ign|Cgt):\s*(\w+)$", status, re.MULTILINE)
        return not orphans.proc_is_ours() or any(
            int(mask, 16) >> (number - 1) & 1 for mask in masks
        )

    def send_group(self, number: int) -> None:
        """Sends a signal to the whole group."""
        if self.group is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.group, number)

    def group_is_empty(self) -> bool:
        """Returns whether nothing of the group exists any more."""
        try:
            if self.group is not None:
                os.killpg(self.group, 0)
        except ProcessLookupError:
            self.group = None
        except PermissionError:
            # It exists, as another user's.
            return False
        return self.group is None

    def read(self) -> list[bytes]:
        """Returns the lines that came; never waits."""
        return self._take()[0]

    def drain(self) -> list[bytes]:
        """Returns the lines that wait in the pipe, though others may go on writing to it."""
        lines: list[bytes] = []
        for _ in range(PIPEFUL):
            more, data = self._take()
            lines += more
            if not data:
                break
        return lines

    def close(self) -> list[bytes]:
        """Returns the line without an end, and reads no more."""
        if self._pipe:
            self._pipe.close()
            self._pipe = None
        return self._lines.end()

    def _take(self) -> tuple[list[bytes], bytes | None]:
        # None: nothing has come; empty: nothing will.
        data = self._pipe.read(CHUNK) if self._pipe else None
        if data is None:
            return [], None
        return self._lines.feed(data) if data else self.close(), data


def _tethered(argv: tuple[str, ...]) -> list[str]:
    if sys.platform != "linux":
        return list(argv)
    # Isolated and without site: 15 ms, and no setting of the child's environment disturbs it.
    tether = Path(__file__).with_name("tether.py")
    return [sys.executable, "-I", "-S", str(tether), str(os.getpid()), *argv]
