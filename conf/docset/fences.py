"""The fences of a page: where each opens and closes, and what is between."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docset.myst import HOLDS_MARKDOWN, fenced, parser

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

__all__ = ["Fence", "fence_of", "fences"]


@dataclass
class Fence:
    """A fence; lines and columns count from 1."""

    marker: str
    """What it opens with, such as three backticks."""
    info: str
    """What follows the marker."""
    directive: str
    """The name of the directive; empty for code."""
    line: int
    column: int
    last: int
    """The line that closes it, or else the last one of what it holds."""
    closing_column: int
    """Where the marker that closes it stands; 0 when nothing closes it."""
    inner: list[Fence] = field(default_factory=list)

    def all(self) -> Iterator[Fence]:
        """Yield the fence and all that are inside."""
        yield self
        for fence in self.inner:
            yield from fence.all()


def fences(text: str, extensions: frozenset[str]) -> list[Fence]:
    """Return the outermost fences of a page."""
    return list(_fences(text, extensions, text.split("\n"), 0))


def _fences(
    text: str, extensions: frozenset[str], page: Sequence[str], offset: int
) -> Iterator[Fence]:
    """Yield the fences of a part of a page that begins ``offset`` lines below its top."""
    for token in parser(extensions, inline=False).parse(text):
        if token.type in {"fence", "colon_fence"}:
            held = fenced(token)
            fence = fence_of(token, held.directive, page, offset)
            if held.directive in HOLDS_MARKDOWN:
                above = fence.line - 1 + held.above
                fence.inner = list(_fences(held.body, extensions, page, above))
            yield fence


def fence_of(token: Token, directive: str, page: Sequence[str], offset: int) -> Fence:
    """Return the fence of a token; the part of the page begins ``offset`` lines below its top."""
    first, end = token.map or (0, 0)
    line, last = offset + first + 1, offset + end
    column = page[line - 1].find(token.markup) + 1
    closing = _closing(token.markup).fullmatch(page[last - 1]) if last > line else None
    closing_column = closing.start("marker") + 1 if closing else 0
    info = token.info.strip()
    return Fence(token.markup, info, directive, line, column, last, closing_column)


def _closing(marker: str) -> re.Pattern[str]:
    return re.compile(rf"[\s>]*(?P<marker>{re.escape(marker[0])}{{{len(marker)},}})\s*")
