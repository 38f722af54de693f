"""The fences of a page: where each opens and closes, and what is between."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docset.formatter.myst import DIRECTIVE, HOLDS_MARKDOWN, body_of, parser

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

__all__ = ["Fence", "fences"]


@dataclass
class Fence:
    """A fence that opens and closes on lines of its own; lines count from 0.

    ``marker`` is what it opens with, such as three backticks; ``inner`` are the fences inside.
    """

    marker: str
    name: str
    """The directive, empty for code."""
    first: int
    last: int
    inner: list[Fence] = field(default_factory=list)

    def all(self) -> Iterator[Fence]:
        """Yield the fence and all that are inside."""
        yield self
        for fence in self.inner:
            yield from fence.all()


def fences(text: str, extensions: frozenset[str], offset: int = 0) -> list[Fence]:
    """Return the outermost fences of a text whose first line is line ``offset`` of the page."""
    lines = text.split("\n")
    tokens = parser(extensions).parse(text)
    return [
        _fence(token, extensions, offset)
        for token in tokens
        if token.type in {"fence", "colon_fence"} and _closes(token, lines)
    ]


def _fence(token: Token, extensions: frozenset[str], offset: int) -> Fence:
    first, end = token.map or (0, 0)
    directive = DIRECTIVE.fullmatch(token.info.strip())
    fence = Fence(token.markup, directive[1] if directive else "", offset + first, offset + end - 1)
    if directive and fence.name in HOLDS_MARKDOWN:
        body, skipped = body_of(token, directive[2])
        fence.inner = fences(body, extensions, fence.first + 1 + skipped)
    return fence


def _closes(token: Token, lines: Sequence[str]) -> bool:
    """Tell whether the last line of a fence closes it: the end of a page closes one too."""
    first, end = token.map or (0, 0)
    mark = re.escape(token.markup[0])
    closing = re.compile(rf"[\s>]*{mark}{{{len(token.markup)},}}\s*")
    return end - 1 > first and closing.fullmatch(lines[end - 1]) is not None
