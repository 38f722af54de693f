"""Lends a page the ports that it shows: pages that show the same port wait for each other."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["PortTakenError", "borrowed", "locked"]


class PortTakenError(Exception):
    """A program outside the pages listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"port {port} is taken by another program on this machine: "
            f"stop it and run the page again"
        )


@contextmanager
def borrowed(ports: Sequence[int]) -> Iterator[None]:
    """Hold the ports for one page, in every process of this user; wait until other pages are done.

    Raise PortTakenError when a stranger has one.
    """
    with ExitStack() as held:
        # Ascending, so that two pages never wait for each other.
        for port in sorted(ports):
            lock = Path(tempfile.gettempdir(), f"docset-{os.getuid()}-port-{port}.lock")
            held.enter_context(locked(lock))
        for port in ports:
            _refuse_taken(port)
        yield


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold an exclusive lock on the file; it falls with the process that holds it."""
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        # Connections of the page before that linger do no harm.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PortTakenError(port) from None
