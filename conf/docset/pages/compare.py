"""Compares the output on a page with what really came; ``...`` on the page stands for any text."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from docset.pages.normalize import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["difference", "matches", "merged"]

ANY = "..."


def matches(shown: Sequence[str], output: str) -> bool:
    """Tell whether the output is what the page shows.

    A line of ``...`` stands for any number of lines, ``...`` within a line for any text in it.
    What differs from run to run is equal, and so are blank lines at the ends.
    """
    pattern = "".join(
        r"(?:[^\n]*\n)*?" if line.strip() == ANY else _pattern(line) + r"\n"
        for line in _trimmed(shown)
    )
    got = "".join(f"{normalize(line)}\n" for line in _trimmed(output.split("\n")))
    return re.fullmatch(pattern, got) is not None


def difference(shown: Sequence[str], output: str) -> str:
    """Return a unified diff from the page to the output; lines that match are the page's."""
    expected = _trimmed(shown)
    return "\n".join(
        difflib.unified_diff(
            expected, merged(expected, output), "the page", "the output", n=2, lineterm=""
        )
    )


def merged(shown: Sequence[str], output: str) -> list[str]:
    """Return the lines of the output, in the page's words where the page is right."""
    expected = [line for line in _trimmed(shown) if line.strip() != ANY]
    lines = []
    for line in _trimmed(output.split("\n")):
        same = next((text for text in expected if _same(text, line)), None)
        if same is not None:
            expected.remove(same)
        lines.append(line if same is None else same)
    return lines


def _same(text: str, line: str) -> bool:
    return re.fullmatch(_pattern(text), normalize(line)) is not None


def _pattern(line: str) -> str:
    return r"[^\n]*".join(re.escape(part) for part in normalize(line).split(ANY))


def _trimmed(lines: Iterable[str]) -> list[str]:
    """Return the lines without blank ones at the beginning and the end."""
    return "\n".join(line.rstrip() for line in lines).strip("\n").split("\n")
