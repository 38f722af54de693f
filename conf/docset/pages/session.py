"""What a console block says: the commands to type and the output that a reader sees below each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docset.pages.faults import PageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Shown", "Step", "read_session"]

PROMPT = "$ "
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


def read_session(body: str, line: int) -> tuple[Step, ...]:
    """Return the steps of a console block whose first line of text is at ``line`` of the page.

    Raise PageError where a continued command stops in the middle, or nothing is there.
    """
    lines = body.rstrip("\n").split("\n")
    if not body.strip():
        raise PageError(line, "this console block is empty")
    return tuple(_steps(lines, line))


def _steps(lines: list[str], first: int) -> Iterator[Step]:
    index = 0
    while index < len(lines):
        start = index
        command, index = _command(lines, start, first)
        end = index
        while end < len(lines) and not lines[end].startswith(PROMPT):
            end += 1
        shown, interrupted = _cut(lines[index:end], first + index)
        yield Step(command, first + start, shown, interrupted)
        index = end


def _command(lines: list[str], index: int, first: int) -> tuple[str | None, int]:
    """Return the command at the index, if one stands there, and the index after it."""
    if not lines[index].startswith(PROMPT):
        return None, index
    command = lines[index].removeprefix(PROMPT)
    while command.endswith("\\"):
        index += 1
        if index == len(lines) or not lines[index].startswith(">"):
            raise PageError(
                first + index - 1, "the command ends in '\\': go on with '> ' in the next line"
            )
        command += "\n" + lines[index].removeprefix(">").removeprefix(" ")
    if not command.strip():
        raise PageError(first + index, "there is no command after '$ '")
    return command, index + 1


def _cut(lines: list[str], line: int) -> tuple[Shown, Shown | None]:
    """Divide output where Ctrl+C was pressed: a terminal prints ``^C`` there."""
    for index, text in enumerate(lines):
        if text.startswith(INTERRUPT):
            rest = (text.removeprefix(INTERRUPT), *lines[index + 1 :])
            return Shown(tuple(lines[:index]), line), Shown(rest, line + index)
    return Shown(tuple(lines), line), None
