"""What is wrong with a page, and where."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Fault", "PageError"]


@dataclass(frozen=True, order=True)
class Fault:
    """A mistake at a line of a page; lines count from 1."""

    line: int
    message: str

    def at(self, page: str) -> str:
        """Return the fault as ``page:line: message``."""
        return f"{page}:{self.line}: {self.message}"


class PageError(Exception):
    """A fault that ends what is being done with the page."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(line, message)
