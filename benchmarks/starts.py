"""A process from its start until it is ready, and what that took."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.projects import Command
    from benchmarks.subjects import Subject

__all__ = ["Start", "StartError", "free_port", "measured", "running"]

PATIENCE = 60  # seconds until a process must be ready
INTERVAL = 0.002  # seconds between two questions whether a server listens
SETTLING = 0.4  # seconds after which memory is read
TICKS = os.sysconf("SC_CLK_TCK")


class StartError(Exception):
    """A process did not become ready; the message is the end of what it printed."""


@dataclass(frozen=True)
class Start:
    """What a process took until it was ready, and what it holds then."""

    wall: float
    """Seconds until it answered 200, or said that it was ready."""
    cpu: float
    """Seconds of processor time until then, of the process and its children."""
    memory: float
    """MB of all its processes (PSS: what they share counts once) after a few requests."""


@dataclass(frozen=True)
class Running:
    """A process that was started, with everything it prints in a file."""

    process: psutil.Popen
    log: Path
    began: float

    def family(self) -> list[psutil.Process]:
        """Return the process and its descendants."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return [self.process, *self.process.children(recursive=True)]
        return []

    def until_ready(self, subject: Subject, port: int) -> None:
        """Wait until it answers, or until it has printed that it is ready.

        Raises:
            StartError: it has not, in time.
        """
        while not (_printed(self.log, subject.ready) if subject.ready else _answers(subject, port)):
            if self.process.poll() is not None or time.perf_counter() - self.began > PATIENCE:
                lines = self.log.read_text("utf-8", "replace").strip().splitlines()
                raise StartError(lines[-1] if lines else "it printed nothing")
            time.sleep(INTERVAL)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: Command) -> Iterator[Running]:
    """Start a process; kill it and all its descendants at the end."""
    log = command.directory / "output.log"
    with log.open("wb") as output:
        began = time.perf_counter()
        process = psutil.Popen(
            command.argv,
            cwd=command.directory,
            env=command.environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    started = Running(process, log, began)
    try:
        yield started
    finally:
        _kill(started)


def measured(command: Command, subject: Subject, port: int) -> Start:
    """Return what one start of a subject took.

    Raises:
        StartError: it did not become ready.
    """
    with running(command) as started:
        started.until_ready(subject, port)
        wall = time.perf_counter() - started.began
        cpu = sum(_cpu(member.pid) for member in started.family())
        for _ in range(0 if subject.ready else 5):
            _answers(subject, port)
        time.sleep(SETTLING)
        return Start(wall, cpu, sum(_pss(member.pid) for member in started.family()))


def _kill(started: Running) -> None:
    """Kill all; what a dying supervisor leaves behind was in its family before."""
    family = started.family()
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            member.kill()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(started.process.pid, signal.SIGKILL)
    started.process.wait()
    psutil.wait_procs(family, timeout=10)


def _answers(subject: Subject, port: int) -> bool:
    """Return whether a server answers 200; it waits for a server that has taken the request."""
    request = f"GET {subject.page} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
            connection.sendall(request.encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
    except OSError:
        return False
    return bool(re.match(rb"HTTP/1.\d 200 ", answer))


def _printed(log: Path, text: str) -> bool:
    return text in log.read_text("utf-8", "replace")


def _cpu(pid: int) -> float:
    """Return the processor time of a process with all its threads, and of its ended children."""
    nanoseconds = 0
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            nanoseconds += int((thread / "schedstat").read_text("ascii").split()[0])
        # Behind the name, which may hold anything: the 14th and 15th of the remaining fields.
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return nanoseconds / 1e9 + (int(fields[13]) + int(fields[14])) / TICKS
    return nanoseconds / 1e9


def _pss(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:  # it has ended
        return 0.0
    (kilobytes,) = re.findall(r"^Pss:\s+(\d+)", text, re.MULTILINE)
    return int(kilobytes) / 1024
