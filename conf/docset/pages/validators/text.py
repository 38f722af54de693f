"""A text that a page shows, and what is found wrong in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from docset.pages.rules import Rule

__all__ = ["Finding", "MissingProgramError", "Text", "Validator"]


@dataclass(frozen=True)
class Text:
    """A block's text.

    ``path`` is the file that the reader makes of it, or empty; ``whole`` is True where the text
    is the whole file.
    """

    language: str
    body: str
    path: str = ""
    whole: bool = False


@dataclass(frozen=True)
class Finding:
    """What is wrong; lines and columns count from 1 within the text."""

    line: int
    message: str
    rule: Rule = Rule.SYNTAX
    column: int = 1


Validator = Callable[[Text], Iterable[Finding]]
"""Yields what is wrong with a text; raises MissingProgramError where it cannot tell."""


class MissingProgramError(Exception):
    """The machine lacks the program that would check the text; the argument is its name."""
