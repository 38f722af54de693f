"""What a person sees of a build: a line that moves on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from docset.messages import Progress

_RED, _YELLOW, _GREEN = "31", "33", "32"


class Reporter:
    """Writes problems and messages to standard error, and how far a build is to standard output."""

    def __init__(self) -> None:
        self._moves = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._roots: dict[str, Progress] = {}
        self._shown = False
        self._notices: set[str] = set()

    def progress(self, root: str, progress: Progress) -> None:
        """Show how far a root is; plain streams get one line when a step of a root is complete."""
        self._roots[root] = progress
        if self._moves:
            self._redraw()
        elif progress.done == progress.total:
            self._line(sys.stdout, f"{root}: {progress.total} {progress.verb}", "")

    def problem(self, text: str) -> None:
        """Show a warning or an error of a page."""
        self._line(sys.stderr, text, _RED)

    def message(self, text: str) -> None:
        """Show what the build has to say of itself."""
        self._line(sys.stderr, f"docset: {text}", _YELLOW)

    def notice(self, text: str) -> None:
        """Show something that every root would say alike, one time."""
        if text not in self._notices:
            self._notices.add(text)
            self.message(text)

    def success(self, text: str) -> None:
        """Show the last line of a build without a fault."""
        self._line(sys.stdout, text, _GREEN)

    def _line(self, stream: TextIO, text: str, color: str) -> None:
        self._clear()
        colored = color and stream.isatty() and not os.environ.get("NO_COLOR")
        stream.write(f"\x1b[{color}m{text}\x1b[0m\n" if colored else f"{text}\n")
        stream.flush()

    def _redraw(self) -> None:
        parts = [f"{root} {p.done}/{p.total} {p.verb}" for root, p in self._roots.items()]
        sys.stderr.write("\r\x1b[2K" + " · ".join(parts)[: _columns() - 1])
        sys.stderr.flush()
        self._shown = True

    def _clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            self._shown = False


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except OSError:
        return 80
