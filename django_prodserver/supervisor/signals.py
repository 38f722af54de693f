"""The signals that reach this process, as numbers that can be read like data."""

import os
import signal
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

__all__ = ["Signals", "has_terminal"]

# By name, for not every system has all of them.
# What ends nothing by default, what the terminal sends, and what a fault of the program raises.
LEFT_ALONE = (
    *("SIGKILL", "SIGSTOP", "SIGCONT", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGWINCH"),
    *("SIGINFO", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGSYS", "SIGTRAP"),
)
# Heard even where they were ignored, as by servers: nobody starts one that is not to stop.
NEVER_IGNORED = ("SIGCHLD", "SIGTERM")


class Signals:
    """While the block runs, a signal ends nothing; its number can be read from ``fd``.

    Another signal that was ignored before stays ignored: ``nohup`` and a shell's ``&`` mean it.
    """

    fd: int

    def __enter__(self) -> Self:
        self.fd, self._writer = os.pipe()
        for fd in (self.fd, self._writer):
            os.set_blocking(fd, False)
        self._previous_fd = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        self._previous: dict[int, Any] = {}
        heard = _numbers(NEVER_IGNORED)
        for number in signal.valid_signals() - _numbers(LEFT_ALONE):
            handler = signal.getsignal(number)
            # None: a handler that Python knows nothing of, and could not put back.
            if handler is not None and (handler != signal.SIG_IGN or number in heard):
                self._previous[number] = handler
                # The number is in the pipe already; without a handler there would be none.
                signal.signal(number, lambda *_: None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._previous_fd)
        os.close(self.fd)
        os.close(self._writer)

    def read(self) -> list[int]:
        """Returns the numbers that came since, each once, in their order."""
        try:
            return list(dict.fromkeys(os.read(self.fd, 4096)))
        except BlockingIOError:
            return []


def has_terminal() -> bool:
    """Returns whether this process has a controlling terminal; one that was closed counts not."""
    try:
        os.close(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _numbers(names: Iterable[str]) -> set[int]:
    return {getattr(signal, name) for name in names if hasattr(signal, name)}
