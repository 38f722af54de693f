"""Processes whose parent has ended, and which the system hands to this one."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

__all__ = ["adopt", "children", "proc_is_ours", "reap", "send"]

PR_SET_CHILD_SUBREAPER = 36


def adopt() -> None:
    """Makes this process the parent of every orphan below it. Linux only; elsewhere nothing."""
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import ctypes  # noqa: PLC0415 - some builds of Python have none

        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children() -> frozenset[int]:
    """Returns the ids of this process's children, adopted ones too; none where /proc is missing."""
    if not proc_is_ours():
        return frozenset()
    own = os.getpid()
    return frozenset(
        int(place.name) for place in Path("/proc").glob("[0-9]*") if _parent(place) == own
    )


def proc_is_ours() -> bool:
    """Returns whether /proc shows the processes by the ids under which we know them.

    In a process id namespace of its own with the /proc of another, it does not.
    """
    try:
        return Path("/proc/self").readlink() == Path(str(os.getpid()))
    except OSError:
        return False


def reap() -> Iterator[tuple[int, int]]:
    """Yields process id and return code (-n: killed by signal n) of each child that has ended."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, os.waitstatus_to_exitcode(status)


def send(pid: int, number: int) -> None:
    """Sends a signal to a child; nothing happens when it has ended, or is another user's."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _parent(place: Path) -> int | None:
    try:
        # The name of the program, in parentheses, may hold spaces and parentheses itself.
        fields = (place / "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return int(fields[1])
