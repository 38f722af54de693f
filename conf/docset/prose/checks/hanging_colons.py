"""No paragraph ends with the two colons of reStructuredText."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docset.prose.check import Case
from docset.prose.spans import without_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docset.prose.page import Finding, Page
    from docset.prose.site import Site

RULE = "Markup.HangingColons"
LEVEL = "error"

FIRING = (
    Case("# One\n\nType this::\n"),
    Case("# One\n\n::\n"),
    Case("# One\n\n- Type this::\n\n  make\n"),
)
SILENT = (
    Case("# One\n\nType this:\n"),
    Case("# One\n\nType `a::`.\n"),
    Case("# One\n\n```text\nType this::\n```\n"),
    Case("# One\n\n:::{note}\nWords.\n:::\n"),
)


def check(page: Page, _: Site) -> Iterator[Finding]:
    """Yield the two colons at the end of a paragraph."""
    for prose in page.prose("paragraph", "item", "definition", "quote"):
        text = without_spans(prose.source).rstrip()
        if text.endswith("::") and not text.endswith(":::"):
            yield prose.found(len(text) - 2, "write ':', and the code below in a fence")
