"""Processes that a test has started."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

__all__ = ["PATIENCE", "PROCESSES", "Running", "catches", "free_port", "started", "wait_for"]

T = TypeVar("T")

PATIENCE = 30.0
"""For how many seconds tests wait for what must happen."""

PROCESSES = Path("/proc")
"""Where Linux shows its processes; other systems do not."""


def free_port() -> int:
    """Returns a port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: Callable[[], T | None], seconds: float | None = None) -> T:
    """Returns the first true value that a function returns, asking again and again.

    Raises:
        TimeoutError: there was none within so many seconds; None: ``PATIENCE``.
    """
    seconds = PATIENCE if seconds is None else seconds
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.03)
    raise TimeoutError(f"waited {seconds} s for {what}")


@dataclass
class Running:
    """A process that was started, with everything it prints in a file."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int = 0
    """Where it answers requests, if it does."""

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    def output(self) -> str:
        """Returns what it has printed so far, standard output and error mixed."""
        return self.log.read_text(errors="replace")

    def argv(self) -> list[str]:
        """Returns the words of its command line, as the operating system shows them."""
        return _command_line(self.pid)

    def children(self) -> list[int]:
        """Returns the process ids of its children."""
        return [entry.pid for entry in _process_table() if entry.parent == self.pid]

    def descendants(self) -> dict[int, list[str]]:
        """Returns the words of the command lines of its children and theirs, by process id."""
        table, family = _process_table(), {self.pid}
        while grown := {entry.pid for entry in table if entry.parent in family} - family:
            family |= grown
        return {pid: _command_line(pid) for pid in family - {self.pid}}

    def get(self, path: str = "/") -> str:
        """Returns the text that it answers to a request.

        Raises:
            OSError: it does not answer, or not with success.
        """
        url = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(url, timeout=PATIENCE) as response:
            return str(response.read().decode())

    def facts(self) -> dict[str, Any]:
        """Returns what the process that answers for a fresh project knows of itself."""
        return dict(json.loads(self.get("/facts/")))

    def request(self, path: str) -> Future[str]:
        """Returns the answer to a request that runs in the background."""
        executor = ThreadPoolExecutor(1)
        answer = executor.submit(self.get, path)
        executor.shutdown(wait=False)
        return answer

    def until(self, what: Callable[[], T | None]) -> T:
        """Returns the first true value that a function returns while the process lives.

        Raises:
            TimeoutError: there was none in time.
            ProcessLookupError: the process has ended before; the text is what it printed.
        """

        def asked() -> T | None:
            found = what()
            if not found and self.process.poll() is not None:
                raise ProcessLookupError(f"exit code {self.process.returncode}: {self.output()}")
            return found

        try:
            return wait_for(asked)
        except TimeoutError as error:
            raise TimeoutError(f"{error}; it printed: {self.output()}") from None

    def until_it_serves(self) -> Self:
        """Returns this process as soon as it answers; raises as :meth:`until` does."""

        def answer() -> bool:
            with contextlib.suppress(OSError):
                return bool(self.get())
            return False

        self.until(answer)
        return self

    def signal(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        self.process.send_signal(number)

    def exit_code(self, seconds: float | None = None) -> int:
        """Returns its exit code when it has ended; minus the number of the signal that killed it.

        Raises:
            TimeoutError: it has not ended within so many seconds (None: ``PATIENCE``); the text is
                what it printed.
        """
        seconds = PATIENCE if seconds is None else seconds
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"it still runs after {seconds} s: {self.output()}") from None


@contextlib.contextmanager
def started(
    argv: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str], log: Path, port: int = 0
) -> Iterator[Running]:
    """Starts a process in a group of its own, and kills the whole group at the end."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Running(process, log, port)
    finally:
        _kill_group(process)


def catches(pid: int, number: signal.Signals) -> bool:
    """Returns whether a process handles a signal itself, as ``/proc`` tells."""
    with contextlib.suppress(OSError):
        for line in (PROCESSES / str(pid) / "status").read_text().splitlines():
            if line.startswith("SigCgt:"):
                return bool(int(line.split()[1], 16) >> (number - 1) & 1)
    return False


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    wait_for(lambda: not any(entry.group == process.pid for entry in _process_table()))


@dataclass(frozen=True)
class _Entry:
    pid: int
    parent: int
    group: int


def _process_table() -> list[_Entry]:
    """Returns the processes that run; none where the system has no ``/proc``."""
    return [entry for path in PROCESSES.glob("[0-9]*/stat") for entry in _entries(path)]


def _entries(stat: Path) -> Iterator[_Entry]:
    # It may end between being listed and being read.
    with contextlib.suppress(OSError):
        # The name before the last parenthesis may hold anything.
        state, parent, group, *_ = stat.read_text(errors="replace").rpartition(")")[2].split()
        if state not in {"Z", "X"}:
            yield _Entry(int(stat.parent.name), int(parent), int(group))


def _command_line(pid: int) -> list[str]:
    try:
        words = (PROCESSES / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return [os.fsdecode(word) for word in words.removesuffix(b"\0").split(b"\0")]
