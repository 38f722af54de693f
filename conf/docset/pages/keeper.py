"""A program that keeps a terminal: it starts the shell, and nothing that comes of it outlives it.

On Linux a process whose parent has ended becomes the child of the nearest ancestor that asked for
it, and that is this program: whatever a page starts stays below it, in whichever session, group
and environment. It imports nothing of docset, so that it starts in a few milliseconds.

The arguments are the descriptors that only the shell needs, with commas between them, the one on
which the id of the shell is told first, and the shell's command. When the standard input ends,
because the terminal is closed or the test run is gone, however it went, it ends what is left.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress

PR_SET_CHILD_SUBREAPER = 36
GRACE = 5.0
LINUX = sys.platform == "linux"


def keep(descriptors: list[int], command: list[str]) -> None:
    """Run the command until the standard input ends, and end everything below this process."""
    if LINUX:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGCHLD, _bury)
    shell = os.fork()
    if not shell:
        _become(command)
    os.write(descriptors[0], f"{shell}\n".encode())
    # Only while nobody else holds their ends do they tell that the shell has gone.
    for descriptor in (1, 2, *descriptors):
        os.close(descriptor)
    while os.read(0, 1):
        pass
    _end(shell)


def _become(command: list[str]) -> None:
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.execvp(command[0], command)  # noqa: S606 - the shell is the purpose
    finally:
        os._exit(127)


def _bury(*_: object) -> None:
    """Let the ended children go."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _end(shell: int) -> None:
    """Ask all that is left to end, and kill what has not done so after a while."""
    _tell(signal.SIGTERM, shell)
    end = time.monotonic() + GRACE
    while _left(shell) and time.monotonic() < end:
        time.sleep(0.05)
    end = time.monotonic() + GRACE
    while _left(shell) and time.monotonic() < end:
        _tell(signal.SIGKILL, shell)
        time.sleep(0.05)


def _tell(number: signal.Signals, shell: int) -> None:
    for process in _left(shell):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, number)


def _left(shell: int) -> set[int]:
    """Return the ids of what is to end; the group of the shell where the system tells no more."""
    return _below() if LINUX else {-shell} if _lives(-shell) else set()


def _lives(group: int) -> bool:
    try:
        os.kill(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _below() -> set[int]:
    """Return the ids of the living descendants of this process."""
    parents = dict(_parents())
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def _parents() -> list[tuple[int, int]]:
    pairs = []
    # Importing pathlib would take longer than all the rest.
    for name in os.listdir("/proc"):  # noqa: PTH208
        if name.isdecimal():
            with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                # The name of the program stands between parentheses, and may hold any byte.
                state, parent = file.read().rpartition(b")")[2].split()[:2]
                if state != b"Z":
                    pairs.append((int(name), int(parent)))
    return pairs


if __name__ == "__main__":
    keep([int(number) for number in sys.argv[1].split(",")], sys.argv[2:])
