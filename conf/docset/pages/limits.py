"""How long things may take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """Times in seconds.

    ``command`` and ``page`` are time limits; ``grace`` is how long a server may take to end.
    Output has come to rest after ``quiet``; ``patience`` is the wait for output that is still to
    come once a port is open.
    """

    # Installing packages takes that long where the network is slow.
    command: float = 120
    page: float = 600
    grace: float = 10
    quiet: float = 0.3
    patience: float = 5

    def within(self, timeout: float | None) -> Self:
        """Return the limits of a block whose commands, and their output, may take that long."""
        return self if timeout is None else replace(self, command=timeout, patience=timeout)
