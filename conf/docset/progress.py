"""What a person sees of a build: a line that moves on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from docset.messages import Progress


class Reporter:
    """Writes progress and messages; by default to standard error, which is no part of the result."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._moves = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._color = self._moves and not os.environ.get("NO_COLOR")
        self._roots: dict[str, Progress] = {}
        self._shown = False
        self._notices: set[str] = set()

    def progress(self, root: str, progress: Progress) -> None:
        """Show how far a root is; plain streams get one line when a step of a root is complete."""
        self._roots[root] = progress
        if self._moves:
            self._redraw()
        elif progress.done == progress.total:
            self._stream.write(f"{root}: {progress.total} {progress.verb}\n")
            self._stream.flush()

    def problem(self, text: str) -> None:
        """Show a warning or an error of a page."""
        self._line(text, "31")

    def message(self, text: str) -> None:
        """Show what the build has to say of itself."""
        self._line(f"docset: {text}", "33")

    def notice(self, text: str) -> None:
        """Show something that every root would say alike, one time."""
        if text not in self._notices:
            self._notices.add(text)
            self.message(text)

    def success(self, text: str) -> None:
        """Show the last line of a build without a fault."""
        self._line(text, "32")

    def _line(self, text: str, color: str) -> None:
        self._clear()
        self._stream.write(f"\x1b[{color}m{text}\x1b[0m\n" if self._color else f"{text}\n")
        self._stream.flush()

    def _redraw(self) -> None:
        parts = [f"{root} {p.done}/{p.total} {p.verb}" for root, p in self._roots.items()]
        self._stream.write("\r\x1b[2K" + " · ".join(parts)[: _columns() - 1])
        self._stream.flush()
        self._shown = True

    def _clear(self) -> None:
        if self._shown:
            self._stream.write("\r\x1b[2K")
            self._shown = False


def _columns() -> int:
    try:
        return os.get_terminal_size(2).columns
    except OSError:
        return 80
