"""A directive, a label and a comment are written as in MyST."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Markup.RestDirective"
LEVEL = "error"

FIRING = (
    Case("# One\n\n.. note:: Words.\n"),
    Case("# One\n\n.. _label:\n"),
    Case("# One\n\n.. a comment\n"),
    Case("# One\n\n- One.\n\n  .. note::\n"),
)
SILENT = (
    Case("# One\n\nWords... and more.\n"),
    Case("# One\n\n...\n"),
    Case("# One\n\n:::{note}\nWords.\n:::\n"),
    Case("# One\n\n```rst\n.. note:: Words.\n```\n"),
)

_DOTS = re.compile(r"^\.\.[ ]+(?:(?P<directive>[\w:-]+)::|_(?P<label>[^:\n]+):|\S)", re.MULTILINE)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each line that begins with two dots."""
    for prose in page.prose("paragraph", "item", "definition", "quote"):
        for match in _DOTS.finditer(prose.source):
            yield prose.found(match.start(), f"write it in MyST: {_instead(match)}")


def _instead(match: re.Match[str]) -> str:
    if match["directive"]:
        return f"':::{{{match['directive']}}}' and ':::' below"
    return f"'({match['label']})='" if match["label"] else "'% ' and the comment"
