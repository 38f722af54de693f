"""What a session says: what to type, and the output that a reader sees below it."""

from __future__ import annotations

import codeop
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docset.pages.faults import PageError
from docset.pages.rules import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PYTHON", "SHELL", "Prompts", "Shown", "Step", "read_session"]


@dataclass(frozen=True)
class Prompts:
    """What stands before a command, and before the lines with which it goes on."""

    first: str
    further: str


SHELL = Prompts("$ ", "> ")
PYTHON = Prompts(">>> ", "... ")
INTERRUPT = "^C"


@dataclass(frozen=True)
class Shown:
    """Output on the page; ``line`` is where its first line stands, or would stand."""

    lines: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Step:
    """One thing a reader does in a terminal.

    ``command`` is None where the block goes on with the output of a server that runs already.
    ``interrupted`` is what is shown after Ctrl+C was pressed, or None when it is not pressed.
    """

    command: str | None
    line: int
    shown: Shown
    interrupted: Shown | None = None
    prompts: Prompts = SHELL

    @property
    def typed(self) -> str:
        """The command as the page shows it."""
        lines = (self.command or "").rstrip("\n").replace("\n", f"\n{self.prompts.further}")
        return f"{self.prompts.first}{lines}"


def read_session(body: str, line: int, prompts: Prompts = SHELL) -> tuple[Step, ...]:
    """Return the steps of a session whose first line of text is at ``line`` of the page.

    Raise PageError where a continued command stops in the middle, or nothing is there.
    """
    lines = body.rstrip("\n").split("\n")
    if not body.strip():
        raise PageError(line, Rule.SESSION, "this session is empty")
    return tuple(_steps(lines, line, prompts))


def _steps(lines: list[str], first: int, prompts: Prompts) -> Iterator[Step]:
    read = _command if prompts is SHELL else _source
    index = 0
    while index < len(lines):
        start = index
        command, index = read(lines, start, first)
        end = index
        while end < len(lines) and not lines[end].startswith(prompts.first):
            end += 1
        shown, interrupted = _cut(lines[index:end], first + index)
        yield Step(command, first + start, shown, interrupted, prompts)
        index = end


def _command(lines: list[str], index: int, first: int) -> tuple[str | None, int]:
    """Return the command at the index, if one stands there, and the index after it."""
    if not lines[index].startswith(SHELL.first):
        return None, index
    command = lines[index].removeprefix(SHELL.first)
    while command.endswith("\\"):
        index += 1
        if index == len(lines) or not lines[index].startswith(">"):
            raise PageError(
                first + index - 1,
                Rule.SESSION,
                "the command ends in '\\': go on with '> ' in the next line",
            )
        command += "\n" + lines[index].removeprefix(">").removeprefix(" ")
    if not command.strip():
        raise PageError(first + index, Rule.SESSION, "there is no command after '$ '")
    return command, index + 1


def _source(lines: list[str], index: int, first: int) -> tuple[str, int]:
    """Return the Python at the index, and the index after it."""
    if not lines[index].startswith(PYTHON.first):
        message = "this is no Python that is typed: write '>>> ' before it"
        raise PageError(first + index, Rule.SESSION, message)
    source = lines[index].removeprefix(PYTHON.first)
    while index + 1 < len(lines) and _goes_on(lines[index + 1], source):
        index += 1
        source += "\n" + lines[index].removeprefix("...").removeprefix(" ")
    return f"{source}\n", index + 1


def _goes_on(line: str, source: str) -> bool:
    """Tell whether the line belongs to the source above it; a lone ``...`` may be any output."""
    if line.rstrip() != PYTHON.further.rstrip():
        return line.startswith(PYTHON.further)
    try:
        return codeop.compile_command(source) is None
    except (SyntaxError, ValueError, OverflowError):
        return False


def _cut(lines: list[str], line: int) -> tuple[Shown, Shown | None]:
    """Divide output where Ctrl+C was pressed: a terminal prints ``^C`` there."""
    for index, text in enumerate(lines):
        if text.startswith(INTERRUPT):
            rest = (text.removeprefix(INTERRUPT), *lines[index + 1 :])
            return Shown(tuple(lines[:index]), line), Shown(rest, line + index)
    return Shown(tuple(lines), line), None
