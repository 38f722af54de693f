"""The lock that keeps two builds of one project apart."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PAUSE = 0.1
"""Seconds between two looks at a lock that somebody else holds."""


@contextlib.contextmanager
def held(file: Path, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock; while another process does, say so one time and wait.

    The processes that build the roots inherit it: what a killed build left running keeps the next
    one waiting until the last of them has ended.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as stream:
        _wait_for(stream, on_wait)
        stream.seek(0)
        stream.truncate()
        stream.write(str(os.getpid()))
        stream.flush()
        yield


def _wait_for(stream: IO[str], on_wait: Callable[[str], None]) -> None:
    if _try(stream):
        return
    # Whoever has the lock writes its number a moment later.
    time.sleep(_PAUSE)
    told = False
    while not _try(stream):
        if not told:
            stream.seek(0)
            on_wait(stream.read().strip())
            told = True
        time.sleep(_PAUSE)


if sys.platform == "win32":
    import msvcrt

    def _try(stream: IO[str]) -> bool:
        try:
            # One byte far beyond the process number that the file holds.
            os.lseek(stream.fileno(), 1_000, os.SEEK_SET)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(stream: IO[str]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
