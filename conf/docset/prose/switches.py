"""Vale's own switches, which silence rules without a reason: ``<!-- vale off -->``.

Vale obeys them wherever it reads HTML: in a paragraph, in a cell, in the front matter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.myst import CODE, LITERAL
from docset.prose.page import Finding
from docset.prose.spans import without_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Page

__all__ = ["switches"]

_SWITCH = re.compile(r"<!--\s*vale\s+(?:off\b|on\b|[^\n]*?=)")
_PARAGRAPH = re.compile(r"(?:.+\n?)+")


def switches(page: Page, message: str) -> Iterator[Finding]:
    """Yield each switch of a page, with this message."""
    # Most pages have none, and need no second look.
    if not _SWITCH.search(page.text):
        return
    for match in _SWITCH.finditer(_without_code(page)):
        line = page.text.count("\n", 0, match.start()) + 1
        column = match.start() - page.text.rfind("\n", 0, match.start())
        yield Finding(line, column, message)


def _without_code(page: Page) -> str:
    """Return the text with blanks, and what stands for code, in place of code and comments."""
    lines = page.text.split("\n")
    for number in _lines_of_code(page):
        lines[number - 1] = " " * len(lines[number - 1])
    kept = (" " * len(line) if line.lstrip().startswith("%") else line for line in lines)
    return _PARAGRAPH.sub(lambda match: without_spans(match[0]), "\n".join(kept))


def _lines_of_code(page: Page) -> Iterator[int]:
    """Yield the lines of code, and those that open and close a fence: its marks are no span."""
    for fence in page.fences:
        lines = range(fence.line, fence.last + 1)
        is_code = not fence.directive or fence.directive in CODE | LITERAL
        yield from lines if is_code else (lines[0], lines[-1])
