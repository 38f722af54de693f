"""Alerts: what a check of the pages finds, in the one form in which all of them are shown."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Alert"]


@dataclass(frozen=True, order=True)
class Alert:
    """Something to mend at a place of a page; lines and columns count from 1."""

    path: str
    """The page, relative to the project's directory."""
    line: int
    column: int
    rule: str
    """The name of the rule, such as ``Beginner.Latin``."""
    message: str
    """What is wrong and what to write instead, in one line."""

    def __str__(self) -> str:
        """Return the alert as editors and GitHub read it: ``path:line:column: RULE message``."""
        return f"{self.path}:{self.line}:{self.column}: {self.rule} {self.message}"
