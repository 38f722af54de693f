"""Lends a page the ports that it shows: pages that show the same port wait for each other."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from docset.pages.processes import listener

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["PortTakenError", "borrowed", "locked"]


WAIT = 900
"""Seconds for which a page waits for the pages before it."""


class PortTakenError(Exception):
    """The page cannot have a port; the message says why and what to do."""


@contextmanager
def borrowed(ports: Sequence[int]) -> Iterator[None]:
    """Hold the ports for one page, in every process of this user; wait until other pages are done.

    Raise PortTakenError when a stranger has one, or the other pages never end.
    """
    with ExitStack() as held:
        # Always in this order, so that two pages never wait for each other.
        for port in sorted(ports):
            lock = Path(tempfile.gettempdir(), f"docset-{os.getuid()}-port-{port}.lock")
            try:
                held.enter_context(locked(lock, WAIT))
            except TimeoutError:
                message = f"other pages kept port {port} for {WAIT} s: run the page again"
                raise PortTakenError(message) from None
        for port in ports:
            _refuse_taken(port)
        yield


@contextmanager
def locked(file: Path, seconds: float) -> Iterator[None]:
    """Hold an exclusive lock on the file; it falls with the process that holds it.

    Raise TimeoutError when another process does not let go of it for so long.
    """
    with file.open("a") as handle:
        end = time.monotonic() + seconds
        while not _lock(handle):
            if time.monotonic() > end:
                raise TimeoutError(file)
            time.sleep(0.05)
        yield


def _lock(handle: TextIO) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        # Connections of the page before that linger do no harm.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PortTakenError(
                f"port {port} is taken by {listener(port)}, not by a page: "
                f"stop it and run the page again"
            ) from None
