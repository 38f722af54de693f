"""What the end of a process means: its exit code, its name in a message, when it starts again."""

import signal
from dataclasses import dataclass
from enum import Enum

__all__ = ["GRACE", "Backoff", "OnExit", "describe", "exit_code", "signal_name"]

GRACE = 10.0
"""How many seconds a process may take to stop, if nothing else is said."""


class OnExit(Enum):
    """What happens when one of the processes ends on its own."""

    STOP = "stop"
    """The others are stopped as well."""
    RESTART = "restart"
    """It starts again after a while; the others go on."""


@dataclass
class Backoff:
    """How long to wait before the next start: twice as long each time, up to a limit."""

    first: float = 1.0
    """The first pause, in seconds."""
    limit: float = 60.0
    """The longest pause, and how long a process must have run to begin anew; in seconds."""
    _pause: float = 0.0

    def pause(self, ran: float) -> float:
        """Returns the seconds to wait for a process that ended after running ``ran`` seconds."""
        if ran >= self.limit:
            self._pause = 0.0
        self._pause = min(self.limit, self._pause * 2 or self.first)
        return self._pause


def exit_code(returncode: int) -> int:
    """Returns the exit code as a shell shows it: 128 + n for a process that signal n killed."""
    return returncode if returncode >= 0 else 128 - returncode


def describe(returncode: int) -> str:
    """Returns how a process ended, as the end of a sentence."""
    if returncode < 0:
        return f"was killed by signal {signal_name(-returncode)}"
    return f"exited with code {returncode}"


def signal_name(number: int) -> str:
    """Returns ``SIGTERM`` for 15, and ``number 40`` for a signal without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"number {number}"
