"""What became of a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docset.pages.faults import Fault

__all__ = ["Outcome", "Skip", "Update", "updated"]


@dataclass(frozen=True)
class Skip:
    """A block that is not checked, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Update:
    """New text for consecutive lines of the page: ``old`` stands at ``line``."""

    line: int
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass
class Outcome:
    """How many commands ran, files were written and blocks validated; and what is to say."""

    executed: int = 0
    files: int = 0
    validated: int = 0
    skips: list[Skip] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)


def updated(text: str, updates: list[Update]) -> str:
    """Return the text of a page with the updates in it, indented as the lines that they replace."""
    lines = text.split("\n")
    for update in sorted(updates, key=lambda update: update.line, reverse=True):
        first = update.line - 1
        span = slice(first, first + len(update.old))
        indent = _indent(lines[span], update.old)
        lines[span] = [f"{indent}{line}".rstrip() for line in update.new]
    return "\n".join(lines)


def _indent(raw: list[str], old: tuple[str, ...]) -> str:
    """Return what stands before the block's text: the spaces of a list, the mark of a quotation."""
    for line, text in zip(raw, old, strict=True):
        if text.strip():
            return line.removesuffix(text)
    return ""
