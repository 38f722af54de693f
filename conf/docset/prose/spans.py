"""The spans of backticks in a line of MyST: code, and what roles hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from docset.prose.inline import OBJECT

__all__ = ["Span", "spans", "without_spans"]

_SPAN = re.compile(
    r"(?<!\\)(?P<role>\{[A-Za-z][\w:+.-]*\})?(?<!`)(?P<ticks>`+)(?!`)"
    r"(?P<content>.+?)(?<!`)(?P=ticks)(?!`)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Span:
    """What stands between backticks; ``start`` and ``end`` are places in the source."""

    role: str
    """With its braces; empty for code."""
    content: str
    start: int
    """Where the role begins, or the first backtick."""
    end: int


# Many checks ask for the same places of a page, one check after another.
@lru_cache(maxsize=1024)
def spans(source: str) -> tuple[Span, ...]:
    """Return every span of backticks."""
    return tuple(
        Span(match["role"] or "", match["content"], match.start(), match.end())
        for match in _SPAN.finditer(source)
    )


def without_spans(source: str) -> str:
    """Return the source with ``OBJECT`` for each character of a span, so that places stay."""
    return _SPAN.sub(lambda match: OBJECT * len(match[0]), source)
