"""The fences of a page as the checks of markup see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset import fences as reading
from docset.fences import Fence
from docset.myst import BLOCKS
from docset.prose.page import Code

if TYPE_CHECKING:
    from docset.prose.page import Page

__all__ = ["Fence", "fences", "lines_of"]


def fences(page: Page) -> list[Fence]:
    """Return every fence of a page, in the order in which they open."""
    return [each for outer in reading.fences(page.text, BLOCKS) for each in outer.all()]


def lines_of(page: Page, language: str) -> frozenset[int]:
    """Return the numbers of the lines of all code in a language."""
    return frozenset(
        code.body_line + number
        for code in page.of(Code)
        if code.language == language
        for number in range(code.body.count("\n"))
    )
