"""The Python of a page: a program that reads what is typed, and the runner's side of it."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from docset.pages.terminal import Terminal

__all__ = ["Interpreter"]

# Sources come through one pipe; a byte in the other file tells that one has run. What it prints
# goes where the terminal's output goes.
_PROGRAM = """
import code, sys
_, typed, done = sys.argv
# As in a Python that was started by its name alone.
sys.path[0], sys.argv = "", [""]
__docset_console = code.InteractiveInterpreter({"__name__": "__main__"})
with open(typed) as typed, open(done, "a", 1) as done:
    text = ""
    for line in typed:
        if line != "\\0\\n":
            text += line
            continue
        if __docset_console.runsource(text, "<stdin>", "single"):
            print("the input is not complete", file=sys.stderr)
        text = ""
        sys.stdout.flush()
        sys.stderr.flush()
        done.write("\\n")
"""


class Interpreter:
    """A Python that a reader started in a terminal, and that keeps its names until it is left."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        self._terminal = terminal
        program, pipe, self._done = (folder / name for name in ("program", "typed", "done"))
        folder.mkdir()
        program.write_text(_PROGRAM)
        os.mkfifo(pipe)
        self._done.touch()
        # Opened for both, it does not wait for the program to open it.
        self._pipe = os.open(pipe, os.O_RDWR)
        self._typed = 0
        # A reader's `python` is the one of the active environment.
        arguments = shlex.join([str(program), str(pipe), str(self._done)])
        terminal.start(f'"${{VIRTUAL_ENV:+$VIRTUAL_ENV/bin/}}python3" {arguments}')

    def type(self, source: str) -> None:
        """Type a statement and return at once."""
        self._typed += 1
        os.write(self._pipe, f"{source}\0\n".encode())

    def done(self) -> bool:
        """Tell whether all that was typed has run, or the interpreter is gone."""
        return not self._terminal.busy or self._done.stat().st_size >= self._typed

    def leave(self) -> None:
        """Let it end; the terminal tells when it has."""
        os.close(self._pipe)
