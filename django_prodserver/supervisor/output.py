"""Writing to whoever reads our output, without ever waiting for them."""

import errno
import math
import os
import select
import time

__all__ = ["Output"]

GONE = frozenset({errno.EPIPE, errno.EIO, errno.ECONNRESET, errno.EBADF})
# So many bytes wait before our children have to.
LIMIT = 1 << 20
# So many pieces at once, lest a quick reader keeps us from all else.
PIECES = 16
# After so many seconds a reader who reads nothing counts as one who never will.
SECONDS = 1.0


class Output:
    """What is still to be written to a file descriptor.

    The descriptor stays blocking, for others may share it.
    Nobody waits all the same: it is written to when poll calls it ready, and only as much as such
    a one takes at once.
    """

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.lost = False
        """Whether whoever read the output has gone."""
        self.dropped = 0
        """How many lines were dropped."""
        self._waiting = bytearray()
        self._moved = -math.inf

    @property
    def pending(self) -> bool:
        """Whether something waits."""
        return bool(self._waiting)

    @property
    def full(self) -> bool:
        """Whether so much waits that more should not come."""
        return len(self._waiting) >= LIMIT

    @property
    def stuck(self) -> bool:
        """Whether it is full, and nobody reads."""
        return self.full and time.monotonic() - self._moved > SECONDS

    @property
    def events(self) -> int:
        """What poll is to watch for; 0: only whether the reader goes away."""
        return select.POLLOUT if self.pending else 0

    def add(self, line: bytes) -> None:
        """Takes a line."""
        if not self.lost:
            self._waiting += line

    def answer(self, event: int) -> None:
        """Does what an event of poll asks for."""
        for _ in range(PIECES):
            if event & (select.POLLERR | select.POLLHUP | select.POLLNVAL):
                self._lose()
            if not self.pending or not event & select.POLLOUT:
                return
            self._write()
            event = self._event()

    def _write(self) -> None:
        piece = bytes(self._waiting[: select.PIPE_BUF])
        written = len(piece)
        try:
            written = os.write(self.fd, piece)
        except BlockingIOError:
            written = 0
        except OSError as error:
            # A full disk costs the piece, not the process.
            if error.errno in GONE:
                self._lose()
        else:
            self._moved = time.monotonic()
        del self._waiting[:written]

    def _event(self) -> int:
        poll = select.poll()
        poll.register(self.fd, select.POLLOUT)
        return dict(poll.poll(0)).get(self.fd, 0)

    def _lose(self) -> None:
        self.lost = True
        self._waiting.clear()
