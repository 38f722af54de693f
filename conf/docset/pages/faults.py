"""What is wrong with a page, and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docset.pages.rules import Rule

__all__ = ["Fault", "PageError"]


@dataclass(frozen=True, order=True)
class Fault:
    """A mistake at a place of a page; lines and columns count from 1."""

    line: int
    rule: Rule = field(compare=False)
    message: str
    column: int = 1

    def at(self, page: str) -> str:
        """Return the fault as ``page:line:column: rule message``."""
        return f"{page}:{self.line}:{self.column}: {self.rule.id} {self.message}"


class PageError(Exception):
    """A fault that ends what is being done with the page."""

    def __init__(self, line: int, rule: Rule, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.fault = Fault(line, rule, message, column)
