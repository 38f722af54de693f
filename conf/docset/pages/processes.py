"""Finds and ends the processes that a page started."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
from psutil import Process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

__all__ = [
    "Process",
    "below",
    "describe",
    "end",
    "in_home",
    "in_session",
    "kill",
    "listener",
    "listens",
]


def in_session(session: int) -> list[Process]:
    """Return the processes of a POSIX session, its leader left out."""
    return _living(lambda process: process.pid != session and os.getsid(process.pid) == session)


def below(ancestor: int) -> list[Process]:
    """Return the descendants of a process."""
    with suppress(psutil.Error):
        return [p for p in Process(ancestor).children(recursive=True) if _lives(p)]
    return []


def in_home(home: Path) -> list[Process]:
    """Return the processes that run with this HOME, wherever they moved to."""
    return _living(lambda process: process.environ().get("HOME") == str(home))


def listens(processes: Iterable[Process], port: int | None = None) -> bool:
    """Tell whether one of the processes listens on the TCP port, or on any."""
    return any(port is None or port == used for process in processes for used in _ports(process))


def listener(port: int) -> str:
    """Return who listens on the TCP port of this machine, as far as the system tells."""
    with suppress(psutil.Error):
        for used in psutil.net_connections(kind="tcp"):
            if used.status == psutil.CONN_LISTEN and used.laddr and used.laddr.port == port:
                process = Process(used.pid)
                return f"{process.name()} (process {process.pid})"
    return "another program"


OURS = "__docset_"
"""Only the shells of terminals have names in their command lines that begin so."""


def describe(processes: Sequence[Process]) -> list[str]:
    """Return the command line of each process, its id, and the ports on which it listens.

    What a shell runs in the background is a copy of that shell first, and has its command line: it
    is left out where a program is there, for it only waits for that one.
    """
    end = time.monotonic() + 0.5
    while not (programs := [p for p in processes if OURS not in _command(p)]):
        if time.monotonic() > end:
            break
        time.sleep(0.02)
    return [_description(process) for process in programs or processes]


def _description(process: Process) -> str:
    command = _command(process)
    if OURS in command:
        command = "a command of the shell in the background"
    ports = ", ".join(str(port) for port in sorted(_ports(process)))
    return f"{command} (process {process.pid}{f', listening on {ports}' if ports else ''})"


def _command(process: Process) -> str:
    try:
        return " ".join(process.cmdline()) or process.name()
    except psutil.Error:
        return "a process"


def end(processes: Sequence[Process], grace: float) -> list[str]:
    """Ask the processes to end, kill those that live on; return descriptions of the killed ones.

    ``grace`` is in seconds.
    """
    for process in processes:
        _quietly(process.terminate)
    _, alive = psutil.wait_procs(processes, timeout=grace)
    alive = [process for process in alive if _lives(process)]
    killed = describe(alive) if alive else []
    for process in alive:
        _quietly(process.kill)
    psutil.wait_procs(alive, timeout=grace)
    return killed


def kill(process: Process) -> None:
    """End a process at once."""
    _quietly(process.kill)


def _living(belongs: Callable[[Process], bool]) -> list[Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if _lives(process) and belongs(process):
                found.append(process)
        except (psutil.Error, OSError):
            # It ended meanwhile, or it is another user's.
            continue
    return found


def _lives(process: Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _ports(process: Process) -> set[int]:
    try:
        connections = process.net_connections(kind="tcp")
    except psutil.Error:
        return set()
    return {c.laddr.port for c in connections if c.status == psutil.CONN_LISTEN}


def _quietly(act: Callable[[], None]) -> None:
    try:
        act()
    except psutil.NoSuchProcess:
        return
