"""A role has a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.spans import spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Markup.DefaultRole"
LEVEL = "error"

FIRING = (
    Case("# One\n\nSee {}`one`.\n"),
    Case("# One\n\nSee { ref }`one`.\n"),
)
SILENT = (
    Case("# One\n\nSee {ref}`one`.\n"),
    Case("# One\n\nA set {} and `{}`.\n"),
    Case("# One\n\nSee {external+python:py:mod}`venv`.\n"),
)

_NAMELESS = re.compile(r"\{\s*\}\Z|\{(?:\s+[\w:+.-]+\s*|\s*[\w:+.-]+\s+)\}\Z")


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield each span that follows braces without the name of a role."""
    for prose in page.prose():
        for span in spans(prose.source):
            if not span.role and (match := _NAMELESS.search(prose.source, 0, span.start)):
                yield prose.found(
                    match.start(), f"{match[0]} names no role: write '{{ref}}' or the like"
                )
