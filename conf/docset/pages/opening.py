"""The start of a server: when it is ready, and whether it printed what the page shows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from docset.pages import processes
from docset.pages.compare import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docset.pages.limits import Limits
    from docset.pages.terminal import Terminal

__all__ = ["Opening"]


class Opening:
    """Watches a server start."""

    def __init__(
        self,
        terminal: Terminal,
        shown: Sequence[str],
        port: int | None,
        limits: Limits,
        as_read: Callable[[str], str],
    ) -> None:
        self._terminal = terminal
        self._shown = shown if any(line.strip() for line in shown) else None
        self._port = port
        self._limits = limits
        self._as_read = as_read
        self._length = -1
        self._since = 0.0
        self.open = port is None
        self.as_shown = False

    def decided(self) -> bool:
        """Tell whether the server is ready, or has come to rest without being so."""
        if not self._terminal.busy:
            return True
        if not self.open:
            self.open = processes.listens(self._terminal.left, self._port)
        if len(self._terminal.output) != self._length:
            self._length, self._since = len(self._terminal.output), time.monotonic()
            output = self._as_read(self._terminal.output)
            self.as_shown = self._shown is None or matches(self._shown, output)
        rest = time.monotonic() - self._since
        late = self._port is not None and rest > self._limits.patience
        return self.open and rest > self._limits.quiet and (self.as_shown or late)
