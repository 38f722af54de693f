"""What became of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docset.pages.coverage import Coverage

if TYPE_CHECKING:
    from docset.pages.faults import Fault

__all__ = ["Outcome", "Skip", "Update", "lacking", "updated"]


@dataclass(frozen=True)
class Skip:
    """A block that is not checked, and why."""

    line: int
    reason: str


def lacking(program: str, line: int) -> Skip:
    """Return the skip of a block that only this machine does not check."""
    return Skip(line, f"needs {program}, which this machine does not have")


@dataclass(frozen=True)
class Update:
    """New text for consecutive lines of the page: ``old`` stands at ``line``."""

    line: int
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass
class Outcome:
    """What was planned for the blocks of the page, what was done, and what is to say.

    ``commands`` is the number of commands that ran.
    """

    coverage: Coverage = field(default_factory=Coverage)
    commands: int = 0
    skips: list[Skip] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)


def updated(text: str, updates: list[Update]) -> str:
    """Return the text of a page with the updates in it, indented as the lines that they replace."""
    lines = text.split("\n")
    for update in sorted(updates, key=lambda update: update.line, reverse=True):
        first = update.line - 1
        span = slice(first, first + len(update.old))
        # Where no output was shown, the line above is the statement that is typed.
        indent = (
            _indent(lines[span], update.old) if update.old else _before_prompt(lines[first - 1])
        )
        lines[span] = [f"{indent}{line}".rstrip() for line in update.new]
    return "\n".join(lines)


def _before_prompt(line: str) -> str:
    match = re.match(r"((?:> ?| )*?)(?:>>> |\.\.\.)", line)
    return match[1] if match else ""


def _indent(raw: list[str], old: tuple[str, ...]) -> str:
    """Return what stands before the block's text: the spaces of a list, the mark of a quotation."""
    for line, text in zip(raw, old, strict=True):
        if text.strip():
            return line.removesuffix(text)
    return ""
