"""One way to write an admonition: a fence of colons, ``:::{note}``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.fences import Fence, fences

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["KINDS", "in_backticks", "with_colons"]

KINDS = frozenset({"important", "note", "tip", "warning"})
"""The kinds that pages use. Which of them stands for another kind, a person decides."""

_COLONS = re.compile(r"^[\s>]*(:{3,})", re.MULTILINE)
"""What would close a fence of as many colons."""


def in_backticks(text: str, extensions: frozenset[str]) -> Iterator[int]:
    """Yield the line, from 1, of each admonition that is not in a fence of colons."""
    for outermost in fences(text, extensions):
        yield from (fence.line for fence in outermost.all() if _is_to_change(fence))


def with_colons(text: str, extensions: frozenset[str]) -> str:
    """Return the text with every admonition in a fence of colons.

    A fence around another one of colons gets one colon more than that, as MyST wants it.
    """
    lines = text.split("\n")
    for outermost in fences(text, extensions):
        if any(map(_is_to_change, outermost.all())):
            _write(outermost, lines)
    return "\n".join(lines)


def _is_to_change(fence: Fence) -> bool:
    in_colons = fence.marker.startswith(":")
    return fence.directive in KINDS and bool(fence.closing_column) and not in_colons


def _write(fence: Fence, lines: list[str]) -> None:
    """Write the markers of a fence, those inside it first."""
    for inner in fence.inner:
        _write(inner, lines)
    if not fence.closing_column or not (_is_to_change(fence) or fence.marker.startswith(":")):
        return
    first, last = fence.line - 1, fence.last - 1
    inside = _COLONS.findall("\n".join(lines[first + 1 : last]))
    marker = ":" * max(3, *(len(colons) + 1 for colons in inside), fence.marker.count(":"))
    lines[first] = lines[first].replace(fence.marker, marker, 1)
    lines[last] = lines[last].rstrip().rstrip(fence.marker[0]) + marker
