"""Writing to whoever reads our output, without ever waiting for them."""

import errno
import os
import select

__all__ = ["Output"]

GONE = frozenset({errno.EPIPE, errno.EIO, errno.ECONNRESET, errno.EBADF})


class Output:
    """What is still to be written to a file descriptor; bounded.

    The descriptor stays blocking, for others may share it.
    Nobody waits all the same: :meth:`write` is for a descriptor that poll calls ready, and writes
    only as much as such a one takes at once.
    """

    LIMIT = 1 << 20
    """So many bytes wait at most, give or take a line."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.lost = False
        """Whether whoever read the output has gone."""
        self.dropped = 0
        """How many lines found no room."""
        self._waiting = bytearray()

    @property
    def pending(self) -> bool:
        """Whether something waits."""
        return bool(self._waiting)

    @property
    def full(self) -> bool:
        """Whether there is no room for another line."""
        return len(self._waiting) >= self.LIMIT

    @property
    def events(self) -> int:
        """What poll is to watch for; 0: only whether the reader goes away."""
        return select.POLLOUT if self.pending else 0

    def add(self, line: bytes) -> None:
        """Takes a line, or drops it where there is no room."""
        if self.full:
            self.dropped += 1
        elif not self.lost:
            self._waiting += line

    def answer(self, event: int) -> None:
        """Does what an event of poll asks for."""
        if event & (select.POLLERR | select.POLLHUP | select.POLLNVAL):
            self._lose()
        elif event & select.POLLOUT:
            self.write()

    def write(self) -> None:
        """Writes a piece of what waits. A full disk costs the piece, not the process."""
        piece = bytes(self._waiting[: select.PIPE_BUF])
        written = len(piece)
        try:
            written = os.write(self.fd, piece)
        except BlockingIOError:
            written = 0
        except OSError as error:
            if error.errno in GONE:
                self._lose()
        del self._waiting[:written]

    def _lose(self) -> None:
        self.lost = True
        self._waiting.clear()
